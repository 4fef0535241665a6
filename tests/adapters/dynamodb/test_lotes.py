from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from aval.adapters.dynamodb import lotes as history
from aval.adapters.dynamodb.attributes import key
from aval.adapters.dynamodb.lote_items import history_partition, lote_item, outcome_update
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.identifiers import Cnpj, EventCode
from aval.moments import to_storage
from aval.prudential.lotes import LoteId, LoteState
from aval.prudential.refusals import LoteUnknown
from aval.prudential.vault import LoteCommit
from tests.support.confidential import NOW
from tests.support.dynamodb import CONFIDENTIAL_TABLE, empty_confidential_table
from tests.support.lotes import LOTE, OUTCOME, commit, lote

ARRIVED, LATER = NOW + timedelta(minutes=2), NOW + timedelta(minutes=3)
REGISTERED = lote(
    state=LoteState.RECEIVED,
    object_version="v1",
    received_at=ARRIVED,
    execution="first",
    moved_at=LATER,
)


@pytest.fixture
def lotes() -> Iterator[DynamoDbLotes]:
    with empty_confidential_table() as client:
        store = DynamoDbLotes(client, CONFIDENTIAL_TABLE)
        store.add(lote())
        yield store


def register(lotes: DynamoDbLotes, *, version: str = "v1", execution: str = "first") -> bool:
    return lotes.register(LOTE, object_version=version, received_at=ARRIVED, execution=execution, at=LATER)


def commit_alone(lotes: DynamoDbLotes, told: LoteCommit) -> None:
    """As the vault's transaction does, without its journal entry."""
    lotes.client.transact_write_items(TransactItems=[{"Update": outcome_update(lotes.table_name, told)}])


def test_a_lote_reads_back_as_it_was_announced(lotes: DynamoDbLotes) -> None:
    assert lotes.load(LOTE) == lote()


def test_a_code_that_nobody_gave_out_is_unknown(lotes: DynamoDbLotes) -> None:
    with pytest.raises(LoteUnknown):
        lotes.load(LoteId("0" * 32))


def test_a_code_is_given_out_once(lotes: DynamoDbLotes) -> None:
    with pytest.raises(ClientError):
        lotes.add(lote(size=1))
    assert lotes.load(LOTE) == lote()


def test_one_execution_takes_a_lote_and_may_ask_again(lotes: DynamoDbLotes) -> None:
    assert [register(lotes), register(lotes)] == [True, True]
    assert lotes.load(LOTE) == REGISTERED


def test_another_execution_or_another_object_does_not_take_it(lotes: DynamoDbLotes) -> None:
    register(lotes)
    assert not register(lotes, execution="second")
    assert not register(lotes, version="v2")
    assert lotes.load(LOTE) == REGISTERED


def test_asking_again_does_not_take_a_lote_back(lotes: DynamoDbLotes) -> None:
    register(lotes)
    lotes.start(LOTE, at=LATER)
    assert register(lotes)
    assert lotes.load(LOTE) == replace(REGISTERED, state=LoteState.RUNNING)


def test_a_lote_that_is_over_is_taken_by_nobody(lotes: DynamoDbLotes) -> None:
    register(lotes)
    lotes.end(LOTE, LoteState.REJECTED, "VAZIO", at=LATER)
    assert not register(lotes)


def test_a_lote_whose_execution_died_goes_to_another_once(lotes: DynamoDbLotes) -> None:
    register(lotes)
    after = LATER + timedelta(minutes=5)
    assert lotes.take_over(LOTE, former="first", execution="second", at=after)
    assert not lotes.take_over(LOTE, former="first", execution="third", at=after)
    assert lotes.load(LOTE) == replace(REGISTERED, execution="second", moved_at=after)
    assert not register(lotes)
    assert register(lotes, execution="second")


def test_a_lote_that_nobody_took_is_not_taken_over(lotes: DynamoDbLotes) -> None:
    assert not lotes.take_over(LOTE, former="", execution="second", at=LATER)
    assert lotes.load(LOTE) == lote()


def test_only_a_lote_that_was_received_starts(lotes: DynamoDbLotes) -> None:
    lotes.start(LOTE, at=LATER)
    assert lotes.load(LOTE) == lote()


def test_the_outcome_is_written_once(lotes: DynamoDbLotes) -> None:
    register(lotes)
    commit_alone(lotes, commit())
    assert lotes.load(LOTE) == replace(REGISTERED, outcome=OUTCOME)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        commit_alone(lotes, commit(reason="OUTRO"))
    assert lotes.load(LOTE).reason == ""


def test_a_lote_that_is_over_takes_no_outcome(lotes: DynamoDbLotes) -> None:
    lotes.end(LOTE, LoteState.REJECTED, "NAO_PROCESSADO", at=LATER)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        commit_alone(lotes, commit())
    assert lotes.load(LOTE).outcome is None


def test_chunks_are_counted_once_each_in_any_order(lotes: DynamoDbLotes) -> None:
    register(lotes)
    commit_alone(lotes, commit())
    for number in (1, 0, 1):
        lotes.chunk_persisted(LOTE, number, at=LATER)
    assert lotes.load(LOTE).persisted == {0, 1}


def test_no_chunk_is_written_of_a_lote_without_an_outcome(lotes: DynamoDbLotes) -> None:
    lotes.chunk_persisted(LOTE, 0, at=LATER)
    assert lotes.load(LOTE).persisted == frozenset()


def test_a_lote_ends_once(lotes: DynamoDbLotes) -> None:
    assert lotes.end(LOTE, LoteState.EXPIRED, "FORMULARIO_VENCIDO", at=LATER)
    assert not lotes.end(LOTE, LoteState.REJECTED, "VAZIO", at=LATER + timedelta(hours=1))
    assert lotes.load(LOTE) == lote(
        state=LoteState.EXPIRED, reason="FORMULARIO_VENCIDO", ended_at=LATER, moved_at=LATER
    )


def test_a_lote_whose_agents_are_in_the_journal_is_not_rejected(lotes: DynamoDbLotes) -> None:
    commit_alone(lotes, commit())
    assert not lotes.end(LOTE, LoteState.REJECTED, "NAO_PROCESSADO", at=LATER)
    assert lotes.end(LOTE, LoteState.PROCESSED, "", at=LATER)


def test_a_lote_of_which_nothing_was_taken_is_rejected(lotes: DynamoDbLotes) -> None:
    commit_alone(lotes, commit(outcome=replace(OUTCOME, taken=0, chunks=0), reason="NENHUM_AGENTE"))
    assert lotes.end(LOTE, LoteState.REJECTED, "NENHUM_AGENTE", at=LATER)


def test_history_is_the_senders_own_newest_first(lotes: DynamoDbLotes) -> None:
    newer = lote(id=LoteId("0b" * 16), created_at=NOW + timedelta(minutes=1))
    for other in (
        newer,
        lote(id=LoteId("0c" * 16), sender=Cnpj("11222333000181")),
        lote(id=LoteId("0d" * 16), event=EventCode("202611004")),
    ):
        lotes.add(other)
    assert lotes.of_sender(lote().event, lote().sender) == [newer, lote()]


def test_history_orders_lotes_of_one_second_by_the_microsecond_whatever_their_codes(
    lotes: DynamoDbLotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest, second = lote(), NOW + timedelta(seconds=7)
    # In the order of announcement, and in no order of their codes.
    announced = [
        lote(id=LoteId(code * 16), created_at=second + timedelta(microseconds=late))
        for code, late in (("0f", 0), ("0b", 1), ("0d", 20), ("0c", 999_999))
    ]
    for one in announced:
        lotes.add(one)
    assert lotes.of_sender(oldest.event, oldest.sender) == [*reversed(announced), oldest]
    # Where there are more than an answer carries, the newest are those that it carries.
    monkeypatch.setattr(history, "MOST_SHOWN", 2)
    assert lotes.of_sender(oldest.event, oldest.sender) == [announced[3], announced[2]]


def test_a_lote_of_whole_seconds_from_before_reads_as_it_was(lotes: DynamoDbLotes) -> None:
    former, newer = lote(id=LoteId("0f" * 16)), lote(id=LoteId("0b" * 16), created_at=LATER)
    whole = to_storage(former.created_at)
    place = history_partition(former.event, former.sender)
    rows = (
        {**lote_item(former), "created_at": {"S": whole}},
        {**key(place, f"{whole}#{former.id}"), "lote": {"S": former.id}},
    )
    for row in rows:
        lotes.client.put_item(TableName=lotes.table_name, Item=row)
    lotes.add(newer)
    assert lotes.load(former.id) == former
    assert lotes.of_sender(former.event, former.sender)[0] == newer
    assert former in lotes.of_sender(former.event, former.sender)


def test_an_events_open_lotes_are_of_every_sender_and_not_over(lotes: DynamoDbLotes) -> None:
    foreign = lote(id=LoteId("0c" * 16), sender=Cnpj("11222333000181"))
    ended = lote(id=LoteId("0e" * 16))
    for other in (foreign, ended, lote(id=LoteId("0d" * 16), event=EventCode("202611004"))):
        lotes.add(other)
    lotes.end(ended.id, LoteState.EXPIRED, "FORMULARIO_VENCIDO", at=LATER)
    assert lotes.of_event(lote().event) == [lote(), foreign]


def test_those_that_stand_still_are_found_and_those_that_moved_are_not(lotes: DynamoDbLotes) -> None:
    moved = lote(id=LoteId("0b" * 16))
    lotes.add(moved)
    lotes.register(moved.id, object_version="v1", received_at=ARRIVED, execution="it", at=LATER)
    assert lotes.open_before(NOW) == []
    assert lotes.open_before(NOW + timedelta(seconds=1)) == [lote()]
    assert [one.id for one in lotes.open_before(LATER + timedelta(seconds=1))] == [LOTE, moved.id]
