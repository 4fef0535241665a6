"""Every default of a Lambda function, once: a role, a log group, limits and alarms of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from aval.settings import Variable
from cdk.components import names, storage_key
from cdk.components.acknowledgement import acknowledge
from cdk.components.alarm_topic import PERIOD, alarm_above_zero
from cdk.components.dead_letters import DeadLetters
from cdk.components.function_code import ARCHITECTURE, RUNTIME, FunctionCode

# API Gateway gives up at 30 s; an answer that takes ten is already a fault.
ANSWER = Duration.seconds(10)
RETRIES = 2


@dataclass(frozen=True, slots=True)
class FunctionSurroundings:
    """What all functions share."""

    code: FunctionCode
    key: storage_key.StorageKey
    alarms: sns.ITopic
    dead_letters: DeadLetters


@dataclass(frozen=True, slots=True)
class FunctionLimits:
    memory_mib: int = 512
    timeout: Duration = ANSWER
    one_at_a_time: bool = False


class ServiceFunction(Construct):
    """`handler` is `<domain>.<operation>`, the module under lambdas/ that defines `handler`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        handler: str,
        surroundings: FunctionSurroundings,
        limits: FunctionLimits = FunctionLimits(),
    ) -> None:
        super().__init__(scope, construct_id)
        domain, operation = handler.split(".")
        self.operation = operation
        self.dead_letters = surroundings.dead_letters
        self.log_group = self._make_log_group(domain, surroundings.key)
        self.role = self._make_role()
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=names.function_name(operation),
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=surroundings.code.handlers,
            handler=f"{handler}.handler",
            layers=list(surroundings.code.layers),
            memory_size=limits.memory_mib,
            timeout=limits.timeout,
            role=self.role,
            log_group=self.log_group,
            environment=_powertools(domain),
            # Tracing stays off: X-Ray takes segments only for the resource "*", and the transaction id
            # in every line already joins the lines of one call.
            tracing=lambda_.Tracing.DISABLED,
            reserved_concurrent_executions=1 if limits.one_at_a_time else None,
        )
        acknowledge(
            self.function,
            "L1",
            reason="Python 3.11 is the one interpreter of desk, CI and Lambda, supported by AWS; "
            "the whole house moves to a newer one together.",
        )
        self._ring_on_failures(surroundings.alarms)

    def set_variable(self, variable: Variable, value: str) -> None:
        self.function.add_environment(variable.value, value)

    def allow(
        self,
        *,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, object] | None = None,
    ) -> None:
        self.role.add_to_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)
        )

    def keep_failed_events(self) -> None:
        """Hand an event to the dead letters after its last retry: for functions that nobody waits for."""
        self.dead_letters.grant_send(self.role)
        invoke = lambda_.CfnEventInvokeConfig(
            self,
            "FailedEvents",
            function_name=self.function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=RETRIES,
            maximum_event_age_in_seconds=Duration.hours(6).to_seconds(),
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(
                    destination=self.dead_letters.queue.queue_arn
                )
            ),
        )
        invoke.node.add_dependency(self.role)

    def _make_log_group(self, domain: str, key: storage_key.StorageKey) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"{names.LOG_GROUPS}/{domain}/{self.operation}",
            retention=logs.RetentionDays.ONE_YEAR,
            encryption_key=key.key,
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _make_role(self) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            role_name=names.function_name(self.operation),
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                # The attribute ends in ":*", the streams of this group.
                resources=[self.log_group.log_group_arn],
            )
        )
        return role

    def _ring_on_failures(self, alarms: sns.ITopic) -> None:
        for name, metric in (
            ("Errors", self.function.metric_errors(period=PERIOD)),
            ("Throttles", self.function.metric_throttles(period=PERIOD)),
        ):
            alarm_above_zero(
                self,
                name,
                metric=metric,
                description=f"{self.operation}: {name.lower()} (docs/operating.md)",
                topic=alarms,
            )


def _powertools(domain: str) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": domain,
        "POWERTOOLS_METRICS_NAMESPACE": "Aval",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        # An event holds passwords and CPFs: it is never logged.
        "POWERTOOLS_LOGGER_LOG_EVENT": "false",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }
