import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from aval.adapters.dynamodb.directory import DynamoDbDirectory, RegistryInMotion
from aval.adapters.dynamodb.registry_store import DynamoDbRegistryStore
from aval.identifiers import Cnpj
from aval.registry.model import CalendarKind, Submarket
from aval.registry.regulated import (
    AmountKind,
    ContractCode,
    Period,
    ProfileCode,
    RegulatedAmount,
    RegulatedContract,
)
from aval.registry.schemas import Dataset
from tests.support.dynamodb import TABLE, empty_table
from tests.support.registry import (
    AURORA,
    BOLT,
    NOON,
    arrival,
    asset,
    aurora,
    participant,
    profile,
    put_in_force,
    representation,
    second_profile,
    whole,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AURORA_PROFILE = profile(codigo=10020, cnpj=AURORA, sigla="AURORA")
OPERATES = "REPRESENTACAO_OPERACIONAL_TOTAL"


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    with empty_table() as client:
        yield client


@pytest.fixture
def store(client: "DynamoDBClient") -> DynamoDbRegistryStore:
    return DynamoDbRegistryStore(client, TABLE)


@pytest.fixture
def directory(client: "DynamoDBClient") -> DynamoDbDirectory:
    return DynamoDbDirectory(client, TABLE)


@pytest.fixture
def calls(client: "DynamoDBClient") -> Counter[str]:
    """How often DynamoDB was asked for what, from here on."""
    counted: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        counted[model.name] += 1

    client.meta.events.register("before-call.dynamodb", count)
    return counted


def test_a_registry_never_loaded_answers_with_nothing(directory: DynamoDbDirectory) -> None:
    bolt = Cnpj(BOLT)
    assert directory.profiles({10010}) == {}
    assert directory.parcels({7001}) == {}
    assert directory.profiles_of({bolt}) == ()
    assert directory.represented_companies({bolt}, at=NOON) == {bolt: ()}
    assert directory.calendar() == {}
    for whole_list in (
        directory.all_participants,
        directory.all_profiles,
        directory.all_assets,
        directory.all_parcels,
        directory.all_regulated_contracts,
        directory.all_regulated_amounts,
    ):
        assert whole_list() == ()


def test_finds_by_code_what_exists_and_nothing_else(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory
) -> None:
    put_in_force(store, arrival(), **whole())
    assert {code: one.sigla for code, one in directory.profiles({10010, 10011, 9}).items()} == {
        10010: "BOLT OPERACOES",
        10011: "BOLT OPERACOES I5",
    }
    assert {code: one.asset for code, one in directory.parcels([7001, 7001, 8]).items()} == {7001: 5001}
    assert directory.profiles(set()) == {}


def test_finds_the_profiles_of_companies_by_code(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory
) -> None:
    profiles = [profile(), AURORA_PROFILE, second_profile(codigo=9)]
    put_in_force(store, arrival(), participantes=[participant(), aurora()], perfis=profiles)
    assert [one.code for one in directory.profiles_of({Cnpj(BOLT)})] == [9, 10010]
    assert [one.code for one in directory.profiles_of({Cnpj(AURORA), Cnpj(BOLT)})] == [9, 10010, 10020]


@pytest.mark.parametrize(
    ("moment", "is_valid"),
    [
        (datetime(2026, 3, 1, 2, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 3, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 2, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 3, tzinfo=UTC), False),
    ],
)
def test_a_company_operates_for_another_while_that_lasts_and_however_often_it_was_asked_before(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory, moment: datetime, *, is_valid: bool
) -> None:
    march = {"inicioVigencia": "2026-03-01", "fimVigencia": "2026-03-31"}
    operates = representation(representante=BOLT, representada=AURORA, papel=OPERATES, **march)
    put_in_force(store, arrival(), **whole() | {"representacoes": [operates]})
    directory.represented_companies({Cnpj(BOLT)}, at=NOON)
    found = directory.represented_companies({Cnpj(BOLT), Cnpj(AURORA)}, at=moment)
    assert found == {Cnpj(BOLT): (AURORA,) if is_valid else (), Cnpj(AURORA): ()}


def test_control_and_peoples_roles_are_no_operation(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory
) -> None:
    held = [representation(), representation(representante=BOLT, representada=AURORA, papel="CONTROLE")]
    put_in_force(store, arrival(), **whole() | {"representacoes": held})
    assert directory.represented_companies({Cnpj(BOLT)}, at=NOON) == {Cnpj(BOLT): ()}


def test_whole_lists_come_in_the_order_of_codes(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory
) -> None:
    put_in_force(store, arrival(), **whole())
    assert [one.sigla for one in directory.all_participants()] == ["BOLT OPERACOES", "AURORA"]
    assert [one.code for one in directory.all_profiles()] == [10010, 10011]
    assert [one.code for one in directory.all_assets()] == [5001]
    assert [one.code for one in directory.all_parcels()] == [7001]
    assert list(directory.calendar()) == [(CalendarKind.REGISTRO_CONTRATO, "2026-08")]


def test_a_list_of_more_rows_than_an_item_holds_is_whole(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory, client: "DynamoDBClient"
) -> None:
    chance = random.Random(1)
    letters = "ÀÉÎÕÜabcdefghijklmnopqrstuvwxyz0123456789"
    named = [
        asset(codigo=code, nome="".join(chance.choices(letters, k=200)))  # as little as can be packed
        for code in range(1, 3001)
    ]
    put_in_force(store, arrival(), ativos=named)
    found = directory.all_assets()
    assert [one.code for one in found] == list(range(1, 3001))
    assert [one.name for one in found] == [row["nome"] for row in named]
    leaves = client.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"{arrival().generation}#ATIVO#LISTA"}},
    )["Items"]
    assert len(leaves) > 2
    store.discard(Dataset.ATIVOS, arrival().generation)
    assert client.scan(TableName=TABLE, Select="COUNT")["Count"] == 2  # the pointer and the load's record


def test_regulated_contracts_and_amounts_last_from_their_first_to_their_last_day(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory
) -> None:
    put_in_force(store, arrival(), **whole())
    begins = datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert directory.all_regulated_contracts() == (
        RegulatedContract(
            code=ContractCode(900001),
            seller=ProfileCode(10010),
            buyer=ProfileCode(10011),
            period=Period(begins, datetime(2046, 1, 1, 3, tzinfo=UTC)),
            submarket=Submarket.SE,
            product="LEILÃO DE DEMONSTRAÇÃO",
        ),
    )
    assert directory.all_regulated_amounts() == (
        RegulatedAmount(
            contract=ContractCode(900001),
            kind=AmountKind.YEARLY,
            period=Period(begins, datetime(2027, 1, 1, 3, tzinfo=UTC)),
            energy_mwh=Decimal(8760),
        ),
    )


def test_what_was_read_once_is_read_no_more_but_the_pointer_is(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory, calls: Counter[str]
) -> None:
    put_in_force(store, arrival(), **whole())
    first = (directory.all_parcels(), directory.profiles_of({Cnpj(BOLT)}), directory.calendar())
    calls.clear()
    assert (directory.all_parcels(), directory.profiles_of({Cnpj(BOLT)}), directory.calendar()) == first
    assert calls == {"GetItem": 3}


def test_a_load_is_seen_at_the_next_call(store: DynamoDbRegistryStore, directory: DynamoDbDirectory) -> None:
    put_in_force(store, arrival(), participantes=[participant()], perfis=[profile()])
    assert [one.sigla for one in directory.all_participants()] == ["BOLT OPERACOES"]
    assert [one.code for one in directory.profiles_of({Cnpj(BOLT)})] == [10010]
    later = arrival(sequencer="02")
    both = [participant(sigla="BOLT"), aurora()]
    put_in_force(store, later, participantes=both, perfis=[AURORA_PROFILE, second_profile()])
    assert [one.sigla for one in directory.all_participants()] == ["BOLT", "AURORA"]
    assert [one.code for one in directory.profiles_of({Cnpj(BOLT)})] == [10011]


def test_a_list_of_which_a_load_took_rows_while_it_was_read_is_read_again(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory, client: "DynamoDBClient"
) -> None:
    first, third = arrival(sequencer="01"), arrival(sequencer="03")
    put_in_force(store, first, participantes=[participant(), aurora()])

    def load_twice(**_: Any) -> None:
        client.meta.events.unregister("before-call.dynamodb.Query", load_twice)
        put_in_force(store, arrival(sequencer="02"), participantes=[aurora()])
        put_in_force(store, third, participantes=[aurora(sigla="AURORA SUL")])
        store.discard(Dataset.PARTICIPANTES, first.generation)

    client.meta.events.register("before-call.dynamodb.Query", load_twice)
    assert [one.sigla for one in directory.all_participants()] == ["AURORA SUL"]


def test_gives_up_when_loads_never_rest(
    store: DynamoDbRegistryStore, directory: DynamoDbDirectory, client: "DynamoDBClient"
) -> None:
    put_in_force(store, arrival(), participantes=[participant()])
    sequencers = iter(f"{number:02d}" for number in range(2, 90))

    def load_twice(**told: Any) -> None:
        for _ in ("once", "again"):
            put_in_force(store, arrival(sequencer=next(sequencers)), participantes=[participant()])

    client.meta.events.register("before-call.dynamodb.Query", load_twice)
    with pytest.raises(RegistryInMotion):
        directory.all_participants()
