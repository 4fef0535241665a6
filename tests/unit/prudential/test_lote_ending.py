from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from aval.events import Event, EventName
from aval.prudential.lote_ending import ChunksMissing, LoteEnding
from aval.prudential.lote_persisting import OutcomeMissing
from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lotes import Lote, LoteOutcome, LoteState
from tests.support.confidential import NOW
from tests.support.lote_memory import BusNoting, LoteFilesInMemory, LotesInMemory
from tests.support.lotes import LOTE, OUTCOME, lote

AT = NOW + timedelta(minutes=9)
NOTHING = LoteOutcome(taken=0, refused=0, rules={}, answers=1, chunks=0, attempt="t1")
TOLD = {"lote": LOTE, "evento": "202611003", "remetente": "33047509000149", "tipo": "PORTFOLIO"}


@dataclass
class Desk:
    lotes: LotesInMemory = field(default_factory=LotesInMemory)
    files: LoteFilesInMemory = field(default_factory=LoteFilesInMemory)
    bus: BusNoting = field(default_factory=BusNoting)

    @property
    def ending(self) -> LoteEnding:
        return LoteEnding(self.lotes, self.files, self.bus)

    @property
    def lote(self) -> Lote:
        return self.lotes.load(LOTE)

    def decided(self, outcome: LoteOutcome, reason: str = "") -> None:
        self.lotes.commit(LOTE, outcome, reason)
        for number in range(outcome.chunks):
            self.lotes.chunk_persisted(LOTE, number, at=AT)


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.lotes.add(lote(execution="first", object_version="v1", state=LoteState.RUNNING))
    return found


def test_a_lote_all_of_whose_agents_were_taken_is_processed(desk: Desk) -> None:
    desk.decided(replace(OUTCOME, refused=0))
    ended = desk.ending.summarise(LOTE, at=AT)
    assert (ended.state, ended.reason, ended.ended_at) == (LoteState.PROCESSED, "", AT)
    assert desk.bus.published == [
        Event(
            EventName.LOTE_PROCESSED,
            {**TOLD, "situacao": "PROCESSADO", "aceitos": 150, "recusados": 0},
        )
    ]
    assert desk.files.quarantined == []


def test_a_lote_some_of_whose_agents_were_refused_says_so(desk: Desk) -> None:
    desk.decided(OUTCOME)
    assert desk.ending.summarise(LOTE, at=AT).state is LoteState.PROCESSED_WITH_FAULTS
    [event] = desk.bus.published
    assert event.name is EventName.LOTE_PROCESSED
    assert event.detail == {
        **TOLD,
        "situacao": "PROCESSADO_COM_ERROS",
        "aceitos": 150,
        "recusados": 2,
    }


def test_a_file_that_the_enclave_refused_is_rejected_and_kept_aside(desk: Desk) -> None:
    desk.decided(NOTHING, "NAO_ABRE")
    ended = desk.ending.summarise(LOTE, at=AT)
    assert (ended.state, ended.reason) == (LoteState.REJECTED, "NAO_ABRE")
    assert desk.files.quarantined == [(LOTE, "v1")]
    assert desk.bus.published == [
        Event(
            EventName.LOTE_REJECTED,
            {**TOLD, "situacao": "REJEITADO", "aceitos": 0, "recusados": 0, "motivo": "NAO_ABRE"},
        )
    ]


def test_a_lote_of_which_no_agent_was_taken_is_rejected_with_a_reason(desk: Desk) -> None:
    desk.decided(replace(NOTHING, refused=3))
    ended = desk.ending.summarise(LOTE, at=AT)
    assert (ended.state, ended.reason) == (LoteState.REJECTED, LoteReason.NONE_TAKEN)


def test_no_lote_ends_before_all_its_agents_are_written(desk: Desk) -> None:
    desk.lotes.commit(LOTE, OUTCOME)
    desk.lotes.chunk_persisted(LOTE, 1, at=AT)
    with pytest.raises(ChunksMissing):
        desk.ending.summarise(LOTE, at=AT)
    assert desk.lote.state is LoteState.RUNNING
    assert desk.bus.published == []


def test_no_lote_ends_without_an_outcome(desk: Desk) -> None:
    with pytest.raises(OutcomeMissing):
        desk.ending.summarise(LOTE, at=AT)


def test_an_ending_that_is_repeated_changes_nothing_and_is_told_again(desk: Desk) -> None:
    desk.decided(OUTCOME)
    first = desk.ending.summarise(LOTE, at=AT)
    assert desk.ending.summarise(LOTE, at=AT + timedelta(hours=1)) == first
    assert desk.bus.published[0] == desk.bus.published[1]


def test_a_lote_that_could_not_be_taken_is_rejected(desk: Desk) -> None:
    ended = desk.ending.reject(LOTE, LoteReason.DEADLINE, execution="first", at=AT)
    assert (ended.state, ended.reason) == (LoteState.REJECTED, LoteReason.DEADLINE)
    assert desk.files.quarantined == [(LOTE, "v1")]
    assert desk.bus.published == [
        Event(
            EventName.LOTE_REJECTED,
            {**TOLD, "situacao": "REJEITADO", "motivo": "PRAZO_ENCERRADO"},
        )
    ]


def test_another_execution_rejects_no_lote_that_it_does_not_have(desk: Desk) -> None:
    left = desk.ending.reject(LOTE, LoteReason.NOT_PROCESSED, execution="second", at=AT)
    assert left == desk.lote
    assert left.state is LoteState.RUNNING
    assert (desk.bus.published, desk.files.quarantined) == ([], [])


def test_agents_that_are_in_the_journal_are_not_rejected_whatever_failed_after(desk: Desk) -> None:
    desk.lotes.commit(LOTE, OUTCOME)
    left = desk.ending.reject(LOTE, LoteReason.NOT_PROCESSED, execution="first", at=AT)
    assert left.state is LoteState.RUNNING
    assert (desk.bus.published, desk.files.quarantined) == ([], [])


def test_events_hold_counts_and_codes_alone(desk: Desk) -> None:
    desk.decided(OUTCOME)
    desk.ending.summarise(LOTE, at=AT)
    text = repr(desk.bus.published)
    for secret in (lote().file_name, *OUTCOME.rules):
        assert secret not in text
