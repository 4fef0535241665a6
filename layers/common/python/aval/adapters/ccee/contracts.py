"""Contracts, amounts and links as the other bus tells them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from aval.adapters.ccee.replies import Element, ReplyUnreadable, boolean, decimal, moment
from aval.contracts.bus import AnyAmount, AnyContract, ContractLink, FreeAmount, LinkedParcel
from aval.contracts.codes import Table, code_tables
from aval.contracts.model import (
    Amount,
    AmountKind,
    AmountSituation,
    Contract,
    ContractCode,
    ContractKind,
    ContractSituation,
    Energy,
    LevelUnit,
    LoadLevels,
    Market,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    RegulatedAmount,
    RegulatedContract,
    Side,
    Terms,
)
from aval.registry.model import Submarket


def period(told: Element, name: str = "periodoVigencia") -> Period:
    begins, ends = (told.read(moment, name, bound).astimezone(UTC) for bound in ("inicio", "fim"))
    if begins >= ends:
        raise ReplyUnreadable(f"{name}/fim")
    return Period(begins, ends)


def code(told: Element) -> ContractCode:
    return _code(told, "id")


def contract(told: Element, amounts: Mapping[ContractCode, Iterable[Amount]]) -> AnyContract:
    """A contract with its amounts, which were asked for apart; a regulated one has none of its own."""
    if market_of(told) is Market.REGULATED:
        return _regulated(told)
    return Contract(
        code=code(told),
        kind=told.read(_kind, "tipoContrato", "id"),
        terms=_terms(told),
        situation=told.read(_contract_situation, "situacao", "id"),
        amounts=tuple(sorted(amounts[code(told)], key=lambda amount: amount.period)),
        registered_at=_instant(told, "dataRegistro"),
        changed_at=_instant(told, "dataAlteracao"),
        version=told.read(int, "versao"),
        closing_at=told.read_optional(moment, "dataFinalizacao"),
        closing_asked_by=told.read_optional(Side, "finalizacaoPedidaPor"),
    )


def market_of(told: Element) -> Market:
    return told.read(Market, "ambienteContratacao", "nome")


def _regulated(told: Element) -> RegulatedContract:
    return RegulatedContract(
        code=code(told),
        seller=_party(told, "vendedor"),
        buyer=_party(told, "comprador"),
        period=period(told),
        submarket=told.read(submarket, "submercado", "id"),
        product=told.required_text("produto", "nome"),
    )


def _terms(told: Element) -> Terms:
    assigned = told.read_optional(int, "contratoCessao", "id")
    return Terms(
        seller=_party(told, "vendedor"),
        buyer=_party(told, "comprador"),
        period=period(told),
        delivery_submarket=told.read(submarket, "submercado", "id"),
        origin_submarket=told.read_optional(submarket, "submercadoOrigem", "id"),
        cceal_type=told.read_optional(int, "tipoCCEAL"),
        cbr_type=told.read_optional(int, "tipoCBR"),
        reference=told.text("referencia"),
        remark=told.text("observacao"),
        relieves_exposure=bool(told.read_optional(boolean, "direitoAlivioExposicao")),
        ballast=told.text("parteVerificacaoLastro"),
        ballast_parcels=_parcels(told, "parcelasLastro"),
        assigned_from=None if assigned is None else ContractCode(assigned),
    )


def amount(told: Element) -> AnyAmount:
    kind = told.read(AmountKind, "tipoMontanteEnergia", "nome")
    owner = _code(told, "contrato", "id")
    stretch = period(told)
    if kind.market is Market.REGULATED:
        return RegulatedAmount(owner, kind, stretch, told.read(decimal, "montante"))
    energy = _energy(told, stretch)
    return FreeAmount(owner, kind, Amount(energy, told.read(_amount_situation, "situacao", "id")))


def _energy(told: Element, stretch: Period) -> Energy:
    modulation = told.require("modulacao")
    bounds = [
        modulation.read_optional(decimal, name) for name in ("limiteMinimoModulacao", "limiteMaximoModulacao")
    ]
    least, most = bounds
    levels = modulation.find("patamares")
    return Energy(
        period=stretch,
        average_mw=told.read(decimal, "montante"),
        modulation=modulation.read(ModulationKind, "tipoModulacao"),
        limits=None if least is None or most is None else (least, most),
        parcels=_parcels(modulation, "parcelasAtivo"),
        hourly_mwh=modulation.read_optional(_decimals, "montantesHorarios") or (),
        levels=None if levels is None else _levels(levels),
    )


def _levels(told: Element) -> LoadLevels:
    light, middle, heavy = (
        told.read(decimal, name) for name in ("patamarLeve", "patamarMedio", "patamarPesado")
    )
    return LoadLevels(told.read(LevelUnit, "unidadePatamar"), light, middle, heavy)


def linked_parcel(told: Element) -> LinkedParcel:
    links = [
        ContractLink(
            _code(link, "id"),
            period(link, "periodoAssociado"),
            link.read(ModulationKind, "tipoModulacao"),
        )
        for link in told.all("contratosAssociado", "contratoAssociado")
    ]
    return LinkedParcel(ParcelCode(told.read(int, "codigo")), tuple(links))


def submarket(text: str) -> Submarket:
    return Submarket(int(text))


def _instant(told: Element, name: str) -> datetime:
    return told.read(moment, name).astimezone(UTC)


def _code(told: Element, *path: str) -> ContractCode:
    return ContractCode(told.read(int, *path))


def _parcels(told: Element, name: str) -> tuple[ParcelCode, ...]:
    return tuple(ParcelCode(one.read(int, "codigo")) for one in told.all(name, "parcelaAtivo"))


def _party(told: Element, side: str) -> ProfileCode:
    return ProfileCode(told.read(int, side, "perfil", "id"))


def _kind(text: str) -> ContractKind:
    return ContractKind(_name_of(Table.CONTRACT_TYPE, text))


def _contract_situation(text: str) -> ContractSituation:
    return ContractSituation(_name_of(Table.CONTRACT_SITUATION, text))


def _amount_situation(text: str) -> AmountSituation:
    return AmountSituation(_name_of(Table.AMOUNT_SITUATION, text))


def _name_of(table: Table, number: str) -> str:
    """Our own word for a number of a code table; raise `KeyError` for one that the table has not."""
    names = {one.id: name for name, one in code_tables()[table].items()}
    return names[int(number)]


def _decimals(text: str) -> tuple[Decimal, ...]:
    return tuple(decimal(one) for one in text.split())
