from tests.infrastructure.assembly import Assembly, Resource


def _alarms(assembly: Assembly, namespace: str, metric: str) -> list[Resource]:
    return [
        alarm
        for alarm in assembly.resources("AWS::CloudWatch::Alarm")
        if (alarm.properties["Namespace"], alarm.properties["MetricName"]) == (namespace, metric)
    ]


def _dimension(alarm: Resource) -> str:
    [dimension] = alarm.properties["Dimensions"]
    return str(dimension["Value"])


def test_every_alarm_tells_the_operator_and_begins_at_the_first_event(assembly: Assembly) -> None:
    topic = assembly.the("AWS::SNS::Topic")
    for alarm in assembly.resources("AWS::CloudWatch::Alarm"):
        properties = alarm.properties
        assert properties["AlarmActions"] == [topic.name], alarm.name
        assert (properties["Threshold"], properties["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        assert properties["TreatMissingData"] == "notBreaching"


def test_no_function_fails_or_is_throttled_silently(assembly: Assembly) -> None:
    functions = {function.name for function in assembly.resources("AWS::Lambda::Function")}
    for metric in ("Errors", "Throttles"):
        assert {_dimension(alarm) for alarm in _alarms(assembly, "AWS/Lambda", metric)} == functions


def test_no_dead_letter_lies_unnoticed(assembly: Assembly) -> None:
    [alarm] = _alarms(assembly, "AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert _dimension(alarm) == f"{assembly.the('AWS::SQS::Queue').name}.QueueName"


def test_no_door_answers_a_server_error_unnoticed(assembly: Assembly) -> None:
    apis = {api.name for api in assembly.resources("AWS::ApiGatewayV2::Api")}
    assert {_dimension(alarm) for alarm in _alarms(assembly, "AWS/ApiGateway", "5xx")} == apis


def test_no_schedule_fails_unnoticed(assembly: Assembly) -> None:
    group = assembly.the("AWS::Scheduler::ScheduleGroup")
    for metric in ("TargetErrorCount", "InvocationDroppedCount"):
        [alarm] = _alarms(assembly, "AWS/Scheduler", metric)
        assert _dimension(alarm) == group.name


def test_no_notice_fails_unnoticed(assembly: Assembly) -> None:
    [alarm] = _alarms(assembly, "Aval", "NoticesFailed")
    counting = assembly.the("AWS::Logs::MetricFilter")
    [transformation] = counting.properties["MetricTransformations"]
    assert "SendExpiryNotices" in counting.properties["LogGroupName"]
    assert (transformation["MetricNamespace"], transformation["MetricName"]) == ("Aval", "NoticesFailed")
    assert alarm.properties["Statistic"] == "Sum"


def test_the_topic_takes_alarms_of_this_account(assembly: Assembly) -> None:
    allowed = [s for s in assembly.statements("AWS::SNS::TopicPolicy", "PolicyDocument") if s.allows]
    [statement] = allowed
    assert statement.raw["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement.conditions == {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}


def test_the_dashboard_shows_every_function(assembly: Assembly) -> None:
    body = assembly.the("AWS::CloudWatch::Dashboard").properties["DashboardBody"]
    for function in assembly.resources("AWS::Lambda::Function"):
        assert body.count(function.name) == 2, function.name
