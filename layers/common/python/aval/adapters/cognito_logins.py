"""Logins of the user pool: made, invited again, and sent codes, each by the pool's own mail."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.identity.access import Login, LoginState
from aval.registry.model import Email

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AdminGetUserResponseTypeDef

_INVITED: Final = "FORCE_CHANGE_PASSWORD"
_ENOUGH: Final = frozenset({"LimitExceededException", "TooManyRequestsException"})


@dataclass(frozen=True, slots=True)
class CognitoLogins:
    client: "CognitoIdentityProviderClient"
    user_pool_id: str
    client_id: str

    def login_of(self, email: Email) -> Login | None:
        try:
            user = self.client.admin_get_user(UserPoolId=self.user_pool_id, Username=email)
        except ClientError as error:
            if _code(error) == "UserNotFoundException":
                return None
            raise
        attributes = {one["Name"]: one.get("Value", "") for one in user["UserAttributes"]}
        return Login(attributes.get("sub", user["Username"]), _state(user, attributes))

    def invite(self, email: Email) -> None:
        try:
            self.client.admin_create_user(
                UserPoolId=self.user_pool_id,
                Username=email,
                # The registry vouches for the address, and only its mailbox learns the password.
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )
        except ClientError as error:
            # Of two requests at once the other made it, and its mail is on its way.
            if _code(error) != "UsernameExistsException":
                raise

    def invite_again(self, email: Email) -> None:
        self.client.admin_create_user(
            UserPoolId=self.user_pool_id,
            Username=email,
            MessageAction="RESEND",
            DesiredDeliveryMediums=["EMAIL"],
        )

    def send_code(self, email: Email) -> bool:
        # The public call, not AdminResetUserPassword: that one would end the password at once.
        try:
            self.client.forgot_password(ClientId=self.client_id, Username=email)
        except ClientError as error:
            if _code(error) in _ENOUGH:
                return False
            raise
        return True


def _state(user: "AdminGetUserResponseTypeDef", attributes: dict[str, str]) -> LoginState:
    if not user["Enabled"] or attributes.get("email_verified") != "true":
        return LoginState.CLOSED
    return LoginState.INVITED if user["UserStatus"] == _INVITED else LoginState.IN_USE


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
