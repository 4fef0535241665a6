"""One company's bus: what it asks of the other side, and what it makes of the answers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from aval.adapters import aws
from aval.adapters.ccee import calls
from aval.adapters.ccee.access import AccessUnusable
from aval.adapters.ccee.bus import ccee_bus
from aval.adapters.contract_bus import contract_bus
from aval.contracts.bus import (
    Acting,
    AmountQuery,
    ContractBus,
    ContractQuery,
    FreeAmount,
    KindFilter,
    LinkedParcel,
    Onlooker,
    ParcelQuery,
    ParticipantQuery,
    ProcessingCode,
    ProfileQuery,
    RowStatus,
    Submission,
    UploadRequest,
)
from aval.contracts.model import (
    AmountKind,
    Contract,
    ContractCode,
    ContractKind,
    Market,
    ParcelCode,
    Period,
    RegulatedContract,
    Side,
)
from aval.contracts.paging import CursorRequest, PageRequest
from aval.contracts.refusals import (
    NothingFound,
    ParametersInvalid,
    ProfileForbidden,
    ProviderFailed,
)
from aval.edge.soap import contract_replies, registry_replies
from aval.errors import DomainError
from aval.registry.model import Submarket
from aval.settings import Settings, Variable
from tests.adapters.ccee.test_registry import participant, profile
from tests.support.contracts import (
    BUYER,
    BUYING,
    FEBRUARY,
    JANUARY,
    NOW,
    SELLER,
    SELLING,
    YEAR,
    amount,
    buyer,
    contract,
    terms,
)
from tests.support.soap_peer import (
    ACTING,
    HURRIED,
    Answer,
    Peer,
    Received,
    accepted,
    detail,
    envelope,
    fault,
    peer_running,
    result,
)

CODE = ContractCode(1)
LIST, READ, AMOUNTS = "listarContrato", "obterContrato", "listarMontanteEnergia"
QUERY = ContractQuery(Market.FREE, YEAR, frozenset({SELLER}))


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    with peer_running(tmp_path) as running:
        yield running


def listed(*rows: Any, total: int | None = None) -> Answer:
    body = f"<bmv2:listarContratoResponse>{contract_replies.contracts(rows)}</bmv2:listarContratoResponse>"
    return Answer(envelope(body, total=len(rows) if total is None else total))


def read(row: Any) -> Answer:
    body = (
        f"<bmv2:obterContratoResponse>{contract_replies.contract(row, 'bmv2')}</bmv2:obterContratoResponse>"
    )
    return Answer(envelope(body))


def amounts(*rows: FreeAmount, total: int | None = None, size: int = 1000) -> Answer:
    told = contract_replies.amounts(rows)
    body = f"<bmv2:listarMontanteEnergiaResponse>{told}</bmv2:listarMontanteEnergiaResponse>"
    return Answer(envelope(body, total=len(rows) if total is None else total, size=size))


def of(code: int, *stretches: Period) -> list[FreeAmount]:
    return [FreeAmount(ContractCode(code), AmountKind.AVERAGE, amount(stretch)) for stretch in stretches]


def participants_told(*rows: Any) -> Answer:
    told = registry_replies.participants(rows)
    body = f"<bmv2:listarParticipanteMercadoResponse>{told}</bmv2:listarParticipanteMercadoResponse>"
    return Answer(envelope(body, total=len(rows)))


def texts(message: Received, name: str) -> list[str | None]:
    return [node.text for node in message.root.iter("{*}" + name)]


# Contracts


def test_contracts_come_with_their_amounts_which_are_asked_for_apart(peer: Peer) -> None:
    first = contract(1, amounts=(amount(JANUARY), amount(FEBRUARY)))
    second = contract(2, terms=terms(period=JANUARY), amounts=(amount(JANUARY),))
    regulated = RegulatedContract(ContractCode(9), SELLER, BUYER, YEAR, Submarket.S, "PROINFA")
    peer.on(LIST, listed(first, second, regulated, total=12))
    peer.on(AMOUNTS, amounts(*of(1, FEBRUARY, JANUARY), *of(2, JANUARY)))
    page = peer.bus().contracts(QUERY, PageRequest(2, 3), ACTING)
    assert (page.rows, page.total, page.total_pages) == ((first, second, regulated), 12, 4)
    [asked] = peer.sent(AMOUNTS)
    assert texts(asked, "id") == ["1", "2"]
    assert (asked.text("nome"), asked.text("inicio"), asked.text("fim")) == (
        "MONTANTE_MEDIO",
        "2026-01-01T00:00:00-03:00",
        "2027-01-01T00:00:00-03:00",
    )


def test_amounts_beyond_one_page_are_asked_for_page_by_page(peer: Peer) -> None:
    peer.on(READ, read(contract(amounts=(amount(JANUARY), amount(FEBRUARY)))))
    peer.on(
        AMOUNTS,
        amounts(*of(1, JANUARY), total=1001, size=1000),
        amounts(*of(1, FEBRUARY), total=1001, size=1000),
    )
    found = peer.bus().contract(CODE, None, None, ACTING)
    assert isinstance(found, Contract)
    assert [one.period for one in found.amounts] == [JANUARY, FEBRUARY]
    assert [message.text("numero") for message in peer.sent(AMOUNTS)] == ["1", "2"]


def test_a_contract_without_amounts_is_a_contract(peer: Peer) -> None:
    peer.on(READ, read(contract(amounts=())))
    peer.on(AMOUNTS, fault("3001"))
    assert peer.bus().contract(CODE, Market.FREE, JANUARY, ACTING) == contract(amounts=())
    [asked] = peer.sent(READ)
    assert (asked.text("nome"), asked.text("id"), asked.text("fim")) == (
        "LIVRE",
        "1",
        "2026-02-01T00:00:00-03:00",
    )


def test_a_failure_to_read_amounts_is_no_contract_without_them(peer: Peer) -> None:
    peer.on(READ, read(contract()))
    peer.on(AMOUNTS, fault("4001"))
    with pytest.raises(ProviderFailed):
        peer.bus().contract(CODE, None, None, ACTING)


def test_a_regulated_contract_has_no_amounts_to_ask_for(peer: Peer) -> None:
    regulated = RegulatedContract(ContractCode(9), SELLER, BUYER, YEAR, Submarket.S, "PROINFA")
    peer.on(READ, read(regulated))
    assert peer.bus().contract(ContractCode(9), Market.REGULATED, None, ACTING) == regulated
    assert peer.sent(AMOUNTS) == []


def test_every_filter_of_contracts_is_asked_for(peer: Peer) -> None:
    peer.on(LIST, fault("3001"))
    query = replace(
        QUERY,
        profiles=frozenset({BUYER, SELLER}),
        side=Side.BUYER,
        kinds=(KindFilter(10185, "", 10777), KindFilter(None, "CBR", None)),
        only_not_validated=True,
    )
    with pytest.raises(NothingFound):
        peer.bus().contracts(query, PageRequest(), ACTING)
    [asked] = peer.sent(LIST)
    told = [text.strip() for text in asked.root[1].itertext() if text.strip()]
    assert told == [
        "LIVRE",
        "2026-01-01T00:00:00-03:00",
        "2027-01-01T00:00:00-03:00",
        "10185",
        "10777",
        "CBR",
        str(BUYER),
        str(SELLER),
        "COMPRADOR",
        "Sim",
    ]


def test_a_list_by_cursor_is_walked_by_pages_and_empty_where_nothing_is_found(peer: Peer) -> None:
    peer.on(LIST, listed(contract(1, amounts=()), total=2), listed(contract(2, amounts=()), total=2))
    peer.on(AMOUNTS, fault("3001"))
    bus = peer.bus()
    first = bus.contracts_from(QUERY, CursorRequest(None, 1), ACTING)
    second = bus.contracts_from(QUERY, CursorRequest(first.next_cursor, 1), ACTING)
    assert [one.code for one in (*first.rows, *second.rows)] == [1, 2]
    assert second.next_cursor is None
    peer.on(LIST, fault("3001"))
    assert bus.contracts_from(QUERY, CursorRequest(None, 1), ACTING).rows == ()


def test_amounts_are_asked_for_as_they_were_asked_here(peer: Peer) -> None:
    rows = of(3, JANUARY)
    peer.on(AMOUNTS, amounts(*rows))
    query = AmountQuery(Market.FREE, AmountKind.AVERAGE, YEAR, frozenset({ContractCode(3)}), True)
    assert peer.bus().amounts(query, PageRequest(), ACTING).rows == tuple(rows)
    assert peer.received[0].text("listarMontantesNaoValidados") == "Sim"


def test_an_old_moment_is_told_in_utc_where_its_offset_had_seconds(peer: Peer) -> None:
    peer.on(LIST, fault("3001"))
    ever = Period(datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 2, tzinfo=UTC))
    with pytest.raises(NothingFound):
        peer.bus().contracts(replace(QUERY, period=ever), PageRequest(), ACTING)
    asked = peer.received[0]
    assert (asked.text("inicio"), asked.text("fim")) == (
        "1900-01-01T00:00:00+00:00",
        "2200-01-01T21:00:00-03:00",
    )


# Validation


def test_amounts_are_validated_by_a_file_of_one_row_that_is_waited_for(peer: Peer) -> None:
    peer.on(READ, read(contract()))
    peer.on(AMOUNTS, amounts(*of(1, YEAR)))
    peer.on(
        "obterResultadoProcessamento",
        fault("3001"),
        result(5, "EM_PROCESSAMENTO", total=0),
        result(5, "CONCLUIDO", detail("SUCESSO", "validado", 1, row=1), total=1),
    )
    peer.on("importarArquivo", accepted(5))
    begins = frozenset({JANUARY.begins, FEBRUARY.begins})
    found = peer.bus().validate(CODE, begins, ACTING, at=NOW)
    assert (found.status, found.contract, found.description) == (RowStatus.DONE, 1, "validado")
    [message] = peer.sent("importarArquivo")
    assert message.text("arquivo") == (
        '<ContratosCCEAL tipoGeracao="24"><Contrato sequencialControle="1" numeroContrato="1">'
        '<MontanteMedio vigenciaDeInicio="01/01/2026 00" validarMontante="X"/>'
        '<MontanteMedio vigenciaDeInicio="01/02/2026 00" validarMontante="X"/>'
        "</Contrato></ContratosCCEAL>"
    )


def test_a_cbr_is_validated_by_a_file_of_its_own_root(peer: Peer) -> None:
    peer.on(READ, read(contract(kind=ContractKind.CBR, terms=terms(cceal_type=None, cbr_type=1))))
    peer.on(AMOUNTS, fault("3001"))
    done = result(5, "CONCLUIDO", detail("ERRO", "fora do prazo", row=1), total=1)
    peer.on("obterResultadoProcessamento", fault("3001"), done)
    peer.on("importarArquivo", accepted(5))
    found = peer.bus().validate(CODE, frozenset({JANUARY.begins}), ACTING, at=NOW)
    assert found.status is RowStatus.REFUSED
    text = peer.sent("importarArquivo")[0].text("arquivo")
    assert text is not None
    assert text.startswith("<ContratosCBR ")


def test_a_validation_that_takes_too_long_is_told_with_its_code(peer: Peer) -> None:
    peer.on(READ, read(contract()))
    peer.on(AMOUNTS, fault("3001"))
    peer.on("obterResultadoProcessamento", fault("3001"), result(6, "EM_PROCESSAMENTO", total=0))
    peer.on("importarArquivo", accepted(6))
    with pytest.raises(ProviderFailed) as failed:
        peer.bus(patience=HURRIED).validate(CODE, frozenset({JANUARY.begins}), ACTING, at=NOW)
    assert "processamento 6" in failed.value.detail
    assert len(peer.sent("importarArquivo")) == 1


def test_amounts_of_a_regulated_contract_are_not_validated(peer: Peer) -> None:
    peer.on(READ, read(RegulatedContract(CODE, SELLER, BUYER, YEAR, Submarket.S, "PROINFA")))
    with pytest.raises(ParametersInvalid):
        peer.bus().validate(CODE, frozenset({JANUARY.begins}), ACTING, at=NOW)
    assert peer.sent("importarArquivo") == []


# Registry


def test_profiles_are_told_with_the_cnpj_of_their_participant(peer: Peer) -> None:
    told = registry_replies.profiles([profile()])
    body = (
        f"<bmv2:listarPerfilParticipanteMercadoResponse>{told}</bmv2:listarPerfilParticipanteMercadoResponse>"
    )
    peer.on("listarPerfilParticipanteMercado", Answer(envelope(body, total=1)))
    peer.on("listarParticipanteMercado", participants_told(participant()))
    page = peer.bus().profiles(ProfileQuery(), PageRequest())
    assert page.rows == (profile(),)
    assert peer.sent("listarParticipanteMercado")[0].text("codigo") == "1002"


@pytest.mark.parametrize(
    ("typed", "asked"), [("33.047.509/0001-49", "33047509000149"), ("bolt", "bolt"), ("33.047", "33.047")]
)
def test_a_participant_that_is_typed_is_asked_for_by_its_whole_cnpj_or_by_its_sigla(
    peer: Peer, typed: str, asked: str
) -> None:
    peer.on("listarParticipanteMercado", participants_told(participant()))
    assert peer.bus().participants_like(typed, most=5) == (participant(),)
    [sent] = peer.received
    assert asked.encode() in sent.body


def test_participants_are_asked_for_through_the_profile_of_the_access(peer: Peer) -> None:
    peer.on("listarParticipanteMercado", participants_told(participant()))
    query = ParticipantQuery(codes=frozenset({1002}), cnpjs=frozenset({SELLING}), class_code=4, at=NOW)
    assert peer.bus().participants(query, PageRequest()).rows == (participant(),)
    [asked] = peer.received
    assert asked.text("codigoPerfilAgente") == str(SELLER)
    assert (texts(asked, "codigo"), asked.text("inicio")) == (["1002", "4"], "2026-01-05T10:00:00-03:00")


@pytest.mark.parametrize(
    "query",
    [ProfileQuery(cnpjs=frozenset({SELLING})), ProfileQuery(codes=frozenset({1, 2}))],
    ids=["by cnpj", "two codes"],
)
def test_what_the_other_service_cannot_be_asked_is_said_and_not_left_out(
    peer: Peer, query: ProfileQuery
) -> None:
    with pytest.raises(ParametersInvalid):
        peer.bus().profiles(query, PageRequest())
    assert peer.received == []


def test_links_of_parcels_are_their_own_operation(peer: Peer) -> None:
    written = LinkedParcel(ParcelCode(7001), ())
    told = contract_replies.linked_parcels([written])
    body = f"<bmv2:listarParcelaAtivoResponse>{told}</bmv2:listarParcelaAtivoResponse>"
    peer.on("listarAtivoAssociadoContrato", Answer(envelope(body, total=1)))
    query = ParcelQuery(codes=frozenset({ParcelCode(7001)}))
    assert peer.bus().linked_parcels(query, PageRequest(), ACTING).rows == (written,)


# Whose bus it is


STRANGER = Acting(buyer(), frozenset({BUYER}))
ACTS: dict[str, Callable[[ContractBus], object]] = {
    "submit": lambda bus: bus.submit(Submission(STRANGER, "<a/>"), at=NOW),
    "latest submission": lambda bus: bus.latest_submission("0" * 64, STRANGER),
    "outcome": lambda bus: bus.outcome(ProcessingCode(1), PageRequest(), STRANGER),
    "contracts": lambda bus: bus.contracts(QUERY, PageRequest(), STRANGER),
    "contracts from": lambda bus: bus.contracts_from(QUERY, CursorRequest(), STRANGER),
    "contract": lambda bus: bus.contract(CODE, None, None, STRANGER),
    "amounts": lambda bus: bus.amounts(
        AmountQuery(Market.FREE, AmountKind.AVERAGE, YEAR), PageRequest(), STRANGER
    ),
    "validate": lambda bus: bus.validate(CODE, frozenset({NOW}), STRANGER, at=NOW),
    "linked parcels": lambda bus: bus.linked_parcels(ParcelQuery(), PageRequest(), STRANGER),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_look_or_act_for_the_company_is_refused_before_anything_is_asked(
    peer: Peer, act: str
) -> None:
    with pytest.raises(ProfileForbidden) as refused:
        ACTS[act](peer.bus())
    assert SELLING.masked in refused.value.detail
    assert peer.received == []


def test_access_denied_to_profiles_that_a_list_names_is_their_affair(peer: Peer) -> None:
    peer.on(LIST, fault("2001"))
    with pytest.raises(ProfileForbidden):
        peer.bus().contracts(replace(QUERY, profiles=frozenset({SELLER, BUYER})), PageRequest(), ACTING)
    with pytest.raises(ProviderFailed):
        peer.bus().contracts(QUERY, PageRequest(), ACTING)


def test_who_looks_without_a_profile_looks_through_the_one_of_the_access(peer: Peer) -> None:
    peer.on(LIST, fault("3001"))
    onlooker = Onlooker(frozenset({SELLER, BUYER}), frozenset({SELLING, BUYING}))
    with pytest.raises(NothingFound):
        peer.bus().contracts(QUERY, PageRequest(), onlooker)
    assert peer.received[0].text("codigoPerfilAgente") == str(SELLER)


# What it has not


def test_it_takes_no_uploads_and_knows_no_history_and_no_list_of_imports_and_says_so(peer: Peer) -> None:
    bus: ContractBus = peer.bus()
    refusals: list[tuple[type[DomainError], Callable[[], object]]] = [
        (ParametersInvalid, lambda: bus.prepare_upload(UploadRequest(ACTING, 9_000_000, "0" * 64), at=NOW)),
        (NothingFound, lambda: bus.history(CODE, CursorRequest(), ACTING)),
        (ParametersInvalid, lambda: bus.submitted_from(CursorRequest(), ACTING)),
    ]
    for refusal, act in refusals:
        with pytest.raises(refusal):
            act()
    assert peer.received == []


# Settings


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    aws.secretsmanager.cache_clear()
    with mock_aws():
        yield boto3.client("secretsmanager")
    aws.secretsmanager.cache_clear()


def secret_of(peer: Peer, **changes: str) -> str:
    access = peer.access()
    told = {
        "cnpj": access.company,
        "perfil": access.profile,
        "senha": access.password,
        "certificado": access.identity.certificate.decode(),
        "chave": access.identity.private_key.decode(),
        "autoridades": access.authorities.decode(),
        **changes,
    }
    return json.dumps(told)


def test_settings_name_the_environment_and_one_secret(peer: Peer, secrets: Any) -> None:
    arn = secrets.create_secret(Name="barramento", SecretString=secret_of(peer))["ARN"]
    chosen = {Variable.CONTRACT_BUS: "CCEE", Variable.CCEE_URL: peer.url, Variable.CCEE_SECRET: arn}
    bus = contract_bus(Settings(chosen))
    peer.on("listarParticipanteMercado", participants_told(participant()))
    assert bus.participants(ParticipantQuery(), PageRequest()).total == 1


def test_a_new_secret_is_taken_within_minutes_and_a_broken_one_is_not(
    peer: Peer, secrets: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    arn = secrets.create_secret(Name="barramento", SecretString=secret_of(peer))["ARN"]
    bus = ccee_bus(Settings({Variable.CCEE_URL: peer.url, Variable.CCEE_SECRET: arn}))
    peer.on("listarParticipanteMercado", participants_told(participant()))
    monkeypatch.setattr(calls, "RENEWED_SECONDS", -1.0)
    for secret in (secret_of(peer, senha="11112222"), "{}", secret_of(peer, chave="x")):
        secrets.put_secret_value(SecretId=arn, SecretString=secret)
        bus.participants(ParticipantQuery(), PageRequest())
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    bus.participants(ParticipantQuery(), PageRequest())
    assert [message.text("Password") for message in peer.received] == ["11112222"] * 4
    assert caplog.messages == ["access to other bus not renewed"] * 3


def test_settings_that_name_no_environment_are_refused(secrets: Any) -> None:
    arn = secrets.create_secret(Name="barramento", SecretString="{}")["ARN"]
    for url in ("homologacao", "https://localhost"):
        with pytest.raises(AccessUnusable):
            ccee_bus(Settings({Variable.CCEE_URL: url, Variable.CCEE_SECRET: arn}))
