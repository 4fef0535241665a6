"""Requests for the enclave's key, on their own queue."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class SqsKeyQueue:
    client: "SQSClient"
    queue_url: str

    def ask(self, request: str, nonce: bytes) -> None:
        body = json.dumps({"pedido": request, "nonce": nonce.hex()})
        self.client.send_message(QueueUrl=self.queue_url, MessageBody=body)
