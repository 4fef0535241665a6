from typing import Any

import pytest

from aval.prudential.tasks import TaskAct
from aval.sealing.refusals import SealReason
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.decision import RecordNeeded
from enclave_app.protocol import Message, ProtocolRefused
from tests.support.enclave import COMPANY, EVENT
from tests.support.sealing import refused

NAMES = ["corpo", "parametros", "autorizacoes", "registro:PORTFOLIO:2"]
PARTS = (b"body", b"parameters", b'["signed"]', b"record")


def message(*parts: bytes, **changes: Any) -> Message:
    fields = {
        "op": "tarefa",
        "ato": "LEITURA",
        "evento": EVENT,
        "cnpj": COMPANY,
        "remetente": COMPANY,
        "partes": NAMES,
        "semRegistro": [],
        **changes,
    }
    return Message({name: value for name, value in fields.items() if value is not None}, parts or PARTS)


def test_reads_the_parts_by_their_names() -> None:
    asked = AskedTask.read(message())
    assert (asked.act, asked.body, asked.parameters) == (TaskAct.READ_BACK, b"body", b"parameters")
    assert asked.authorisations == ("signed",)
    assert asked.record_of("PORTFOLIO", 2) == b"record"


def test_names_the_record_that_it_needs_and_its_lote() -> None:
    with pytest.raises(RecordNeeded) as needed:
        AskedTask.read(message()).record_of("CONTRAPARTES", 1, "0" * 32)
    assert (needed.value.kind, needed.value.version, needed.value.lote) == ("CONTRAPARTES", 1, "0" * 32)


def test_a_record_that_was_looked_for_and_not_found_is_refused() -> None:
    asked = AskedTask.read(message(semRegistro=["registro:CONTRAPARTES:1"]))
    with refused(SealReason.RECORD_UNOPENED):
        asked.record_of("CONTRAPARTES", 1)
    with pytest.raises(RecordNeeded):
        asked.record_of("CONTRAPARTES", 2)


def test_a_rehearsal_brings_its_one_record_without_a_name() -> None:
    told: Any = {"partes": None, "ato": "LER", "semRegistro": False}
    assert AskedTask.read(message(b"body", b"record", **told)).record_of("ENSAIO", 3) == b"record"
    with pytest.raises(RecordNeeded):
        AskedTask.read(message(b"body", **told)).record_of("ENSAIO", 3)
    with refused(SealReason.RECORD_UNOPENED):
        AskedTask.read(message(b"body", **{**told, "semRegistro": True})).record_of("ENSAIO", 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"partes": NAMES[:3]},
        {"partes": [*NAMES, "mais"]},
        {"partes": ["parametros", "corpo", *NAMES[2:]]},
        {"partes": ["corpo", "parametros", "parametros", "autorizacoes"]},
        {"partes": ["corpo", "", "parametros", "autorizacoes"]},
        {"partes": "corpo"},
        {"partes": [1, 2, 3, 4]},
        {"partes": []},
        {"ato": "LOTE"},
        {"cnpj": "1"},
        {"evento": "2026"},
        {"remetente": None},
    ],
    ids=str,
)
def test_refuses_a_message_that_is_no_task(changes: dict[str, Any]) -> None:
    with pytest.raises(ProtocolRefused):
        AskedTask.read(message(**changes))


@pytest.mark.parametrize("told", [b"{}", b"[1]", b"not json", b"\xff", b"[" * 100_000])
def test_refuses_authorisations_that_are_no_list_of_texts(told: bytes) -> None:
    with pytest.raises(ProtocolRefused):
        AskedTask.read(message(b"body", b"parameters", told, b"record"))


def test_what_came_is_in_no_representation() -> None:
    shown = repr(AskedTask.read(message()))
    assert not [part for part in ("body", "parameters'", "signed", "b'record'") if part in shown.split()]
    assert "b'" not in shown
