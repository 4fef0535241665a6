"""Events that wake a function or start a machine: an object dropped, something said on the domain's bus."""

from collections.abc import Sequence

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from aval.events import SOURCE, EventName
from cdk.components.domain_bus import DomainBus
from cdk.components.private_bucket import PrivateBucket
from cdk.components.service_function import RETRIES, ServiceFunction
from cdk.components.state_machine import StateMachine


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
            event_pattern=_created(bucket=bucket, prefix=prefix),
        )
        _wake(rule, function)


class EventPublished(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bus: DomainBus,
        names: Sequence[EventName],
        function: ServiceFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        rule = events.Rule(
            self,
            "Rule",
            event_bus=bus.bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[name.value for name in names]),
        )
        _wake(rule, function)


class ObjectStartsExecution(Construct):
    """An object dropped under a prefix starts the machine with the object's key, as `chave`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: PrivateBucket,
        prefix: str,
        machine: StateMachine,
    ) -> None:
        super().__init__(scope, construct_id)
        name = f"{machine.machine_name}-on-arrival"
        rule = events.Rule(self, "Rule", rule_name=name, event_pattern=_created(bucket=bucket, prefix=prefix))
        rule.add_target(
            targets.SfnStateMachine(
                sfn.StateMachine.from_state_machine_arn(self, "Machine", machine.arn),
                input=events.RuleTargetInput.from_object(
                    {"chave": events.EventField.from_path("$.detail.object.key")}
                ),
                role=self._role(name, machine),
                dead_letter_queue=machine.dead_letters.queue,
                retry_attempts=RETRIES,
                max_event_age=Duration.hours(6),
            )
        )

    def _role(self, rule_name: str, machine: StateMachine) -> iam.Role:
        rule_arn = Stack.of(self).format_arn(service="events", resource="rule", resource_name=rule_name)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": rule_arn}},
            ),
        )
        role.add_to_policy(iam.PolicyStatement(actions=["states:StartExecution"], resources=[machine.arn]))
        return role


def _created(*, bucket: PrivateBucket, prefix: str) -> events.EventPattern:
    return events.EventPattern(
        source=["aws.s3"],
        detail_type=["Object Created"],
        detail={
            "bucket": {"name": [bucket.bucket.bucket_name]},
            "object": {"key": [{"prefix": prefix}]},
        },
    )


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
