"""Events that wake a function: an object dropped under a prefix, something said on the domain's bus."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from aval.events import SOURCE, EventName
from cdk.components.domain_bus import DomainBus
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
        _wake(rule, function)


class EventPublished(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bus: DomainBus,
        name: EventName,
        function: ServiceFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        rule = events.Rule(
            self,
            "Rule",
            event_bus=bus.bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[name.value]),
        )
        _wake(rule, function)


def _wake(rule: events.Rule, function: ServiceFunction) -> None:
    function.keep_failed_events()
    rule.add_target(
        targets.LambdaFunction(
            function.function,
            dead_letter_queue=function.dead_letters.queue,
            retry_attempts=RETRIES,
            max_event_age=Duration.hours(6),
        )
    )
