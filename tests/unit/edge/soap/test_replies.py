"""Replies of every operation validate against the schemas that are served."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aval.contracts.bus import Outcome, Processing, ProcessingCode, ProcessingState, RowResult, RowStatus
from aval.contracts.paging import Page, PageRequest
from aval.edge.soap import registry_replies, services
from aval.edge.soap.faults import ReplyTooLarge
from aval.edge.soap.replies import MAX_REPLY_BYTES, Reply, reply_envelope
from aval.edge.soap.services import Service
from aval.edge.soap.writing import escaped
from aval.registry.model import Validity
from tests.support import soap_rows as rows
from tests.support.contracts import NOW
from tests.support.soap import ScriptedBus, asked
from tests.support.soap_schemas import require_valid

PERIOD = (
    "<m:periodoReferencia><o:inicio>2026-01-01T00:00:00</o:inicio>"
    "<o:fim>2026-02-01T00:00:00</o:fim></m:periodoReferencia>"
)
AMOUNTS = (
    f"<m:listarMontanteEnergiaRequest>{PERIOD}<m:tipos><o:tipoMontanteEnergia>"
    "<o:nome>MONTANTE_MEDIO</o:nome></o:tipoMontanteEnergia></m:tipos></m:listarMontanteEnergiaRequest>"
)
OUTCOME = (
    "<m:obterResultadoProcessamentoRequest><m:processamento><o:codigoProcessamento>7</o:codigoProcessamento>"
    "</m:processamento></m:obterResultadoProcessamentoRequest>"
)
ASSETS = (
    "<m:listarAtivoMedicaoRequest><m:ativoMedicao><o:tipo><o:descricao>CARGA</o:descricao></o:tipo>"
    "</m:ativoMedicao></m:listarAtivoMedicaoRequest>"
)
CONTRACTS = f"<m:listarContratoRequest>{PERIOD}</m:listarContratoRequest>"
ONE_CONTRACT = "<m:obterContratoRequest><m:contrato><o:id>1</o:id></m:contrato></m:obterContratoRequest>"
PARCELS = "<m:listarParcelaAtivoRequest/>"

Listed = tuple[Service, str, str, str, st.SearchStrategy[Any]]
"""Service, SOAPAction, request, method of the bus, rows."""
LISTS: list[Listed] = [
    (services.CONTRACT, "listarContrato", CONTRACTS, "contracts", rows.contracts | rows.regulated_contracts),
    (
        services.AMOUNT,
        "listarMontanteEnergia",
        AMOUNTS,
        "amounts",
        rows.free_amounts | rows.regulated_amounts,
    ),
    (services.PARCEL, "listarParcelaAtivo", PARCELS, "parcels", rows.parcels),
    (services.PARCEL, "listarAtivoAssociadoContrato", PARCELS, "linked_parcels", rows.linked_parcels),
    (services.ASSET, "listarAtivoMedicao", ASSETS, "assets", rows.assets),
    (
        services.PARTICIPANT,
        "listarParticipanteMercado",
        "<m:listarParticipanteMercadoRequest/>",
        "participants",
        rows.participants,
    ),
    (
        services.PROFILE,
        "listarPerfilParticipanteMercado",
        "<m:listarPerfilParticipanteMercadoRequest/>",
        "profiles",
        rows.profiles,
    ),
]


def outcome_of(total: int, page: PageRequest) -> Outcome:
    """Of an import of `total` rows, all done."""
    processing = Processing(ProcessingCode(7), ProcessingState.DONE, NOW, total, total, 0)
    first = (page.number - 1) * page.size
    told = tuple(
        RowResult(row, str(row), RowStatus.DONE, "registrado")
        for row in range(first + 1, min(first + page.size, total) + 1)
    )
    return Outcome(processing, Page(told, page, total))


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed[1])
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_pages_of_any_rows_validate(listed: Listed, data: st.DataObject) -> None:
    service, action, body, method, drawn = listed
    page = Page(data.draw(rows.some(drawn)), PageRequest(3, 5), 99)
    answer = asked(service, body, action=action, bus=ScriptedBus({method: page}))
    assert answer.status == 200, answer.text
    require_valid(answer.tree, "v2")
    assert answer.values(".//mh:paginacao/mh:quantidadeItens") == [str(len(page.rows))]
    assert answer.values(".//mh:paginacao/mh:totalPaginas") == ["20"]
    assert answer.values(".//mh:paginacao/mh:quantidadeTotalItens") == ["99"]


@given(row=rows.contracts | rows.regulated_contracts)
@settings(max_examples=15, deadline=None)
def test_one_contract_of_any_kind_validates(row: Any) -> None:
    answer = asked(
        services.CONTRACT, ONE_CONTRACT, action="obterContrato", bus=ScriptedBus({"contract": row})
    )
    require_valid(answer.tree, "v2")
    assert answer.values(".//bm:contrato/bo:id") == [str(row.code)]


@given(processing=rows.processings, found=st.lists(rows.results, max_size=4))
@settings(max_examples=15, deadline=None)
def test_outcomes_validate_and_have_details_when_they_have_ended(processing: Any, found: list[Any]) -> None:
    page = Page(tuple(found), PageRequest(1, 1000), len(found))
    answer = asked(services.OUTCOME, OUTCOME, bus=ScriptedBus({"outcome": Outcome(processing, page)}))
    require_valid(answer.tree, "v1")
    details = answer.tree.findall(".//{http://xmlns.energia.org.br/BO/v1}detalhe")
    ended = (ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED)
    assert len(details) == (len(found) if processing.state in ended else 0)


def test_the_code_of_an_import_validates() -> None:
    body = "<m:importarArquivo><m:arquivo>&lt;ContratosCCEAL/&gt;</m:arquivo></m:importarArquivo>"
    require_valid(asked(services.IMPORT, body, bus=ScriptedBus({"submit": 4711})).tree, "v1")


@given(name=rows.texts)
@settings(max_examples=100, deadline=None)
def test_text_comes_back_as_it_was_but_for_what_no_document_holds(name: str) -> None:
    written = f"<a>{escaped(name)}</a>"
    held = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", name)
    assert (etree.fromstring(written).text or "") == held


def test_dates_have_the_offset_of_sao_paulo_at_that_date() -> None:
    midnights = {"2018-01-01": "-02:00", "2018-07-01": "-03:00", "2026-01-01": "-03:00"}
    for day, offset in midnights.items():
        validity = Validity(date.fromisoformat(day))
        told = registry_replies._validity("vigencia", validity)  # the one place where days become moments
        assert f"<bov2:inicio>{day}T00:00:00{offset}</bov2:inicio>" in told


def test_the_last_day_of_a_validity_is_told_by_the_midnight_after_it() -> None:
    told = registry_replies._validity("v", Validity(date(2026, 1, 1), date(2026, 1, 31)))
    assert "<bov2:fim>2026-02-01T00:00:00-03:00</bov2:fim>" in told


PREFIXES = [
    (services.IMPORT, "mh", "bm"),
    (services.OUTCOME, "mh", "bm"),
    (services.CONTRACT, "mhv2", "bmv2"),
    (services.AMOUNT, "mhv2", "bmv2"),
    (services.PARCEL, "mh", "bmv2"),
    (services.ASSET, "mhv2", "bmv2"),
    (services.PARTICIPANT, "mhv2", "bmv2"),
    (services.PROFILE, "mh", "bmv2"),
]


@pytest.mark.parametrize(("service", "header", "messages"), PREFIXES, ids=lambda one: str(one)[:40])
def test_prefixes_are_those_that_naive_clients_look_for(service: Service, header: str, messages: str) -> None:
    text = enveloped(Reply("resposta", "", Page((1,), PageRequest(), 1)), service)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ')
    assert f"<{header}:messageHeader><{header}:transactionId>id</{header}:transactionId>" in text
    assert f"<{header}:paginacao><{header}:numero>1</{header}:numero>" in text
    assert f"<soapenv:Body><{messages}:resposta " in text


def enveloped(reply: Reply, service: Service = services.CONTRACT, version: str = "") -> str:
    return reply_envelope(
        reply, dialect=service.dialect, prefixes=service.prefixes, transaction_id="id", version=version
    )


def test_the_version_is_echoed_as_text() -> None:
    assert "<mhv2:versao>2.1&lt;</mhv2:versao>" in enveloped(Reply("a", ""), version="2.1<")
    assert "versao" not in enveloped(Reply("a", ""))


def test_an_answer_that_the_gateway_does_not_pass_is_refused() -> None:
    assert enveloped(Reply("a", "é" * (MAX_REPLY_BYTES // 6 - 200)))
    for content in ("x" * MAX_REPLY_BYTES, "é" * (MAX_REPLY_BYTES // 6)):
        with pytest.raises(ReplyTooLarge, match="5 MB"):
            enveloped(Reply("a", content))
