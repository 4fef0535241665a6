import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aval.adhesion.company import Attempts
from aval.contracts.bus import Submission
from aval.contracts.refusals import NothingFound, ProviderFailed, SubmissionUncertain
from aval.edge.soap import services
from aval.edge.soap.namespaces import V1, V2
from tests.support.adhesion import AURORA, BOLT, PASSWORD, START, der
from tests.support.gateway import Context
from tests.support.soap import (
    FOREIGN,
    Answered,
    ScriptedBus,
    asked,
    envelope,
    message_header,
    registered_house,
    security,
    sent,
)
from tests.unit.edge.soap.test_replies import CONTRACTS

IMPORT = "<m:importarArquivo><m:arquivo><![CDATA[<ContratosCCEAL/>]]></m:arquivo></m:importarArquivo>"
REJECTED = ("2001", "Rejected: Usuario nao esta autorizado a usar o codigoPerfilAgente.")
UNKNOWN_ACTION = ("2001", "URI de entrada inválida")
WRONG = "Errada1senha"


def contracts(*headers: str, bus: object = None) -> Answered:
    return asked(services.CONTRACT, CONTRACTS, *headers, bus=bus or ScriptedBus({}))


def post(body: str | bytes, action: str | None = "listarContrato", **told: Any) -> Answered:
    return sent(services.CONTRACT, body, action=action, **told)


LAWFUL = envelope(CONTRACTS, dialect=V2)
NOTHING = ScriptedBus({"contracts": NothingFound("nada")})


def test_a_submission_is_made_for_the_profile_that_the_header_names() -> None:
    bus = ScriptedBus({"submit": 4711})
    answer = asked(services.IMPORT, IMPORT, message_header(10011), security(), bus=bus)
    [(name, (submission,), named)] = bus.asked
    assert (answer.status, name, named) == (200, "submit", {"at": START})
    assert isinstance(submission, Submission)
    assert submission.text == "<ContratosCCEAL/>"
    assert (submission.acting.company, submission.acting.profile) == (BOLT, 10011)
    assert submission.acting.visible == {10010, 10011}
    code = answer.tree.findtext(".//{http://xmlns.energia.org.br/BM/v1}codigoProcessamento")
    assert code == "4711"


def test_every_answer_names_its_transaction() -> None:
    answer = contracts(bus=NOTHING)
    assert answer.headers["X-Transacao"] == Context.aws_request_id
    assert answer.values(".//fm:transactionId") == [Context.aws_request_id]
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("action", ["listarContrato", '"listarContrato"', " listarContrato "])
def test_quotes_around_the_action_are_tolerated(action: str) -> None:
    assert post(LAWFUL, action, bus=NOTHING).fault[0] == "3001"


@pytest.mark.parametrize("action", [None, "", '""', "listarcontrato", "obterResultadoProcessamento", "urn:x"])
def test_a_missing_or_wrong_action_is_no_entry(action: str | None) -> None:
    assert post(LAWFUL, action, bus=NOTHING).fault == UNKNOWN_ACTION


def test_the_request_of_another_operation_is_no_entry() -> None:
    assert post(LAWFUL, "obterContrato", bus=NOTHING).fault == UNKNOWN_ACTION
    other = envelope(CONTRACTS.replace("m:", "o:"), dialect=V2)
    assert post(other, bus=NOTHING).fault == UNKNOWN_ACTION


def test_without_a_certificate_nothing_is_looked_at() -> None:
    code, message = post("<a/>", certificate=None).fault
    assert (code, "certificado" in message) == ("2001", True)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: contracts(message_header(), security(password=WRONG)),
        lambda: contracts(message_header(), security(username=AURORA)),
        lambda: post(LAWFUL, certificate=der("OUTRO")),
        lambda: post(LAWFUL, certificate=der("AURORA", AURORA)),
    ],
    ids=["password", "company", "certificate", "certificate of another company"],
)
def test_a_caller_that_cannot_prove_itself_is_told_one_thing(answer: Callable[[], Answered]) -> None:
    fault = answer()
    assert fault.fault == contracts(message_header(), security(password="nenhuma-1")).fault
    assert fault.fault[0] == "2001"


def test_wrong_passwords_lock_as_at_the_token_but_not_from_outside() -> None:
    house = registered_house()
    for _ in range(30):
        refused = envelope(CONTRACTS, message_header(), security(password=WRONG), dialect=V2)
        assert post(refused, house=house, certificate=der("FORA")).fault[0] == "2001"
    assert house.store.load(BOLT).attempts.count == 0
    assert post(LAWFUL, house=house, bus=NOTHING).fault[0] == "3001"
    house.store.companies[BOLT] = replace(house.store.load(BOLT), attempts=Attempts(10, START, START))
    assert post(LAWFUL, house=house, bus=NOTHING).fault[0] == "2001"


def test_a_profile_of_others_and_one_that_is_none_are_rejected_alike() -> None:
    for profile in (FOREIGN, 999_999):
        assert contracts(message_header(profile), security(), bus=NOTHING).fault == REJECTED


def test_a_stranger_learns_nothing_of_what_a_request_should_say() -> None:
    empty = envelope("<m:listarContratoRequest/>", message_header(), security(password=WRONG), dialect=V2)
    assert post(empty).fault[0] == "2001"
    assert post(envelope("<m:listarContratoRequest/>", dialect=V2)).fault[0] == "3006"


@pytest.mark.parametrize(
    ("error", "code", "element"),
    [
        (NothingFound("nada"), "3001", "noDataFoundFault"),
        (ProviderFailed("o outro barramento não respondeu"), "4001", "unexpectedTechnicalFault"),
        (SubmissionUncertain("consulte o resultado"), "4001", "unexpectedTechnicalFault"),
    ],
)
def test_what_the_bus_refuses_leaves_as_its_fault(error: Exception, code: str, element: str) -> None:
    answer = contracts(bus=ScriptedBus({"contracts": error}))
    assert (answer.status, answer.fault) == (500, (code, str(error)))
    assert answer.values(".//faultcode") == [f"Server.{code}"]
    assert answer.values(f".//detail/fm:{element}/fm:uri") == ["/ws/v2/ContratoBSv2"]


def test_an_unknown_error_is_told_without_its_text() -> None:
    answer = contracts(bus=ScriptedBus({"contracts": KeyError(PASSWORD)}))
    assert answer.fault[0] == "4001"
    assert PASSWORD not in answer.text


def test_the_log_has_neither_password_nor_body(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("aval").setLevel(logging.DEBUG)
    contracts(bus=ScriptedBus({"contracts": KeyError("x")}))
    post("<a>" + PASSWORD)
    told = capsys.readouterr()
    assert PASSWORD not in told.out + told.err


@pytest.mark.parametrize(
    ("body", "headers", "sentence"),
    [
        (LAWFUL, {"content-type": "application/soap+xml"}, "text/xml"),
        (LAWFUL, {"content-type": "text/xml; charset=ISO-8859-1"}, "UTF-8"),
        (LAWFUL, {"content-encoding": "gzip"}, "sem compressão"),
        (LAWFUL.replace("2026", "\ufffd"), {}, "UTF-8"),
        (LAWFUL.encode("utf-16"), {}, "UTF-8"),
        ("", {}, "UTF-8"),
        (b"<!DOCTYPE a><a/>", {}, "DOCTYPE"),
        (LAWFUL.encode() + b" " * (4 * 1024 * 1024), {}, "4 MB"),
    ],
)
def test_a_body_that_is_none_of_ours_is_refused(
    body: str | bytes, headers: dict[str, str], sentence: str
) -> None:
    answer = post(body, headers=headers)
    assert (answer.status, answer.fault[0]) == (500, "3006")
    assert sentence in answer.fault[1]


def test_bytes_in_base64_are_read_as_text_is() -> None:
    assert post(LAWFUL.encode(), bus=NOTHING).fault[0] == "3001"


def test_each_version_keeps_to_its_namespaces() -> None:
    first = envelope(CONTRACTS, dialect=V1)
    assert post(first).fault[0] == "3006"
