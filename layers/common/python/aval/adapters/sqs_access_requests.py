"""Requests for access, on their own queue: whoever asks does not wait for what is sent."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class SqsAccessRequests:
    client: "SQSClient"
    queue_url: str

    def put(self, address: str) -> None:
        self.client.send_message(QueueUrl=self.queue_url, MessageBody=json.dumps({"email": address}))


def address_in(body: str) -> str:
    address: str = json.loads(body)["email"]
    return address
