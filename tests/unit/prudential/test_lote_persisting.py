from dataclasses import dataclass, field, replace
from datetime import timedelta

import cbor2
import pytest

from aval.prudential.agent_state import AgentChange, AgentRow, AgentState, Transition
from aval.prudential.lote_persisting import ChunkPersisting, ChunkUnreadable, OutcomeMissing
from aval.prudential.lotes import LoteKind, LoteState
from aval.prudential.vault import StoredRecord
from tests.support.confidential import NOW
from tests.support.lote_memory import LoteAgentsNoting, LoteFilesInMemory, LotesInMemory
from tests.support.lotes import LOTE, OUTCOME, chunk, lote
from tests.support.monitored import AURORA, BOLT
from tests.support.weeks import EVENT, standing

RECEIVED, AT = NOW + timedelta(minutes=2), NOW + timedelta(minutes=9)
OF_BOLT, OF_AURORA = standing(counter=7), standing(AgentState.FILLING, counter=7, counterparties=None)


@dataclass
class Desk:
    lotes: LotesInMemory = field(default_factory=LotesInMemory)
    files: LoteFilesInMemory = field(default_factory=LoteFilesInMemory)
    agents: LoteAgentsNoting = field(default_factory=LoteAgentsNoting)

    def persist(self, number: int) -> int:
        return ChunkPersisting(self.lotes, self.files, self.agents).persist(LOTE, number, at=AT)


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.lotes.add(lote(state=LoteState.RUNNING, received_at=RECEIVED))
    found.lotes.commit(LOTE, OUTCOME)
    found.files.chunks = {
        ("t1", 0): chunk((BOLT, 2, OF_BOLT), (AURORA, 1, OF_AURORA)),
        ("t1", 1): chunk(),
    }
    return found


def test_a_chunks_agents_are_written_with_what_the_enclave_said_of_them(desk: Desk) -> None:
    assert desk.persist(0) == 2
    identity, by = lote().identity, lote().created_by
    [of_bolt, of_aurora] = desk.agents.written
    assert of_bolt == (
        StoredRecord(EVENT, BOLT, "PORTFOLIO", 2, b"record of 33047509000149"),
        AgentChange(
            AgentRow(EVENT, BOLT, OF_BOLT, RECEIVED, by, f"lote:{LOTE}:0"),
            Transition(
                event=EVENT,
                company=BOLT,
                counter=7,
                act="PORTFOLIO",
                before=AgentState.FILLING,
                after=AgentState.COMPUTED,
                at=RECEIVED,
                by=by,
                identity=identity,
                origin=f"lote:{LOTE}",
            ),
        ),
    )
    assert of_aurora[1].row.standing == OF_AURORA
    assert desk.lotes.load(LOTE).persisted == {0}


def test_counterparties_of_many_bring_no_answer_with_a_factor(desk: Desk) -> None:
    desk.lotes.kept[LOTE] = replace(desk.lotes.load(LOTE), kind=LoteKind.COUNTERPARTIES)
    desk.persist(0)
    assert {change.row.answer for _, change in desk.agents.written} == {""}


def test_a_chunk_that_was_written_is_not_written_again(desk: Desk) -> None:
    assert [desk.persist(0), desk.persist(0)] == [2, 0]
    assert len(desk.agents.written) == 2


def test_chunks_come_in_any_order(desk: Desk) -> None:
    assert [desk.persist(1), desk.persist(0)] == [0, 2]
    assert desk.lotes.load(LOTE).persisted == {0, 1}


def test_a_chunk_written_again_after_a_death_in_the_middle_says_the_same(desk: Desk) -> None:
    desk.persist(0)
    told = list(desk.agents.written)
    again = Desk(desk.lotes, desk.files)
    again.lotes.kept[LOTE] = lote(state=LoteState.RUNNING, received_at=RECEIVED, outcome=OUTCOME)
    again.persist(0)
    assert again.agents.written == told


def test_nothing_is_written_before_the_enclave_has_decided(desk: Desk) -> None:
    desk.lotes.kept[LOTE] = lote(state=LoteState.RUNNING)
    with pytest.raises(OutcomeMissing):
        desk.persist(0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        chunk() + b"\x00",
        cbor2.dumps({}),
        cbor2.dumps([["33047509000149", 1, b"record"]]),
        cbor2.dumps([["33047509000149", "1", b"record", {}]]),
        cbor2.dumps([["33047509000149", 1, "record", {}]]),
    ],
)
def test_refuses_a_chunk_in_another_form(desk: Desk, content: bytes) -> None:
    desk.files.chunks["t1", 0] = content
    with pytest.raises(ChunkUnreadable):
        desk.persist(0)
    assert desk.lotes.load(LOTE).persisted == frozenset()
