import json

import pytest

from aval.adapters import s3_imports, s3_parameters, s3_registry, s3_revocation
from aval.adapters.dynamodb.contracts_items import HISTORY_PREFIX
from aval.adapters.dynamodb.imports_items import RECORD
from aval.adapters.s3_confidential import LOTE_FILES
from aval.contracts.imports.store import OVER
from aval.events import SOURCE, EventName
from tests.infrastructure.assembly import Assembly, Resource

SAO_PAULO = "America/Sao_Paulo"


def _operation(assembly: Assembly, arn: str) -> str:
    [function] = [one for one in assembly.resources("AWS::Lambda::Function") if f"{one.name}.Arn" == arn]
    return str(function.properties["Handler"]).removesuffix(".handler")


def _woken(assembly: Assembly, arn: str) -> str:
    """A function's operation, or a machine's name."""
    return arn.rpartition(":")[2] if ":stateMachine:" in arn else _operation(assembly, arn)


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
        "contracts.restart_imports": ("cron(0/5 * * * ? *)", SAO_PAULO),
        "notices.send_expiry_notices": ("cron(0 8 * * ? *)", SAO_PAULO),
        "prudential.close_weeks": ("cron(0/5 * * * ? *)", SAO_PAULO),
        "prudential.send_deadline_notices": ("cron(0 * * * ? *)", SAO_PAULO),
        "prudential.restart_lotes": ("cron(0/5 * * * ? *)", SAO_PAULO),
        "prudential.restart_tasks": ("cron(0/5 * * * ? *)", SAO_PAULO),
        "prudential.try_without_attestation": ("cron(0/15 * * * ? *)", SAO_PAULO),
    }


def test_a_schedule_that_cannot_start_its_function_retries_and_then_leaves_a_message(
    assembly: Assembly,
) -> None:
    for one in _schedules(assembly).values():
        queue = assembly.dead_letters(one.stack)
        target = one.properties["Target"]
        assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2
        assert target["DeadLetterConfig"] == {"Arn": f"{queue.name}.Arn"}


def test_dropped_files_wake_the_function_or_machine_of_their_folder(assembly: Assembly) -> None:
    folders = {}
    for rule in assembly.resources("AWS::Events::Rule"):
        pattern = rule.properties["EventPattern"]
        if pattern["source"] != ["aws.s3"]:
            continue
        assert pattern["detail-type"] == ["Object Created"]
        [target] = rule.properties["Targets"]
        [folder] = pattern["detail"]["object"]["key"]
        [bucket] = pattern["detail"]["bucket"]["name"]
        folders[folder["prefix"]] = (bucket, _woken(assembly, target["Arn"]))
    assert folders == {
        LOTE_FILES: (_bucket(assembly, "PrudentialFiles"), "aval-lote"),
        s3_imports.INCOMING: (_bucket(assembly, "ContractFiles"), "aval-import"),
        s3_parameters.INCOMING: (_bucket(assembly, "PrudentialFiles"), "prudential.load_parameters"),
        s3_registry.INCOMING: (_bucket(assembly, "RegistryFiles"), "registry.load_registry"),
        s3_revocation.INCOMING: (_bucket(assembly, "Trust"), "adhesion.take_revocation_list"),
    }


def test_events_on_our_bus_wake_their_notices(assembly: Assembly) -> None:
    bus, woken = assembly.the("AWS::Events::EventBus"), {}
    for rule in assembly.resources("AWS::Events::Rule"):
        if "EventBusName" not in rule.properties:
            continue
        [target] = rule.properties["Targets"]
        pattern = rule.properties["EventPattern"]
        assert rule.properties["EventBusName"] == bus.name
        assert (set(pattern), pattern["source"]) == ({"source", "detail-type"}, [SOURCE])
        woken[_operation(assembly, target["Arn"])] = pattern["detail-type"]
    assert woken == {
        "notices.send_lock_notice": [EventName.ACCESS_LOCKED],
        "prudential.send_lote_notice": [EventName.LOTE_PROCESSED, EventName.LOTE_REJECTED],
    }


def _bucket(assembly: Assembly, name: str) -> str:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if f"/{name}Bucket" in one.name]
    return bucket.name


def test_an_event_that_cannot_be_delivered_is_left_as_a_message(assembly: Assembly) -> None:
    for rule in assembly.resources("AWS::Events::Rule"):
        queue = assembly.dead_letters(rule.stack)
        [target] = rule.properties["Targets"]
        assert target["DeadLetterConfig"] == {"Arn": f"{queue.name}.Arn"}
        assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2


def test_buckets_that_take_files_announce_their_objects(assembly: Assembly) -> None:
    announcing = {
        bucket.name
        for bucket in assembly.resources("AWS::S3::Bucket")
        if bucket.properties.get("NotificationConfiguration")
        == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    }
    assert announcing == {
        _bucket(assembly, name) for name in ("ContractFiles", "PrudentialFiles", "RegistryFiles", "Trust")
    }


@pytest.mark.parametrize(
    ("role", "files", "readable", "writable"),
    [
        ("aval-load-registry", "RegistryFiles", {s3_registry.INCOMING}, {s3_registry.RESULTS}),
        (
            "aval-load-parameters",
            "PrudentialFiles",
            {s3_parameters.INCOMING, s3_parameters.RESULTS},
            {s3_parameters.RESULTS},
        ),
    ],
)
def test_the_functions_read_and_write_the_folders_that_the_adapters_name(
    assembly: Assembly, *, role: str, files: str, readable: set[str], writable: set[str]
) -> None:
    loader = assembly.role_statements(role)
    bucket = f"{_bucket(assembly, files)}.Arn"
    read = {r for one in loader if "s3:GetObject" in one.actions for r in one.resources}
    written = {r for one in loader if "s3:PutObject" in one.actions for r in one.resources}
    assert read == {f"{bucket}/{folder}*" for folder in readable}
    assert written == {f"{bucket}/{folder}*" for folder in writable}


def _follower(assembly: Assembly) -> Resource:
    """The one mapping from a stream: a queue's has no position to start from."""
    return assembly.the("AWS::Lambda::EventSourceMapping", StartingPosition="TRIM_HORIZON")


def _queue(assembly: Assembly, name: str) -> Resource:
    [queue] = [one for one in assembly.resources("AWS::SQS::Queue") if f"/{name}Queue" in one.name]
    return queue


def test_messages_that_no_host_worked_off_fail_their_tokens(assembly: Assembly) -> None:
    redrive = _queue(assembly, "Tasks").properties["RedrivePolicy"]
    mapping = assembly.the("AWS::Lambda::EventSourceMapping", EventSourceArn=redrive["deadLetterTargetArn"])
    function = f"{mapping.properties['FunctionName']}.Arn"
    assert _operation(assembly, function) == "prudential.fail_undelivered"


def test_a_request_for_access_is_worked_off_alone_and_within_its_queues_patience(assembly: Assembly) -> None:
    queue = _queue(assembly, "AccessRequests")
    mapping = assembly.the("AWS::Lambda::EventSourceMapping", EventSourceArn=f"{queue.name}.Arn")
    assert mapping.properties["BatchSize"] == 1
    [function] = [
        one
        for one in assembly.resources("AWS::Lambda::Function")
        if one.name == mapping.properties["FunctionName"]
    ]
    assert function.properties["Handler"] == "identity.send_access.handler"
    assert queue.properties["VisibilityTimeout"] >= 6 * function.properties["Timeout"]


def test_the_stream_of_contracts_wakes_whoever_tells_of_history_and_ended_imports(
    assembly: Assembly,
) -> None:
    mapping = _follower(assembly).properties
    [table] = [one for one in assembly.resources("AWS::DynamoDB::Table") if "Contracts" in one.name]
    assert mapping["EventSourceArn"] == f"{table.name}.StreamArn"
    assert _operation(assembly, f"{mapping['FunctionName']}.Arn") == "contracts.publish_contract_events"
    images = [
        json.loads(one["Pattern"])["dynamodb"]["NewImage"] for one in mapping["FilterCriteria"]["Filters"]
    ]
    assert images == [
        {"sk": {"S": [{"prefix": HISTORY_PREFIX}]}},
        {"sk": {"S": [RECORD]}, "state": {"S": sorted(state.value for state in OVER)}},
    ]


def test_a_write_that_cannot_be_told_is_tried_alone_and_then_left_as_a_message(assembly: Assembly) -> None:
    mapping = _follower(assembly).properties
    queue = assembly.dead_letters("aval-services")
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] >= 20
    # Records live a day in the stream: what is given up after that would be lost, not left.
    assert mapping["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": f"{queue.name}.Arn"}}
    assert mapping["StartingPosition"] == "TRIM_HORIZON"


@pytest.mark.parametrize("name", ["import", "lote"])
def test_an_arrived_file_starts_its_machine_with_the_key_alone(assembly: Assembly, name: str) -> None:
    rule = assembly.the("AWS::Events::Rule", Name=f"aval-{name}-on-arrival")
    [target] = rule.properties["Targets"]
    assert target["InputTransformer"]["InputPathsMap"] == {"detail-object-key": "$.detail.object.key"}
    assert json.loads(target["InputTransformer"]["InputTemplate"].replace("<", '"').replace(">", '"')) == {
        "chave": "detail-object-key"
    }
    [statement] = [
        statement
        for policy in assembly.resources("AWS::IAM::Policy")
        if target["RoleArn"].removesuffix(".Arn") in policy.properties["Roles"]
        for statement in policy.properties["PolicyDocument"]["Statement"]
    ]
    assert (statement["Action"], statement["Resource"]) == ("states:StartExecution", target["Arn"])
