"""Contracts, amounts and results of imports, as replies tell them (BO v2 and v1)."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from aval.contracts import codes
from aval.contracts.bus import (
    AnyAmount,
    AnyContract,
    ContractLink,
    FreeAmount,
    LinkedParcel,
    Processing,
    ProcessingCode,
    RowResult,
)
from aval.contracts.model import (
    AmountKind,
    AmountSituation,
    Contract,
    ContractKind,
    ContractSituation,
    Energy,
    Market,
    ParcelCode,
    Period,
    RegulatedContract,
    Terms,
)
from aval.edge.soap.writing import escaped, moment, number, submarket, truth

_FREE, _REGULATED = (
    f"<bov2:ambienteContratacao><bov2:nome>{market}</bov2:nome></bov2:ambienteContratacao>"
    for market in Market
)
_RESULTS: Final = "ResultadosProcessamentoImportacaoContrato"
_UNITS: Final = {Market.FREE: "MW_MEDIO", Market.REGULATED: "MWH"}


def contracts(rows: Iterable[AnyContract]) -> str:
    return f"<bmv2:contratos>{''.join(contract(row, 'bov2') for row in rows)}</bmv2:contratos>"


def contract(row: AnyContract, prefix: str) -> str:
    """`prefix` is that of the element itself: a request's only contract belongs to the message (BM)."""
    inner = _regulated_contract(row) if isinstance(row, RegulatedContract) else _free_contract(row)
    return f"<{prefix}:contrato>{inner}</{prefix}:contrato>"


def amounts(rows: Iterable[AnyAmount]) -> str:
    return f"<bmv2:montantesEnergia>{''.join(_amount(row) for row in rows)}</bmv2:montantesEnergia>"


def linked_parcels(rows: Iterable[LinkedParcel]) -> str:
    return f"<bmv2:parcelasAtivo>{''.join(_linked_parcel(row) for row in rows)}</bmv2:parcelasAtivo>"


def processing_code(code: ProcessingCode) -> str:
    return f"<bm:codigoProcessamento>{code}</bm:codigoProcessamento>"


def processing(told: Processing, results: Iterable[RowResult] | None) -> str:
    """`results` is None while it runs: a client asks again until the details are there."""
    received = (
        ""
        if told.received_at is None
        else f"<bo:dataRecebimento>{moment(told.received_at)}</bo:dataRecebimento>"
    )
    total = "" if told.total_rows is None else f"<bo:total>{told.total_rows}</bo:total>"
    details = ""
    if results is not None:
        rows = "".join(_detail(row) for row in results)
        details = f"<bo:{_RESULTS}>{rows}</bo:{_RESULTS}>"
    return (
        f"<bm:resultadoProcessamento><bo:codigoProcessamento>{told.code}</bo:codigoProcessamento>"
        f"<bo:situacao>{told.state}</bo:situacao>{received}"
        f"<bo:linhas>{total}<bo:processadas>{told.done_rows}</bo:processadas>"
        f"<bo:comErro>{told.failed_rows}</bo:comErro></bo:linhas>"
        f"{details}</bm:resultadoProcessamento>"
    )


def _detail(row: RowResult) -> str:
    contract_code = (
        "" if row.contract is None else f"<bo:contrato><bo:codigo>{row.contract}</bo:codigo></bo:contrato>"
    )
    # The one result of a file that cannot be read is of no row.
    line = f"<bo:linha>{row.row}</bo:linha>" if row.row > 0 else ""
    sequence = (
        f"<bo:sequencialControle>{escaped(row.sequence)}</bo:sequencialControle>" if row.sequence else ""
    )
    return (
        f"<bo:detalhe><bo:status>{row.status}</bo:status><bo:descricao>{escaped(row.description)}</bo:descricao>"
        f"{contract_code}{line}{sequence}</bo:detalhe>"
    )


def _free_contract(row: Contract) -> str:
    terms = row.terms
    closing = (
        ""
        if row.closing_at is None
        else f"<bov2:dataFinalizacao>{moment(row.closing_at)}</bov2:dataFinalizacao>"
    )
    if row.closing_asked_by is not None:
        closing += f"<bov2:finalizacaoPedidaPor>{row.closing_asked_by}</bov2:finalizacaoPedidaPor>"
    return (
        f"<bov2:id>{row.code}</bov2:id>{_FREE}{_contract_type(row.kind, terms.cceal_type)}"
        f"{_period('periodoVigencia', terms.period)}"
        f"<bov2:vendedor><bov2:perfil><bov2:id>{terms.seller}</bov2:id></bov2:perfil></bov2:vendedor>"
        f"<bov2:comprador><bov2:perfil><bov2:id>{terms.buyer}</bov2:id></bov2:perfil></bov2:comprador>"
        f"{submarket('submercado', terms.delivery_submarket)}{_origin_and_types(terms)}"
        f"{_contract_situation(row.situation)}"
        f"<bov2:possuiMontanteNaoValidado>{truth(row.has_amounts_not_validated)}</bov2:possuiMontanteNaoValidado>"
        f"{_written_terms(terms)}"
        f"<bov2:dataRegistro>{moment(row.registered_at)}</bov2:dataRegistro>"
        f"<bov2:dataAlteracao>{moment(row.changed_at)}</bov2:dataAlteracao>"
        f"<bov2:versao>{row.version}</bov2:versao>{closing}"
    )


def _origin_and_types(terms: Terms) -> str:
    origin = "" if terms.origin_submarket is None else submarket("submercadoOrigem", terms.origin_submarket)
    cceal = "" if terms.cceal_type is None else f"<bov2:tipoCCEAL>{terms.cceal_type}</bov2:tipoCCEAL>"
    cbr = "" if terms.cbr_type is None else f"<bov2:tipoCBR>{terms.cbr_type}</bov2:tipoCBR>"
    return f"{origin}{cceal}{cbr}"


def _written_terms(terms: Terms) -> str:
    reference = f"<bov2:referencia>{escaped(terms.reference)}</bov2:referencia>" if terms.reference else ""
    remark = f"<bov2:observacao>{escaped(terms.remark)}</bov2:observacao>" if terms.remark else ""
    relief = truth(terms.relieves_exposure)
    ballast = (
        f"<bov2:parteVerificacaoLastro>{escaped(terms.ballast)}</bov2:parteVerificacaoLastro>"
        if terms.ballast
        else ""
    )
    assigned = (
        ""
        if terms.assigned_from is None
        else f"<bov2:contratoCessao><bov2:id>{terms.assigned_from}</bov2:id></bov2:contratoCessao>"
    )
    return (
        f"{reference}{remark}<bov2:direitoAlivioExposicao>{relief}</bov2:direitoAlivioExposicao>"
        f"{ballast}{_parcels('parcelasLastro', terms.ballast_parcels)}{assigned}"
    )


def _regulated_contract(row: RegulatedContract) -> str:
    return (
        f"<bov2:id>{row.code}</bov2:id>{_REGULATED}{_contract_type(ContractKind.REGULATED, None)}"
        f"{_period('periodoVigencia', row.period)}"
        f"<bov2:vendedor><bov2:perfil><bov2:id>{row.seller}</bov2:id></bov2:perfil></bov2:vendedor>"
        f"<bov2:comprador><bov2:perfil><bov2:id>{row.buyer}</bov2:id></bov2:perfil></bov2:comprador>"
        f"{submarket('submercado', row.submarket)}"
        f"<bov2:produto><bov2:nome>{escaped(row.product)}</bov2:nome></bov2:produto>"
    )


@cache
def _contract_type(kind: ContractKind, cceal_type: int | None) -> str:
    type_, subtype = codes.contract_type(kind), codes.contract_subtype(kind, cceal_type)
    inner = (
        ""
        if subtype is None
        else f"<bov2:subTipo><bov2:id>{subtype.id}</bov2:id>"
        f"<bov2:descricao>{escaped(subtype.description)}</bov2:descricao></bov2:subTipo>"
    )
    return (
        f"<bov2:tipoContrato><bov2:id>{type_.id}</bov2:id><bov2:codigo>{escaped(type_.code)}</bov2:codigo>"
        f"<bov2:descricao>{escaped(type_.description)}</bov2:descricao>{inner}</bov2:tipoContrato>"
    )


@cache
def _contract_situation(situation: ContractSituation) -> str:
    return _situation(codes.contract_situation(situation))


@cache
def _amount_situation(situation: AmountSituation) -> str:
    return _situation(codes.amount_situation(situation))


def _situation(code: codes.Code) -> str:
    name = escaped(code.code)
    return f"<bov2:situacao><bov2:id>{code.id}</bov2:id><bov2:nome>{name}</bov2:nome></bov2:situacao>"


def _amount(row: AnyAmount) -> str:
    if isinstance(row, FreeAmount):
        energy = row.amount.energy
        tail = f"{_modulation(energy, row.kind)}{_amount_situation(row.amount.situation)}"
        return _energy(row.contract, row.kind, energy.period, energy.average_mw, tail)
    return _energy(row.contract, row.kind, row.period, row.energy_mwh, "")


def _energy(contract_code: int, kind: AmountKind, period: Period, value: Decimal, tail: str) -> str:
    return (
        f"<bov2:montanteEnergia><bov2:contrato><bov2:id>{contract_code}</bov2:id></bov2:contrato>"
        f"<bov2:tipoMontanteEnergia><bov2:nome>{kind}</bov2:nome></bov2:tipoMontanteEnergia>"
        f"{_period('periodoVigencia', period)}<bov2:montante>{number(value)}</bov2:montante>"
        f"<bov2:unidade>{_UNITS[kind.market]}</bov2:unidade>{tail}</bov2:montanteEnergia>"
    )


def _modulation(energy: Energy, kind: AmountKind) -> str:
    limits = ""
    if energy.limits is not None:
        least, most = map(number, energy.limits)
        limits = (
            f"<bov2:limiteMinimoModulacao>{least}</bov2:limiteMinimoModulacao>"
            f"<bov2:limiteMaximoModulacao>{most}</bov2:limiteMaximoModulacao>"
        )
    declared = _declared(energy) if kind is AmountKind.MODULATED else ""
    return (
        f"<bov2:modulacao><bov2:tipoModulacao>{energy.modulation}</bov2:tipoModulacao>{limits}"
        f"{_parcels('parcelasAtivo', energy.parcels)}{declared}</bov2:modulacao>"
    )


def _declared(energy: Energy) -> str:
    hours = " ".join(map(number, energy.hourly_mwh))
    hourly = f"<bov2:montantesHorarios>{hours}</bov2:montantesHorarios>" if hours else ""
    levels = energy.levels
    if levels is None:
        return hourly
    return (
        f"{hourly}<bov2:patamares><bov2:unidadePatamar>{levels.unit}</bov2:unidadePatamar>"
        f"<bov2:patamarLeve>{number(levels.light)}</bov2:patamarLeve>"
        f"<bov2:patamarMedio>{number(levels.middle)}</bov2:patamarMedio>"
        f"<bov2:patamarPesado>{number(levels.heavy)}</bov2:patamarPesado></bov2:patamares>"
    )


def _parcels(name: str, parcels: tuple[ParcelCode, ...]) -> str:
    if not parcels:
        return ""
    listed = "".join(
        f"<bov2:parcelaAtivo><bov2:codigo>{code}</bov2:codigo></bov2:parcelaAtivo>" for code in parcels
    )
    return f"<bov2:{name}>{listed}</bov2:{name}>"


def _linked_parcel(row: LinkedParcel) -> str:
    modality = codes.modulation_modality()
    return (
        f"<bov2:parcelaAtivo><bov2:codigo>{row.parcel}</bov2:codigo>"
        f"<bov2:modalidade><bov2:codigo>{modality.id}</bov2:codigo>"
        f"<bov2:descricao>{escaped(modality.description)}</bov2:descricao></bov2:modalidade>"
        f"<bov2:contratosAssociado>{''.join(_link(link) for link in row.links)}</bov2:contratosAssociado>"
        f"</bov2:parcelaAtivo>"
    )


def _link(link: ContractLink) -> str:
    return (
        f"<bov2:contratoAssociado><bov2:id>{link.contract}</bov2:id>"
        f"{_period('periodoAssociado', link.period)}"
        f"<bov2:tipoModulacao>{link.modulation}</bov2:tipoModulacao></bov2:contratoAssociado>"
    )


def _period(name: str, period: Period) -> str:
    return (
        f"<bov2:{name}><bov2:inicio>{moment(period.begins)}</bov2:inicio>"
        f"<bov2:fim>{moment(period.ends)}</bov2:fim></bov2:{name}>"
    )
