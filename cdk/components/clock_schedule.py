"""A function that runs by São Paulo's clock."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from cdk.components.service_function import RETRIES, ServiceFunction


class ClockSchedule(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: ServiceFunction,
        times: str,
        group: scheduler.CfnScheduleGroup,
    ) -> None:
        """`times` are the fields of minutes and of hours of a cron expression."""
        super().__init__(scope, construct_id)
        function.keep_failed_events()
        role = _role(self, function=function, group=group)
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            group_name=group.ref,
            schedule_expression=f"cron({times} * * ? *)",
            schedule_expression_timezone="America/Sao_Paulo",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function.function_arn,
                role_arn=role.role_arn,
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=RETRIES,
                    maximum_event_age_in_seconds=Duration.hours(6).to_seconds(),
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=function.dead_letters.queue.queue_arn
                ),
            ),
        )
        schedule.node.add_dependency(role)


def _role(scope: Construct, *, function: ServiceFunction, group: scheduler.CfnScheduleGroup) -> iam.Role:
    role = iam.Role(
        scope,
        "Role",
        # "Confused deputy prevention" in the user guide of EventBridge Scheduler: the group's ARN.
        assumed_by=iam.ServicePrincipal(
            "scheduler.amazonaws.com",
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": group.attr_arn}
            },
        ),
    )
    role.add_to_policy(
        iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function.function_arn])
    )
    function.dead_letters.grant_send(role)
    return role
