from dataclasses import replace

import pytest

from aval.sealing.canonical import canonical, read_object
from aval.sealing.journal_entry import Entry, EntryAct
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.journals import act_of_factor, delivery, digest_of, parameters, portfolio


def test_an_entry_reads_back_as_it_was_written() -> None:
    computed = act_of_factor(EntryAct.COMPUTE, digest_of("calculation"), "computation")
    for entry in (delivery(), portfolio(), computed):
        assert Entry.from_bytes(entry.to_bytes()) == entry


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ato", "APAGAR"),
        ("remetente", "33047509000148"),
        ("cnpj", "33.047.509/0001-49"),
        ("tipo", "ensaio"),
        ("versao", 0),
        ("versao", True),
        ("versao", "1"),
        ("jti", "short"),
        ("identidade", "F" * 64),
        ("leitores", ""),
        ("sobre", digest_of("something else")),
        ("em", "2026-11-20"),
        ("em", None),
        ("mais", "1"),
        ("parametros", None),
        ("parametros", {"versao": 1, "resumo": digest_of("parameters")}),
    ],
)
def test_refuses_what_is_no_entry(name: str, value: object) -> None:
    told = {**read_object(delivery().to_bytes(), largest=4096), name: value}
    with pytest.raises(SealRefused) as caught:
        Entry.from_bytes(canonical(told))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED


@pytest.mark.parametrize("name", ["ato", "cnpj", "jti", "em"])
def test_refuses_an_entry_that_leaves_something_out(name: str) -> None:
    told = read_object(delivery().to_bytes(), largest=4096)
    del told[name]
    with pytest.raises(SealRefused) as caught:
        Entry.from_bytes(canonical(told))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED


def test_refuses_another_spelling_of_the_same_entry() -> None:
    with pytest.raises(SealRefused):
        Entry.from_bytes(delivery().to_bytes().replace(b",", b", ", 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity": "f" * 63},
        {"readers": ""},
        {"request_id": "x" * 15},
        {"request_id": "x" * 65},
        {"version": 0},
    ],
    ids=str,
)
def test_an_entry_that_cannot_be_is_a_mistake_of_the_code(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an entry"):
        replace(delivery(), act=EntryAct.SEND, **wrong)  # type: ignore[arg-type]  # one wrong member at a time


def test_a_delivery_is_about_itself() -> None:
    with pytest.raises(ValueError, match="about itself"):
        replace(delivery(), subject=digest_of("something else"))


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        {"versao": 0, "resumo": digest_of("set")},
        {"versao": True, "resumo": digest_of("set")},
        {"versao": 1, "resumo": "set"},
        {"versao": 1, "resumo": digest_of("set"), "mais": 1},
    ],
    ids=str,
)
def test_refuses_an_entry_of_a_week_without_its_parameters(told: object) -> None:
    members = {**read_object(portfolio().to_bytes(), largest=4096), "parametros": told}
    with pytest.raises(SealRefused) as caught:
        Entry.from_bytes(canonical(members))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "PORTFOLIO"},
        {"parameters": parameters()},
        {"kind": "FATOR", "parameters": parameters()},
        {"kind": "PORTFOLIO", "parameters": parameters(), "act": EntryAct.VALIDATE},
    ],
    ids=["a week's without parameters", "a rehearsal's with", "a factor delivered", "a portfolio validated"],
)
def test_an_entry_is_a_rehearsals_or_a_weeks(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an entry"):
        replace(delivery(), **wrong)  # type: ignore[arg-type]  # one wrong member at a time
