"""The page's host on this machine: what CloudFront answers in AWS, from the same template."""

import hashlib
import json
import re
import urllib.parse

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from local.page_build import DIST
from tests.support.agents import ANA
from tests.support.stack import Answer, Stack

SERVICE = "AWSCognitoIdentityProviderService"


def test_the_root_is_the_page_with_its_policy(stack: Stack) -> None:
    answer = stack.request("GET", "/")
    assert (answer.status, answer.body) == (200, (DIST / "index.html").read_bytes())
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "trusted-types 'none'"} <= set(policy.split("; "))
    called = f"connect-src 'self' {stack.described['cognito_url']} {stack.described['emulator_url']}"
    assert called in policy.split("; ")
    assert answer.headers["cache-control"] == "no-cache"


def test_what_the_document_asks_for_is_there_and_whole(stack: Stack) -> None:
    document = stack.request("GET", "/").body.decode()
    asked = re.findall(r'(?:src|href)="(/[^"]+)"', document)
    assert len(asked) >= 3
    answers = {path: stack.request("GET", path) for path in asked}
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(asked, 200)
    for path in asked:
        if path.startswith("/assets/"):
            assert "immutable" in answers[path].headers["cache-control"]


def test_the_page_is_told_whom_to_believe_on_this_machine(stack: Stack) -> None:
    told = stack.request("GET", "/pagina.json").json()
    root = x509.load_pem_x509_certificate(stack.places.attestation_root.read_bytes())
    assert told == {
        "raiz": hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest(),
        "chaveMedidas": (stack.places.measurements / "operador.pem").read_text(),
        "hardware": False,
    }


def test_the_api_is_at_the_same_host_and_keeps_its_own_headers(stack: Stack) -> None:
    answer = stack.request("GET", "/configuracao")
    assert answer.json()["cognitoEndereco"] == stack.described["cognito_url"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in {name.lower() for name in answer.headers}
    # The page of the API's description has a policy of its own.
    assert "content-security-policy" in {
        name.lower() for name in stack.request("GET", "/documentacao").headers
    }


@pytest.mark.parametrize("path", ["/nada", "/web/src/main.tsx", "/%2e%2e/%2e%2e/secrets.json", "/assets/"])
def test_what_is_no_file_of_the_page_is_not_found(stack: Stack, path: str) -> None:
    assert stack.request("GET", path).status == 404


def _called(stack: Stack, call: str, content: dict[str, object], origin: str) -> Answer:
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"{SERVICE}.{call}",
        "Origin": origin,
        # What a page says of itself here counts for nothing.
        "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/kms/aws4_request",
    }
    url = stack.described["cognito_url"] + "/"
    return stack.request("POST", url, body=json.dumps(content).encode(), headers=headers)


def test_a_login_by_the_door_of_cognito_opens_the_api(stack: Stack) -> None:
    given = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": stack.request("GET", "/configuracao").json()["cognitoCliente"],
        "AuthParameters": {"USERNAME": ANA, "PASSWORD": stack.passwords[ANA]},
    }
    answer = _called(stack, "InitiateAuth", given, stack.people_url)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
    token = answer.json()["AuthenticationResult"]["AccessToken"]
    assert stack.request("GET", "/sessao", token=token).status == 200


def test_nobody_administers_logins_by_the_door_of_cognito(stack: Stack) -> None:
    pool = stack.outputs["UserPoolId"]
    answer = _called(
        stack, "AdminGetUser", {"UserPoolId": pool, "Username": ANA}, "https://elsewhere.example"
    )
    assert answer.status == 404


@pytest.mark.parametrize("bucket", ["ContractsBucketName", "PrudentialBucketName"])
@pytest.mark.parametrize("own", [True, False])
def test_files_are_sent_by_forms_from_the_page_alone(stack: Stack, bucket: str, own: bool) -> None:
    origin = stack.people_url if own else "https://elsewhere.example"
    url = f"{stack.described['emulator_url']}/{urllib.parse.quote(stack.outputs[bucket])}"
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = stack.request("OPTIONS", url, headers=asked)
    allowed = {name.lower(): value for name, value in answer.headers.items()}.get(
        "access-control-allow-origin"
    )
    assert (allowed == stack.people_url) is own
