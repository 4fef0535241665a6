import pytest

from aval.errors import Fault
from aval.sealing.refusals import SealReason
from enclave_app.enclave.workbench import refusal_told, signed_text
from tests.support.sealing import refused


def test_a_refusal_tells_its_rule_and_sentence() -> None:
    assert refusal_told(SealReason.INCOMPLETE, "falta o portfólio") == {
        "recusa": "INCOMPLETO",
        "detalhe": "falta o portfólio",
    }


def test_a_refused_file_tells_each_fault_and_where() -> None:
    faults = [Fault("numero", "escreva o número como texto", "/meses/0/geracao"), Fault("meses", "falta um")]
    assert refusal_told(SealReason.FAULTS, "o portfólio tem faltas", faults)["faltas"] == [
        {"regra": "numero", "lugar": "/meses/0/geracao", "detalhe": "escreva o número como texto"},
        {"regra": "meses", "lugar": "", "detalhe": "falta um"},
    ]


def test_reads_a_signed_text() -> None:
    assert signed_text(b"a.b.c") == "a.b.c"


@pytest.mark.parametrize("signed", ["ção".encode(), b"\xff", "²".encode("latin-1")])
def test_refuses_what_no_signature_is_spelled_with(signed: bytes) -> None:
    with refused(SealReason.MALFORMED):
        signed_text(signed)
