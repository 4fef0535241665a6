import hashlib
from dataclasses import replace
from typing import Any

import pytest

from aval.sealing.declaration import ANY_WEEK, Declaration
from aval.sealing.ec_keys import spki_digest
from aval.sealing.refusals import SealReason
from tests.support.sealing import EVENT, KEY_ID, OTHER_EVENT, refused, signing_key

TOLD = Declaration.of(KEY_ID, signing_key().public_key(), weeks=(EVENT,), method="fa-1")


def test_reads_what_it_writes() -> None:
    assert Declaration.from_json(TOLD.as_json()) == TOLD
    assert TOLD.as_json() == {
        "kid": KEY_ID,
        "assinatura": spki_digest(signing_key().public_key()),
        "semanas": [EVENT],
        "metodo": "fa-1",
    }


def test_the_user_data_of_the_document_is_the_digest_of_its_one_spelling() -> None:
    spelled = f'{{"assinatura":"{TOLD.signing_key}","kid":"{KEY_ID}","metodo":"fa-1","semanas":["{EVENT}"]}}'
    assert TOLD.digest == hashlib.sha256(spelled.encode()).digest()
    TOLD.require_attested(TOLD.digest)


@pytest.mark.parametrize(
    "change",
    [{"key_id": "chave-de-teste-2"}, {"signing_key": "0" * 64}, {"weeks": ("*",)}, {"method": "fa-2"}],
)
def test_no_part_of_a_declaration_may_change(change: dict[str, Any]) -> None:
    with refused(SealReason.DECLARATION_MISMATCH):
        replace(TOLD, **change).require_attested(TOLD.digest)


@pytest.mark.parametrize(
    "user_data",
    [None, b"", bytes(32), TOLD.digest + b"\0", TOLD.digest.hex().encode()],
    ids=["none", "empty", "zeros", "a byte more", "in hex"],
)
def test_refuses_a_document_of_something_else(user_data: bytes | None) -> None:
    with refused(SealReason.DECLARATION_MISMATCH):
        TOLD.require_attested(user_data)


def test_refuses_another_signing_key() -> None:
    TOLD.require_signing_key(signing_key().public_key())
    with refused(SealReason.SIGNING_KEY_MISMATCH):
        TOLD.require_signing_key(signing_key(2).public_key())


def test_serves_the_weeks_that_it_names_and_a_star_any() -> None:
    TOLD.require_event(EVENT)
    replace(TOLD, weeks=(ANY_WEEK,)).require_event(OTHER_EVENT)
    with refused(SealReason.EVENT_NOT_OFFERED):
        TOLD.require_event(OTHER_EVENT)


@pytest.mark.parametrize(
    "change",
    [
        {"kid": "curto"},
        {"kid": None},
        {"assinatura": "0" * 63},
        {"semanas": []},
        {"semanas": ["2026"]},
        {"semanas": [1]},
        {"semanas": "*"},
        {"semanas": ["*"] * 61},
        {"metodo": ""},
        {"metodo": "a b"},
        {"mais": 1},
    ],
    ids=str,
)
def test_refuses_another_form(change: dict[str, object]) -> None:
    with refused(SealReason.MALFORMED):
        Declaration.from_json({**TOLD.as_json(), **change})


@pytest.mark.parametrize("value", [None, [], "x", {}])
def test_refuses_what_is_no_declaration(value: object) -> None:
    with refused(SealReason.MALFORMED):
        Declaration.from_json(value)
