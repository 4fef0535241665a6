import pytest

from local.edge import cognito
from local.edge.connection import Door, Traffic
from local.edge.upstream import Response

COGNITO = Door("", "127.0.0.1", 1, "secret", Traffic.COGNITO)
LOGIN = b"AWSCognitoIdentityProviderService.InitiateAuth"


def test_the_door_of_cognito_passes_what_a_page_calls() -> None:
    assert COGNITO.passes(b"POST", b"/", LOGIN)
    assert COGNITO.passes(b"OPTIONS", b"/")


@pytest.mark.parametrize(
    ("method", "target", "action"),
    [
        (b"POST", b"/", b""),
        (b"POST", b"/", b"InitiateAuth"),
        (b"POST", b"/", b"TrentService.Decrypt"),
        (b"POST", b"/", b"AWSCognitoIdentityProviderService.AdminSetUserPassword"),
        (b"POST", b"/", b"AWSCognitoIdentityProviderService.SignUp"),
        (b"POST", b"/_aval/kms/misbehave", LOGIN),
        (b"OPTIONS", b"/x", b""),
        (b"GET", b"/", LOGIN),
    ],
)
def test_the_door_of_cognito_passes_nothing_else(method: bytes, target: bytes, action: bytes) -> None:
    assert not COGNITO.passes(method, target, action)


def test_pages_of_every_origin_may_call() -> None:
    headers = dict(cognito.preflight().headers)
    assert headers[b"access-control-allow-origin"] == b"*"
    assert {b"content-type", b"x-amz-target"} <= set(headers[b"access-control-allow-headers"].split(b","))


def test_an_answer_has_one_word_on_origins() -> None:
    answer = Response(400, [(b"Access-Control-Allow-Origin", b"x"), (b"content-type", b"t")], b"{}")
    told = [item for item in cognito.for_every_origin(answer).headers if b"origin" in item[0].lower()]
    assert told == [(b"access-control-allow-origin", b"*")]
