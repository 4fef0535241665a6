"""What our own SOAP writers say of the registry is read back as it was."""

from datetime import date
from decimal import Decimal

import pytest

from aval.adapters.ccee import registry as replies
from aval.adapters.ccee.replies import Element, ReplyUnreadable, parsed
from aval.contracts.bus import ListedProfile
from aval.edge.soap import registry_replies as writers
from aval.identifiers import Cnpj
from aval.registry.model import (
    Asset,
    AssetKind,
    Parcel,
    Participant,
    ParticipantClass,
    Profile,
    Situation,
    Submarket,
    Validity,
)
from tests.support.soap_peer import envelope

COMPANY = Cnpj("12ABC34501DE35")
ACTIVE = Situation(1, "ATIVO & <bom>")
# The second began while clocks were an hour ahead, and ended with the day on which they went back.
VALIDITIES = (Validity(date(2026, 1, 1)), Validity(date(2018, 11, 4), date(2019, 2, 16)))


def body(written: str) -> Element:
    return parsed(envelope(written)).require("Body").content()


def participant(validity: Validity = VALIDITIES[0]) -> Participant:
    kind = ParticipantClass.GERADOR
    return Participant(COMPANY, 1002, "AURORA <&>", "AÇÚCAR & ENERGIA S.A.", kind, ACTIVE, validity)


def profile(validity: Validity = VALIDITIES[0]) -> ListedProfile:
    told = Profile(
        code=10020,
        participant=COMPANY,
        sigla="AURORA I5",
        participant_class=ParticipantClass.GERADOR,
        submarket=Submarket.S,
        situation=ACTIVE,
        validity=validity,
        is_main=True,
        is_retailer=False,
        has_quotas=True,
    )
    return ListedProfile(told, 1002)


def asset(validity: Validity = VALIDITIES[0]) -> Asset:
    return Asset(5001, "UHE SÃO JOSÉ", AssetKind.USINA, Submarket.NE, ACTIVE, validity)


def parcel(validity: Validity = VALIDITIES[0], guarantee: Decimal | None = Decimal("60.1")) -> Parcel:
    return Parcel(
        code=7001,
        asset=5001,
        profile=10020,
        cnpj=COMPANY,
        name="UHE SÃO JOSÉ",
        short_name="S JOSE",
        submarket=Submarket.N,
        capacity_mw=Decimal("120.5"),
        physical_guarantee_mwm=guarantee,
        situation=ACTIVE,
        validity=validity,
    )


@pytest.mark.parametrize("validity", VALIDITIES, ids=["open", "ended"])
def test_the_registry_is_read_as_it_was_written(validity: Validity) -> None:
    companies = body(writers.participants([participant(validity)])).all("participanteMercado")
    assert [replies.participant(one) for one in companies] == [participant(validity)]
    profiles = body(writers.profiles([profile(validity)])).all("perfil")
    assert [replies.profile(one, {1002: COMPANY}) for one in profiles] == [profile(validity)]
    assets = body(writers.assets([asset(validity)])).all("ativo")
    assert [replies.asset(one) for one in assets] == [asset(validity)]
    parcels = body(writers.parcels([parcel(validity), parcel(guarantee=None)])).all("parcelaAtivo")
    assert [replies.parcel(one) for one in parcels] == [parcel(validity), parcel(guarantee=None)]


@pytest.mark.parametrize("kind", ParticipantClass)
def test_every_class_is_read(kind: ParticipantClass) -> None:
    told = body(writers.participants([participant()])).require("participanteMercado")
    told.require("classe", "codigo").node.text = str(kind.value)
    assert replies.participant(told).participant_class is kind


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("codigo",), "mil"),
        (("classe", "codigo"), "99"),
        (("sigla",), " "),
        (("periodoVigencia", "inicio"), "ontem"),
        (("parte", "pessoaJuridica", "identificacoes", "identificacao", "numero"), "12345678000100"),
    ],
)
def test_a_participant_that_cannot_be_one_is_told_by_its_element(path: tuple[str, ...], value: str) -> None:
    told = body(writers.participants([participant()])).require("participanteMercado")
    told.require(*path).node.text = value
    with pytest.raises(ReplyUnreadable) as refused:
        replies.participant(told)
    assert path[-1] in refused.value.element


def test_a_profile_of_a_participant_that_nobody_knows_is_not_made_up() -> None:
    told = body(writers.profiles([profile()])).require("perfil")
    with pytest.raises(ReplyUnreadable):
        replies.profile(told, {})


def test_a_validity_that_ends_before_it_begins_is_none() -> None:
    written = writers.assets([asset(VALIDITIES[1])]).replace("2019-02-17", "2018-01-01")
    with pytest.raises(ReplyUnreadable):
        replies.asset(body(written).require("ativo"))
