from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from aval.adapters.dynamodb.registry_store import DynamoDbRegistryStore
from aval.registry.drops import judge_drop, read_drop
from aval.registry.generations import LoadRecord, Pointer, PointerMoved
from aval.registry.schemas import SCHEMAS, Dataset
from tests.support.dynamodb import TABLE, empty_table
from tests.support.registry import (
    ANA,
    AURORA,
    BOLT,
    BRUNO,
    NOON,
    arrival,
    content,
    participant,
    person,
    put_in_force,
    whole,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    with empty_table() as client:
        yield client


@pytest.fixture
def store(client: "DynamoDBClient") -> DynamoDbRegistryStore:
    return DynamoDbRegistryStore(client, TABLE)


def everything(client: "DynamoDBClient") -> list[tuple[str, str]]:
    items = client.scan(TableName=TABLE)["Items"]
    return sorted((item["pk"]["S"], item["sk"]["S"]) for item in items)


def test_every_dataset_reads_back_as_it_was_written(store: DynamoDbRegistryStore) -> None:
    loaded = put_in_force(store, arrival(), **whole())
    for dataset, records in judge_drop(read_drop("a.json", content(**whole())), {}).items():
        rows = store.rows(dataset, arrival().generation)
        assert tuple(SCHEMAS[dataset].read(row) for row in rows) == records
    assert store.pointer() == loaded.after
    assert store.record_of(arrival().generation) == loaded.record


def test_the_items_lie_where_the_access_patterns_say(
    store: DynamoDbRegistryStore, client: "DynamoDBClient"
) -> None:
    put_in_force(store, arrival(), **whole())
    generation = arrival().generation
    assert everything(client) == sorted(
        [
            ("PONTEIRO", "ATUAL"),
            ("CARGA", generation),
            (f"{generation}#PARTICIPANTE", BOLT),
            (f"{generation}#PARTICIPANTE", AURORA),
            (f"{generation}#PERFIL", "000010010"),
            (f"{generation}#PERFIL", "000010011"),
            (f"{generation}#PERFIL_DA_EMPRESA", f"{BOLT}#000010010"),
            (f"{generation}#PERFIL_DA_EMPRESA", f"{BOLT}#000010011"),
            (f"{generation}#ATIVO", "000005001"),
            (f"{generation}#PARCELA", "000007001"),
            (f"{generation}#PESSOA", ANA),
            (f"{generation}#PESSOA", BRUNO),
            (f"{generation}#EMAIL", "ana@demo.aval.example"),
            (f"{generation}#EMAIL", "bruno@demo.aval.example"),
            (f"{generation}#REPRESENTANTE", f"{ANA}#{BOLT}#REPRESENTANTE_CCEE#2026-01-01"),
            (f"{generation}#REPRESENTADA", f"{BOLT}#{ANA}#{BOLT}#REPRESENTANTE_CCEE#2026-01-01"),
            (f"{generation}#CALENDARIO", "REGISTRO_CONTRATO#2026-08"),
            (f"{generation}#CONTRATO_REGULADO", "000900001"),
            (f"{generation}#MONTANTE_REGULADO", "000900001#MONTANTE_ENERGIA_ANUAL#2026-01-01"),
            *(
                (f"{generation}#{name}#LISTA", "000000001")
                for name in (
                    "PARTICIPANTE",
                    "PERFIL",
                    "ATIVO",
                    "PARCELA",
                    "CALENDARIO",
                    "CONTRATO_REGULADO",
                    "MONTANTE_REGULADO",
                )
            ),
        ]
    )


def test_a_switch_from_a_pointer_that_moved_changes_nothing(store: DynamoDbRegistryStore) -> None:
    first = put_in_force(store, arrival(), participantes=[participant()])
    late = arrival("entrada/b.json")
    drop = judge_drop(read_drop("b.json", content(pessoas=[person()])), {})
    store.write(late.generation, drop, at=NOON)
    record = LoadRecord(late, 1, "cd" * 32, NOON, {}, {})
    with pytest.raises(PointerMoved):
        store.switch(first.before, first.before.move(frozenset(drop), late), record)
    assert store.pointer() == first.after
    assert store.record_of(late.generation) is None


def test_more_rows_than_a_batch_takes_are_all_written_and_discarded(
    store: DynamoDbRegistryStore, client: "DynamoDBClient"
) -> None:
    months = [
        {
            "tipo": "REGISTRO_CONTRATO",
            "competencia": f"{year}-{month:02d}",
            "abertura": "2026-01-01T00:00:00-03:00",
            "prazo": "2026-02-01T00:00:00-03:00",
        }
        for year in range(2026, 2036)
        for month in range(1, 13)
    ]
    put_in_force(store, arrival(), calendario=months)
    assert len(store.rows(Dataset.CALENDARIO, arrival().generation)) == 120
    store.discard(Dataset.CALENDARIO, arrival().generation)
    store.discard(Dataset.CALENDARIO, arrival().generation)
    assert everything(client) == [("CARGA", arrival().generation), ("PONTEIRO", "ATUAL")]


def test_a_sweep_takes_what_an_abandoned_attempt_wrote_and_no_younger_one(
    store: DynamoDbRegistryStore, client: "DynamoDBClient"
) -> None:
    drop = judge_drop(read_drop("a.json", content(pessoas=[person()])), {})
    old, young = arrival(sequencer="01").generation, arrival(sequencer="02").generation
    store.write(old, drop, at=NOON - timedelta(seconds=1))
    store.write(young, drop, at=NOON)
    store.sweep(before=NOON)
    assert everything(client) == sorted(
        [
            ("EM_CURSO", young),
            (f"{young}#PESSOA", ANA),
            (f"{young}#EMAIL", "ana@demo.aval.example"),
        ]
    )


def test_an_attempt_that_was_swept_can_no_longer_come_into_force(store: DynamoDbRegistryStore) -> None:
    drop = judge_drop(read_drop("a.json", content(pessoas=[person()])), {})
    store.write(arrival().generation, drop, at=NOON)
    store.sweep(before=NOON + timedelta(seconds=1))
    after = Pointer().move(frozenset(drop), arrival())
    with pytest.raises(PointerMoved):
        store.switch(Pointer(), after, LoadRecord(arrival(), 1, "ab" * 32, NOON, {}, {}))
    assert store.pointer() == Pointer()


def test_a_sweep_spares_what_is_in_force_and_the_rows_just_before(
    store: DynamoDbRegistryStore, client: "DynamoDBClient"
) -> None:
    drop = judge_drop(read_drop("a.json", content(pessoas=[person()])), {})
    arrivals = [arrival(sequencer=f"0{number}") for number in range(3)]
    for one in arrivals:
        put_in_force(store, one, pessoas=[person()])
    for one in arrivals:
        # A second delivery, slower than the one that came into force.
        store.write(one.generation, drop, at=NOON)
    store.sweep(before=NOON + timedelta(seconds=1))
    left = {partition for partition, _ in everything(client)}
    assert left == {"PONTEIRO", "CARGA"} | {
        f"{one.generation}#{name}" for one in arrivals[1:] for name in ("PESSOA", "EMAIL")
    }
