"""The operator's alarm topic, rung directly."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True, slots=True)
class SnsRings:
    client: "SNSClient"
    topic_arn: str

    def ring(self, subject: str, text: str) -> None:
        self.client.publish(TopicArn=self.topic_arn, Subject=subject, Message=text)
