"""A lost race told from every other failure of DynamoDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import ClientError

_LOST: Final = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
_LOST_IN_TRANSACTION: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


@contextmanager
def lost_races_as(lost: type[Exception]) -> Iterator[None]:
    """Raise `lost` where another write came first or holds an item; every other failure stays what it is."""
    try:
        yield
    except ClientError as error:
        reasons = error.response.get("CancellationReasons", [])
        cancelled_by = {reason.get("Code", "None") for reason in reasons}
        if error.response["Error"]["Code"] in _LOST or cancelled_by & _LOST_IN_TRANSACTION:
            raise lost from error
        raise
