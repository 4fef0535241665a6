"""Policies see what they would see in AWS.

Bucket policies of the templates deny `aws:SecureTransport: false`, as they must. Locally nothing leaves the
machine and the emulator speaks plain HTTP, so the condition would deny everything.

`aws:PrincipalArn` of a role's session is the role itself, not the session:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn

Sending a mail is allowed or not for the identity of its sender, which the emulator takes for any resource:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from ministack import app
from ministack.core import iam_actions, iam_evaluator

from local.emulator.upstream import replace

SEND_EMAIL: Final = "/v2/email/outbound-emails"
_SESSION: Final = re.compile(r"arn:(aws[a-z-]*):sts::(\d{12}):assumed-role/([^/]+)/.+")


def install() -> None:
    replace(app, "pin_request_origin", still_has="_request_origin.set", by=_as_secure)
    replace(
        iam_evaluator,
        "_resolve_condition_key",
        still_has="return ctx.principal_arn",
        by=_with_roles_of_sessions,
    )
    replace(
        iam_actions,
        "_ses_v2_resource_arn",
        still_has="parts[2] not in _SES_V2_RESOURCES",
        by=_with_senders_of_mails,
    )


def _as_secure(original: Callable[[str, bool], None]) -> Callable[[str, bool], None]:
    return lambda source_address, _secure: original(source_address, True)


def _with_roles_of_sessions(original: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    def resolved(key: str, context: Any) -> Any:
        value = original(key, context)
        if key.lower() != "aws:principalarn" or not isinstance(value, str):
            return value
        return _SESSION.sub(r"arn:\1:iam::\2:role/\3", value)

    return resolved


def _with_senders_of_mails(original: Callable[..., str]) -> Callable[..., str]:
    def arn(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if (method, path.rstrip("/")) != ("POST", SEND_EMAIL):
            return original(method, path, body, region, account_id)
        sender = json.loads(body).get("FromEmailAddress", "")
        return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"

    return arn
