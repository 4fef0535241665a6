from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.registry_store import DynamoDbRegistryStore
from aval.identifiers import Cnpj, Cpf
from aval.registry.drops import judge_drop, read_drop
from aval.registry.model import (
    CompanyRelation,
    Email,
    Participant,
    ParticipantClass,
    Person,
    Role,
    Situation,
    Validity,
)
from tests.support.dynamodb import TABLE, empty_table
from tests.support.registry import (
    ANA,
    AURORA,
    BOLT,
    BRUNO,
    NOON,
    arrival,
    aurora,
    content,
    participant,
    person,
    put_in_force,
    representation,
    whole,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BOLT_PARTICIPANT = Participant(
    cnpj=Cnpj(BOLT),
    code=1001,
    sigla="BOLT OPERACOES",
    legal_name="BOLT ENERGY",
    participant_class=ParticipantClass.COMERCIALIZADOR,
    situation=Situation(1, "ATIVO"),
    validity=Validity(date(2026, 1, 1)),
)
ANA_PERSON = Person(Cpf(ANA), "Ana Conceição", Email("ana@demo.aval.example"))


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    with empty_table() as client:
        yield client


@pytest.fixture
def store(client: "DynamoDBClient") -> DynamoDbRegistryStore:
    return DynamoDbRegistryStore(client, TABLE)


@pytest.fixture
def registry(client: "DynamoDBClient") -> DynamoDbRegistry:
    return DynamoDbRegistry(client, TABLE)


def test_a_registry_never_loaded_answers_with_nothing(registry: DynamoDbRegistry) -> None:
    assert registry.companies_of(Cpf(ANA), at=NOON) == ()
    assert registry.roles_of(Cpf(ANA), Cnpj(BOLT), at=NOON) == frozenset()
    assert registry.participant(Cnpj(BOLT)) is None
    assert registry.person(Cpf(ANA)) is None
    assert registry.person_by_email("ana@demo.aval.example") is None
    assert registry.ccee_representatives_of(Cnpj(BOLT), at=NOON) == ()
    assert registry.represented_by(Cnpj(BOLT), CompanyRelation.CONTROLE, at=NOON) == ()
    assert registry.companies_monitored_by(Cpf(ANA), at=NOON) == ()
    assert registry.monitors_of(Cnpj(BOLT), at=NOON) == ()
    assert registry.acting_for([Cnpj(BOLT)], at=NOON) == {BOLT: ()}
    assert registry.participants_of(list(ParticipantClass), at=NOON) == ()


def test_answers_who_is_what_to_whom(store: DynamoDbRegistryStore, registry: DynamoDbRegistry) -> None:
    datasets = whole() | {
        "representacoes": [
            representation(),
            representation(papel="REPRESENTANTE_LEGAL"),
            representation(representada=AURORA, papel="REPRESENTANTE_CONTABIL"),
            representation(representante=BRUNO, papel="MONITORAMENTO_PRUDENCIAL"),
            representation(representante=BOLT, representada=AURORA, papel="CONTROLE"),
        ]
    }
    put_in_force(store, arrival(), **datasets)
    companies = registry.companies_of(Cpf(ANA), at=NOON)
    assert [(company.sigla, roles) for company, roles in companies] == [
        ("AURORA", frozenset({Role.REPRESENTANTE_CONTABIL})),
        ("BOLT OPERACOES", frozenset({Role.REPRESENTANTE_CCEE, Role.REPRESENTANTE_LEGAL})),
    ]
    assert companies[1][0] == BOLT_PARTICIPANT
    assert registry.participant(Cnpj(BOLT)) == BOLT_PARTICIPANT
    assert registry.roles_of(Cpf(ANA), Cnpj(AURORA), at=NOON) == {Role.REPRESENTANTE_CONTABIL}
    assert registry.person(Cpf(ANA)) == ANA_PERSON
    assert registry.ccee_representatives_of(Cnpj(BOLT), at=NOON) == (ANA_PERSON,)
    (controlled,) = registry.represented_by(Cnpj(BOLT), CompanyRelation.CONTROLE, at=NOON)
    assert controlled.cnpj == AURORA


def test_a_responsibility_is_no_role(store: DynamoDbRegistryStore, registry: DynamoDbRegistry) -> None:
    datasets = whole() | {"representacoes": [representation(papel="MONITORAMENTO_PRUDENCIAL")]}
    put_in_force(store, arrival(), **datasets)
    assert registry.companies_of(Cpf(ANA), at=NOON) == ()
    assert registry.roles_of(Cpf(ANA), Cnpj(BOLT), at=NOON) == frozenset()


def test_who_answers_for_the_monitoring_is_found_from_both_ends(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry
) -> None:
    monitoring = {"papel": "MONITORAMENTO_PRUDENCIAL"}
    march = {"inicioVigencia": "2026-03-01", "fimVigencia": "2026-03-31"}
    datasets = whole() | {
        "representacoes": [
            representation(),
            representation(**monitoring),
            representation(representada=AURORA, **monitoring),
            representation(representante=BRUNO, **monitoring, **march),
        ]
    }
    put_in_force(store, arrival(), **datasets)
    assert [one.sigla for one in registry.companies_monitored_by(Cpf(ANA), at=NOON)] == [
        "AURORA",
        "BOLT OPERACOES",
    ]
    assert registry.companies_monitored_by(Cpf(BRUNO), at=NOON) == ()
    assert registry.monitors_of(Cnpj(BOLT), at=NOON) == (ANA_PERSON,)
    assert registry.ccee_representatives_of(Cnpj(AURORA), at=NOON) == ()


def test_participants_of_a_class_are_those_whom_the_registry_has_that_day(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry
) -> None:
    gone = aurora(cnpj="41820367000139", codigo=1003, sigla="VENTO", classe=4, fimVigencia="2026-08-02")
    put_in_force(store, arrival(), participantes=[participant(), aurora(classe=4), gone], pessoas=[])
    sellers, generators = ParticipantClass.COMERCIALIZADOR, ParticipantClass.GERADOR
    found = registry.participants_of([generators, sellers], at=NOON)
    assert [one.cnpj for one in found] == [AURORA, BOLT]
    assert registry.participants_of([sellers], at=NOON) == (BOLT_PARTICIPANT,)
    assert registry.participants_of([], at=NOON) == ()


def test_one_relation_between_companies_is_not_another(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry
) -> None:
    controls = representation(representante=BOLT, representada=AURORA, papel="CONTROLE")
    put_in_force(store, arrival(), **whole() | {"representacoes": [controls]})
    relation = CompanyRelation.REPRESENTACAO_OPERACIONAL_TOTAL
    assert registry.represented_by(Cnpj(BOLT), relation, at=NOON) == ()
    assert registry.represented_by(Cnpj(AURORA), CompanyRelation.CONTROLE, at=NOON) == ()


def test_who_acts_for_a_company_is_found_by_either_relation_and_for_many_at_once(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry
) -> None:
    vento, march = "41820367000139", {"inicioVigencia": "2026-03-01", "fimVigencia": "2026-03-31"}
    datasets = whole() | {
        "participantes": [participant(), aurora(), aurora(cnpj=vento, codigo=1003, sigla="VENTO")],
        "representacoes": [
            representation(representada=AURORA),
            representation(representante=BOLT, representada=AURORA, papel="CONTROLE"),
            representation(representante=vento, representada=AURORA, papel="REPRESENTACAO_OPERACIONAL_TOTAL"),
            representation(representante=BOLT, representada=vento, papel="CONTROLE", **march),
        ],
    }
    put_in_force(store, arrival(), **datasets)
    asked = [Cnpj(AURORA), Cnpj(vento), Cnpj(BOLT)]
    assert registry.acting_for(asked, at=NOON) == {AURORA: (BOLT, vento), vento: (), BOLT: ()}


@pytest.mark.parametrize(
    ("moment", "is_valid"),
    [
        (datetime(2026, 3, 1, 2, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 3, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 2, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 3, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_representation_counts_from_its_first_to_its_last_day_in_sao_paulo(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry, moment: datetime, *, is_valid: bool
) -> None:
    march = representation(inicioVigencia="2026-03-01", fimVigencia="2026-03-31")
    put_in_force(store, arrival(), **whole() | {"representacoes": [march]})
    assert bool(registry.roles_of(Cpf(ANA), Cnpj(BOLT), at=moment)) == is_valid
    assert bool(registry.companies_of(Cpf(ANA), at=moment)) == is_valid
    assert bool(registry.ccee_representatives_of(Cnpj(BOLT), at=moment)) == is_valid


@pytest.mark.parametrize("spelling", ["ana@demo.aval.example", "  ANA@Demo.Aval.Example "])
def test_finds_a_person_by_the_address_however_it_is_spelt(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry, spelling: str
) -> None:
    put_in_force(store, arrival(), **whole())
    assert registry.person_by_email(spelling) == ANA_PERSON


@pytest.mark.parametrize("spelling", ["dario@demo.aval.example", "", "not an address", "a" * 400])
def test_finds_nobody_by_an_address_that_nobody_has(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry, spelling: str
) -> None:
    put_in_force(store, arrival(), **whole())
    assert registry.person_by_email(spelling) is None


def test_a_reader_sees_nothing_of_rows_that_are_not_in_force(
    store: DynamoDbRegistryStore, registry: DynamoDbRegistry
) -> None:
    put_in_force(store, arrival(), participantes=[participant()], pessoas=[person()])
    coming = judge_drop(read_drop("b.json", content(participantes=[participant(), aurora()])), {})
    store.write(arrival(sequencer="02").generation, coming, at=NOON)
    assert registry.participant(Cnpj(AURORA)) is None
