"""Logins behave as Cognito's do where the emulator lets anybody in, or tells more or less than AWS would.

A challenge is answered by whoever holds its session, within three minutes, and once:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html

A code is a secret, and not one and the same; who has not finished the first access gets none:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html

An invitation sent again brings a new password, and only to who never chose one:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html

A factor that was verified is asked for from SetUserMFAPreference on; each code of it counts once, also the
one that verified it:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ministack.services import cognito

from local.emulator.upstream import edit, replace

Answer = tuple[int, dict[str, str], bytes]
Data = dict[str, Any]
Handler = Callable[[Data], Answer]
Record = dict[str, Any]

NEW_PASSWORD: Final = "NEW_PASSWORD_REQUIRED"
SOFTWARE_TOKEN: Final = "SOFTWARE_TOKEN_MFA"
UNFINISHED: Final = "FORCE_CHANGE_PASSWORD"
SESSION_SECONDS: Final = 180
CODE_SECONDS: Final = 90
"""The step of a factor's code, the one before it and the one after."""


@dataclass(frozen=True, slots=True)
class Challenge:
    name: str
    pool: str
    user: str
    """The user's own name in the pool, whatever was typed."""
    ends: float


_open: Final[dict[str, Challenge]] = {}
_used: Final[dict[tuple[str, str], float]] = {}
"""Codes by the factor's secret, and until when each could come again."""


def install() -> None:
    for name in ("_forgot_password", "_admin_reset_user_password"):
        edit(
            cognito,
            name,
            line='    code = "654321"',
            becomes='    code = f"{secrets.randbelow(10**6):06d}"',
        )
    # The line just edited says which function this is: its source is no longer where it was.
    cognito._forgot_password = _mailing_codes_to_whom_they_are_for(cognito._forgot_password)
    for name, still_has, by in _REPLACED:
        replace(cognito, name, still_has=still_has, by=by)


def _keeping_the_session(original: Callable[..., Answer]) -> Callable[..., Answer]:
    def result(pool: Record, pid: str, cid: str, user: Record, *rest: Any, **named: Any) -> Answer:
        answer = original(pool, pid, cid, user, *rest, **named)
        told = json.loads(answer[2])
        if "Session" in told:
            now = time.time()
            for ended in [one for one, challenge in _open.items() if challenge.ends < now]:
                _open.pop(ended, None)
            challenge = Challenge(told["ChallengeName"], pid, user["Username"], now + SESSION_SECONDS)
            _open[told["Session"]] = challenge
        return answer

    return result


def _asking_for_the_session(original: Handler) -> Handler:
    def respond(data: Data) -> Answer:
        name = data.get("ChallengeName", "")
        if name not in (NEW_PASSWORD, SOFTWARE_TOKEN, "MFA_SETUP"):
            return original(data)
        session, responses = str(data.get("Session", "")), data.get("ChallengeResponses", {})
        refused = _session_refused(session, name, responses) or _password_refused(session, name, responses)
        if refused:
            return refused
        code = (_secret_of(session), str(responses.get("SOFTWARE_TOKEN_MFA_CODE")))
        if name == SOFTWARE_TOKEN and _used.get(code, 0.0) > time.time():
            return _refusal("ExpiredCodeException", "Your software token has already been used once.")
        answer = original(data)
        if answer[0] == 200:
            _open.pop(session, None)
            if name == SOFTWARE_TOKEN:
                _use(*code)
        return answer

    return respond


def _secret_of(session: str) -> str:
    challenge = _open[session]
    user, _ = cognito._resolve_user(cognito._user_pools[challenge.pool], challenge.user)
    return str(user.get("_totp_secret", ""))


def _use(secret: str, code: str) -> None:
    now = time.time()
    for over in [one for one, ends in _used.items() if ends < now]:
        _used.pop(over, None)
    _used[secret, code] = now + CODE_SECONDS


def _session_refused(session: str, name: str, responses: Data) -> Answer | None:
    challenge = _open.get(session)
    if challenge is None or challenge.name != name:
        return _refusal("NotAuthorizedException", "Invalid session for the user.")
    if time.time() > challenge.ends:
        return _refusal("NotAuthorizedException", "Invalid session for the user, session is expired.")
    user, _ = cognito._resolve_user(cognito._user_pools[challenge.pool], responses.get("USERNAME"))
    if user is None or user["Username"] != challenge.user:
        return _refusal("NotAuthorizedException", "Invalid session for the user.")
    return None


def _password_refused(session: str, name: str, responses: Data) -> Answer | None:
    if name != NEW_PASSWORD:
        return None
    password = responses.get("NEW_PASSWORD")
    if not password:
        return _refusal("InvalidParameterException", "Missing required parameter NEW_PASSWORD")
    pool = cognito._user_pools[_open[session].pool]
    refused: Answer | None = cognito._validate_password(pool, password)
    return refused


def _mailing_codes_to_whom_they_are_for(original: Handler) -> Handler:
    def forgot(data: Data) -> Answer:
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        user = cognito._resolve_user(pool, data.get("Username"))[0] if pool else None
        if user is None:
            return original(data)
        if user.get("UserStatus") == UNFINISHED:
            return _refusal("NotAuthorizedException", "User password cannot be reset in the current state.")
        verified = cognito._attr_list_to_dict(user["Attributes"]).get("email_verified")
        if user.get("Enabled", True) and str(verified).lower() == "true":
            return original(data)
        # PreventUserExistenceErrors: it reads as if a code were on its way.
        told: Answer = cognito._code_delivery_response(cognito._masked_destination(data["Username"]))
        return told

    return forgot


def _inviting_again_with_a_new_password(original: Handler) -> Handler:
    def create(data: Data) -> Answer:
        pool, _ = cognito._resolve_pool(data.get("UserPoolId"))
        user = cognito._resolve_user(pool, data.get("Username"))[0] if pool else None
        if str(data.get("MessageAction", "")).upper() == "RESEND" and user:
            if user["UserStatus"] != UNFINISHED:
                message = f"Resend not possible. {user['Username']} status is not {UNFINISHED}"
                return _refusal("UnsupportedUserStateException", message)
            user["_password"] = data.get("TemporaryPassword") or cognito._generate_temp_password()
        return original(data)

    return create


def _verifying_alone(original: Handler) -> Handler:
    def verify(data: Data) -> Answer:
        user = cognito._user_for_access_token(data.get("AccessToken"))
        enabled = list((user or {}).get("_mfa_enabled", []))
        preferred = (user or {}).get("_preferred_mfa", "")
        answer = original(data)
        if user is not None:
            user["_mfa_enabled"], user["_preferred_mfa"] = enabled, preferred
            if answer[0] == 200:
                _use(user["_totp_secret"], str(data.get("UserCode")))
        return answer

    return verify


def _preferring_what_is_verified(original: Handler) -> Handler:
    def prefer(data: Data) -> Answer:
        user = cognito._user_for_access_token(data.get("AccessToken"))
        wanted = data.get("SoftwareTokenMfaSettings", {}).get("Enabled")
        if user is not None and wanted and not user.get("_totp_secret"):
            return _refusal("InvalidParameterException", "User has not verified software token mfa")
        return original(data)

    return prefer


def _without_regard_to_case(original: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(pool: Record, username: str | None) -> Any:
        sensitive = (pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True)
        return original(pool, username if sensitive or not username else username.lower())

    return resolve


def _refusal(code: str, message: str) -> Answer:
    answer: Answer = cognito.error_response_json(code, message, 400)
    return answer


_REPLACED: Final = (
    ("_password_auth_result", '"ChallengeName": "NEW_PASSWORD_REQUIRED",', _keeping_the_session),
    (
        "_respond_to_auth_challenge",
        'if challenge_name in ("SOFTWARE_TOKEN_MFA", "MFA_SETUP"):',
        _asking_for_the_session,
    ),
    (
        "_admin_create_user",
        'pool, existing["Username"], existing.get("_password", ""),',
        _inviting_again_with_a_new_password,
    ),
    (
        "_verify_software_token",
        'user["_mfa_enabled"].append("SOFTWARE_TOKEN_MFA")',
        _verifying_alone,
    ),
    ("_set_user_mfa_preference", "_apply_mfa_preference(user, data)", _preferring_what_is_verified),
    ("_resolve_user", "if attrs.get(alias) != username:", _without_regard_to_case),
)
