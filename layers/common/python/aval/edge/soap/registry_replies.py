"""Participants, profiles, assets and parcels, as replies tell them (BO v2)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from aval.contracts.bus import ListedProfile
from aval.edge.soap.writing import escaped, moment, number, submarket, truth
from aval.moments import SAO_PAULO
from aval.registry.model import Asset, Parcel, Participant, ParticipantClass, Situation, Validity


def participants(rows: Iterable[Participant]) -> str:
    return f"<bmv2:participantesMercado>{''.join(map(_participant, rows))}</bmv2:participantesMercado>"


def profiles(rows: Iterable[ListedProfile]) -> str:
    return f"<bmv2:perfis>{''.join(map(_profile, rows))}</bmv2:perfis>"


def assets(rows: Iterable[Asset]) -> str:
    return f"<bmv2:ativosMedicao>{''.join(map(_asset, rows))}</bmv2:ativosMedicao>"


def parcels(rows: Iterable[Parcel]) -> str:
    return f"<bmv2:parcelasAtivo>{''.join(map(_parcel, rows))}</bmv2:parcelasAtivo>"


def _participant(row: Participant) -> str:
    return (
        f"<bov2:participanteMercado><bov2:parte><bov2:pessoaJuridica><bov2:identificacoes><bov2:identificacao>"
        f"<bov2:numero>{row.cnpj}</bov2:numero><bov2:tipo><bov2:codigo>CNPJ</bov2:codigo></bov2:tipo>"
        f"</bov2:identificacao></bov2:identificacoes>"
        f"<bov2:nomeEmpresarial>{escaped(row.legal_name)}</bov2:nomeEmpresarial></bov2:pessoaJuridica></bov2:parte>"
        f"{_class(row.participant_class)}<bov2:codigo>{row.code}</bov2:codigo>"
        f"{_validity('periodoVigencia', row.validity)}<bov2:sigla>{escaped(row.sigla)}</bov2:sigla>"
        f"{_situation('situacao', row.situation)}</bov2:participanteMercado>"
    )


def _profile(row: ListedProfile) -> str:
    profile = row.profile
    return (
        f"<bov2:perfil>{_class(profile.participant_class)}<bov2:codigo>{profile.code}</bov2:codigo>"
        f"<bov2:comercializadorVarejista>{truth(profile.is_retailer)}</bov2:comercializadorVarejista>"
        f"{_validity('periodoVigencia', profile.validity)}<bov2:sigla>{escaped(profile.sigla)}</bov2:sigla>"
        f"{_situation('situacao', profile.situation)}{submarket('submercado', profile.submarket)}"
        f"<bov2:participanteMercado><bov2:codigo>{row.participant_code}</bov2:codigo></bov2:participanteMercado>"
        f"<bov2:perfilPrincipal>{truth(profile.is_main)}</bov2:perfilPrincipal>"
        f"<bov2:regimeCotas>{truth(profile.has_quotas)}</bov2:regimeCotas></bov2:perfil>"
    )


def _asset(row: Asset) -> str:
    return (
        f"<bov2:ativo><bov2:codigo>{row.code}</bov2:codigo><bov2:nome>{escaped(row.name)}</bov2:nome>"
        f"<bov2:tipo><bov2:descricao>{row.kind}</bov2:descricao></bov2:tipo>"
        f"{submarket('submercado', row.submarket)}{_validity('vigencia', row.validity)}"
        f"{_situation('status', row.situation)}</bov2:ativo>"
    )


def _parcel(row: Parcel) -> str:
    guarantee = (
        ""
        if row.physical_guarantee_mwm is None
        else f"<bov2:garantiaFisica>{number(row.physical_guarantee_mwm)}</bov2:garantiaFisica>"
    )
    return (
        f"<bov2:parcelaAtivo><bov2:codigo>{row.code}</bov2:codigo><bov2:participanteMercado><bov2:perfis>"
        f"<bov2:perfil><bov2:codigo>{row.profile}</bov2:codigo></bov2:perfil></bov2:perfis></bov2:participanteMercado>"
        f"<bov2:ativoMedicao><bov2:codigo>{row.asset}</bov2:codigo></bov2:ativoMedicao>"
        f"<bov2:capacidadeTotal>{number(row.capacity_mw)}</bov2:capacidadeTotal>"
        f"<bov2:nomeReduzido>{escaped(row.short_name)}</bov2:nomeReduzido><bov2:nome>{escaped(row.name)}</bov2:nome>"
        f"<bov2:submercado><bov2:id>{row.submarket}</bov2:id></bov2:submercado>{guarantee}"
        f"{_validity('vigencia', row.validity)}"
        f"<bov2:identificacao><bov2:numero>{row.cnpj}</bov2:numero></bov2:identificacao>"
        f"{_situation('status', row.situation)}</bov2:parcelaAtivo>"
    )


def _class(participant_class: ParticipantClass) -> str:
    return (
        f"<bov2:classe><bov2:codigo>{participant_class}</bov2:codigo>"
        f"<bov2:descricao>{participant_class.description}</bov2:descricao></bov2:classe>"
    )


def _situation(element: str, situation: Situation) -> str:
    return (
        f"<bov2:{element}><bov2:codigo>{situation.code}</bov2:codigo>"
        f"<bov2:descricao>{escaped(situation.description)}</bov2:descricao></bov2:{element}>"
    )


def _validity(element: str, validity: Validity) -> str:
    """Days become midnights in São Paulo, the last one that of the day after, as periods are told."""
    begins = datetime.combine(validity.begins, time(), SAO_PAULO)
    ends = ""
    # The calendar's last day is how some registries write that nothing ends.
    if validity.ends is not None and validity.ends < date.max:
        after = datetime.combine(validity.ends + timedelta(days=1), time(), SAO_PAULO)
        ends = f"<bov2:fim>{moment(after)}</bov2:fim>"
    return f"<bov2:{element}><bov2:inicio>{moment(begins)}</bov2:inicio>{ends}</bov2:{element}>"
