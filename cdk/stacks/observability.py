"""Alarms on what no function sees of itself, and one dashboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.components.alarm_topic import PERIOD, alarm_above_zero, alarm_on_silence
from cdk.components.http_door import HttpDoor
from cdk.components.overview_dashboard import OverviewDashboard
from cdk.components.service_function import ServiceFunction
from cdk.stacks.api import ApiStack
from cdk.stacks.monitoring import MonitoringStack
from cdk.stacks.services import ServicesStack

METRICS = "Aval"
# The canary flies every quarter of an hour.
CANARY_PATIENCE = Duration.hours(1)


@dataclass(frozen=True, slots=True)
class _Trouble:
    metric: str
    pattern: logs.IFilterPattern
    functions: Sequence[ServiceFunction]
    value: str = "1"

    def counted(self, period: Duration = PERIOD) -> cloudwatch.Metric:
        for function in self.functions:
            logs.MetricFilter(
                function,
                self.metric,
                log_group=function.log_group,
                filter_pattern=self.pattern,
                metric_namespace=METRICS,
                metric_name=self.metric,
                metric_value=self.value,
            )
        return cloudwatch.Metric(namespace=METRICS, metric_name=self.metric, period=period, statistic="Sum")


class ObservabilityStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        services: ServicesStack,
        monitoring: MonitoringStack,
        api: ApiStack,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        topic, confidential = services.house.resources.alarms.topic, services.house.confidential
        doors = (api.people, api.services)
        unhandled = {
            "DeadLetters": services.dead_letters.waiting,
            "MonitoringDeadLetters": monitoring.dead_letters.waiting,
            "ConfidentialDeadLetters": confidential.dead_letters.waiting,
            "TasksUndelivered": confidential.task_queue.failures,
            "KeyRequestsUnanswered": confidential.key_queue.failures,
            "AccessRequestsFailed": services.identity.access_requests.failures,
            "ScheduleTargetErrors": _schedule_metric(services, "TargetErrorCount"),
            "ScheduleInvocationsDropped": _schedule_metric(services, "InvocationDroppedCount"),
            **_logged_troubles(services, monitoring),
        }
        refused = {
            "PeopleServerErrors": _server_errors(api.people),
            "ServicesServerErrors": _server_errors(api.services),
        }
        self._ring(topic, {**unhandled, **refused})
        canary = services.prudential.try_without_attestation
        alarm_on_silence(
            self,
            "CanarySilent",
            metric=_Trouble(
                "CanaryRefused", logs.FilterPattern.boolean_value("$.outcome.refused", True), (canary,)
            ).counted(period=CANARY_PATIENCE),
            description="CanarySilent: nobody has been refused the confidential key for an hour; "
            "docs/enclave-operations.md",
            topic=topic,
        )
        self._draw(doors, [*services.functions, *monitoring.functions], list(unhandled.values()))

    def _ring(self, topic: sns.ITopic, metrics: Mapping[str, cloudwatch.Metric]) -> None:
        for name, metric in metrics.items():
            alarm_above_zero(
                self,
                name,
                metric=metric,
                description=f"{name}: docs/operating.md, section Alarms, says what to do",
                topic=topic,
            )

    def _draw(
        self,
        doors: Sequence[HttpDoor],
        functions: Sequence[ServiceFunction],
        unhandled: Sequence[cloudwatch.Metric],
    ) -> None:
        dashboard = OverviewDashboard(self, "Overview")
        dashboard.show("Requests", [door.api.metric_count(period=PERIOD) for door in doors])
        dashboard.show("Server errors", [_server_errors(door) for door in doors])
        dashboard.show(
            "Latency, 99th percentile",
            [door.api.metric_latency(period=PERIOD, statistic="p99") for door in doors],
        )
        dashboard.show("Left unhandled", unhandled)
        dashboard.show(
            "Function errors", [function.function.metric_errors(period=PERIOD) for function in functions]
        )
        dashboard.show(
            "Function duration, 99th percentile",
            [function.function.metric_duration(period=PERIOD, statistic="p99") for function in functions],
        )


def _server_errors(door: HttpDoor) -> cloudwatch.Metric:
    return door.api.metric_server_error(period=PERIOD, statistic="Sum")


def _schedule_metric(services: ServicesStack, name: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Scheduler",
        metric_name=name,
        dimensions_map={"ScheduleGroup": services.schedule_group.ref},
        period=PERIOD,
        statistic="Sum",
    )


def _logged_troubles(services: ServicesStack, monitoring: MonitoringStack) -> dict[str, cloudwatch.Metric]:
    """What goes wrong without a function failing: its log line alone tells (aval/edge/background)."""
    expiry, revocation = services.notices.send_expiry_notices, services.adhesion.recheck_revocations
    closing = monitoring.publication.close_weeks
    reminding = monitoring.publication.send_deadline_notices
    lists = (services.adhesion.fetch_revocation_lists, services.adhesion.take_revocation_list)
    above_zero, present = logs.FilterPattern.number_value, logs.FilterPattern.exists
    troubles = (
        _Trouble(
            "MailsFailed",
            above_zero("$.outcome.failed_mails", ">", 0),
            (expiry, revocation, reminding),
            value="$.outcome.failed_mails",
        ),
        _Trouble(
            "CompaniesWithoutRepresentative",
            present("$.outcome.without_representative[0]"),
            (expiry, revocation),
        ),
        _Trouble("WeeksClosedOverOpenWork", present("$.outcome.overdue[0]"), (closing,)),
        _Trouble("SendersNotListed", above_zero("$.outcome.unlisted", ">", 0), (closing,)),
        _Trouble("RemovalsContended", present("$.outcome.contended[0]"), (expiry,)),
        _Trouble(
            "RevocationListsFailed",
            above_zero("$.outcome.failed", ">", 0),
            lists,
            value="$.outcome.failed",
        ),
        _Trouble(
            "CanaryLetIn",
            present("$.outcome.opened[0]"),
            (services.prudential.try_without_attestation,),
        ),
        _Trouble(
            "EventsNotPublished",
            logs.FilterPattern.string_value("$.message", "=", "events not published"),
            (services.adhesion.change_adhesion,),
        ),
    )
    return {trouble.metric: trouble.counted() for trouble in troubles}
