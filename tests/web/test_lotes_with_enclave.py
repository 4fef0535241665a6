"""Lotes that the page seals, judged by the enclave's own code: its answers opened, each in its place."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from aval.prudential.lotes import LoteKind
from tests.support.enclave_lotes import SENDER as SENDING
from tests.support.enclave_lotes import (
    LoteDesk,
    SealedFile,
    company,
    counterparties,
    lote_id,
    portfolio,
    wrong,
)
from tests.support.sealing import EVENT
from tests.web.sealing_peer import SealingPeer, page_refuses, sealing_peer
from tests.web.week_page import Page, week_page


@pytest.fixture(scope="module")
def node() -> Iterator[SealingPeer]:
    with sealing_peer() as peer:
        yield peer


@pytest.fixture
def page(node: SealingPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    return week_page(node, tmp_path, monkeypatch)


def sent(page: Page, kind: LoteKind, agents: Sequence[dict[str, Any]], eligible: int = 200) -> list[str]:
    """Sealed by the page, done by the enclave: its sealed answers."""
    file = json.dumps({"agentes": agents} | ({"evento": EVENT} if kind is LoteKind.COUNTERPARTIES else {}))
    made = page.do("sealLote", kind=kind.value, file=file)
    desk = LoteDesk(page.made.desk, [company(number) for number in range(1, eligible + 1)])
    sealed = SealedFile(kind, made["jwe"].encode(), made["sent"]["requestId"])
    assert sealed.identity == made["sent"]["identity"]
    code = desk.arrived(sealed)
    outcome = desk.done(code, page.made.parent)
    answers, _ = desk.desk.vault.chunks[code, outcome.attempt]
    return [one.decode() for one in answers]


def opened(page: Page, answer: str, number: int = 0, of: int = 1, **told: object) -> Any:
    place = {"lote": lote_id(1), "number": number, "of": of}
    return page.do("openLote", answer=answer, place=place, **told)


@pytest.mark.parametrize("sealed_here", [True, False], ids=["sealed here", "by a colleague"])
def test_each_agent_of_a_lote_is_told_with_its_faults(page: Page, *, sealed_here: bool) -> None:
    (answer,) = sent(page, LoteKind.PORTFOLIO, [portfolio(1), wrong(2), portfolio(3)])
    told = opened(page, answer, sealedHere=sealed_here)
    assert [one["company"] for one in told["agents"]] == [company(1), company(2), company(3)]
    assert [len(one["faults"]) for one in told["agents"]] == [0, 1, 0]
    (fault,) = told["agents"][1]["faults"]
    assert fault["place"].endswith("/patrimonioLiquido/dataBase")
    assert fault["rule"]
    assert fault["detail"]
    assert told["agents"][0]["told"]["fa"]
    assert told["refusal"] is None


def test_counterparties_of_many_go_signed(page: Page) -> None:
    (answer,) = sent(page, LoteKind.COUNTERPARTIES, [counterparties(1), counterparties(2)])
    assert [one["faults"] for one in opened(page, answer)["agents"]] == [[], []]


def test_a_file_that_is_none_tells_its_own_faults(page: Page) -> None:
    (answer,) = sent(page, LoteKind.PORTFOLIO, [])
    told = opened(page, answer)
    assert told["agents"] == []
    assert told["refusal"]["code"]
    assert told["refusal"]["detail"]


def test_answers_are_told_in_their_places_and_no_other(page: Page) -> None:
    answers = sent(page, LoteKind.PORTFOLIO, [portfolio(number) for number in range(1, 102)])
    assert len(answers) == 2
    assert [len(opened(page, one, number, 2)["agents"]) for number, one in enumerate(answers)] == [100, 1]
    for number, of in ((1, 2), (0, 1), (0, 3)):
        with page_refuses("OBJETO_DIVERGE"):
            opened(page, answers[0], number, of)


def test_an_answer_of_another_lote_is_refused(page: Page) -> None:
    (answer,) = sent(page, LoteKind.PORTFOLIO, [portfolio(1)])
    with page_refuses("OBJETO_DIVERGE"):
        page.do("openLote", answer=answer, place={"lote": lote_id(2), "number": 0, "of": 1})
    with page_refuses("OBJETO_DIVERGE"):
        opened(page, answer, sealedHere=False, instead={"identity": "0" * 64})
    with page_refuses("PEDIDO_DIVERGE"):
        opened(page, answer, instead={"requestId": "outro-pedido-de-teste"})
    with page_refuses("LEITORES_DIVERGEM"):
        opened(page, answer, instead={"readers": "0" * 64})
    assert opened(page, answer)["agents"][0]["company"] != SENDING
