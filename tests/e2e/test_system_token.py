"""A company's system gets its ten minutes with certificate, CNPJ and password."""

import json
import ssl
from pathlib import Path
from urllib.error import URLError

import pytest

from aval.identifiers import Cnpj
from tests.support.agents import (
    ANA,
    BOLT,
    MOINHO,
    PASSWORD,
    VENTO,
    Person,
    certificate,
    system_pem,
)
from tests.support.stack import Answer, Stack


@pytest.fixture
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


def shown(stack: Stack, folder: Path, file: bytes) -> ssl.SSLContext:
    return stack.context(certificate=system_pem(stack, folder, file))


def asked(stack: Stack, context: ssl.SSLContext, company: Cnpj, password: str) -> Answer:
    return stack.request(
        "POST",
        f"{stack.systems_url}/sistema/token",
        body=json.dumps({"cnpj": company.masked, "senha": password}).encode(),
        headers={"Content-Type": "application/json"},
        context=context,
    )


def test_a_token_opens_the_json_api_until_its_certificate_is_deleted(
    stack: Stack, ana: Person, tmp_path: Path
) -> None:
    file = certificate(stack, "VENTO SISTEMA", cnpj=VENTO)
    assert ana.enrol(VENTO, file).status == 200
    context = shown(stack, tmp_path, file)
    answer = asked(stack, context, VENTO, PASSWORD)
    assert (answer.status, answer.json()["expires_in"]) == (200, 600)
    token = answer.json()["access_token"]

    for address, connection in ((stack.people_url, None), (stack.systems_url, context)):
        session = stack.request("GET", f"{address}/sessao", token=token, context=connection)
        assert (session.status, session.json()["tipo"], session.json()["cnpj"]) == (200, "SISTEMA", VENTO)
    assert stack.request("GET", f"/adesoes/{VENTO}", token=token).status == 404

    ana.empty(VENTO)
    assert stack.request("GET", "/sessao", token=token).status == 403
    assert asked(stack, context, VENTO, PASSWORD).status == 401


def test_a_token_does_not_serve_a_connection_with_another_certificate(
    stack: Stack, ana: Person, tmp_path: Path
) -> None:
    files = [certificate(stack, f"VENTO PAR {number}", cnpj=VENTO) for number in range(2)]
    assert ana.enrol(VENTO, *files).status == 200
    (tmp_path / "other").mkdir()
    contexts = [shown(stack, tmp_path, files[0]), shown(stack, tmp_path / "other", files[1])]
    token = asked(stack, contexts[0], VENTO, PASSWORD).json()["access_token"]
    address = f"{stack.systems_url}/sessao"
    assert stack.request("GET", address, token=token, context=contexts[0]).status == 200
    assert stack.request("GET", address, token=token, context=contexts[1]).status == 403


def test_the_certificate_of_another_company_opens_nothing_and_locks_nothing(
    stack: Stack, ana: Person, tmp_path: Path
) -> None:
    own, foreign = certificate(stack, "MOINHO", cnpj=MOINHO), certificate(stack, "VENTO ALHEIO", cnpj=VENTO)
    assert ana.enrol(MOINHO, own).status == 200
    assert ana.enrol(VENTO, foreign).status == 200
    (tmp_path / "own").mkdir()
    stranger, owner = shown(stack, tmp_path, foreign), shown(stack, tmp_path / "own", own)
    refused = [asked(stack, stranger, MOINHO, PASSWORD), asked(stack, stranger, MOINHO, "00000001")]
    refused += [asked(stack, stranger, MOINHO, f"1111{number:04}") for number in range(12)]
    assert {answer.status for answer in refused} == {401}
    assert len({json.dumps({**answer.json(), "transacao": ""}) for answer in refused}) == 1
    assert asked(stack, owner, MOINHO, PASSWORD).status == 200


def test_a_wrong_password_is_refused_and_the_right_one_after_it_still_opens(
    stack: Stack, ana: Person, tmp_path: Path
) -> None:
    file = certificate(stack, "BOLT CADEADO", cnpj=BOLT)
    assert ana.enrol(BOLT, file).status == 200
    context = shown(stack, tmp_path, file)
    assert asked(stack, context, BOLT, "40281953").status == 401
    assert asked(stack, context, BOLT, PASSWORD).status == 200


def test_the_systems_port_ends_at_the_handshake_without_a_certificate(stack: Stack) -> None:
    with pytest.raises((URLError, ssl.SSLError, ConnectionError)):
        asked(stack, stack.context(), BOLT, PASSWORD)


def test_a_header_cannot_stand_in_for_a_certificate(stack: Stack) -> None:
    answer = stack.request(
        "POST",
        "/sistema/token",
        body=b"{}",
        headers={"Content-Type": "application/json", "x-aval-client-certificate": "x"},
    )
    # The page answers for people's host, and takes no POST where no route of theirs is.
    assert answer.status == 403
