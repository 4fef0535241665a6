"""A queue that the host of the enclave or a function works off, and the one for what it could not."""

from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from aval.settings import Variable
from cdk.components import storage_key
from cdk.components.alarm_topic import PERIOD
from cdk.components.grantee import Grantee
from cdk.components.storage_key import StorageKey

RECEIVE = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage")


@dataclass(frozen=True, slots=True)
class QueuePace:
    visibility: Duration
    kept: Duration
    tries: int


class WorkQueue(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        variable: Variable,
        key: StorageKey,
        pace: QueuePace,
    ) -> None:
        super().__init__(scope, construct_id)
        self._variable = variable
        self._key = key
        self.failed = self._make("Failed", kept=Duration.days(14))
        self.queue = self._make(
            "Queue",
            kept=pace.kept,
            visibility=pace.visibility,
            wait=Duration.seconds(20),
            failed=sqs.DeadLetterQueue(queue=self.failed, max_receive_count=pace.tries),
        )

    def grant_receive(self, grantee: Grantee) -> None:
        grantee.set_variable(self._variable, self.queue.queue_url)
        grantee.allow(actions=RECEIVE, resources=[self.queue.queue_arn])
        self._grant_key(grantee, ["kms:Decrypt"])

    def grant_send(self, grantee: Grantee) -> None:
        grantee.set_variable(self._variable, self.queue.queue_url)
        self.grant_send_to(grantee.role)

    def grant_send_to(self, role: iam.Role) -> None:
        role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.queue.queue_arn]))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self._key.key.key_arn],
                conditions=storage_key.via("sqs"),
            )
        )

    def grant_take(self, function: Grantee) -> None:
        """What an event source mapping does in the name of the function that it wakes."""
        actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        function.allow(actions=actions, resources=[self.queue.queue_arn])
        self._grant_key(function, ["kms:Decrypt"])

    def grant_take_failed(self, grantee: Grantee) -> None:
        actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        grantee.allow(actions=actions, resources=[self.failed.queue_arn])
        self._grant_key(grantee, ["kms:Decrypt"])

    @property
    def failures(self) -> cloudwatch.Metric:
        return self.failed.metric_approximate_number_of_messages_visible(period=PERIOD, statistic="Maximum")

    def _make(
        self,
        construct_id: str,
        *,
        kept: Duration,
        visibility: Duration | None = None,
        wait: Duration | None = None,
        failed: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            construct_id,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self._key.key,
            data_key_reuse=Duration.hours(1),
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN,
            retention_period=kept,
            visibility_timeout=visibility,
            receive_message_wait_time=wait,
            dead_letter_queue=failed,
        )

    def _grant_key(self, grantee: Grantee, actions: list[str]) -> None:
        grantee.allow(actions=actions, resources=[self._key.key.key_arn], conditions=storage_key.via("sqs"))
