"""What is asked of the other bus, as zeep is given it: plain values by the names of our XSDs."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lxml import etree

from aval.contracts.bus import (
    AmountQuery,
    AssetQuery,
    ContractQuery,
    KindFilter,
    ParcelQuery,
    ParticipantQuery,
    ProfileQuery,
)
from aval.contracts.model import AmountKind, ContractCode, ContractKind, Market, Period
from aval.contracts.refusals import ParametersInvalid
from aval.moments import SAO_PAULO

Body = dict[str, Any]

PROCESSING_TYPE: Final = "IMPORTACAO_CONTRATOS"
_ROOTS: Final = {ContractKind.CCEAL: "ContratosCCEAL", ContractKind.CBR: "ContratosCBR"}
# tipoGeracao of a file that validates amounts; published for CCEAL alone, and taken for CBR by this product.
_VALIDATING: Final = "24"


def contracts(query: ContractQuery) -> Body:
    body: Body = {
        "ambienteContratacao": {"nome": query.market.value},
        "periodoReferencia": _period(query.period),
    }
    if query.kinds:
        body["tipos"] = {"tipoContrato": [_kind(kind) for kind in query.kinds]}
    if query.profiles:
        body["perfis"] = {"perfil": [{"id": code} for code in sorted(query.profiles)]}
    if query.side:
        body["papel"] = query.side.value
    if query.only_not_validated:
        body["listarMontantesNaoValidados"] = "Sim"
    return body


def contract(code: ContractCode, market: Market | None, period: Period | None) -> Body:
    body: Body = {"contrato": {"id": code}}
    if market:
        body["ambienteContratacao"] = {"nome": market.value}
    if period:
        body["periodoReferencia"] = _period(period)
    return body


def amounts(query: AmountQuery) -> Body:
    body: Body = {
        "periodoReferencia": _period(query.period),
        "tipos": {"tipoMontanteEnergia": {"nome": query.kind.value}},
        "ambienteContratacao": {"nome": query.market.value},
    }
    if query.contracts:
        body["contratos"] = _contracts(query.contracts)
    if query.only_not_validated:
        body["listarMontantesNaoValidados"] = "Sim"
    return body


def average_amounts(codes: Iterable[ContractCode], period: Period) -> Body:
    return amounts(AmountQuery(Market.FREE, AmountKind.AVERAGE, period, frozenset(codes)))


def participants(query: ParticipantQuery) -> Body:
    body: Body = {}
    if query.codes:
        body["participantesMercado"] = {"participanteMercado": _codes(query.codes)}
    if query.cnpjs:
        numbers = [{"numero": str(cnpj)} for cnpj in sorted(query.cnpjs)]
        body["identificacoes"] = {"identificacao": numbers}
    if query.sigla:
        body["sigla"] = query.sigla
    if query.class_code is not None:
        body["classe"] = {"codigo": query.class_code}
    if query.legal_name:
        body["nomeEmpresarial"] = query.legal_name
    if query.at:
        body["periodoReferencia"] = {"inicio": _moment(query.at)}
    return body


def profiles(query: ProfileQuery) -> Body:
    """Raise `ParametersInvalid` for what this service of the other bus cannot be asked."""
    asked: Body = {}
    if query.cnpjs:
        raise ParametersInvalid(
            "este barramento não procura perfis por CNPJ; procure o participante e use o código dele"
        )
    for name, codes in (("codigo", query.codes), ("participanteMercado", query.participant_codes)):
        if len(codes) > 1:
            raise ParametersInvalid(f"este barramento aceita um só {name} por consulta de perfis; repita-a")
        for code in codes:
            asked[name] = code if name == "codigo" else {"codigo": code}
    if query.sigla:
        asked["sigla"] = query.sigla
    if query.class_code is not None:
        asked["classe"] = {"codigo": query.class_code}
    if query.at:
        asked["periodoVigencia"] = {"inicio": _moment(query.at)}
    return {"perfilParticipanteMercado": asked} if asked else {}


def assets(query: AssetQuery) -> Body:
    asked: Body = {"tipo": {"descricao": query.kind.value}, "vigencia": {"inicio": _moment(query.at)}}
    if len(query.codes) > 1:
        raise ParametersInvalid("este barramento aceita um só código por consulta de ativos; repita-a")
    for code in query.codes:
        asked["codigo"] = code
    if query.name_part:
        asked["nome"] = query.name_part
    if query.submarket is not None:
        asked["submercado"] = {"id": query.submarket}
    if query.profile is not None:
        owner = {"participanteMercado": {"codigo": query.profile}}
        asked["parcelasAtivo"] = {"parcelaAtivo": owner}
    return {"ativoMedicao": asked}


def parcels(query: ParcelQuery) -> Body:
    asked: Body = {}
    if len(query.codes) > 1:
        raise ParametersInvalid("este barramento aceita um só código por consulta de parcelas; repita-a")
    for code in query.codes:
        asked["codigo"] = code
    if query.profiles:
        asked["participanteMercado"] = {"perfis": {"perfil": _codes(query.profiles)}}
    if query.asset is not None:
        asked["ativoMedicao"] = {"codigo": query.asset}
    if query.cnpj:
        asked["identificacao"] = {"numero": str(query.cnpj)}
    body: Body = {"parcelaAtivo": asked} if asked else {}
    if query.at:
        body["periodoReferencia"] = {"inicio": _moment(query.at)}
    return body


def validation_file(code: ContractCode, kind: ContractKind, begins: Iterable[datetime]) -> str:
    """A file of one row that validates the amounts beginning at those moments."""
    if kind not in _ROOTS:
        raise ParametersInvalid("só montantes de contratos livres são validados por este barramento")
    root = etree.Element(_ROOTS[kind], tipoGeracao=_VALIDATING)
    row = etree.SubElement(root, "Contrato", sequencialControle="1", numeroContrato=str(code))
    for moment in sorted(begins):
        hour = f"{moment.astimezone(SAO_PAULO):%d/%m/%Y %H}"
        etree.SubElement(row, "MontanteMedio", vigenciaDeInicio=hour, validarMontante="X")
    return etree.tostring(root, encoding="unicode")


def _moment(at: datetime) -> str:
    """On São Paulo's clock; xs:dateTime tells offsets in minutes, and until 1914 this one had seconds."""
    local = at.astimezone(SAO_PAULO)
    offset = local.utcoffset() or timedelta()
    told = local if not offset.seconds % 60 else at.astimezone(UTC)
    return told.isoformat(timespec="seconds")


def _period(period: Period) -> Body:
    return {"inicio": _moment(period.begins), "fim": _moment(period.ends)}


def _kind(kind: KindFilter) -> Body:
    asked: Body = {}
    if kind.type_id is not None:
        asked["id"] = kind.type_id
    if kind.type_code:
        asked["codigo"] = kind.type_code
    if kind.subtype_id is not None:
        asked["subTipo"] = {"id": kind.subtype_id}
    return asked


def _contracts(codes: Iterable[ContractCode]) -> Body:
    return {"contrato": [{"id": code} for code in sorted(codes)]}


def _codes(codes: Iterable[int]) -> list[Body]:
    return [{"codigo": code} for code in sorted(codes)]
