"""What the requests about contracts, amounts and imports ask for."""

import re
from typing import Final

from aval.contracts.bus import Acting, AmountQuery, ContractQuery, KindFilter
from aval.contracts.model import AmountKind, ContractCode, Market, Period, ProfileCode, Side
from aval.contracts.refusals import ParametersInvalid, ProfileForbidden
from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import Dialect
from aval.edge.soap.reading import Fields

_IMPORT: Final = "IMPORTACAO_CONTRATOS"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# A file has no use for either, and whoever sends one tries whoever reads it.
_DECLARATIONS: Final = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
MAX_CONTRACTS: Final = 1000


def contract_query(request: Element, dialect: Dialect, acting: Acting) -> ContractQuery:
    fields = Fields.of(
        request,
        dialect,
        "ambienteContratacao",
        "periodoReferencia",
        "tipos",
        "perfis",
        "papel",
        "listarMontantesNaoValidados",
    )
    market = _market(fields) or Market.FREE
    return ContractQuery(
        market=market,
        period=_demanded_period(fields),
        profiles=_profiles(fields, market, acting),
        side=_side(fields),
        kinds=tuple(
            _kind_filter(one)
            for one in fields.inner("tipos", "tipoContrato").each("tipoContrato", "id", "codigo", "subTipo")
        ),
        only_not_validated=fields.yes_or_no("listarMontantesNaoValidados"),
    )


def one_contract(request: Element, dialect: Dialect) -> tuple[ContractCode, Market | None, Period | None]:
    fields = Fields.of(request, dialect, "ambienteContratacao", "contrato", "periodoReferencia")
    code = fields.inner("contrato", "id").code("id")
    if code is None:
        raise ParametersInvalid("informe contrato/id")
    return ContractCode(code), _market(fields), fields.period("periodoReferencia")


def amount_query(request: Element, dialect: Dialect) -> AmountQuery:
    fields = Fields.of(
        request,
        dialect,
        "contratos",
        "periodoReferencia",
        "tipos",
        "ambienteContratacao",
        "listarMontantesNaoValidados",
    )
    kind = _amount_kind(fields)
    market = _market(fields) or kind.market
    if market is not kind.market:
        raise ParametersInvalid(f"{kind} é montante de contratos do ambiente {kind.market}")
    contracts = [one.code("id") for one in fields.inner("contratos", "contrato").each("contrato", "id")]
    if len(contracts) > MAX_CONTRACTS:
        raise ParametersInvalid(f"informe no máximo {MAX_CONTRACTS} contratos por pedido")
    return AmountQuery(
        market=market,
        kind=kind,
        period=_demanded_period(fields),
        contracts=frozenset(ContractCode(code) for code in contracts if code is not None),
        only_not_validated=fields.yes_or_no("listarMontantesNaoValidados"),
    )


def imported_text(request: Element, dialect: Dialect) -> str:
    """The file, as text: whatever encoding it declares was undone with the message's own."""
    text = Fields.of(request, dialect, "arquivo").text("arquivo")
    if not text:
        raise ParametersInvalid("informe o arquivo de contratos em arquivo, como CDATA")
    if _DECLARATIONS.search(text):
        raise ParametersInvalid("o arquivo não pode ter DOCTYPE nem declarar entidades")
    return text


def processing_named(request: Element, dialect: Dialect) -> int | str:
    """Its code, or the digest of the file that was sent."""
    fields = Fields.of(request, dialect, "processamento").inner(
        "processamento", "codigoProcessamento", "tipoProcessamento", "resumoArquivo"
    )
    kind = fields.text("tipoProcessamento")
    if kind not in ("", _IMPORT):
        raise ParametersInvalid(f"tipoProcessamento deve ser {_IMPORT}")
    code, digest = fields.code("codigoProcessamento"), fields.text("resumoArquivo").lower()
    if (code is None) == (not digest):
        raise ParametersInvalid("informe codigoProcessamento, ou em seu lugar resumoArquivo")
    if code is not None:
        return code
    if not _DIGEST.fullmatch(digest):
        raise ParametersInvalid("resumoArquivo deve ter 64 algarismos hexadecimais (SHA-256)")
    return digest


def _market(fields: Fields) -> Market | None:
    name = fields.inner("ambienteContratacao", "nome").text("nome").upper()
    if name not in ("", *Market):
        raise ParametersInvalid("ambienteContratacao/nome deve ser LIVRE ou REGULADO")
    return Market(name) if name else None


def _demanded_period(fields: Fields) -> Period:
    period = fields.period("periodoReferencia")
    if period is None:
        raise ParametersInvalid("informe periodoReferencia/inicio e periodoReferencia/fim")
    return period


def _profiles(fields: Fields, market: Market, acting: Acting) -> frozenset[ProfileCode]:
    named = [one.code("id") for one in fields.inner("perfis", "perfil").each("perfil", "id")]
    profiles = frozenset(ProfileCode(code) for code in named if code is not None)
    if market is Market.REGULATED:
        return profiles
    foreign = sorted(profiles - acting.visible)
    if foreign:
        raise ProfileForbidden(f"o perfil {foreign[0]} não é da empresa nem de quem ela representa")
    return profiles or frozenset({acting.profile})


def _side(fields: Fields) -> Side | None:
    name = fields.text("papel").upper()
    if name not in ("", *Side):
        raise ParametersInvalid("papel deve ser VENDEDOR ou COMPRADOR")
    return Side(name) if name else None


def _kind_filter(fields: Fields) -> KindFilter:
    return KindFilter(
        type_id=fields.code("id"),
        type_code=fields.text("codigo"),
        subtype_id=fields.inner("subTipo", "id").code("id"),
    )


def _amount_kind(fields: Fields) -> AmountKind:
    kind = fields.inner("tipos", "tipoMontanteEnergia").inner("tipoMontanteEnergia", "nome").text("nome")
    if kind.upper() not in tuple(AmountKind):
        raise ParametersInvalid(f"informe tipos/tipoMontanteEnergia/nome, um de: {', '.join(AmountKind)}")
    return AmountKind(kind.upper())
