"""Messages as the chamber's samples have them, and faults told by their code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from aval.adapters.ccee.calls import AccessDenied, ProviderFault, Service
from aval.adapters.ccee.transport import AnswerLost
from aval.contracts.bus import ParticipantQuery
from aval.contracts.model import ContractCode, ProfileCode
from aval.contracts.paging import PageRequest
from aval.contracts.refusals import NothingFound, ParametersInvalid, ProfileForbidden, ProviderFailed
from tests.support.contracts import SELLER, SELLING
from tests.support.soap_peer import (
    ACTING,
    PASSWORD,
    TRANSACTION,
    Answer,
    Peer,
    acting_for,
    envelope,
    fault,
    peer_running,
)

PARTICIPANTS = "listarParticipanteMercado"


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    with peer_running(tmp_path) as running:
        yield running


def asked(peer: Peer, **query: object) -> None:
    peer.bus().participants(ParticipantQuery(**query), PageRequest(3, 7))  # type: ignore[arg-type]


@pytest.mark.parametrize("service", Service)
def test_every_service_has_a_file_of_its_own_with_one_port(service: Service) -> None:
    names = etree.parse(service.wsdl).findall(".//{http://schemas.xmlsoap.org/wsdl/}port")
    assert len(names) == 1


def test_the_header_says_profile_then_who_then_page(peer: Peer) -> None:
    peer.on(PARTICIPANTS, fault("3001"))
    with pytest.raises(NothingFound):
        asked(peer)
    [message] = peer.received
    assert message.path == "/ws/v2/ParticipanteMercadoBSv2"
    header = message.root[0]
    assert [etree.QName(block).localname for block in header] == ["messageHeader", "Security", "paginacao"]
    assert [text.strip() for text in header.itertext() if text.strip()] == [
        str(SELLER),
        str(SELLING),
        PASSWORD,
        "3",
        "7",
    ]
    assert {etree.QName(block).namespace for block in header} == {
        "http://xmlns.energia.org.br/MH/v2",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    }


def test_a_value_with_marks_of_xml_stays_a_value(peer: Peer) -> None:
    peer.on(PARTICIPANTS, fault("3001"))
    sigla = "</bm:sigla><x>ÇÃO & \"'"
    with pytest.raises(NothingFound):
        asked(peer, sigla=sigla)
    assert peer.received[0].text("sigla") == sigla
    assert peer.received[0].text("x") is None


FAULTS = [
    ("2001", AccessDenied),
    ("3006", ParametersInvalid),
    ("3001", NothingFound),
    ("4001", ProviderFault),
    ("9999", ProviderFault),
    ("", ProviderFault),
]


@pytest.mark.parametrize(("code", "refusal"), FAULTS)
@pytest.mark.parametrize("message", ["nada encontrado", "Acesso Negado", "Parâmetros Invalidos", ""])
def test_a_fault_is_told_by_its_code_and_by_no_word_of_it(
    peer: Peer, code: str, refusal: type[Exception], message: str
) -> None:
    peer.on(PARTICIPANTS, fault(code, message))
    with pytest.raises(refusal) as refused:
        asked(peer)
    assert type(refused.value) is refusal


def test_a_fault_without_detail_is_told_by_the_number_in_its_faultcode(peer: Peer) -> None:
    body = "<soapenv:Fault><faultcode>Server.3006</faultcode><faultstring>x</faultstring></soapenv:Fault>"
    peer.on(PARTICIPANTS, Answer(envelope(body), status=500))
    with pytest.raises(ParametersInvalid):
        asked(peer)


def test_a_fault_sent_with_status_200_is_a_fault(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(fault("3001").body))
    with pytest.raises(NothingFound):
        asked(peer)


def test_the_sentence_of_a_wrong_parameter_is_handed_on_without_its_control_characters(peer: Peer) -> None:
    peer.on(PARTICIPANTS, fault("3006", "informe o período\n\tde referência"))
    with pytest.raises(ParametersInvalid) as refused:
        asked(peer)
    assert refused.value.detail == "informe o período de referência"


def test_what_failed_inside_the_other_bus_is_told_to_nobody(peer: Peer) -> None:
    peer.on(PARTICIPANTS, fault("4001", "ORA-00942 at db-host"))
    with pytest.raises(ProviderFailed) as failed:
        asked(peer)
    assert "ORA" not in failed.value.detail


def test_the_transaction_of_the_other_bus_is_logged(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    peer.on(PARTICIPANTS, fault("4001", "ORA-00942"))
    with pytest.raises(ProviderFailed):
        asked(peer)
    told = [(record.getMessage(), vars(record).get("other_transaction")) for record in caplog.records]
    assert ("other bus refused", TRANSACTION) in told
    assert "ORA" not in caplog.text


def test_access_denied_to_another_profile_than_its_own_is_that_profiles_affair(peer: Peer) -> None:
    peer.on("obterContrato", fault("2001"))
    code = ContractCode(1)
    with pytest.raises(ProfileForbidden):
        peer.bus().contract(code, None, None, acting_for(ProfileCode(99)))
    with pytest.raises(AccessDenied):
        peer.bus().contract(code, None, None, ACTING)
    assert [message.text("codigoPerfilAgente") for message in peer.received] == ["99", str(SELLER)]


UNREADABLE = {
    "nothing": b"",
    "html": b"<html><body>manuten\xc3\xa7\xc3\xa3o</body></html>",
    "json": b"{}",
    "doctype": b'<!DOCTYPE a [<!ENTITY b "c">]>' + envelope("<a/>").split(b"?>", 1)[1],
    "entities": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    "no body": b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>',
    "empty body": envelope(""),
    "cut": envelope("<a/>")[:-9],
    "deep": b"<a>" * 5000,
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_answer_that_is_no_envelope_is_lost(peer: Peer, kind: str) -> None:
    peer.on(PARTICIPANTS, Answer(UNREADABLE[kind]))
    with pytest.raises(AnswerLost):
        asked(peer)


def test_an_answer_without_its_page_counts_is_not_made_up(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(envelope("<bmv2:listarParticipanteMercadoResponse/>")))
    with pytest.raises(AnswerLost) as lost:
        asked(peer)
    assert '"paginacao"' in lost.value.detail


def test_a_page_without_envelope_below_500_was_turned_away_on_the_way(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(b'{"message":"Not Found"}', status=404))
    with pytest.raises(ProviderFailed) as refused:
        asked(peer)
    assert not isinstance(refused.value, AnswerLost)
    assert "404" in refused.value.detail
