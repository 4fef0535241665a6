"""What the API says of itself holds: every operation of `/openapi.json` under all of schemathesis' checks."""

import base64
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
from schemathesis.engine import StopReason

from aval.identifiers import Cnpj
from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import SealedKind
from tests.e2e.enclave_agent import Agent as SealingAgent
from tests.support.agents import ANA, AURORA, PASSWORD, Person, certificate, system_pem
from tests.support.contract_agents import Agent, Month, registration
from tests.support.openapi_runs import Allowance, Found, configuration, document, run
from tests.support.stack import Stack

SYSTEM_TOKEN: Final = "/sistema/token"
# Asked by another person, with bodies of their own: test_openapi_of_a_week.py.
OF_A_WEEK: Final = r"^/prudencial/(modelos/|semanas(?!.*/lotes))"
# The same of lotes: test_openapi_of_lotes.py.
OF_LOTES: Final = r"^/prudencial/semanas/.*/lotes"
# Of a week that was published: test_openapi_of_publication.py.
OF_PUBLICATION: Final = r"^/(publicacao|prudencial/agentes)"
# With a list that a company's certificate signed: test_openapi_of_readers.py.
OF_READERS: Final = r"^/prudencial/empresas/.*/leitores"
ASKED_APART: Final = f"{OF_A_WEEK}|{OF_LOTES}|{OF_PUBLICATION}|{OF_READERS}"
CHECKS: Final = {
    "allow_header_conformance",
    "content_type_conformance",
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "object_level_authorization",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
    "use_after_free",
}
PHASES: Final = {"examples", "coverage", "fuzzing"}
NOT_FOUND: Final = {"message": "Not Found"}
# What a text of the right shape may still be told: no pattern can tell check digits or leap years.
BEYOND_PATTERNS: Final = {
    "os dígitos verificadores do CNPJ não conferem",
    "o CNPJ não pode ser formado só de zeros",
    "o dia não existe no calendário",
}
MORE_EXAMPLES: Final = 150
# Where no link leads from one operation to another.
WITHOUT_LINKS: Final[dict[str, Any]] = {"phases": {"stateful": {"enabled": False}}}
VENTO, BOLT = 10030, 10010
WRONG_DIGITS: Final = "33047509000148"


def is_gateway_not_found(answer: Any) -> bool:
    return bool(answer.status_code == 404 and json.loads(answer.content) == NOT_FOUND)


def is_refused_by_a_rule(answer: Any) -> bool:
    """Every fault told is one that no schema can express; a fault of shape is never allowed."""
    faults = json.loads(answer.content).get("errors", ()) if answer.status_code == 422 else ()
    return bool(faults) and all(
        fault["rule"] != "forma" or fault["detail"] in BEYOND_PATTERNS for fault in faults
    )


def is_key_reused(answer: Any) -> bool:
    return bool(
        answer.status_code == 422
        and json.loads(answer.content)["type"] == "urn:aval:problema:chave-reutilizada"
    )


def is_problem(*slugs: str) -> Callable[[Any], bool]:
    types = {f"urn:aval:problema:{slug}" for slug in slugs}

    def covers(answer: Any) -> bool:
        return bool(answer.status_code == 422 and json.loads(answer.content)["type"] in types)

    return covers


def is_precondition_failed(answer: Any) -> bool:
    return bool(answer.status_code == 412)


ALLOWANCES: Final = (
    Allowance(
        objection="UnsupportedMethodResponse",
        covers=is_gateway_not_found,
        reason="an HTTP API routes by method and path together: no such pair is its own 404, never a 405",
        proved_by="test_the_gateway_answers_an_unknown_method_with_its_404_body",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_refused_by_a_rule,
        reason="the right shape may still be no certificate, a weak password or wrong check digits",
        proved_by="test_a_rule_of_the_domain_refuses_what_has_the_right_shape",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_precondition_failed,
        reason="If-Match asks to be refused when the company is at another version",
        proved_by="test_an_entity_tag_of_another_version_fails_the_precondition",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_key_reused,
        reason="an Idempotency-Key names one request; with another body it is refused",
        proved_by="test_an_idempotency_key_serves_one_request",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_problem("cursor-ilegivel"),
        reason="a cursor is what a page gave; no pattern can tell it from other texts",
        proved_by="test_a_cursor_that_no_page_gave_is_refused",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_problem("ato-recusado"),
        reason="an amount that is there to be validated may not be the caller's to validate, or not now",
        proved_by="test_a_validation_by_the_seller_is_refused",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_problem("parametros-invalidos"),
        reason="an upload has a largest size, which is the bus's own and not of the message",
        proved_by="test_an_upload_over_the_largest_size_is_refused",
    ),
    Allowance(
        objection="RejectedPositiveData",
        covers=is_problem("selo-recusado"),
        reason="a sealed object binds week, sender and key into itself, which no pattern can see",
        proved_by="test_an_object_that_is_none_is_refused_by_its_outside",
    ),
)


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def contract(ana: Person) -> int:
    """Sold by VENTO to BOLT, for both of whom Ana acts."""
    (code,) = Agent(ana, VENTO).registered(registration(VENTO, BOLT))
    return code


@pytest.fixture(scope="module")
def values(stack: Stack, ana: Person, contract: int) -> dict[str, list[str | int]]:
    """A company with a certificate, another that it could register, a contract, an import and a task."""
    file, other = (certificate(stack, f"AURORA CONTRATO {name}", cnpj=AURORA) for name in ("A", "B"))
    assert ana.enrol(AURORA, file).status == 200
    sealing = SealingAgent(stack, company=Cnpj.parse(AURORA))
    body = sealing.sealed(SealedKind.ENSAIO, b'{"numero":"0.17"}')
    held, content = ana.fingerprints(AURORA), base64.b64encode(other).decode()
    return {
        "path.cnpj": [AURORA],
        "path.impressaoDigital": [*held],
        "header.if-match": ["*"],
        "body.cnpj": [AURORA],
        "body.senha": [PASSWORD],
        "body.conteudo": [content],
        "body.adicionar[*].conteudo": [content],
        "path.id": [contract],
        "path.codigo": [Agent(ana, VENTO).submit(registrar=[registration(VENTO, BOLT)])],
        "query.perfil": [BOLT],
        "body.perfil": [BOLT],
        "body.montantes[*].vigenciaDeInicio": [Month.ahead(1).begins],
        "body.evento": [sealing.event],
        "body.ato": [TaskAct.DELIVER.value],
        "body.corpo": [body.decode()],
        "path.tarefa": [sealing.submit(TaskAct.DELIVER, body)],
    }


@pytest.fixture(scope="module")
def of_people(stack: Stack, values: dict[str, list[str | int]]) -> Found:
    asked = partial(configuration, authority=stack.authority, token=stack.token(ANA), values=values)
    described = document(stack.people_url, asked())
    found = run(described.exclude(path=SYSTEM_TOKEN).exclude(path_regex=ASKED_APART), ALLOWANCES)
    # What is drawn for one operation changes with every other: who drew badly draws again, more.
    for operation in found.without_success:
        method, path = operation.split()
        again = document(stack.people_url, asked(examples=MORE_EXAMPLES, **WITHOUT_LINKS))
        found.join(run(again.include(method=method, path=path), ALLOWANCES))
    return found


@pytest.fixture(scope="module")
def of_systems(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> Found:
    file = certificate(stack, "AURORA SISTEMA", cnpj=AURORA)
    assert ana.enrol(AURORA, file).status == 200
    pem = system_pem(stack, tmp_path_factory.mktemp("systems"), file)
    issued = stack.request(
        "POST",
        f"{stack.systems_url}{SYSTEM_TOKEN}",
        body=json.dumps({"cnpj": AURORA, "senha": PASSWORD}).encode(),
        headers={"Content-Type": "application/json"},
        context=stack.context(certificate=pem),
    )
    door: dict[str, Any] = {
        "request-cert": str(pem),
        "base-url": stack.systems_url,
        **WITHOUT_LINKS,
    }
    config = configuration(
        authority=stack.authority,
        token=issued.json()["access_token"],
        values={"body.cnpj": [AURORA], "body.senha": [PASSWORD]},
        **door,
    )
    return run(document(stack.people_url, config).include(path=[SYSTEM_TOKEN, "/sessao"]), ALLOWANCES)


def assert_keeps(found: Found, operations: set[str], *, public: set[str], phases: set[str]) -> None:
    """Nothing was objected to; every operation did what it is for, refused, and asked for a token."""
    assert not found.objections, "\n\n".join(found.objections)
    assert found.stopped == [StopReason.COMPLETED]
    assert phases <= found.phases
    assert set(found.checks) == CHECKS
    assert set(found.statuses) == operations
    for operation, statuses in found.statuses.items():
        assert operation not in found.without_success, (operation, dict(statuses))
        assert any(400 <= status < 500 for status in statuses), operation
        assert operation in public or {401, 403} <= set(statuses), operation


def test_the_peoples_door_keeps_what_it_says(stack: Stack, of_people: Found) -> None:
    described = stack.request("GET", "/openapi.json").json()["paths"]
    operations = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    apart = {operation for operation in operations if re.match(ASKED_APART, operation.split()[1])}
    own = operations - apart - {f"POST {SYSTEM_TOKEN}"}
    public = {"GET /configuracao", "GET /prudencial/medidas", "POST /acessos"}
    assert_keeps(of_people, own, public=public, phases=PHASES | {"stateful"})


def test_the_systems_door_keeps_what_it_says(of_systems: Found) -> None:
    issuing = f"POST {SYSTEM_TOKEN}"
    assert_keeps(of_systems, {issuing, "GET /sessao"}, public={issuing}, phases=PHASES)


# What the gateway answers by itself, and what no schema can tell


def test_every_allowance_has_a_test_of_its_own() -> None:
    assert {allowance.proved_by for allowance in ALLOWANCES} <= set(globals())


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "QUERY"])
@pytest.mark.parametrize("path", ["/adesoes", "/sessao", "/configuracao", f"/adesoes/{AURORA}"])
def test_the_gateway_answers_an_unknown_method_with_its_404_body(ana: Person, method: str, path: str) -> None:
    answer = ana.stack.request(method, path, token=ana.token)
    assert (answer.status, answer.headers["Content-Type"], answer.json()) == (
        404,
        "application/json",
        {"message": "Not Found"},
    )


@pytest.mark.parametrize(
    ("path", "token", "status", "message"),
    [
        ("/adesoes/1/2/3/4", None, 404, "Not Found"),
        ("/sessao", None, 401, "Unauthorized"),
        ("/sessao", "no.such.token", 403, "Forbidden"),
    ],
)
def test_the_gateway_refuses_with_a_message_and_no_problem(
    stack: Stack, path: str, token: str | None, status: int, message: str
) -> None:
    answer = stack.request("GET", path, token=token)
    assert (answer.status, answer.json()) == (status, {"message": message})
    assert answer.headers["Content-Type"] == "application/json"


def test_a_rule_of_the_domain_refuses_what_has_the_right_shape(ana: Person) -> None:
    wrong = ana.get(f"/adesoes/{WRONG_DIGITS}")
    assert (wrong.status, wrong.json()["errors"]) == (
        422,
        [
            {
                "rule": "forma",
                "detail": "os dígitos verificadores do CNPJ não conferem",
                "pointer": "path:cnpj",
            }
        ],
    )
    weak = ana.change(AURORA, senha="00000000")
    assert weak.status == 422
    assert {(fault["rule"], fault["pointer"]) for fault in weak.json()["errors"]} == {("senha", "#/senha")}


def test_an_entity_tag_of_another_version_fails_the_precondition(ana: Person) -> None:
    answer = ana.change(AURORA, headers={"If-Match": '"999999999"'}, senha=PASSWORD)
    assert (answer.status, answer.json()["type"]) == (412, "urn:aval:problema:versao-antiga")


def test_an_idempotency_key_serves_one_request(ana: Person) -> None:
    headers = {"Idempotency-Key": "contrato"}
    assert ana.change(AURORA, headers=headers, senha=PASSWORD).status == 200
    answer = ana.change(AURORA, headers=headers, senha="40281953")
    assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:chave-reutilizada")


def test_a_cursor_that_no_page_gave_is_refused(ana: Person) -> None:
    for path in ("/contratos", "/contratos/importacoes/1"):
        answer = ana.get(f"{path}?cursor=x")
        assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:cursor-ilegivel"), path


def test_a_validation_by_the_seller_is_refused(ana: Person, contract: int) -> None:
    answer = Agent(ana, VENTO).validate(contract, Month.ahead(1).begins)
    assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:ato-recusado")


def test_an_upload_over_the_largest_size_is_refused(ana: Person) -> None:
    answer = Agent(ana, VENTO).post("/contratos/importacoes", tamanho=10**9, sha256="0f" * 32)
    assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:parametros-invalidos")


def test_a_day_that_no_calendar_has_is_refused(ana: Person) -> None:
    answer = ana.get("/contratos?inicio=2026-02-30")
    assert (answer.status, answer.json()["errors"][0]["detail"]) == (422, "o dia não existe no calendário")


def test_an_object_that_is_none_is_refused_by_its_outside(stack: Stack) -> None:
    answer = SealingAgent(stack, company=Cnpj.parse(AURORA)).handed_in(TaskAct.DELIVER, b"a.b.c")
    assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:selo-recusado")
