from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from aval.adapters.cognito_directory import CognitoDirectory

ADDRESS = "ana@demo.aval.example"


@pytest.fixture
def directory() -> Iterator[CognitoDirectory]:
    with mock_aws():
        client = boto3.client("cognito-idp", region_name="sa-east-1")
        pool = client.create_user_pool(PoolName="people")["UserPool"]["Id"]
        yield CognitoDirectory(client, pool)


def enrol(directory: CognitoDirectory, *, verified: str) -> None:
    directory.client.admin_create_user(
        UserPoolId=directory.user_pool_id,
        Username="login",
        UserAttributes=[
            {"Name": "email", "Value": ADDRESS},
            {"Name": "email_verified", "Value": verified},
        ],
    )


def test_gives_the_verified_address(directory: CognitoDirectory) -> None:
    enrol(directory, verified="true")
    assert directory.verified_email("login") == ADDRESS


def test_an_address_that_was_not_verified_counts_for_nothing(directory: CognitoDirectory) -> None:
    enrol(directory, verified="false")
    assert directory.verified_email("login") is None


def test_a_disabled_login_counts_for_nothing(directory: CognitoDirectory) -> None:
    enrol(directory, verified="true")
    directory.client.admin_disable_user(UserPoolId=directory.user_pool_id, Username="login")
    assert directory.verified_email("login") is None


def test_an_unknown_login_counts_for_nothing(directory: CognitoDirectory) -> None:
    assert directory.verified_email("nobody") is None
