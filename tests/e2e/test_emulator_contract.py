"""What the product relies on, asked of the emulator as we correct it. To be run at each version bump."""

import base64
import hashlib
import hmac
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from local import mailbox
from local.emulator.environment import LAMBDA_WORKERS
from tests.e2e.contract.stack import ContractStack

INTERNAL_ERROR = b'{"message":"Internal Server Error"}'


def invoke(contract: ContractStack, path: str) -> Any:
    answer = contract.emulator.client("lambda").invoke(
        FunctionName=contract.outputs["Answer"], Payload=json.dumps({"rawPath": f"/do/{path}"})
    )
    return answer.get("FunctionError"), json.load(answer["Payload"])


# Lambda


def test_a_function_imports_its_code_its_layers_and_nothing_of_this_machine(contract: ContractStack) -> None:
    _, found = invoke(contract, "surroundings")
    assert found["importable"] == ["boto3", "functions"]
    assert not [entry for entry in found["path"] if "site-packages" in entry or entry == ""]


def test_a_function_sees_aws_variables_its_own_and_nothing_of_this_machine(contract: ContractStack) -> None:
    environment = invoke(contract, "surroundings")[1]["environment"]
    assert environment["WORD"] == "given"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == contract.outputs["Answer"]
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert "HOME" not in environment
    assert "AVAL_EDGE_SECRET" not in environment


def test_a_function_reads_its_context(contract: ContractStack) -> None:
    context = invoke(contract, "surroundings")[1]["context"]
    assert context["function_name"] == contract.outputs["Answer"]
    assert context["log_group_name"] == f"/aws/lambda/{contract.outputs['Answer']}"
    assert 0 < context["remaining"] <= 2000


def test_what_a_function_prints_is_in_its_log_file(contract: ContractStack) -> None:
    invoke(contract, "surroundings")
    log = contract.places.logs / f"{contract.outputs['Answer']}.log"
    assert "a line of the handler\n" in log.read_text()


def test_an_error_has_the_shape_of_aws(contract: ContractStack) -> None:
    kind, error = invoke(contract, "refuse")
    assert kind == "Unhandled"
    assert error["errorType"] == "ValueError"
    assert error["errorMessage"] == "the caller must not read this"
    assert "in refuse" in error["stackTrace"][-1]


def test_an_answer_that_is_no_json_is_a_marshal_error(contract: ContractStack) -> None:
    assert invoke(contract, "unserialisable")[1]["errorType"] == "Runtime.MarshalError"


def test_a_function_that_takes_too_long_is_stopped(contract: ContractStack) -> None:
    begun = time.monotonic()
    kind, error = invoke(contract, "slow")
    assert time.monotonic() - begun < 6
    assert (kind, error["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert "Task timed out after 2.00 seconds" in error["errorMessage"]


def test_a_function_that_leaves_is_told_and_the_next_call_answered(contract: ContractStack) -> None:
    assert invoke(contract, "leave")[1]["errorType"] == "Runtime.ExitError"
    assert invoke(contract, "surroundings")[0] is None


def test_many_callers_share_a_few_workers(contract: ContractStack) -> None:
    with ThreadPoolExecutor(12) as callers:
        answers = list(callers.map(lambda _: invoke(contract, "linger"), range(12)))
    assert not [kind for kind, _ in answers if kind]
    assert len({answer["pid"] for _, answer in answers}) <= LAMBDA_WORKERS


def test_a_role_reaches_what_its_policy_allows_and_nothing_else(contract: ContractStack) -> None:
    bucket = contract.outputs["Files"]
    for key in ("open/a", "closed/a"):
        contract.emulator.client("s3").put_object(Bucket=bucket, Key=key, Body=b"there")
    assert contract.ask_json(f"/do/object?bucket={bucket}&key=open/a") == {"body": "there"}
    assert contract.ask_json(f"/do/object?bucket={bucket}&key=closed/a") == {"refused": "AccessDenied"}


# HTTP API


def test_a_function_that_fails_is_answered_500_without_its_text(contract: ContractStack) -> None:
    for path in ("refuse", "leave", "unserialisable"):
        status, headers, body = contract.ask(f"/do/{path}")
        assert (status, headers["content-type"], body) == (500, "application/json", INTERNAL_ERROR)


def test_a_route_that_is_not_there_is_answered_404(contract: ContractStack) -> None:
    assert contract.ask("/nowhere")[::2] == (404, b'{"message":"Not Found"}')


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({}, 401, "Unauthorized"),
        ({"Authorization": "raise"}, 401, "Unauthorized"),
        ({"Authorization": "bad"}, 403, "Forbidden"),
        ({"Authorization": "break"}, 500, "Internal Server Error"),
    ],
)
def test_an_authorizer_that_does_not_let_in_is_answered_as_by_aws(
    contract: ContractStack, headers: dict[str, str], status: int, message: str
) -> None:
    assert contract.ask("/guarded/echo", headers=headers)[::2] == (
        status,
        b'{"message":"%s"}' % message.encode(),
    )


def test_the_authorizers_context_reaches_the_function(contract: ContractStack) -> None:
    event = contract.ask_json("/guarded/echo", headers={"Authorization": "good"})
    assert event["requestContext"]["authorizer"] == {"lambda": {"subject": "s-1", "number": 7}}


def test_bytes_come_out_as_they_went_in(contract: ContractStack) -> None:
    status, headers, body = contract.ask("/do/binary")
    assert (status, headers["content-type"], body) == (200, "application/pkix-cert", bytes(range(256)))


def test_a_binary_body_arrives_in_base64(contract: ContractStack) -> None:
    sent = os.urandom(1000)
    event = contract.ask_json("/do/echo", method="POST", body=sent, headers={"Content-Type": "application/x"})
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == sent


def test_a_json_body_arrives_as_text(contract: ContractStack) -> None:
    sent = '{"nome":"ção"}'.encode()
    event = contract.ask_json(
        "/do/echo", method="PUT", body=sent, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    assert (event["isBase64Encoded"], event["body"]) == (False, '{"nome":"ção"}')


def test_headers_arrive_in_lower_case_and_cookies_apart(contract: ContractStack) -> None:
    event = contract.ask_json("/do/echo?a=1&a=2&b=", headers={"X-One": "Um", "Cookie": "a=1; b=2"})
    assert event["headers"]["x-one"] == "Um"
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["rawQueryString"] == "a=1&a=2&b="
    assert event["queryStringParameters"] == {"a": "1,2", "b": ""}


def test_who_does_not_know_the_secret_attests_nothing(contract: ContractStack) -> None:
    forged = {"x-aval-client-certificate": "x", "x-aval-edge-secret": "guess", "x-aval-host": "evil"}
    event = contract.ask_json("/do/echo", headers=forged)
    assert "authentication" not in event["requestContext"]
    assert not [name for name in event["headers"] if name.startswith("x-aval-")]


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://page.example", "https://page.example"), ("https://evil.example", None)]
)
def test_a_preflight_is_answered_for_the_origin_of_the_template(
    contract: ContractStack, origin: str, allowed: str | None
) -> None:
    for method, status in (("OPTIONS", 204), ("GET", 200)):
        found, headers, _ = contract.ask("/do/echo", method=method, headers={"Origin": origin})
        assert (found, headers.get("access-control-allow-origin")) == (status, allowed)


# KMS


def test_a_ciphertext_opens_with_its_context_alone(contract: ContractStack) -> None:
    kms, key = contract.emulator.client("kms"), contract.outputs["Secret"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"word", EncryptionContext={"a": "1"})["CiphertextBlob"]
    assert b"word" not in sealed
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "1"})["Plaintext"] == b"word"
    tampered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for blob, context in ((sealed, {"a": "2"}), (sealed, {}), (tampered, {"a": "1"}), (b"rubbish", {})):
        with pytest.raises(kms.exceptions.InvalidCiphertextException):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)


def test_a_data_key_opens_to_what_was_given(contract: ContractStack) -> None:
    kms = contract.emulator.client("kms")
    made = kms.generate_data_key(KeyId=contract.outputs["Secret"], KeySpec="AES_256")
    assert len(made["Plaintext"]) == 32
    assert kms.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"] == made["Plaintext"]


def test_a_mac_is_verified_and_another_refused(contract: ContractStack) -> None:
    kms, key = contract.emulator.client("kms"), contract.outputs["Mac"]
    named = {"KeyId": key, "MacAlgorithm": "HMAC_SHA_256"}
    mac = kms.generate_mac(Message=b"word", **named)["Mac"]
    assert len(mac) == 32
    assert not hmac.compare_digest(mac, hashlib.sha256(b"word").digest())
    assert kms.verify_mac(Message=b"word", Mac=mac, **named)["MacValid"]
    with pytest.raises(kms.exceptions.KMSInvalidMacException):
        kms.verify_mac(Message=b"words", Mac=mac, **named)


def test_a_signature_verifies_under_the_public_key(contract: ContractStack) -> None:
    kms, key = contract.emulator.client("kms"), contract.outputs["Signing"]
    signature = kms.sign(KeyId=key, Message=b"word", SigningAlgorithm="ECDSA_SHA_256")["Signature"]
    public = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, b"word", ec.ECDSA(hashes.SHA256()))


# Events, mails, tables


def heard(contract: ContractStack, kind: str) -> dict[str, Any]:
    sqs = contract.emulator.client("sqs")
    for _ in range(5):
        answer = sqs.receive_message(QueueUrl=contract.outputs["Heard"], WaitTimeSeconds=2)
        for message in answer.get("Messages", ()):
            sqs.delete_message(QueueUrl=contract.outputs["Heard"], ReceiptHandle=message["ReceiptHandle"])
            event: dict[str, Any] = json.loads(message["Body"])
            if event["detail-type"] == kind:
                return event
    raise AssertionError(f"no event {kind}")


def test_a_stored_object_is_told_on_the_bus(contract: ContractStack) -> None:
    bucket = contract.outputs["Files"]
    contract.emulator.client("s3").put_object(Bucket=bucket, Key="elsewhere/a", Body=b"1")
    contract.emulator.client("s3").put_object(Bucket=bucket, Key="in/a b.json", Body=b"12")
    detail = heard(contract, "Object Created")["detail"]
    assert (detail["bucket"]["name"], detail["object"]["key"]) == (bucket, "in/a b.json")
    assert detail["object"]["size"] == 2
    assert detail["object"]["sequencer"]


def test_a_rule_of_a_custom_bus_takes_what_it_names(contract: ContractStack) -> None:
    events = contract.emulator.client("events")
    for kind in ("other", "wanted"):
        entry = {"Source": "contract", "DetailType": "Said", "Detail": json.dumps({"kind": kind})}
        events.put_events(Entries=[{"EventBusName": "contract", **entry}])
    assert heard(contract, "Said")["detail"] == {"kind": "wanted"}


def test_a_stored_object_starts_a_machine_with_what_the_rule_makes_of_it(contract: ContractStack) -> None:
    states, machine = contract.emulator.client("stepfunctions"), contract.outputs["Run"]
    described = states.describe_state_machine(stateMachineArn=machine)
    assert json.loads(described["definition"])["Comment"] == "given"
    contract.emulator.client("s3").put_object(Bucket=contract.outputs["Files"], Key="run/a b.xml", Body=b"1")
    deadline = time.monotonic() + 10
    while not (found := states.list_executions(stateMachineArn=machine)["executions"]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    [execution] = found
    told = states.describe_execution(executionArn=execution["executionArn"])["input"]
    assert json.loads(told) == {"key": "run/a b.xml"}


def test_a_function_is_given_what_is_written_to_a_table_as_far_as_it_asked(contract: ContractStack) -> None:
    dynamodb, table = contract.emulator.client("dynamodb"), contract.outputs["Table"]
    for pk, kind in (("f1", "other"), ("f2", "wanted")):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": pk}, "kind": {"S": kind}})
    functions, deadline = contract.emulator.client("lambda"), time.monotonic() + 20
    while True:
        mapping = functions.get_event_source_mapping(UUID=contract.outputs["Followed"])
        if mapping["LastProcessingResult"].startswith(("OK", "FAILED")):
            break
        assert time.monotonic() < deadline, mapping
        time.sleep(0.1)
    assert mapping["LastProcessingResult"] == "OK - 1 records"


def test_a_mail_sent_by_sesv2_can_be_read(contract: ContractStack) -> None:
    sent = contract.emulator.client("sesv2").send_email(
        FromEmailAddress="contract@aval.example",
        Destination={"ToAddresses": ["ana@demo.aval.example"]},
        Content={"Simple": {"Subject": {"Data": "Ação"}, "Body": {"Text": {"Data": "Olá"}}}},
    )
    mails = mailbox.sent(contract.emulator.endpoint)
    found = [mail for mail in mails if mail["MessageId"] == sent["MessageId"]]
    assert [(mail["Subject"], mail["BodyText"], mail["To"]) for mail in found] == [
        ("Ação", "Olá", ["ana@demo.aval.example"])
    ]


def test_cloudformation_still_drops_time_to_live_and_recovery(contract: ContractStack) -> None:
    """When this fails, local/table_settings.py can go."""
    dynamodb, table = contract.emulator.client("dynamodb"), contract.outputs["Table"]
    lives = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    assert "ENABLED" not in (lives, recovery)


def test_a_condition_holds_under_a_race(contract: ContractStack) -> None:
    dynamodb, table = contract.emulator.client("dynamodb"), contract.outputs["Table"]

    put = {
        "TableName": table,
        "Item": {"pk": {"S": "race"}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }

    def take(_number: int) -> str:
        try:
            dynamodb.transact_write_items(TransactItems=[{"Put": put}])
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "taken"

    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(take, range(64)))
    assert (answers.count("taken"), set(answers)) == (1, {"taken", "TransactionCanceledException"})
