from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from aval.adapters.sqs_work import QueueUnavailable, WorkQueue

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass
class Queue:
    client: "SQSClient"
    work: WorkQueue

    def hidden_and_visible(self) -> tuple[int, int]:
        told = self.client.get_queue_attributes(QueueUrl=self.work.url, AttributeNames=["All"])["Attributes"]
        hidden = told["ApproximateNumberOfMessagesNotVisible"]
        return int(hidden), int(told["ApproximateNumberOfMessages"])


@pytest.fixture
def queue() -> Iterator[Queue]:
    with mock_aws():
        client = boto3.client("sqs", region_name="sa-east-1")
        url = client.create_queue(QueueName="tasks")["QueueUrl"]
        yield Queue(client, WorkQueue(client, url, visibility_seconds=30, wait_seconds=0))


def test_a_message_taken_is_kept_from_others_until_it_is_deleted(queue: Queue) -> None:
    queue.client.send_message(QueueUrl=queue.work.url, MessageBody="one")
    received = queue.work.receive()
    assert received
    assert (received.body, queue.work.receive()) == ("one", None)
    assert queue.hidden_and_visible() == (1, 0)
    queue.work.keep(received)
    queue.work.delete(received)
    assert queue.hidden_and_visible() == (0, 0)


def test_an_empty_queue_gives_nothing(queue: Queue) -> None:
    assert queue.work.receive() is None


def test_the_age_of_a_message_is_told_and_its_content_is_not_shown(queue: Queue) -> None:
    queue.client.send_message(QueueUrl=queue.work.url, MessageBody="a token")
    received = queue.work.receive()
    assert received
    assert received.sent_at.tzinfo is not None
    assert "token" not in repr(received)


def test_what_the_service_refuses_is_told_without_its_text(queue: Queue) -> None:
    elsewhere = replace(queue.work, url=queue.work.url + "-of-nobody")
    with pytest.raises(QueueUnavailable, match="QueueDoesNotExist"):
        elsewhere.receive()
