import json
from contextlib import suppress
from typing import Any

import cbor2
import pytest

from aval.identifiers import Cnpj
from aval.prudential.lotes import LoteKind
from enclave_app.enclave.lote_asked import AskedLote
from enclave_app.protocol import Message, ProtocolRefused
from tests.support.enclave import EVENT
from tests.support.enclave_lotes import SENDER, company, lote_id
from tests.support.mutations import mutations

FIELDS = {
    "op": "tarefa",
    "ato": "LOTE",
    "evento": EVENT,
    "cnpj": SENDER,
    "remetente": SENDER,
    "lote": lote_id(1),
    "tipo": "PORTFOLIO",
    "tudoOuNada": False,
}
PARTS = {
    "corpo": b"body",
    "parametros": b"{}",
    "elegiveis": json.dumps({company(1): "SIGLA"}).encode(),
    "autorizacoes": b'["signed"]',
}


def message(fields: dict[str, Any] | None = None, parts: dict[str, bytes] | None = None) -> Message:
    parts = PARTS if parts is None else parts
    return Message({**FIELDS, "partes": list(parts), **(fields or {})}, tuple(parts.values()))


def without(name: str) -> dict[str, bytes]:
    return {told: part for told, part in PARTS.items() if told != name}


def test_each_thing_that_is_asked_has_its_type() -> None:
    assert AskedLote.read(message()) == AskedLote(
        event=EVENT,
        sender=Cnpj(SENDER),
        lote=lote_id(1),
        kind=LoteKind.PORTFOLIO,
        all_or_nothing=False,
        body=b"body",
        parameters=b"{}",
        eligible=frozenset({company(1)}),
        authorisations=("signed",),
    )


def test_a_sender_without_authorisations_has_none() -> None:
    assert AskedLote.read(message(parts=without("autorizacoes"))).authorisations == ()


@pytest.mark.parametrize("lacking", ["corpo", "parametros", "elegiveis"])
def test_refuses_a_lote_without_what_it_is_judged_by(lacking: str) -> None:
    with pytest.raises(ProtocolRefused):
        AskedLote.read(message(parts=without(lacking)))


@pytest.mark.parametrize(
    "fields",
    [
        {"evento": "2026"},
        {"remetente": "1"},
        {"lote": "../entrada"},
        {"lote": None},
        {"tipo": "ENSAIO"},
        {"tudoOuNada": 1},
        {"tudoOuNada": None},
        {"partes": []},
    ],
    ids=str,
)
def test_refuses_a_member_that_is_none(fields: dict[str, Any]) -> None:
    with pytest.raises(ProtocolRefused):
        AskedLote.read(message(fields))


@pytest.mark.parametrize("listed", [b"", b"[]", b"[" * 10_000, b"\xff", b'{"a":1'], ids=str)
def test_refuses_an_eligible_list_that_is_no_object(listed: bytes) -> None:
    with pytest.raises(ProtocolRefused):
        AskedLote.read(message(parts=PARTS | {"elegiveis": listed}))


def test_a_mutated_message_of_a_lote_is_read_or_refused_and_nothing_else() -> None:
    fields = cbor2.dumps({**FIELDS, "partes": list(PARTS)})
    for broken in mutations([fields], seed=3, count=5_000):
        try:
            read = cbor2.loads(broken)
        except (cbor2.CBORError, ValueError, TypeError, OverflowError):
            continue
        if isinstance(read, dict):
            with suppress(ProtocolRefused):
                assert AskedLote.read(Message(read, tuple(PARTS.values()))).body == b"body"
