"""What a stack has taken it keeps, however it ends."""

from local.stack import MAIL_SENDER
from tests.support.stack import Stack

ANA = "ana@demo.aval.example"


def test_kill_9_of_everything_loses_nothing_older_than_a_snapshot(stack: Stack) -> None:
    table = stack.outputs["AdhesionTableName"]
    item = {"pk": {"S": "PROVA#1"}, "sk": {"S": "PROVA"}, "bytes": {"B": b"\x00\xff"}}
    stack.client("dynamodb").put_item(TableName=table, Item=item)
    stack.client("s3").put_object(Bucket=stack.outputs["RegistryBucketName"], Key="prova", Body=b"\x00\xff")
    key_id = stack.outputs["TokenKeyId"]
    public_key = public_key_of(stack, key_id)
    destination = {"ToAddresses": [ANA]}
    content = {"Simple": {"Subject": {"Data": "Aviso"}, "Body": {"Text": {"Data": "Olá"}}}}
    sent = stack.client("sesv2").send_email(
        FromEmailAddress=MAIL_SENDER, Destination=destination, Content=content
    )
    token, outputs, passwords = stack.token(ANA), dict(stack.outputs), dict(stack.passwords)
    stack.await_snapshot()

    stack.kill()
    stack.start()

    found = stack.client("dynamodb").get_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    assert found["Item"] == item
    stored = stack.client("s3").get_object(Bucket=stack.outputs["RegistryBucketName"], Key="prova")
    assert stored["Body"].read() == b"\x00\xff"
    assert public_key_of(stack, key_id) == public_key
    assert (dict(stack.outputs), dict(stack.passwords)) == (outputs, passwords)
    assert sent["MessageId"] in [mail["MessageId"] for mail in stack.mails()]
    assert stack.request("GET", "/sessao", token=token).status == 200
    assert stack.request("GET", "/sessao", token=stack.token(ANA)).status == 200


def public_key_of(stack: Stack, key_id: str) -> bytes:
    kms = stack.client_as(stack.role_of("aval-authorize"), "kms")
    return bytes(kms.get_public_key(KeyId=key_id)["PublicKey"])
