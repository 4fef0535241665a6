"""Alarms on what no function sees of itself, and one dashboard."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk.components.alarm_topic import PERIOD, alarm_above_zero
from cdk.components.http_door import HttpDoor
from cdk.components.lasting_resources import LastingResources
from cdk.components.overview_dashboard import OverviewDashboard
from cdk.components.service_function import ServiceFunction
from cdk.stacks.api import ApiStack
from cdk.stacks.services import ServicesStack


class ObservabilityStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        resources: LastingResources,
        services: ServicesStack,
        api: ApiStack,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        functions = sorted(
            (child for child in services.node.children if isinstance(child, ServiceFunction)),
            key=lambda function: function.operation,
        )
        doors = {"people": api.people, "services": api.services}
        undelivered = services.dead_letters.queue.metric_approximate_number_of_messages_visible(
            period=PERIOD, statistic="Maximum"
        )
        schedules = _schedule_failures(services.schedule_group.ref)
        watched = {
            "DeadLetters": (undelivered, "an event could not be handled"),
            "ScheduleTargetErrors": (schedules[0], "a schedule could not start its function"),
            "ScheduleInvocationsDropped": (schedules[1], "a schedule gave up"),
            "NoticesFailed": (_notices_failed(), "a mail about a certificate was not sent"),
            **{
                f"{name.capitalize()}ServerErrors": (_server_errors(door), f"the API {name} answered 5xx")
                for name, door in doors.items()
            },
        }
        for construct_id_, (metric, what) in watched.items():
            alarm_above_zero(
                self,
                construct_id_,
                metric=metric,
                description=f"{what} (docs/operating.md)",
                topic=resources.alarms.topic,
            )
        dashboard = OverviewDashboard(self, "Overview")
        dashboard.show(
            ("Requests", [door.api.metric_count(period=PERIOD) for door in doors.values()]),
            ("Server errors", [_server_errors(door) for door in doors.values()]),
        )
        dashboard.show(
            ("Latency, 99th percentile", [_slowest(door) for door in doors.values()]),
            ("Dead letters and schedules", [undelivered, *schedules]),
        )
        dashboard.show(
            ("Function errors", [function.function.metric_errors(period=PERIOD) for function in functions]),
            ("Function duration, 99th percentile", [_duration(function) for function in functions]),
        )


def _server_errors(door: HttpDoor) -> cloudwatch.Metric:
    return door.api.metric_server_error(period=PERIOD, statistic="Sum")


def _slowest(door: HttpDoor) -> cloudwatch.Metric:
    return door.api.metric_latency(period=PERIOD, statistic="p99")


def _duration(function: ServiceFunction) -> cloudwatch.Metric:
    return function.function.metric_duration(period=PERIOD, statistic="p99")


def _schedule_failures(group: str) -> tuple[cloudwatch.Metric, cloudwatch.Metric]:
    def metric(name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Scheduler",
            metric_name=name,
            dimensions_map={"ScheduleGroup": group},
            period=PERIOD,
            statistic="Sum",
        )

    return metric("TargetErrorCount"), metric("InvocationDroppedCount")


def _notices_failed() -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="Aval",
        metric_name="NoticesFailed",
        dimensions_map={"service": "notices"},
        period=PERIOD,
        statistic="Sum",
    )
