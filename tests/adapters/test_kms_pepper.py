import boto3
from moto import mock_aws

from aval.adapters.kms_pepper import KmsPepper


def test_a_key_makes_one_mac_of_a_message_and_another_of_another() -> None:
    with mock_aws():
        client = boto3.client("kms", region_name="sa-east-1")
        made = client.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        pepper = KmsPepper(client, made["KeyMetadata"]["KeyId"])
        assert pepper.mac(b"a") == pepper.mac(b"a") != pepper.mac(b"b")
        assert len(pepper.mac(b"a")) == 32
