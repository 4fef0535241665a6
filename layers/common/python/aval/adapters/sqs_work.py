"""A queue of work: taken one at a time, kept from others while it is done, deleted when it has ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class QueueUnavailable(Exception):
    """The queue did not take the call; what it holds is still there."""


@dataclass(frozen=True, slots=True)
class Received:
    body: str = field(repr=False)
    handle: str = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class WorkQueue:
    client: "SQSClient"
    url: str
    visibility_seconds: int
    wait_seconds: int

    def receive(self) -> Received | None:
        """Wait for one message; raise `QueueUnavailable`."""
        with _translated():
            answer = self.client.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=1,
                VisibilityTimeout=self.visibility_seconds,
                WaitTimeSeconds=self.wait_seconds,
                MessageSystemAttributeNames=["SentTimestamp"],
            )
        for message in answer.get("Messages", []):
            sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
            return Received(message["Body"], message["ReceiptHandle"], sent_at)
        return None

    def keep(self, received: Received) -> None:
        """Keep it from others for the whole time again; raise `QueueUnavailable`."""
        with _translated():
            self.client.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=received.handle, VisibilityTimeout=self.visibility_seconds
            )

    def delete(self, received: Received) -> None:
        """Raise `QueueUnavailable`."""
        with _translated():
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=received.handle)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise QueueUnavailable(type(error).__name__) from error
