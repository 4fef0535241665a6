"""What our own SOAP writers say is read back as it was; what is missing is told by its name."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from lxml import etree

from aval.adapters.ccee import contracts as replies
from aval.adapters.ccee.replies import Element, ReplyUnreadable, parsed
from aval.contracts.bus import AnyAmount, ContractLink, FreeAmount, LinkedParcel
from aval.contracts.model import (
    AmountKind,
    AmountSituation,
    Contract,
    ContractCode,
    ContractKind,
    ContractSituation,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    ParcelCode,
    Period,
    RegulatedAmount,
    RegulatedContract,
    Side,
    local_hour,
)
from aval.edge.soap import contract_replies as writers
from aval.registry.model import Submarket
from tests.support.contracts import BUYER, JANUARY, NOW, SELLER, YEAR, amount, contract, terms
from tests.support.soap_peer import envelope

PARCELS = (ParcelCode(7001), ParcelCode(7002))


def body(written: str) -> Element:
    return parsed(envelope(written)).require("Body").content()


CONTRACTS = {
    "plain": contract(),
    "every term": contract(
        2,
        terms=terms(
            origin_submarket=Submarket.NE,
            reference="REF <1> & 'ç'",
            remark="linha 1\nlinha 2",
            relieves_exposure=True,
            ballast="G",
            ballast_parcels=PARCELS,
            assigned_from=ContractCode(1),
        ),
    ),
    "cbr": contract(3, kind=ContractKind.CBR, terms=terms(cceal_type=None, cbr_type=4)),
    "closing": contract(
        4, situation=ContractSituation.FINISHING, closing_at=NOW, closing_asked_by=Side.SELLER, version=7
    ),
    "draft without amounts": contract(5, situation=ContractSituation.DRAFT, amounts=()),
    "validated": contract(
        6, situation=ContractSituation.VALIDATED, amounts=(amount(situation=AmountSituation.VALIDATED),)
    ),
}


@pytest.mark.parametrize("kind", CONTRACTS)
def test_a_free_contract_is_read_as_it_was_written(kind: str) -> None:
    written = CONTRACTS[kind]
    told = body(writers.contract(written, "bov2"))
    assert replies.contract(told, {written.code: written.amounts}) == written


@pytest.mark.parametrize("situation", ContractSituation)
def test_every_situation_of_a_contract_is_read(situation: ContractSituation) -> None:
    written = contract(situation=situation, amounts=())
    read = replies.contract(body(writers.contract(written, "bmv2")), {written.code: ()})
    assert isinstance(read, Contract)
    assert read.situation is situation


def test_amounts_of_a_contract_are_in_their_order() -> None:
    second = Period(local_hour(2026, 2, 1), local_hour(2027, 1, 1))
    written = contract(amounts=(amount(JANUARY), amount(second)))
    told = body(writers.contract(written, "bov2"))
    assert replies.contract(told, {written.code: reversed(written.amounts)}) == written


def test_a_regulated_contract_is_read_as_it_was_written() -> None:
    written = RegulatedContract(ContractCode(9), SELLER, BUYER, YEAR, Submarket.N, "PROINFA & <x>")
    assert replies.contract(body(writers.contract(written, "bov2")), {}) == written


def free(kind: AmountKind = AmountKind.AVERAGE, **changes: object) -> FreeAmount:
    return FreeAmount(ContractCode(3), kind, amount(JANUARY, **changes))  # type: ignore[arg-type]


AMOUNTS: dict[str, AnyAmount] = {
    "flat": free(),
    "adjusted": free(situation=AmountSituation.ADJUSTED),
    "by load": free(
        modulation=ModulationKind.LOAD, parcels=PARCELS, limits=(Decimal("0.900000"), Decimal("1.100000"))
    ),
    "by the hour": free(
        AmountKind.MODULATED,
        modulation=ModulationKind.DECLARED,
        hourly_mwh=tuple(Decimal(hour) / 4 for hour in range(JANUARY.hours)),
    ),
    "by load level": free(
        AmountKind.MODULATED,
        modulation=ModulationKind.DECLARED,
        levels=LoadLevels(LevelUnit.AVERAGE_MW, Decimal("1.5"), Decimal(2), Decimal("2.000001")),
    ),
    "regulated": RegulatedAmount(ContractCode(9), AmountKind.MONTHLY, JANUARY, Decimal("1234.567890")),
    "tiny": RegulatedAmount(ContractCode(9), AmountKind.YEARLY, YEAR, Decimal("0.0000001")),
}


def read_amounts(rows: Iterable[AnyAmount]) -> list[AnyAmount]:
    return [replies.amount(one) for one in body(writers.amounts(rows)).all("montanteEnergia")]


@pytest.mark.parametrize("kind", AMOUNTS)
def test_an_amount_is_read_as_it_was_written(kind: str) -> None:
    assert read_amounts([AMOUNTS[kind]]) == [AMOUNTS[kind]]


@pytest.mark.parametrize("modulation", ModulationKind)
def test_every_modulation_is_read(modulation: ModulationKind) -> None:
    assert read_amounts([free(modulation=modulation)]) == [free(modulation=modulation)]


def test_a_page_of_amounts_is_read_whole() -> None:
    assert read_amounts(AMOUNTS.values()) == list(AMOUNTS.values())


def test_a_parcel_and_its_links_are_read_as_they_were_written() -> None:
    links = tuple(
        ContractLink(ContractCode(code), JANUARY, modulation)
        for code, modulation in ((1, ModulationKind.LOAD), (2, ModulationKind.GENERATION))
    )
    written = LinkedParcel(PARCELS[0], links)
    told = body(writers.linked_parcels([written])).all("parcelaAtivo")
    assert [replies.linked_parcel(one) for one in told] == [written]


REQUIRED = (
    "id",
    "ambienteContratacao",
    "tipoContrato",
    "periodoVigencia",
    "vendedor",
    "comprador",
    "submercado",
    "situacao",
    "dataRegistro",
    "dataAlteracao",
    "versao",
)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("how", ["missing", "empty", "wrong"])
def test_a_contract_without_what_it_must_say_is_not_made_up(name: str, how: str) -> None:
    told = body(writers.contract(contract(), "bov2"))
    [node] = told.all(name)
    if how == "missing":
        told.node.remove(node.node)
    else:
        for child in [node.node, *node.node.iter()]:
            if not len(child):
                child.text = "" if how == "empty" else "outra coisa"
    with pytest.raises(ReplyUnreadable) as refused:
        replies.contract(told, {ContractCode(1): ()})
    assert name in refused.value.element
    assert "outra coisa" not in refused.value.detail


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    written = writers.contract(contract(), "bov2").replace("2027-01-01", "2025-01-01")
    with pytest.raises(ReplyUnreadable):
        replies.contract(body(written), {ContractCode(1): ()})


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1,5", "1e", "", "0x1"])
def test_an_amount_that_is_no_number_is_none(value: str) -> None:
    told = body(writers.amounts([free()])).require("montanteEnergia")
    told.require("montante").node.text = value
    with pytest.raises(ReplyUnreadable):
        replies.amount(told)


def test_a_date_without_an_offset_is_that_of_sao_paulo() -> None:
    written = writers.contract(contract(), "bov2").replace("-03:00", "")
    read = replies.contract(body(written), {ContractCode(1): contract().amounts})
    assert read == contract()


def test_elements_of_another_version_and_unknown_ones_are_no_matter() -> None:
    told = body(writers.contract(contract(), "bov2"))
    etree.SubElement(told.node, "{urn:x}novidade").text = "x"
    for node in told.node.iter():
        node.tag = f"{{http://xmlns.energia.org.br/BO/v3}}{etree.QName(node).localname}"
    assert replies.contract(told, {ContractCode(1): contract().amounts}) == contract()
