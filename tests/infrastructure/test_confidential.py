"""What may be done with the confidential key, by whom, and who is told of it."""

import json
from typing import Any

from aval.adapters.s3_confidential import LOTE_FILES, LOTE_WORK
from aval.adapters.s3_lotes import QUARANTINE
from aval.settings import TASK_HEARTBEAT_SECONDS, TASK_VISIBILITY_SECONDS
from cdk.components.break_glass import LONGEST_SINCE_DEVICE_SECONDS, LOOK, TAG
from cdk.components.confidential_key import BREAK_GLASS, FOR_NOBODY, NONE_RELEASED, RELEASE
from cdk.components.enclave_host_role import SEND_TASK
from tests.infrastructure.assembly import Assembly, Resource, Statement, as_list

LOTE_OPERATIONS = (
    "start-lote",
    "list-lotes",
    "read-lote",
    "read-lote-answer",
    "receive-lote",
    "persist-lote-chunk",
    "summarise-lote",
    "reject-lote",
    "restart-lotes",
    "send-lote-notice",
)
HOST, CANARY = "aval-enclave-parent", "aval-try-without-attestation"
IMAGES = {"Fn::Split": [",", "aval-confidential/ReleasedImages"]}
SIGNERS = {"Fn::Split": [",", "aval-confidential/ReleasedSigners"]}
# What KMS can do with a symmetric key, and what would make a way round its policy.
USES = {
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DeriveSharedSecret",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}


def _key(assembly: Assembly) -> Resource:
    return assembly.the("AWS::KMS::Key", MultiRegion=True)


def _statements(assembly: Assembly) -> dict[str, Statement]:
    key = _key(assembly)
    return {raw["Sid"]: Statement(key.name, raw) for raw in key.properties["KeyPolicy"]["Statement"]}


def _roles(statement: Statement, operator: str) -> set[str]:
    arns = as_list(statement.conditions[operator]["aws:PrincipalArn"])
    return {arn.rsplit("/", 1)[1] for arn in arns}


def _queue(assembly: Assembly, name: str) -> Resource:
    [found] = [one for one in assembly.resources("AWS::SQS::Queue") if f"/{name}" in one.name]
    return found


def test_the_key_is_used_under_one_statement_alone(assembly: Assembly) -> None:
    using = [sid for sid, one in _statements(assembly).items() if one.allows and USES & set(one.actions)]
    assert using == ["ReleaseToAttestedCode"]


def test_the_key_is_released_to_the_enclave_and_the_canary_by_image_and_signer(assembly: Assembly) -> None:
    release = _statements(assembly)["ReleaseToAttestedCode"]
    assert set(release.actions) == set(RELEASE) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert set(release.conditions) == {"ArnEquals", "StringEqualsIgnoreCase"}
    assert _roles(release, "ArnEquals") == {HOST, CANARY}
    assert release.conditions["StringEqualsIgnoreCase"] == {
        "kms:RecipientAttestation:ImageSha384": IMAGES,
        "kms:RecipientAttestation:PCR8": SIGNERS,
    }


def test_no_image_is_released_until_somebody_says_so(assembly: Assembly) -> None:
    parameters = assembly.templates["aval-confidential"]["Parameters"]
    for name in ("ReleasedImages", "ReleasedSigners"):
        assert parameters[name]["Default"] == NONE_RELEASED
        assert parameters[name]["AllowedPattern"] == (
            f"{NONE_RELEASED}|[0-9a-fA-F]{{96}}(,[0-9a-fA-F]{{96}})*"
        )


def test_everybody_else_is_denied_by_name_the_accounts_root_too(assembly: Assembly) -> None:
    statements = _statements(assembly)
    for sid, actions, roles in (
        ("ReleaseToNobodyElse", RELEASE, {HOST, CANARY}),
        ("BreakGlassByNobodyElse", BREAK_GLASS, {"aval-break-glass"}),
    ):
        denied = statements[sid]
        assert (denied.allows, denied.raw["Principal"]) == (False, {"AWS": "*"})
        assert set(denied.actions) == set(actions)
        assert set(denied.conditions) == {"ArnNotEquals"}
        assert _roles(denied, "ArnNotEquals") == roles


def test_what_leads_round_the_release_is_denied_to_everybody(assembly: Assembly) -> None:
    denied = _statements(assembly)["NeverByAnybody"]
    assert (denied.allows, denied.raw["Principal"], denied.conditions) == (False, {"AWS": "*"}, {})
    assert set(denied.actions) == set(FOR_NOBODY) == USES - set(RELEASE)


def test_only_the_break_glass_role_changes_the_policy_or_takes_the_key_away(assembly: Assembly) -> None:
    changing = {
        sid
        for sid, one in _statements(assembly).items()
        if one.allows and set(BREAK_GLASS) & set(one.actions)
    }
    assert changing == {"BreakGlass"}
    assert _roles(_statements(assembly)["BreakGlass"], "ArnEquals") == {"aval-break-glass"}


def test_no_other_role_is_given_the_confidential_key_than_those_that_it_names(assembly: Assembly) -> None:
    arn = f"{_key(assembly).name}.Arn"
    holders = {
        tuple(policy.properties["Roles"]): set(as_list(raw["Action"]))
        for policy in assembly.resources("AWS::IAM::Policy")
        for raw in policy.properties["PolicyDocument"]["Statement"]
        if arn in as_list(raw["Resource"])
    }
    names = {
        assembly_role.properties["RoleName"]: actions
        for [role], actions in holders.items()
        for assembly_role in assembly.resources("AWS::IAM::Role")
        if assembly_role.name == role
    }
    assert names == {
        HOST: set(RELEASE),
        CANARY: set(RELEASE),
        "aval-break-glass": {*BREAK_GLASS, *LOOK},
    }


def test_nothing_is_stored_under_the_confidential_key(assembly: Assembly) -> None:
    name = _key(assembly).name
    storing = [
        resource.name
        for resource in assembly.resources()
        if resource.type not in {"AWS::KMS::Alias", "AWS::KMS::Key", "AWS::IAM::Policy", "AWS::Events::Rule"}
        and resource.type != "AWS::EC2::VPCEndpoint"
        and f"{name}.Arn" in json.dumps(resource.properties)
    ]
    # By name alone: the canary's and the hosts' variable.
    assert sorted(one.split("/")[0] for one in storing) == ["aval-enclave", "aval-services"]


def test_the_break_glass_role_asks_for_a_device_of_just_now_and_a_tagged_person(assembly: Assembly) -> None:
    role = assembly.the("AWS::IAM::Role", RoleName="aval-break-glass").properties
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    assert statement["Condition"] == {
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
        "NumericLessThan": {"aws:MultiFactorAuthAge": str(LONGEST_SINCE_DEVICE_SECONDS)},
        "StringEquals": {TAG: "sim"},
    }
    assert role["MaxSessionDuration"] == 3600


def test_no_service_role_of_cloudformation_deploys_the_confidential_stack(cloud_assembly: Any) -> None:
    manifest = json.loads((cloud_assembly / "manifest.json").read_text())
    properties = {
        name: artifact["properties"]
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    passing = {name for name, one in properties.items() if "cloudFormationExecutionRoleArn" in one}
    assert passing == set(properties) - {"aval-confidential"}


def test_every_change_of_the_key_and_every_taking_of_the_role_rings(assembly: Assembly) -> None:
    topic, name = assembly.the("AWS::SNS::Topic"), _key(assembly).name
    rung = {}
    for rule in assembly.resources("AWS::Events::Rule"):
        pattern = rule.properties["EventPattern"]
        if pattern.get("detail-type") != ["AWS API Call via CloudTrail"]:
            continue
        [target] = rule.properties["Targets"]
        assert target["Arn"] == topic.name
        assert "EventBusName" not in rule.properties
        detail = pattern["detail"]
        rung[detail["eventSource"][0]] = (set(detail["eventName"]), detail["requestParameters"])
    assert rung["kms.amazonaws.com"] == (
        {"CreateGrant", *(action.removeprefix("kms:") for action in BREAK_GLASS)},
        {"keyId": [name, f"{name}.Arn"]},
    )
    actions, parameters = rung["sts.amazonaws.com"]
    assert actions == {"AssumeRole"}
    assert parameters["roleArn"][0].endswith(":role/aval-break-glass")


def test_the_trail_takes_down_every_region_and_can_be_verified(assembly: Assembly) -> None:
    trail = assembly.the("AWS::CloudTrail::Trail").properties
    assert trail["IsLogging"] is trail["IsMultiRegionTrail"] is trail["EnableLogFileValidation"] is True
    assert trail.get("EventSelectors", []) == [], "KMS calls are not left out"


def test_the_topic_lets_alarms_and_rules_of_this_account_in_and_nobody_else(assembly: Assembly) -> None:
    allowed = [one for one in assembly.statements("AWS::SNS::TopicPolicy", "PolicyDocument") if one.allows]
    assert [one.raw["Principal"] for one in allowed] == [
        {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}
    ]
    assert allowed[0].conditions == {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}


def test_only_the_canary_rings_the_operator_by_itself(assembly: Assembly) -> None:
    topic = assembly.the("AWS::SNS::Topic")
    publishing = [
        one
        for one in assembly.statements("AWS::IAM::Policy", "PolicyDocument")
        if "sns:Publish" in one.actions
    ]
    assert [(one.resources, "TryWithoutAttestation" in one.holder) for one in publishing] == [
        ([topic.name], True)
    ]


def test_a_task_is_another_hosts_after_three_heartbeats_missed(assembly: Assembly) -> None:
    queue = _queue(assembly, "TasksQueue").properties
    assert queue["VisibilityTimeout"] == TASK_VISIBILITY_SECONDS == 3 * TASK_HEARTBEAT_SECONDS


def test_a_message_goes_to_the_failed_ones_before_it_grows_too_old(assembly: Assembly) -> None:
    for name in ("TasksQueue", "KeyRequestsQueue"):
        queue = _queue(assembly, name).properties
        tries = queue["RedrivePolicy"]["maxReceiveCount"]
        assert tries * queue["VisibilityTimeout"] < queue["MessageRetentionPeriod"]


def test_a_message_outlives_its_token_and_two_hosts_may_try_while_it_is_good(assembly: Assembly) -> None:
    machine = assembly.the("AWS::StepFunctions::StateMachine", StateMachineName="aval-task")
    asking = json.loads(machine.properties["DefinitionString"])["States"]["AskEnclave"]
    queue = _queue(assembly, "TasksQueue").properties
    assert asking["Resource"] == "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    assert 2 * queue["VisibilityTimeout"] < asking["HeartbeatSeconds"] < queue["MessageRetentionPeriod"]
    assert machine.properties["DefinitionSubstitutions"]["TasksUrl"] == _queue(assembly, "TasksQueue").name


def test_an_enclave_that_is_away_fails_no_task_before_the_sweep_takes_it_up(assembly: Assembly) -> None:
    machine = assembly.the("AWS::StepFunctions::StateMachine", StateMachineName="aval-task")
    definition = json.loads(machine.properties["DefinitionString"])
    asking = definition["States"]["AskEnclave"]
    [silent, _] = asking["Retry"]
    assert silent["ErrorEquals"] == ["States.Timeout", "States.HeartbeatTimeout"]
    assert silent["MaxAttempts"] * asking["HeartbeatSeconds"] > definition["TimeoutSeconds"]


def test_a_task_that_was_tried_to_the_last_says_so(assembly: Assembly) -> None:
    machine = assembly.the("AWS::StepFunctions::StateMachine", StateMachineName="aval-task")
    states = json.loads(machine.properties["DefinitionString"])["States"]
    [caught] = states["AskEnclave"]["Catch"]
    assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "FailTask")
    assert states[states["FailTask"]["Next"]]["Type"] == "Fail"


def test_the_doors_write_tasks_and_nothing_that_the_enclave_keeps(assembly: Assembly) -> None:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if "ConfidentialFiles" in one.name]
    [table] = [one for one in assembly.resources("AWS::DynamoDB::Table") if "Confidential" in one.name]
    writing = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "s3:PutObject"}
    written: dict[str, set[tuple[str, str]]] = {}
    for statement in assembly.statements("AWS::IAM::Policy", "PolicyDocument"):
        for resource in statement.resources:
            if resource.startswith((f"{bucket.name}.Arn", f"{table.name}.Arn")):
                acts = {(act, resource.rpartition(".Arn")[2]) for act in statement.actions if act in writing}
                written.setdefault(statement.holder.split("Role")[0], set()).update(acts)
    assert {holder: acts for holder, acts in written.items() if acts} == {
        "aval-confidential/EnclaveHost": {
            *((act, "") for act in writing if act.startswith("dynamodb:")),
            ("s3:PutObject", "/tarefas/*"),
            ("s3:PutObject", "/registros/*"),
            ("s3:PutObject", "/diarios/*"),
        },
        "aval-monitoring/StartLote": {("dynamodb:PutItem", "")},
        "aval-monitoring/ReceiveLote": {("dynamodb:UpdateItem", "")},
        "aval-monitoring/PersistLoteChunk": {
            ("dynamodb:PutItem", ""),
            ("dynamodb:UpdateItem", ""),
            ("s3:PutObject", "/registros/*"),
        },
        "aval-monitoring/SummariseLote": {("dynamodb:UpdateItem", "")},
        "aval-monitoring/RejectLote": {("dynamodb:UpdateItem", "")},
        "aval-monitoring/RestartLotes": {("dynamodb:UpdateItem", "")},
        "aval-monitoring/CloseWeeks": {("dynamodb:PutItem", ""), ("dynamodb:UpdateItem", "")},
        "aval-monitoring/RegisterLink": {("dynamodb:PutItem", "")},
        "aval-services/FailTask": {("dynamodb:UpdateItem", "")},
        "aval-services/LoadParameters": {("dynamodb:PutItem", "")},
        "aval-services/PutReaderList": {("dynamodb:PutItem", "")},
        "aval-services/SubmitAct": {
            ("dynamodb:PutItem", ""),
            ("dynamodb:UpdateItem", ""),
            ("s3:PutObject", "/tarefas/*"),
        },
        "aval-services/SubmitRehearsal": {("dynamodb:PutItem", ""), ("s3:PutObject", "/tarefas/*")},
        "aval-services/TryWithoutAttestation": {("dynamodb:PutItem", "")},
    }


def test_a_host_reads_the_files_of_lotes_writes_their_chunks_and_touches_no_other_folder(
    assembly: Assembly,
) -> None:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if "PrudentialFiles" in one.name]
    reached: dict[str, set[str]] = {}
    for statement in assembly.role_statements(HOST):
        for resource in statement.resources:
            if resource.startswith(f"{bucket.name}.Arn"):
                reached.setdefault(resource.removeprefix(f"{bucket.name}.Arn/"), set()).update(
                    statement.actions
                )
    read = {"s3:GetObject", "s3:GetObjectVersion"}
    assert reached == {f"{LOTE_FILES}*": read, f"{LOTE_WORK}*": {*read, "s3:PutObject"}}


def test_a_host_answers_for_the_tokens_of_tasks_and_lotes_alone(assembly: Assembly) -> None:
    [statement] = [one for one in assembly.role_statements(HOST) if set(one.actions) == set(SEND_TASK)]
    assert {resource.rpartition(":")[2] for resource in statement.resources} == {"aval-task", "aval-lote"}


def test_what_a_lotes_functions_touch_in_the_bucket_is_told_by_folder(assembly: Assembly) -> None:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if "PrudentialFiles" in one.name]
    written: dict[str, set[str]] = {}
    for operation in LOTE_OPERATIONS:
        for statement in assembly.role_statements(f"aval-{operation}"):
            if "s3:PutObject" in statement.actions:
                places = [one for one in statement.resources if one.startswith(f"{bucket.name}.Arn/")]
                written.setdefault(operation, set()).update(
                    one.removeprefix(f"{bucket.name}.Arn/") for one in places
                )
    assert {operation: places for operation, places in written.items() if places} == {
        "start-lote": {f"{LOTE_FILES}*"},
        "receive-lote": {f"{LOTE_WORK}*"},
        "summarise-lote": {f"{QUARANTINE}*"},
        "reject-lote": {f"{QUARANTINE}*"},
    }
