import re

import pytest

from aval.edge.notice_outcomes import outcome_of
from aval.notices.sending import Sent
from local.places import ROOT
from tests.infrastructure.assembly import Assembly, Resource

_HANDLERS = ROOT / "lambdas"


def _alarms(assembly: Assembly, namespace: str, metric: str) -> list[Resource]:
    return [
        alarm
        for alarm in assembly.resources("AWS::CloudWatch::Alarm")
        if (alarm.properties["Namespace"], alarm.properties["MetricName"]) == (namespace, metric)
    ]


def _dimension(alarm: Resource) -> str:
    [dimension] = alarm.properties["Dimensions"]
    return str(dimension["Value"])


def _rings_on_silence(alarm: Resource) -> bool:
    return bool(alarm.properties["TreatMissingData"] == "breaching")


def test_every_alarm_tells_the_operator(assembly: Assembly) -> None:
    topic = assembly.the("AWS::SNS::Topic")
    for alarm in assembly.resources("AWS::CloudWatch::Alarm"):
        assert alarm.properties["AlarmActions"] == [topic.name], alarm.name


def test_an_alarm_begins_at_the_first_event_but_the_one_that_rings_on_silence(assembly: Assembly) -> None:
    alarms = assembly.resources("AWS::CloudWatch::Alarm")
    [silent] = [alarm for alarm in alarms if _rings_on_silence(alarm)]
    assert silent.properties["MetricName"] == "CanaryRefused"
    for alarm in alarms:
        if _rings_on_silence(alarm):
            continue
        properties = alarm.properties
        assert (properties["Threshold"], properties["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        assert properties["TreatMissingData"] == "notBreaching"


def test_no_function_fails_or_is_throttled_silently(assembly: Assembly) -> None:
    functions = {function.name for function in assembly.resources("AWS::Lambda::Function")}
    for metric in ("Errors", "Throttles"):
        assert {_dimension(alarm) for alarm in _alarms(assembly, "AWS/Lambda", metric)} == functions


def test_no_dead_letter_lies_unnoticed(assembly: Assembly) -> None:
    rung = {_dimension(alarm) for alarm in _alarms(assembly, "AWS/SQS", "ApproximateNumberOfMessagesVisible")}
    redriven = {
        queue.properties["RedrivePolicy"]["deadLetterTargetArn"].removesuffix(".Arn")
        for queue in assembly.resources("AWS::SQS::Queue")
        if "RedrivePolicy" in queue.properties
    }
    events = {
        assembly.dead_letters(stack).name
        for stack in ("aval-services", "aval-monitoring", "aval-confidential")
    }
    assert rung == {f"{name}.QueueName" for name in redriven | events}


def test_a_canary_that_was_not_refused_for_an_hour_rings(assembly: Assembly) -> None:
    [alarm] = _alarms(assembly, "Aval", "CanaryRefused")
    properties = alarm.properties
    assert (properties["Threshold"], properties["ComparisonOperator"]) == (1, "LessThanThreshold")
    assert (properties["Period"], properties["EvaluationPeriods"]) == (3600, 1)
    assert _counted(assembly, "CanaryRefused") == {"TryWithoutAttestation"}


def test_no_door_answers_a_server_error_unnoticed(assembly: Assembly) -> None:
    apis = {api.name for api in assembly.resources("AWS::ApiGatewayV2::Api")}
    assert {_dimension(alarm) for alarm in _alarms(assembly, "AWS/ApiGateway", "5xx")} == apis


def test_no_schedule_fails_unnoticed(assembly: Assembly) -> None:
    group = assembly.the("AWS::Scheduler::ScheduleGroup")
    for metric in ("TargetErrorCount", "InvocationDroppedCount"):
        [alarm] = _alarms(assembly, "AWS/Scheduler", metric)
        assert _dimension(alarm) == group.name


TROUBLES = {
    "MailsFailed": {"SendExpiryNotices", "RecheckRevocations", "SendDeadlineNotices"},
    "CompaniesWithoutRepresentative": {"SendExpiryNotices", "RecheckRevocations"},
    "WeeksClosedOverOpenWork": {"CloseWeeks"},
    "SendersNotListed": {"CloseWeeks"},
    "RemovalsContended": {"SendExpiryNotices"},
    "RevocationListsFailed": {"FetchRevocationLists", "TakeRevocationList"},
    "EventsNotPublished": {"ChangeAdhesion"},
    "CanaryLetIn": {"TryWithoutAttestation"},
}


@pytest.mark.parametrize("metric", TROUBLES)
def test_no_trouble_that_only_a_log_line_tells_goes_unnoticed(assembly: Assembly, metric: str) -> None:
    [alarm] = _alarms(assembly, "Aval", metric)
    assert alarm.properties["Statistic"] == "Sum"
    assert _counted(assembly, metric) == TROUBLES[metric]


def _counted(assembly: Assembly, metric: str) -> set[str]:
    """The functions whose log lines feed the metric."""
    return {
        re.sub(r".*/(\w+)Logs\w+", r"\1", counting.properties["LogGroupName"])
        for counting in assembly.resources("AWS::Logs::MetricFilter")
        for transformation in counting.properties["MetricTransformations"]
        if (transformation["MetricNamespace"], transformation["MetricName"]) == ("Aval", metric)
    }


def test_the_counted_keys_are_those_that_the_functions_log(assembly: Assembly) -> None:
    logged = {
        *outcome_of(Sent(settled=frozenset(), mails=0, failed_mails=0, without_representative=frozenset())),
        *(key for source in _HANDLERS.glob("*/*.py") for key in re.findall(r'"(\w+)":', source.read_text())),
    }
    for counting in assembly.resources("AWS::Logs::MetricFilter"):
        keys = re.findall(r"\$\.outcome\.(\w+)", counting.properties["FilterPattern"])
        assert set(keys) <= logged


def test_the_counted_sentence_is_the_one_that_the_function_logs(assembly: Assembly) -> None:
    patterns = {
        counting.properties["FilterPattern"] for counting in assembly.resources("AWS::Logs::MetricFilter")
    }
    [sentence] = {found for pattern in patterns for found in re.findall(r'message = "([^"]+)"', pattern)}
    edge = ROOT / "layers/common/python/aval/edge/adhesion/requests.py"
    assert f'logger.error("{sentence}")' in edge.read_text()
