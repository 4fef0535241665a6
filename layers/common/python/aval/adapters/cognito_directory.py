"""The user pool, asked for what its users cannot write."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


@dataclass(frozen=True, slots=True)
class CognitoDirectory:
    client: "CognitoIdentityProviderClient"
    user_pool_id: str

    def verified_email(self, login: str) -> str | None:
        """The e-mail of `login`, a Cognito `sub`, when the pool has verified it."""
        try:
            user = self.client.admin_get_user(UserPoolId=self.user_pool_id, Username=login)
        except ClientError as error:
            if error.response["Error"]["Code"] == "UserNotFoundException":
                return None
            raise
        attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in user["UserAttributes"]}
        if not user["Enabled"] or attributes.get("email_verified") != "true":
            return None
        return attributes.get("email") or None
