import base64
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from aval.prudential.vault import KeyAnswer
from lambdas.prudential import issue_key
from tests.support.confidential import NOW
from tests.support.contract_api import STRANGER
from tests.unit.lambdas.prudential.conftest import Doors

NONCE = "0a" * 16
ANSWER = KeyAnswer(b"attestation", {"kid": "chave-1", "semanas": []}, {"kty": "EC", "crv": "P-256"})


def ask(doors: Doors, nonce: str | None = NONCE) -> Any:
    query = {} if nonce is None else {"nonce": nonce}
    return doors.as_person("issue_key", "GET", "/prudencial/chave", cpf=STRANGER, query=query)


def test_an_enclaves_answer_is_handed_on_with_its_attestation(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_seconds: float) -> None:
        [sent] = doors.cloud.told("send_message")
        asked = json.loads(sent["MessageBody"])
        assert (sent["QueueUrl"], asked["nonce"]) == ("https://sqs.example/keys", NONCE)
        doors.vault.give_key_answer(asked["pedido"], ANSWER, until=NOW + timedelta(minutes=5))

    monkeypatch.setattr("lambdas.prudential.issue_key.time.sleep", answer)
    told = ask(doors)
    assert told.status == 200
    assert told.document == {
        "atestado": base64.b64encode(b"attestation").decode(),
        "declaracao": {"kid": "chave-1", "semanas": []},
        "assinatura": {"kty": "EC", "crv": "P-256"},
    }


def test_a_silent_enclave_is_told_as_that_within_the_callers_patience(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [time.monotonic()]
    monkeypatch.setattr("lambdas.prudential.issue_key.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        "lambdas.prudential.issue_key.time.sleep", lambda seconds: clock.append(clock.pop() + seconds)
    )
    began = clock[0]
    answer = ask(doors)
    assert answer.problem == (503, "enclave-indisponivel")
    assert answer.headers["Retry-After"] == "5"
    assert issue_key.PATIENCE_SECONDS < clock[0] - began <= issue_key.PATIENCE_SECONDS + 1


@pytest.mark.parametrize("nonce", [None, "", "0a" * 15, "0a" * 15 + "0", "0a" * 65, "zz" * 16])
def test_a_nonce_is_sixteen_to_sixty_four_bytes_in_hexadecimal(doors: Doors, nonce: str | None) -> None:
    assert ask(doors, nonce).status == 422
    assert doors.cloud.calls == []


def test_the_log_of_measurements_is_handed_out_as_it_was_published(doors: Doors) -> None:
    log = "a.b.c\nd.e.f\n"
    doors.vault.s3.put_object(Bucket="trust", Key="medidas/measurements.jsonl", Body=log.encode())
    answer = doors.as_person("serve_measurements", "GET", "/prudencial/medidas")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/jsonl")
    assert answer.document == log


def test_a_log_that_was_never_published_is_told_as_that(doors: Doors) -> None:
    answer = doors.as_person("serve_measurements", "GET", "/prudencial/medidas")
    assert answer.problem == (404, "sem-medidas")
