from dataclasses import replace

import pytest

from aval.sealing.canonical import canonical, read_object
from aval.sealing.lote_entry import MOST_AGENTS, MOST_LOTE_BYTES, LoteEntry
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.journals import COMPANY, STRANGER, company_of, lote


def test_a_lote_reads_back_as_it_was_written() -> None:
    told = lote("lote", (STRANGER, 3), (COMPANY, 12), (company_of(1), 3), kind="CONTRAPARTES")
    assert LoteEntry.from_bytes(told.to_bytes()) == told


def test_the_order_of_its_agents_means_nothing() -> None:
    one, other = lote("lote", (COMPANY, 2), (STRANGER, 1)), lote("lote", (STRANGER, 1), (COMPANY, 2))
    assert one == other
    assert one.to_bytes() == other.to_bytes()


def test_agents_stand_together_by_their_version() -> None:
    told = lote("lote", (STRANGER, 3), (COMPANY, 12), (company_of(1), 3))
    assert read_object(told.to_bytes(), largest=4096)["agentes"] == {
        "3": company_of(1) + STRANGER,
        "12": str(COMPANY),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ato", "ENTREGAR"),
        ("remetente", "33047509000148"),
        ("tipo", "ENSAIO"),
        ("tipo", "FATOR"),
        ("jti", "short"),
        ("identidade", "F" * 64),
        ("leitores", ""),
        ("lote", "0" * 31),
        ("parametros", None),
        ("agentes", {}),
        ("agentes", [[str(COMPANY), 1]]),
        ("agentes", {"1": str(COMPANY)[:13]}),
        ("agentes", {"1": ""}),
        ("agentes", {"01": str(COMPANY)}),
        ("agentes", {"0": str(COMPANY)}),
        ("agentes", {"1": str(COMPANY), "2": str(COMPANY)}),
        ("agentes", {"1": COMPANY + STRANGER}),
        ("agentes", {"1": 7}),
        ("em", None),
        ("mais", "1"),
    ],
)
def test_refuses_what_is_no_lotes_entry(name: str, value: object) -> None:
    told = {**read_object(lote().to_bytes(), largest=4096), name: value}
    with pytest.raises(SealRefused) as caught:
        LoteEntry.from_bytes(canonical(told))
    assert caught.value.reason is SealReason.JOURNAL_MALFORMED


@pytest.mark.parametrize(
    "wrong",
    [
        {"agents": ()},
        {"agents": ((COMPANY, 0),)},
        {"agents": ((COMPANY, 1), (COMPANY, 2))},
        {"kind": "ENSAIO"},
        {"lote": ""},
        {"identity": "f" * 63},
        {"request_id": "x" * 15},
    ],
    ids=str,
)
def test_a_lotes_entry_that_cannot_be_is_a_mistake_of_the_code(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a lote|an entry"):
        replace(lote(), **wrong)  # type: ignore[arg-type]  # one wrong member at a time


def test_takes_as_many_agents_as_a_lote_has_and_not_one_more() -> None:
    agents = tuple((company_of(number), 1) for number in range(1, MOST_AGENTS + 2))
    assert len(LoteEntry.from_bytes(lote("lote", *agents[:-1]).to_bytes()).agents) == MOST_AGENTS
    with pytest.raises(ValueError, match="20 000 agents"):
        lote("lote", *agents)


def test_versions_too_many_for_one_entry_are_a_mistake_of_the_code() -> None:
    agents = tuple((company_of(number), number) for number in range(1, 20_001))
    with pytest.raises(ValueError, match="too many for one entry"):
        lote("lote", *agents).to_bytes()


def test_a_lotes_entry_keeps_its_agents_out_of_its_representation() -> None:
    assert STRANGER not in repr(lote())
    assert MOST_LOTE_BYTES < 400_000
