"""A state machine with a role, a log group and alarms of its own, read from one file under cdk/workflows."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from aval.settings import Variable
from cdk.components import names
from cdk.components.acknowledgement import acknowledge
from cdk.components.alarm_topic import PERIOD, alarm_above_zero
from cdk.components.service_function import FunctionSurroundings, ServiceFunction
from cdk.components.work_queue import WorkQueue

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
# "Logging using CloudWatch Logs" in the guide of Step Functions; none of them knows a narrower resource.
DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
ENDINGS = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled")


class StateMachine(Construct):
    """`name` is that of the file; its placeholders are the ARNs of functions and the addresses of queues."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        parts: Mapping[str, ServiceFunction | WorkQueue],
        surroundings: FunctionSurroundings,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = surroundings.dead_letters
        log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"{names.DELIVERED_LOG_GROUPS}/{name}",
            retention=logs.RetentionDays.ONE_YEAR,
            encryption_key=surroundings.key.key,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.machine_name = f"aval-{name}"
        self.arn = names.machine_arn(self, name)
        functions = {name: part for name, part in parts.items() if isinstance(part, ServiceFunction)}
        queues = {name: part for name, part in parts.items() if isinstance(part, WorkQueue)}
        self.role = self._make_role(list(functions.values()))
        for queue in queues.values():
            queue.grant_send_to(self.role)
        machine = sfn.CfnStateMachine(
            self,
            "Machine",
            state_machine_name=self.machine_name,
            role_arn=self.role.role_arn,
            definition_string=(WORKFLOWS / f"{name}.asl.json").read_text(encoding="utf-8"),
            definition_substitutions={
                **{f"{name}Arn": one.function.function_arn for name, one in functions.items()},
                **{f"{name}Url": one.queue.queue_url for name, one in queues.items()},
            },
            logging_configuration=sfn.CfnStateMachine.LoggingConfigurationProperty(
                level="ALL",
                # What states hand on names files; whose they are is nobody's to read in a log.
                include_execution_data=False,
                destinations=[
                    sfn.CfnStateMachine.LogDestinationProperty(
                        cloud_watch_logs_log_group=sfn.CfnStateMachine.CloudWatchLogsLogGroupProperty(
                            log_group_arn=log_group.log_group_arn
                        )
                    )
                ],
            ),
        )
        machine.node.add_dependency(self.role)
        acknowledge(
            machine,
            "SF2",
            reason="Tracing stays off as in the functions: X-Ray takes segments only for the resource *, and "
            "the history of each execution tells every step with its times.",
        )
        self._ring(surroundings)

    def grant_start(self, function: ServiceFunction, *, variable: Variable) -> None:
        function.set_variable(variable, self.arn)
        function.allow(actions=["states:StartExecution"], resources=[self.arn])

    def grant_list(self, function: ServiceFunction) -> None:
        function.allow(actions=["states:ListExecutions"], resources=[self.arn])

    def grant_fail_tasks(self, function: ServiceFunction) -> None:
        function.allow(actions=["states:SendTaskFailure"], resources=[self.arn])

    def _make_role(self, functions: list[ServiceFunction]) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            role_name=self.machine_name,
            # "Confused deputy prevention" in the guide of Step Functions: this machine alone.
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": self.arn}},
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[function.function.function_arn for function in functions],
            )
        )
        role.add_to_policy(iam.PolicyStatement(actions=list(DELIVERY), resources=["*"]))
        acknowledge(
            role,
            "IAM5[Resource::*]",
            reason="The deliveries of CloudWatch Logs, by which a state machine logs, know no resource of "
            "their own; the statement holds those actions alone.",
        )
        return role

    def _ring(self, surroundings: FunctionSurroundings) -> None:
        for ending in ENDINGS:
            alarm_above_zero(
                self,
                ending,
                metric=cloudwatch.Metric(
                    namespace="AWS/States",
                    metric_name=ending,
                    dimensions_map={"StateMachineArn": self.arn},
                    period=PERIOD,
                    statistic="Sum",
                ),
                description=f"{self.machine_name}: {ending} (docs/operating.md)",
                topic=surroundings.alarms,
            )
