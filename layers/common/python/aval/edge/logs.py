"""One JSON line per happening: a constant message, values as keys, always the transaction id."""

import traceback
from typing import Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

TRANSACTION_HEADER: Final = "X-Transacao"
"""Of every answer, so that a caller can name the transaction of the log."""

logger = Logger(service="aval", use_rfc3339=True, utc=True)


def start_transaction(context: LambdaContext, **keys: str) -> str:
    """Begin a transaction: its id is the invocation's, so that the platform's own lines carry it too."""
    transaction_id: str = context.aws_request_id
    logger.clear_state()
    logger.append_keys(transaction_id=transaction_id, function=context.function_name, **keys)
    return transaction_id


def current_transaction() -> str:
    return str(logger.get_current_keys()["transaction_id"])


def unexpected(error: BaseException) -> None:
    """Log where `error` arose, never its text: that may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)
    # AWS names its refusals with a code that quotes nothing.
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    logger.error(
        "unexpected failure",
        error_type=type(error).__name__,
        error_code=code,
        frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    )
