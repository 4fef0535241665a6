"""What the requests about participants, profiles, assets and parcels ask for."""

from datetime import datetime
from typing import Final

from aval.contracts.bus import AssetQuery, ParcelQuery, ParticipantQuery, ProfileQuery
from aval.contracts.model import ParcelCode, ProfileCode
from aval.contracts.refusals import ParametersInvalid
from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import Dialect
from aval.edge.soap.reading import Fields
from aval.errors import DomainError
from aval.registry.model import AssetKind

_KINDS: Final = " ou ".join(AssetKind)


class AssetFilterMissing(DomainError):
    """A list of assets by nothing but a month."""


def participant_query(request: Element, dialect: Dialect) -> ParticipantQuery:
    fields = Fields.of(
        request,
        dialect,
        "participantesMercado",
        "identificacoes",
        "sigla",
        "classe",
        "nomeEmpresarial",
        "periodoReferencia",
    )
    participants = fields.inner("participantesMercado", "participanteMercado")
    identifications = fields.inner("identificacoes", "identificacao")
    codes = [one.code("codigo") for one in participants.each("participanteMercado", "codigo")]
    numbers = [one.cnpj("numero") for one in identifications.each("identificacao", "numero", "tipo")]
    return ParticipantQuery(
        codes=frozenset(code for code in codes if code is not None),
        cnpjs=frozenset(number for number in numbers if number is not None),
        sigla=fields.text("sigla"),
        class_code=fields.inner("classe", "codigo").code("codigo"),
        legal_name=fields.text("nomeEmpresarial"),
        at=fields.inner("periodoReferencia", "inicio").moment("inicio"),
    )


def profile_query(request: Element, dialect: Dialect) -> ProfileQuery:
    fields = Fields.of(request, dialect, "perfilParticipanteMercado").inner(
        "perfilParticipanteMercado",
        "classe",
        "codigo",
        "fonteEnergia",
        "periodoVigencia",
        "sigla",
        "participanteMercado",
    )
    if fields.inner("fonteEnergia", "tipo").inner("tipo", "id").code("id") is not None:
        raise ParametersInvalid("o cadastro não guarda fonteEnergia: retire este filtro")
    code = fields.code("codigo")
    participant = fields.inner("participanteMercado", "codigo").code("codigo")
    return ProfileQuery(
        codes=frozenset() if code is None else frozenset({code}),
        participant_codes=frozenset() if participant is None else frozenset({participant}),
        sigla=fields.text("sigla"),
        class_code=fields.inner("classe", "codigo").code("codigo"),
        at=fields.inner("periodoVigencia", "inicio").moment("inicio"),
    )


def asset_query(request: Element, dialect: Dialect, *, now: datetime) -> AssetQuery:
    fields = Fields.of(request, dialect, "ativoMedicao").inner(
        "ativoMedicao",
        "codigo",
        "nome",
        "nomeReduzido",
        "tipo",
        "submercado",
        "vigencia",
        "parcelasAtivo",
    )
    code, submarket = fields.code("codigo"), fields.inner("submercado", "id").code("id")
    profile = (
        fields.inner("parcelasAtivo", "parcelaAtivo")
        .inner("parcelaAtivo", "participanteMercado")
        .inner("participanteMercado", "codigo")
        .code("codigo")
    )
    names = [name for name in (fields.text("nome"), fields.text("nomeReduzido")) if name]
    kind = fields.inner("tipo", "descricao").text("descricao").upper()
    if not (kind or names or code or submarket or profile):
        raise AssetFilterMissing(f"informe ao menos um filtro além do período: ativoMedicao/tipo ({_KINDS})")
    if kind not in tuple(AssetKind):
        raise ParametersInvalid(f"ativoMedicao/tipo/descricao deve ser {_KINDS}")
    if len(names) > 1:
        raise ParametersInvalid("filtre por nome ou por nomeReduzido, e não pelos dois")
    return AssetQuery(
        kind=AssetKind(kind),
        at=fields.inner("vigencia", "inicio").moment("inicio") or now,
        codes=frozenset() if code is None else frozenset({code}),
        name_part=names[0] if names else "",
        profile=None if profile is None else ProfileCode(profile),
        submarket=submarket,
    )


def parcel_query(request: Element, dialect: Dialect) -> ParcelQuery:
    fields = Fields.of(request, dialect, "periodoReferencia", "parcelaAtivo")
    parcel = fields.inner("parcelaAtivo", "codigo", "participanteMercado", "ativoMedicao", "identificacao")
    code = parcel.code("codigo")
    profiles = parcel.inner("participanteMercado", "perfis").inner("perfis", "perfil")
    named = [one.code("codigo") for one in profiles.each("perfil", "codigo")]
    return ParcelQuery(
        at=fields.inner("periodoReferencia", "inicio").moment("inicio"),
        codes=frozenset() if code is None else frozenset({ParcelCode(code)}),
        profiles=frozenset(ProfileCode(code) for code in named if code is not None),
        asset=parcel.inner("ativoMedicao", "codigo").code("codigo"),
        cnpj=parcel.inner("identificacao", "numero", "tipo").cnpj("numero"),
    )
