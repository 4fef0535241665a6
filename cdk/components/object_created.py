"""A function that runs for each object dropped under a prefix."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from cdk.components.private_bucket import PrivateBucket
from cdk.components.service_function import RETRIES, ServiceFunction


class ObjectCreated(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: PrivateBucket,
        prefix: str,
        function: ServiceFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        function.keep_failed_events()
        rule = events.Rule(
            self,
            "Rule",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [bucket.bucket.bucket_name]},
                    "object": {"key": [{"prefix": prefix}]},
                },
            ),
        )
        rule.add_target(
            targets.LambdaFunction(
                function.function,
                dead_letter_queue=function.dead_letters.queue,
                retry_attempts=RETRIES,
                max_event_age=Duration.hours(6),
            )
        )
