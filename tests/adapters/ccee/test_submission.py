"""A file is sent once, whatever becomes of the connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aval.adapters.ccee.transport import Patience
from aval.contracts.bus import ProcessingState, RowStatus, Submission
from aval.contracts.imports.reception import digest_of
from aval.contracts.paging import PageRequest
from aval.contracts.refusals import NothingFound, ParametersInvalid, ProviderFailed, SubmissionUncertain
from tests.support.contracts import NOW, contract_xml, file_xml
from tests.support.soap_peer import (
    ACTING,
    HURRIED,
    UNHURRIED,
    Answer,
    Peer,
    accepted,
    detail,
    fault,
    peer_running,
    result,
)

FILE = file_xml([contract_xml()])
IMPORT, RESULT = "importarArquivo", "obterResultadoProcessamento"


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    with peer_running(tmp_path) as running:
        yield running


def submitted(peer: Peer, patience: Patience = UNHURRIED, *, knows_our_inventions: bool = True) -> int:
    bus = peer.bus(patience=patience, knows_our_inventions=knows_our_inventions)
    return bus.submit(Submission(ACTING, FILE), at=NOW)


def test_a_file_arrives_as_its_text_whatever_it_holds(peer: Peer) -> None:
    peer.on(RESULT, fault("3001"))
    peer.on(IMPORT, accepted(77))
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<a b="&amp;&lt;">São ]]> Paulo</a>'
    assert peer.bus().submit(Submission(ACTING, f"\n {text} "), at=NOW) == 77
    [message] = peer.sent(IMPORT)
    assert message.text("arquivo") == text


def test_a_submission_cut_after_it_was_taken_is_found_and_not_sent_again(peer: Peer) -> None:
    peer.on(RESULT, fault("3001"), fault("3001"), result(78, "RECEBIDO"))
    peer.on(IMPORT, None)
    assert submitted(peer) == 78
    assert len(peer.sent(IMPORT)) == 1
    assert {message.text("resumoArquivo") for message in peer.sent(RESULT)} == {digest_of(FILE)}


@pytest.mark.parametrize(
    "lost",
    [
        Answer(b"", after_seconds=1.5),
        Answer(b"", status=504),
        Answer(b"<html>", status=502),
        Answer(b"<cut"),
        fault("4001"),
        Answer(b'{"message":"Service Unavailable"}', status=503),
    ],
    ids=["late", "gateway time-out", "gateway", "cut in the answer", "technical fault", "unavailable"],
)
def test_an_answer_that_does_not_tell_is_looked_for_and_the_file_not_sent_again(
    peer: Peer, lost: Answer
) -> None:
    peer.on(RESULT, fault("3001"), result(79, "EM_PROCESSAMENTO"))
    peer.on(IMPORT, lost)
    assert submitted(peer, HURRIED if lost.after_seconds else UNHURRIED) == 79
    assert len(peer.sent(IMPORT)) == 1


def test_an_earlier_processing_of_the_same_text_is_not_taken_for_this_one(peer: Peer) -> None:
    peer.on(RESULT, result(80, "CONCLUIDO"))
    peer.on(IMPORT, None)
    with pytest.raises(SubmissionUncertain):
        submitted(peer, HURRIED)
    assert len(peer.sent(IMPORT)) == 1


def test_the_processing_that_came_after_an_earlier_one_is_this_one(peer: Peer) -> None:
    peer.on(RESULT, result(80, "CONCLUIDO"), result(80, "CONCLUIDO"), result(81, "RECEBIDO"))
    peer.on(IMPORT, None)
    assert submitted(peer) == 81


@pytest.mark.parametrize("state", ["RECEBIDO", "EM_PROCESSAMENTO"])
def test_a_text_in_flight_is_not_sent_beside_itself(peer: Peer, state: str) -> None:
    peer.on(RESULT, result(82, state))
    assert submitted(peer) == 82
    assert peer.sent(IMPORT) == []


def test_an_upload_that_awaits_its_file_holds_no_submission_back(peer: Peer) -> None:
    peer.on(RESULT, result(83, "AGUARDANDO_ARQUIVO"))
    peer.on(IMPORT, accepted(84))
    assert submitted(peer) == 84


@pytest.mark.parametrize("code", ["3006", "4001", "9999"])
def test_where_the_search_is_unknown_a_cut_submission_stays_uncertain(peer: Peer, code: str) -> None:
    peer.on(RESULT, fault(code))
    peer.on(IMPORT, None)
    with pytest.raises(SubmissionUncertain) as uncertain:
        submitted(peer)
    assert "não o envie de novo" in uncertain.value.detail
    assert (len(peer.sent(IMPORT)), len(peer.sent(RESULT))) == (1, 1)


def test_the_chambers_own_bus_is_not_asked_what_only_ours_knows(peer: Peer) -> None:
    peer.on(IMPORT, None)
    with pytest.raises(SubmissionUncertain):
        submitted(peer, knows_our_inventions=False)
    assert (len(peer.sent(IMPORT)), len(peer.sent(RESULT))) == (1, 0)
    with pytest.raises(ParametersInvalid):
        peer.bus(knows_our_inventions=False).latest_submission(digest_of(FILE), ACTING)


@pytest.mark.parametrize("answer", [fault("2001"), None, Answer(b"", after_seconds=1.5)])
def test_nothing_is_sent_when_the_other_bus_cannot_be_asked_beforehand(
    peer: Peer, answer: Answer | None
) -> None:
    peer.on(RESULT, answer)
    with pytest.raises(ProviderFailed) as failed:
        submitted(peer, HURRIED)
    assert not isinstance(failed.value, SubmissionUncertain)
    assert peer.sent(IMPORT) == []


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (fault("3006", "o arquivo é grande demais"), ParametersInvalid),
        (fault("2001"), ProviderFailed),
        (Answer(b'{"message":"Request Entity Too Large"}', status=413), ParametersInvalid),
        (Answer(b'{"message":"Forbidden"}', status=403), ProviderFailed),
    ],
    ids=["parameters", "access", "too large", "forbidden"],
)
def test_a_submission_that_was_refused_is_not_looked_for(
    peer: Peer, answer: Answer, refusal: type[Exception]
) -> None:
    peer.on(RESULT, fault("3001"))
    peer.on(IMPORT, answer)
    with pytest.raises(refusal):
        submitted(peer)
    assert (len(peer.sent(IMPORT)), len(peer.sent(RESULT))) == (1, 1)


def test_text_that_no_xml_can_hold_is_refused_before_it_is_sent(peer: Peer) -> None:
    peer.on(RESULT, fault("3001"))
    with pytest.raises(ParametersInvalid):
        peer.bus().submit(Submission(ACTING, "<a>\x00</a>"), at=NOW)
    assert peer.sent(IMPORT) == []


def test_results_come_in_pages_with_their_rows(peer: Peer) -> None:
    rows = detail("SUCESSO", "registrado", 9, row=3) + detail("ERRO", "período encerrado", row=4)
    peer.on(RESULT, result(85, "CONCLUIDO", rows, total=8))
    outcome = peer.bus().outcome(85, PageRequest(2, 2), ACTING)  # type: ignore[arg-type]
    assert outcome.results.total == 8
    assert [(row.row, row.status, row.contract) for row in outcome.results.rows] == [
        (3, RowStatus.DONE, 9),
        (4, RowStatus.REFUSED, None),
    ]
    [message] = peer.sent(RESULT)
    assert (message.text("numero"), message.text("quantidadeItens")) == ("2", "2")


def test_a_bus_that_knows_no_pages_of_results_is_asked_for_none_and_cut_here(peer: Peer) -> None:
    rows = "".join(detail("SUCESSO", f"linha {number}") for number in range(1, 6))
    peer.on(RESULT, result(86, None, rows))
    bus = peer.bus(knows_our_inventions=False)
    outcome = bus.outcome(86, PageRequest(2, 2), ACTING)  # type: ignore[arg-type]
    assert [row.row for row in outcome.results.rows] == [3, 4]
    assert (outcome.processing.state, outcome.results.total) == (ProcessingState.DONE, 5)
    with pytest.raises(NothingFound):
        bus.outcome(86, PageRequest(4, 2), ACTING)  # type: ignore[arg-type]
    assert {message.text("paginacao") for message in peer.sent(RESULT)} == {None}


def test_a_processing_without_results_yet_is_running_and_its_first_page_empty(peer: Peer) -> None:
    peer.on(RESULT, result(87, None))
    outcome = peer.bus(knows_our_inventions=False).outcome(87, PageRequest(), ACTING)  # type: ignore[arg-type]
    assert (outcome.processing.state, outcome.results.rows) == (ProcessingState.RUNNING, ())


def test_the_one_result_of_a_file_that_cannot_be_read_is_of_no_row(peer: Peer) -> None:
    peer.on(RESULT, result(88, "RECUSADO", detail("ERRO", "não é um XML"), total=1))
    outcome = peer.bus().outcome(88, PageRequest(), ACTING)  # type: ignore[arg-type]
    assert [row.row for row in outcome.results.rows] == [0]
