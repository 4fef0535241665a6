"""Participants, profiles, assets and parcels as the other bus tells them."""

from collections.abc import Mapping
from datetime import timedelta

from aval.adapters.ccee.contracts import submarket
from aval.adapters.ccee.replies import Element, ReplyUnreadable, boolean, decimal, moment
from aval.contracts.bus import ListedProfile
from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO
from aval.registry.model import (
    Asset,
    AssetKind,
    Parcel,
    Participant,
    ParticipantClass,
    Profile,
    Situation,
    Validity,
)


def participant(told: Element) -> Participant:
    company = told.require("parte", "pessoaJuridica")
    return Participant(
        cnpj=company.read(Cnpj.parse, "identificacoes", "identificacao", "numero"),
        code=told.read(int, "codigo"),
        sigla=told.required_text("sigla"),
        legal_name=company.required_text("nomeEmpresarial"),
        participant_class=told.read(_class, "classe", "codigo"),
        situation=_situation(told.require("situacao")),
        validity=_validity(told.require("periodoVigencia")),
    )


def participant_code(told: Element) -> int:
    """Of a profile, the code of whom it belongs to."""
    return told.read(int, "participanteMercado", "codigo")


def profile(told: Element, companies: Mapping[int, Cnpj]) -> ListedProfile:
    """`companies`, by participant's code, tell the CNPJ, which the reply leaves out."""
    code = participant_code(told)
    if code not in companies:
        raise ReplyUnreadable("participanteMercado")
    listed = Profile(
        code=told.read(int, "codigo"),
        participant=companies[code],
        sigla=told.required_text("sigla"),
        participant_class=told.read(_class, "classe", "codigo"),
        submarket=told.read(submarket, "submercado", "id"),
        situation=_situation(told.require("situacao")),
        validity=_validity(told.require("periodoVigencia")),
        is_main=told.read(boolean, "perfilPrincipal"),
        is_retailer=told.read(boolean, "comercializadorVarejista"),
        has_quotas=told.read(boolean, "regimeCotas"),
    )
    return ListedProfile(listed, code)


def asset(told: Element) -> Asset:
    return Asset(
        code=told.read(int, "codigo"),
        name=told.required_text("nome"),
        kind=told.read(AssetKind, "tipo", "descricao"),
        submarket=told.read(submarket, "submercado", "id"),
        situation=_situation(told.require("status")),
        validity=_validity(told.require("vigencia")),
    )


def parcel(told: Element) -> Parcel:
    return Parcel(
        code=told.read(int, "codigo"),
        asset=told.read(int, "ativoMedicao", "codigo"),
        profile=told.read(int, "participanteMercado", "perfis", "perfil", "codigo"),
        cnpj=told.read(Cnpj.parse, "identificacao", "numero"),
        name=told.required_text("nome"),
        short_name=told.required_text("nomeReduzido"),
        submarket=told.read(submarket, "submercado", "id"),
        capacity_mw=told.read(decimal, "capacidadeTotal"),
        physical_guarantee_mwm=told.read_optional(decimal, "garantiaFisica"),
        situation=_situation(told.require("status")),
        validity=_validity(told.require("vigencia")),
    )


def _class(text: str) -> ParticipantClass:
    return ParticipantClass(int(text))


def _situation(told: Element) -> Situation:
    return Situation(told.read(int, "codigo"), told.required_text("descricao"))


def _validity(told: Element) -> Validity:
    """Whole days: `fim` is the first instant outside."""
    begins = told.read(moment, "inicio").astimezone(SAO_PAULO).date()
    ends = told.read_optional(moment, "fim")
    last = None if ends is None else (ends.astimezone(SAO_PAULO) - timedelta(seconds=1)).date()
    if last is not None and last < begins:
        raise ReplyUnreadable(f"{told.name}/fim")
    return Validity(begins, last)
