"""Whatever file is sent to be checked, its sender gets an answer."""

import json
import warnings
from typing import Any

import pytest

from aval.adhesion.verification import Verifier
from aval.edge.logs import logger
from lambdas.adhesion import verify_certificate
from tests.support import adhesion
from tests.support.adhesion import ANA, AURORA, START, House
from tests.support.adhesion_api import encoded
from tests.support.gateway import Context, event
from tests.support.mutations import mutations, originals

MUTATED_FILES = 20_000
SEEDS = range(8)
PATH = f"/adesoes/{AURORA}/certificados/verificacao"
CALLER = {"kind": "person", "subject": "sub", "person": ANA, "thumbprint": ""}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    house = House()
    verifier = Verifier(house.permissions, house.store, house.examiner)
    monkeypatch.setattr(verify_certificate, "_verifier", lambda: verifier)
    monkeypatch.setattr(verify_certificate, "utc_now", lambda: START)
    return house


def verified(content: bytes) -> Any:
    given = event("POST", PATH, caller=CALLER, body=encoded(content))
    answer = verify_certificate.handler(given, Context())  # type: ignore[arg-type]
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


def test_a_lawful_certificate_meets_every_rule(house: House) -> None:
    told = verified(adhesion.der("A", AURORA))
    assert told["aceito"]
    assert all(rule["ok"] for rule in told["regras"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mutated_certificate_is_answered_with_its_faults(
    house: House, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger, "info", lambda *_, **__: None)
    shapes = (adhesion.der("A", AURORA), *originals())
    answered = 0
    for content in mutations(shapes, seed, MUTATED_FILES // len(SEEDS)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            told = verified(content)
        assert not told["aceito"] or content == shapes[0]
        assert all(rule["detalhe"] for rule in told["regras"])
        answered += 1
    assert answered == MUTATED_FILES // len(SEEDS)
