from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from aval.contracts.bus import (
    AssetQuery,
    ParcelQuery,
    ParticipantQuery,
    ProfileQuery,
)
from aval.contracts.model import (
    ParcelCode,
    ProfileCode,
    local_hour,
)
from aval.contracts.refusals import ParametersInvalid
from aval.edge.soap import registry_queries
from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import V2
from aval.edge.soap.registry_queries import AssetFilterMissing
from aval.identifiers import Cnpj
from aval.registry.model import AssetKind
from tests.support.adhesion import BOLT
from tests.support.soap import request

OWN = ProfileCode(10010)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def assets(inner: str) -> AssetQuery:
    whole = request(f"<m:ativoMedicao>{inner}</m:ativoMedicao>")
    return registry_queries.asset_query(whole, V2, now=NOW)


def refusal(read: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(ParametersInvalid) as refused:
        read(*given)
    return refused.value.detail


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-01-01", "2019-01-01T02:00:00+00:00"),
        ("2019-01-01T00:00:00", "2019-01-01T02:00:00+00:00"),
        ("2026-01-01T00:00:00.000", "2026-01-01T03:00:00+00:00"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"),
        (" 2026-01-01T00:00:00-03:00 ", "2026-01-01T03:00:00+00:00"),
    ],
)
def test_dates_without_an_offset_are_on_sao_paulos_clock(text: str, moment: str) -> None:
    told = f"<m:periodoReferencia><o:inicio>{text}</o:inicio></m:periodoReferencia>"
    query = registry_queries.participant_query(request(told), V2)
    assert query.at == datetime.fromisoformat(moment)


def test_participants_by_every_filter() -> None:
    query = registry_queries.participant_query(
        request(
            "<m:participantesMercado><o:participanteMercado><o:codigo>1</o:codigo></o:participanteMercado>"
            "<o:participanteMercado><!-- vazio --></o:participanteMercado></m:participantesMercado>"
            "<m:identificacoes><o:identificacao><o:numero>33.047.509/0001-49</o:numero></o:identificacao>"
            "<o:identificacao/></m:identificacoes><m:sigla>BOLT</m:sigla><m:classe><o:codigo>2</o:codigo></m:classe>"
            "<m:nomeEmpresarial>OPERAÇÕES</m:nomeEmpresarial>"
        ),
        V2,
    )
    assert query == ParticipantQuery(frozenset({1}), frozenset({BOLT}), "BOLT", 2, "OPERAÇÕES")


def test_a_cnpj_that_is_none_is_refused_by_name() -> None:
    inner = "<m:identificacoes><o:identificacao><o:numero>1</o:numero></o:identificacao></m:identificacoes>"
    told = refusal(registry_queries.participant_query, request(inner), V2)
    assert told.startswith("pedido/identificacoes/identificacao/numero: ")


def profile_request(inner: str) -> Element:
    return request(f"<m:perfilParticipanteMercado>{inner}</m:perfilParticipanteMercado>")


def test_profiles_by_every_filter() -> None:
    inner = (
        "<o:classe><o:codigo>4</o:codigo></o:classe><o:codigo>9</o:codigo><o:fonteEnergia><o:tipo/></o:fonteEnergia>"
        "<o:sigla>X</o:sigla><o:participanteMercado><o:codigo>1</o:codigo></o:participanteMercado>"
    )
    query = registry_queries.profile_query(profile_request(inner), V2)
    assert query == ProfileQuery(frozenset({9}), frozenset({1}), sigla="X", class_code=4)
    source = "<o:fonteEnergia><o:tipo><o:id>3</o:id></o:tipo></o:fonteEnergia>"
    assert "fonteEnergia" in refusal(registry_queries.profile_query, profile_request(source), V2)


def test_assets_of_the_current_month_where_no_other_is_named() -> None:
    load = "<o:tipo><o:descricao>carga</o:descricao></o:tipo>"
    assert assets(load) == AssetQuery(AssetKind.CARGA, NOW)
    owner = (
        "<o:parcelasAtivo><o:parcelaAtivo><o:participanteMercado><o:codigo>10010</o:codigo>"
        "</o:participanteMercado></o:parcelaAtivo></o:parcelasAtivo>"
    )
    since = "<o:vigencia><o:inicio>2026-01-01T00:00:00</o:inicio></o:vigencia>"
    assert assets(f"<o:nomeReduzido>UHE</o:nomeReduzido>{load}{since}{owner}") == AssetQuery(
        AssetKind.CARGA, local_hour(2026, 1, 1), name_part="UHE", profile=OWN
    )


def test_assets_need_a_filter_their_kind_and_one_name_at_most() -> None:
    with pytest.raises(AssetFilterMissing):
        assets("<o:vigencia><o:inicio>2026-01-01T00:00:00</o:inicio></o:vigencia>")
    assert "CARGA ou USINA" in refusal(assets, "<o:nome>x</o:nome>")
    both = "<o:nome>x</o:nome><o:nomeReduzido>y</o:nomeReduzido>"
    assert "pelos dois" in refusal(assets, f"{both}<o:tipo><o:descricao>USINA</o:descricao></o:tipo>")


def test_parcels_by_every_filter() -> None:
    query = registry_queries.parcel_query(
        request(
            "<m:codigoMae> </m:codigoMae><m:periodoReferencia/><m:parcelaAtivo><o:codigo>1</o:codigo>"
            "<o:participanteMercado><o:perfis><o:perfil><o:codigo>10010</o:codigo></o:perfil></o:perfis>"
            "</o:participanteMercado><o:ativoMedicao><o:codigo>5</o:codigo></o:ativoMedicao>"
            "<o:identificacao><o:numero>33047509000149</o:numero></o:identificacao></m:parcelaAtivo>"
        ),
        V2,
    )
    assert query == ParcelQuery(
        codes=frozenset({ParcelCode(1)}), profiles=frozenset({OWN}), asset=5, cnpj=Cnpj("33047509000149")
    )
