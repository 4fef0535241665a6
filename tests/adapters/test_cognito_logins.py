from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from aval.adapters.cognito_logins import CognitoLogins
from aval.identity.access import LoginState
from aval.registry.model import Email

ADDRESS = Email.parse("ana@demo.aval.example")


@pytest.fixture
def logins() -> Iterator[CognitoLogins]:
    with mock_aws():
        client = boto3.client("cognito-idp", region_name="sa-east-1")
        pool = client.create_user_pool(PoolName="people", UsernameAttributes=["email"])["UserPool"]["Id"]
        made = client.create_user_pool_client(UserPoolId=pool, ClientName="page")["UserPoolClient"]
        yield CognitoLogins(client, pool, made["ClientId"])


def state_of(logins: CognitoLogins) -> LoginState | None:
    login = logins.login_of(ADDRESS)
    return login.state if login else None


def test_nobody_has_a_login_before_the_invitation(logins: CognitoLogins) -> None:
    assert logins.login_of(ADDRESS) is None


def test_an_invited_login_has_a_verified_address_and_no_password_of_its_own(logins: CognitoLogins) -> None:
    logins.invite(ADDRESS)
    user = logins.client.admin_get_user(UserPoolId=logins.user_pool_id, Username=ADDRESS)
    attributes = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (ADDRESS, "true")
    login = logins.login_of(ADDRESS)
    assert login
    assert (login.subject, login.state) == (attributes["sub"], LoginState.INVITED)


def test_inviting_one_who_was_just_invited_is_harmless(logins: CognitoLogins) -> None:
    logins.invite(ADDRESS)
    logins.invite(ADDRESS)
    assert state_of(logins) is LoginState.INVITED


def test_a_login_with_a_password_of_its_own_is_in_use(logins: CognitoLogins) -> None:
    logins.invite(ADDRESS)
    logins.client.admin_set_user_password(
        UserPoolId=logins.user_pool_id, Username=ADDRESS, Password="Chosen-by-Ana-1", Permanent=True
    )
    assert state_of(logins) is LoginState.IN_USE


def test_a_login_that_an_operator_disabled_or_whose_address_is_not_verified_is_closed(
    logins: CognitoLogins,
) -> None:
    logins.invite(ADDRESS)
    logins.client.admin_update_user_attributes(
        UserPoolId=logins.user_pool_id,
        Username=ADDRESS,
        UserAttributes=[{"Name": "email_verified", "Value": "false"}],
    )
    assert state_of(logins) is LoginState.CLOSED
    logins.client.admin_disable_user(UserPoolId=logins.user_pool_id, Username=ADDRESS)
    assert state_of(logins) is LoginState.CLOSED


def test_an_invitation_goes_again_by_mail(logins: CognitoLogins) -> None:
    expected = {
        "UserPoolId": logins.user_pool_id,
        "Username": ADDRESS,
        "MessageAction": "RESEND",
        "DesiredDeliveryMediums": ["EMAIL"],
    }
    with Stubber(logins.client) as stub:
        stub.add_response("admin_create_user", {}, expected)
        logins.invite_again(ADDRESS)
        stub.assert_no_pending_responses()


def test_a_code_is_asked_for_by_the_public_call(logins: CognitoLogins) -> None:
    with Stubber(logins.client) as stub:
        stub.add_response("forgot_password", {}, {"ClientId": logins.client_id, "Username": ADDRESS})
        assert logins.send_code(ADDRESS)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["LimitExceededException", "TooManyRequestsException"])
def test_a_pool_that_sends_no_more_says_so(logins: CognitoLogins, code: str) -> None:
    with Stubber(logins.client) as stub:
        stub.add_client_error("forgot_password", service_error_code=code)
        assert not logins.send_code(ADDRESS)


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("admin_get_user", "login_of"),
        ("admin_create_user", "invite"),
        ("admin_create_user", "invite_again"),
        ("forgot_password", "send_code"),
    ],
)
def test_any_other_failure_is_one(logins: CognitoLogins, operation: str, call: str) -> None:
    with Stubber(logins.client) as stub:
        stub.add_client_error(operation, service_error_code="InternalErrorException")
        with pytest.raises(ClientError):
            getattr(logins, call)(ADDRESS)
