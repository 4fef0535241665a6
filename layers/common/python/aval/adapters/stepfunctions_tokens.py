"""Task tokens: how whoever does the work tells the state machine that waits for it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_DEAD: Final = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}


class TokenDead(Exception):
    """Nobody waits for this token any more: it timed out, or was answered before."""


class TokensUnavailable(Exception):
    """The service did not take the call; the token may still be waited for."""


@dataclass(frozen=True, slots=True)
class TaskTokens:
    client: "SFNClient"

    def keep(self, token: str) -> None:
        """Say that the work goes on; raise `TokenDead` or `TokensUnavailable`."""
        with _translated():
            self.client.send_task_heartbeat(taskToken=token)

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        """Raise `TokenDead` or `TokensUnavailable`."""
        with _translated():
            self.client.send_task_success(taskToken=token, output=json.dumps(output))

    def fail(self, token: str, *, error: str, cause: str) -> None:
        """Raise `TokenDead` or `TokensUnavailable`."""
        with _translated():
            self.client.send_task_failure(taskToken=token, error=error, cause=cause)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _DEAD:
            raise TokenDead from error
        raise TokensUnavailable(error.response["Error"]["Code"]) from error
    except BotoCoreError as error:
        raise TokensUnavailable(type(error).__name__) from error
