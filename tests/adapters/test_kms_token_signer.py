from datetime import UTC, datetime

import boto3
from moto import mock_aws

from aval.adapters.kms_token_signer import KmsTokenSigner
from aval.identifiers import Cnpj, Fingerprint
from aval.identity.tokens import SystemClaims, issue_system_token, verify_system_token


def test_a_token_signed_in_kms_verifies_with_the_public_key_that_kms_gives() -> None:
    claims, at = (
        SystemClaims(Cnpj("33047509000149"), Fingerprint("ab" * 32)),
        datetime(2026, 11, 20, tzinfo=UTC),
    )
    with mock_aws():
        client = boto3.client("kms", region_name="sa-east-1")
        key = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        signer = KmsTokenSigner(client, key)
        token = issue_system_token(claims, signer=signer, token_id="t", at=at)
        assert verify_system_token(token, public_key_pem=signer.public_key_pem(), at=at) == claims
