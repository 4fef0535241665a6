"""Cognito's own host as a browser sees it: calls that need no signature, and CORS for every origin."""

from local.aws import ACCOUNT, REGION
from local.edge.upstream import Response

SERVICE = b"AWSCognitoIdentityProviderService."
# The calls that Cognito takes unsigned of what the page does; all others are an administrator's, who signs.
PUBLIC_CALLS = frozenset(
    {
        b"AssociateSoftwareToken",
        b"ChangePassword",
        b"ConfirmForgotPassword",
        b"ForgotPassword",
        b"GetTokensFromRefreshToken",
        b"GetUser",
        b"GlobalSignOut",
        b"InitiateAuth",
        b"RespondToAuthChallenge",
        b"RevokeToken",
        b"SetUserMFAPreference",
        b"VerifySoftwareToken",
    }
)
# Unsigned, a call says nowhere which service and region it means; the emulator looks for them here.
REGION_HEADER = f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/cognito-idp/aws4_request"
_CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
)
_PREFLIGHT = (
    *_CORS,
    (b"access-control-allow-methods", b"POST"),
    (
        b"access-control-allow-headers",
        b"authorization,content-type,x-amz-target,x-amz-user-agent,cache-control",
    ),
    (b"access-control-max-age", b"172800"),
)


def is_public_call(action: bytes) -> bool:
    return action.removeprefix(SERVICE) in PUBLIC_CALLS and action.startswith(SERVICE)


def preflight() -> Response:
    return Response(200, _PREFLIGHT, b"")


def for_every_origin(response: Response) -> Response:
    kept = [item for item in response.headers if not item[0].lower().startswith(b"access-control-")]
    return Response(response.status, [*kept, *_CORS], response.body)
