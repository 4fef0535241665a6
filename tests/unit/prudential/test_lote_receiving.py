import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from aval.prudential.coverage import Coverage
from aval.prudential.lote_files import START_BYTES
from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lote_receiving import LoteReceiving, NextStep, Receipt
from aval.prudential.lotes import Lote, LoteId, LoteKind, LoteState
from aval.sealing.envelope import MAX_SEALED_BYTES, SealedKind, seal
from aval.sealing.key_items import ACTIVE_FOR, OVERLAP_FOR
from aval.sealing.refusals import SealReason
from tests.support import sealing
from tests.support.lote_memory import ARRIVED, LoteFilesInMemory, LotesInMemory
from tests.support.lotes import LOTE, OUTCOME, lote
from tests.support.monitored import AURORA, BOLT, VENTO, MonitoredRegistry
from tests.support.prudential import KeyItemsGiven, key_item
from tests.support.weeks import DEADLINE, EVENT, NOW, OPENS, OTHER_EVENT, WeeksInMemory, week_version

AT = NOW + timedelta(minutes=3)
ASK = Receipt(NextStep.ASK)


@cache
def sealed_portfolio() -> bytes:
    told = sealing.header(kind=SealedKind.PORTFOLIO, key_id=key_item().key_id)
    return seal(b"PK workbook", told, sealing.sealing_key().public_key())


def rejected(reason: str) -> Receipt:
    return Receipt(NextStep.REJECT, reason)


@dataclass
class Desk:
    lotes: LotesInMemory = field(default_factory=LotesInMemory)
    files: LoteFilesInMemory = field(default_factory=LoteFilesInMemory)
    weeks: WeeksInMemory = field(default_factory=lambda: WeeksInMemory({EVENT: [week_version()]}))
    keys: KeyItemsGiven = field(default_factory=KeyItemsGiven)
    registry: MonitoredRegistry = field(default_factory=MonitoredRegistry)

    def receive(self, execution: str = "first", code: LoteId = LOTE, at: datetime = AT) -> Receipt:
        receiving = LoteReceiving(
            self.lotes, self.files, self.weeks, self.keys, self.registry, Coverage(self.registry)
        )
        return receiving.receive(code, execution, at=at)

    def arrive(self, **changes: Any) -> None:
        self.files.arrive(LOTE, replace(ARRIVED, **changes))

    @property
    def lote(self) -> Lote:
        return self.lotes.load(LOTE)


@pytest.fixture
def desk() -> Desk:
    found = Desk(files=LoteFilesInMemory(content=sealed_portfolio()))
    found.lotes.add(lote())
    found.files.arrive(LOTE)
    return found


def test_a_file_that_came_is_taken_and_the_enclave_is_asked_next(desk: Desk) -> None:
    assert desk.receive() == ASK
    assert desk.lote == lote(
        state=LoteState.RUNNING,
        execution="first",
        object_version="v1",
        received_at=ARRIVED.received_at,
        moved_at=AT,
    )


def test_the_enclave_is_told_the_eligible_that_the_sender_covers(desk: Desk) -> None:
    desk.receive()
    [told] = desk.files.eligible
    assert json.loads(told) == {AURORA: "AURORA", BOLT: "BOLT", VENTO: "VENTO"}


def test_an_agent_that_the_sender_does_not_cover_is_not_told(desk: Desk) -> None:
    desk.registry.representations = [
        one for one in desk.registry.representations if one.represented != AURORA
    ]
    desk.receive()
    assert json.loads(desk.files.eligible[0]) == {BOLT: "BOLT", VENTO: "VENTO"}


def test_the_same_event_ten_times_is_worked_off_by_one_execution(desk: Desk) -> None:
    steps = [desk.receive(f"execution-{number}").step for number in range(10)]
    assert steps == [NextStep.ASK] + [NextStep.NOTHING] * 9
    assert desk.lote.execution == "execution-0"
    assert len(desk.files.eligible) == 1


def test_the_same_execution_goes_on_where_it_was(desk: Desk) -> None:
    assert [desk.receive(), desk.receive()] == [ASK, ASK]
    assert desk.lote.state is LoteState.RUNNING


def test_an_event_that_comes_late_changes_no_lote_that_is_over(desk: Desk) -> None:
    desk.receive()
    desk.lotes.commit(LOTE, OUTCOME)
    desk.lotes.end(LOTE, LoteState.PROCESSED, "", at=AT)
    over = desk.lote
    assert [desk.receive(), desk.receive("second")] == [Receipt(NextStep.NOTHING)] * 2
    assert desk.lote == over


def test_what_is_put_over_a_file_that_was_taken_is_not_looked_at(desk: Desk) -> None:
    desk.receive()
    desk.arrive(version="v2", size=1)
    assert desk.receive("second") == Receipt(NextStep.NOTHING)
    assert desk.receive() == ASK
    assert desk.lote.object_version == "v1"


def test_an_object_of_no_lote_ends_quietly(desk: Desk) -> None:
    assert desk.receive(code=LoteId("ff" * 16)) == Receipt(NextStep.NOTHING)


def test_an_event_without_its_file_ends_quietly(desk: Desk) -> None:
    desk.files.arrivals.clear()
    assert desk.receive() == Receipt(NextStep.NOTHING)
    assert desk.lote == lote()


def test_a_file_that_went_away_after_it_was_taken_is_told(desk: Desk) -> None:
    desk.receive()
    desk.files.arrivals.clear()
    assert desk.receive() == rejected(LoteReason.FILE_GONE)
    assert desk.receive("second") == Receipt(NextStep.NOTHING)


def test_a_lote_that_was_taken_over_goes_on_without_being_judged_again(desk: Desk) -> None:
    desk.receive()
    desk.lotes.commit(LOTE, OUTCOME)
    desk.lotes.take_over(LOTE, former="first", execution="second", at=AT)
    desk.keys.items = []
    assert desk.receive("second") == ASK
    assert desk.receive("first") == Receipt(NextStep.NOTHING)
    assert len(desk.files.eligible) == 1


@pytest.mark.parametrize("received_at", [OPENS, DEADLINE - timedelta(seconds=1)])
def test_takes_a_file_from_the_opening_to_the_deadline(desk: Desk, received_at: datetime) -> None:
    desk.arrive(received_at=received_at)
    assert desk.receive(at=DEADLINE + timedelta(days=1)) == ASK


@pytest.mark.parametrize(
    ("received_at", "reason"),
    [(OPENS - timedelta(seconds=1), LoteReason.NOT_OPEN), (DEADLINE, LoteReason.DEADLINE)],
)
def test_refuses_a_file_outside_the_window(desk: Desk, received_at: datetime, reason: str) -> None:
    desk.arrive(received_at=received_at)
    assert desk.receive() == rejected(reason)
    assert desk.lote.state is LoteState.RECEIVED


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (0, LoteReason.EMPTY),
        (3_999, LoteReason.SIZE_MISMATCH),
        (4_001, LoteReason.SIZE_MISMATCH),
        (MAX_SEALED_BYTES, LoteReason.SIZE_MISMATCH),
        (MAX_SEALED_BYTES + 1, LoteReason.TOO_LARGE),
    ],
)
def test_refuses_another_size_than_was_announced(desk: Desk, size: int, reason: str) -> None:
    desk.arrive(size=size)
    assert desk.receive() == rejected(reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"evento": str(OTHER_EVENT)}, SealReason.EVENT_MISMATCH),
        ({"remetente": str(VENTO)}, SealReason.SENDER_MISMATCH),
        ({"tipo": "CONTRAPARTES"}, SealReason.KIND_MISMATCH),
        ({"tipo": "ENSAIO"}, SealReason.KIND_MISMATCH),
        ({"kid": "outra-chave-qualquer"}, SealReason.KEY_UNKNOWN),
        ({"alg": "RSA1_5"}, SealReason.ALGORITHM),
        ({"zip": "DEF"}, SealReason.HEADER_MEMBER),
        ({"leitores": []}, SealReason.READERS_INVALID),
    ],
)
def test_refuses_a_header_that_says_otherwise(desk: Desk, change: dict[str, object], reason: str) -> None:
    desk.files.content = sealing.with_header(sealed_portfolio(), change)
    assert desk.receive() == rejected(reason)
    assert desk.files.eligible == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 a workbook that nobody sealed", SealReason.MALFORMED),
        (b"A" * (START_BYTES - 1), SealReason.MALFORMED),
        (b"A" * START_BYTES, SealReason.TOO_LARGE),
        (b".", SealReason.MALFORMED),
        (b"e30.", SealReason.ALGORITHM),
    ],
)
def test_refuses_what_is_no_sealed_object(desk: Desk, content: bytes, reason: str) -> None:
    desk.files.content = content
    assert desk.receive() == rejected(reason)


def test_a_lote_of_counterparties_is_sealed_as_such(desk: Desk) -> None:
    desk.lotes.kept[LOTE] = lote(kind=LoteKind.COUNTERPARTIES)
    assert desk.receive() == rejected(SealReason.KIND_MISMATCH)
    desk.files.content = sealing.with_header(sealed_portfolio(), {"tipo": "CONTRAPARTES"})
    assert desk.receive() == ASK


@pytest.mark.parametrize(
    ("age", "receipt"),
    [
        (ACTIVE_FOR + OVERLAP_FOR - timedelta(seconds=1), ASK),
        (ACTIVE_FOR + OVERLAP_FOR, rejected(SealReason.KEY_UNKNOWN)),
    ],
)
def test_a_key_is_good_to_the_end_of_its_overlap(desk: Desk, age: timedelta, receipt: Receipt) -> None:
    item = key_item(created=AT - age)
    desk.keys.items = [item.to_bytes()]
    desk.files.content = sealing.with_header(sealed_portfolio(), {"kid": item.key_id})
    assert desk.receive() == receipt
