"""One queue for every event that nobody could handle: what is in it needs a person."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.components import storage_key
from cdk.components.acknowledgement import acknowledge
from cdk.components.alarm_topic import PERIOD


class DeadLetters(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, key: storage_key.StorageKey) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key.key,
            data_key_reuse=Duration.hours(1),
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(
            self.queue,
            "SQS3",
            reason="This queue is the dead-letter queue of functions, rules and schedules; no consumer reads "
            "it that could fail, and an alarm rings at its first message.",
        )

    @property
    def waiting(self) -> cloudwatch.Metric:
        return self.queue.metric_approximate_number_of_messages_visible(period=PERIOD, statistic="Maximum")

    def grant_send(self, role: iam.Role) -> None:
        role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.queue.queue_arn]))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self._key.key.key_arn],
                conditions=storage_key.via("sqs"),
            )
        )
