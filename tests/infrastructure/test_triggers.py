from aval.adapters import s3_registry, s3_revocation
from aval.events import SOURCE, EventName
from tests.infrastructure.assembly import Assembly, Resource

SAO_PAULO = "America/Sao_Paulo"


def _operation(assembly: Assembly, arn: str) -> str:
    [function] = [one for one in assembly.resources("AWS::Lambda::Function") if f"{one.name}.Arn" == arn]
    return str(function.properties["Handler"]).removesuffix(".handler")


def _schedules(assembly: Assembly) -> dict[str, Resource]:
    return {
        _operation(assembly, one.properties["Target"]["Arn"]): one
        for one in assembly.resources("AWS::Scheduler::Schedule")
    }


def test_scheduled_work_runs_by_the_clock_of_sao_paulo(assembly: Assembly) -> None:
    hours = {
        operation: (one.properties["ScheduleExpression"], one.properties["ScheduleExpressionTimezone"])
        for operation, one in _schedules(assembly).items()
    }
    assert hours == {
        "adhesion.fetch_revocation_lists": ("cron(0 * * * ? *)", SAO_PAULO),
        "adhesion.recheck_revocations": ("cron(0 7 * * ? *)", SAO_PAULO),
        "notices.send_expiry_notices": ("cron(0 8 * * ? *)", SAO_PAULO),
    }


def test_a_schedule_that_cannot_start_its_function_retries_and_then_leaves_a_message(
    assembly: Assembly,
) -> None:
    queue = assembly.the("AWS::SQS::Queue")
    for one in _schedules(assembly).values():
        target = one.properties["Target"]
        assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2
        assert target["DeadLetterConfig"] == {"Arn": f"{queue.name}.Arn"}


def test_dropped_files_wake_the_function_of_their_folder(assembly: Assembly) -> None:
    folders = {}
    for rule in assembly.resources("AWS::Events::Rule"):
        pattern = rule.properties["EventPattern"]
        if pattern["source"] != ["aws.s3"]:
            continue
        assert pattern["detail-type"] == ["Object Created"]
        [target] = rule.properties["Targets"]
        [folder] = pattern["detail"]["object"]["key"]
        [bucket] = pattern["detail"]["bucket"]["name"]
        folders[folder["prefix"]] = (bucket, _operation(assembly, target["Arn"]))
    assert folders == {
        s3_registry.INCOMING: (_bucket(assembly, "RegistryFiles"), "registry.load_registry"),
        s3_revocation.INCOMING: (_bucket(assembly, "Trust"), "adhesion.take_revocation_list"),
    }


def test_a_lock_on_our_bus_wakes_its_notice(assembly: Assembly) -> None:
    bus = assembly.the("AWS::Events::EventBus")
    [rule] = [one for one in assembly.resources("AWS::Events::Rule") if "EventBusName" in one.properties]
    [target] = rule.properties["Targets"]
    assert rule.properties["EventBusName"] == bus.name
    assert rule.properties["EventPattern"] == {
        "source": [SOURCE],
        "detail-type": [EventName.ACCESS_LOCKED.value],
    }
    assert _operation(assembly, target["Arn"]) == "notices.send_lock_notice"


def _bucket(assembly: Assembly, name: str) -> str:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if f"/{name}Bucket" in one.name]
    return bucket.name


def test_an_event_that_cannot_be_delivered_is_left_as_a_message(assembly: Assembly) -> None:
    queue = assembly.the("AWS::SQS::Queue")
    for rule in assembly.resources("AWS::Events::Rule"):
        [target] = rule.properties["Targets"]
        assert target["DeadLetterConfig"] == {"Arn": f"{queue.name}.Arn"}
        assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2


def test_both_buckets_announce_their_objects(assembly: Assembly) -> None:
    announcing = {
        bucket.name
        for bucket in assembly.resources("AWS::S3::Bucket")
        if bucket.properties.get("NotificationConfiguration")
        == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    }
    assert announcing == {_bucket(assembly, "RegistryFiles"), _bucket(assembly, "Trust")}


def test_the_functions_read_and_write_the_folders_that_the_adapters_name(assembly: Assembly) -> None:
    loader = assembly.role_statements("aval-load-registry")
    bucket = f"{_bucket(assembly, 'RegistryFiles')}.Arn"
    readable = {r for one in loader if "s3:GetObject" in one.actions for r in one.resources}
    writable = {r for one in loader if "s3:PutObject" in one.actions for r in one.resources}
    assert readable == {f"{bucket}/{s3_registry.INCOMING}*"}
    assert writable == {f"{bucket}/{s3_registry.RESULTS}*"}
