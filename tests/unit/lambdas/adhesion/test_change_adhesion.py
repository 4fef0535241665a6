from collections.abc import Iterator
from typing import Any

import pytest

from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.identifiers import Cpf
from tests.support.adhesion import ANA, BOLT, BRUNO, CARLA, der
from tests.support.adhesion_api import Answer, Api, api, encoded
from tests.support.dynamodb import ADHESION_TABLE

PATH = f"/adesoes/{BOLT}"
PASSWORD = "Chave7segura"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with api(monkeypatch) as opened:
        yield opened


def put(
    people: Api, body: Any, *, person: Cpf = ANA, path: str = PATH, headers: dict[str, str] | None = None
) -> Answer:
    return people.call("adhesion.change_adhesion", "PUT", path, person=person, body=body, headers=headers)


def enrolment(content: bytes) -> dict[str, Any]:
    return {"senha": PASSWORD, "adicionar": [encoded(content)]}


def test_an_enrolment_answers_the_new_state_with_the_reminder_of_the_login(people: Api) -> None:
    answer = put(people, enrolment(der("A")))
    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')
    assert answer.document["situacao"] == "ADERIDO"
    assert answer.document["status"] == "VIGENTE"
    assert answer.document["mensagem"] == (
        "Solicitação concluída com sucesso. O usuário será o CNPJ e a senha foi informada durante o cadastro."
    )
    (certificate,) = answer.document["certificados"]
    assert certificate["nome"] == "empresa.cer"
    assert certificate["versao"] == "3.0"
    assert certificate["certificadora"] == "ICP-Teste"
    assert certificate["modificadoPor"] == "Ana"
    assert certificate["revogacao"] == "REVOGACAO_DESCONHECIDA"


def test_what_was_enrolled_is_listed_read_and_downloaded_byte_by_byte(people: Api) -> None:
    content = der("A")
    put(people, enrolment(content))
    listed = people.call("adhesion.list_companies", "GET", "/adesoes", query={"busca": "bolt"})
    read = people.call("adhesion.read_company", "GET", PATH, person=BRUNO)
    assert listed.document["total"] == 1
    assert listed.document["empresas"] == [read.document]
    assert read.headers["ETag"] == '"1"'
    fingerprint = read.document["certificados"][0]["impressaoDigital"]
    downloaded = people.call(
        "adhesion.download_certificate", "GET", f"{PATH}/certificados/{fingerprint}", person=BRUNO
    )
    assert downloaded.content == content
    assert downloaded.headers["Content-Type"] == "application/pkix-cert"
    assert 'filename="empresa.cer"' in downloaded.headers["Content-Disposition"]


def test_the_history_tells_the_enrolment(people: Api) -> None:
    put(people, enrolment(der("A")))
    read = people.call("adhesion.read_history", "GET", f"{PATH}/historico")
    told = [(one["ato"], one["quem"], one["de"], one["para"]) for one in read.document["eventos"]]
    assert told == [
        ("CERTIFICADO_ADICIONADO", "Ana", "", "VIGENTE"),
        ("SENHA_DEFINIDA", "Ana", "NAO_ADERIDO", "ADERIDO"),
    ]
    assert read.document["proxima"] is None


def test_a_legal_representative_is_refused(people: Api) -> None:
    assert put(people, enrolment(der("A")), person=BRUNO).status == 403


@pytest.mark.parametrize(
    ("operation", "method", "suffix", "body"),
    [
        ("read_company", "GET", "", None),
        ("change_adhesion", "PUT", "", enrolment(b"x")),
        ("verify_certificate", "POST", "/certificados/verificacao", encoded(b"x")),
        ("download_certificate", "GET", f"/certificados/{'ab' * 32}", None),
        ("read_history", "GET", "/historico", None),
    ],
)
def test_a_stranger_hears_the_same_whether_or_not_the_company_exists(
    people: Api, operation: str, method: str, suffix: str, body: Any
) -> None:
    answers = [
        people.call(f"adhesion.{operation}", method, f"/adesoes/{cnpj}{suffix}", person=CARLA, body=body)
        for cnpj in (BOLT, "11222333000181")
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_every_fault_is_told_with_its_place(people: Api) -> None:
    answer = put(people, {"senha": "1234567", "adicionar": [encoded(b"x"), encoded(der("A"))]})
    assert answer.status == 422
    assert [(error["rule"], error["pointer"]) for error in answer.document["errors"]] == [
        ("senha", "#/senha"),
        ("senha", "#/senha"),
        ("formato", "#/adicionar/0"),
    ]


def test_a_repeated_key_answers_the_same_and_another_request_under_it_is_refused(people: Api) -> None:
    headers = {"idempotency-key": "k", "if-match": '"0"'}
    body = enrolment(der("A"))
    first = put(people, body, headers=headers)
    assert put(people, body, headers=headers).content == first.content
    assert put(people, enrolment(der("A")), headers=headers).status == 422


def test_an_older_version_is_refused(people: Api) -> None:
    put(people, enrolment(der("A")))
    assert put(people, {"senha": "Outra1chave"}, headers={"if-match": '"0"'}).status == 412
    assert put(people, {"senha": "Outra1chave"}, headers={"if-match": 'W/"1"'}).status == 200


def test_a_body_over_four_megabytes_is_refused_with_a_problem(people: Api) -> None:
    answer = put(people, {"adicionar": [{"nome": "a.cer", "conteudo": "A" * (4 * 1024 * 1024)}]})
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_malformed_cnpj_is_told(people: Api) -> None:
    assert put(people, enrolment(b"x"), path="/adesoes/123").status == 422


def test_neither_password_nor_people_are_logged(people: Api) -> None:
    put(people, enrolment(der("A")))
    put(people, {"senha": "Fraca1", "adicionar": [encoded(der("B"))]})
    logged = people.log.getvalue()
    assert "request answered" in logged
    assert not [secret for secret in (PASSWORD, "Fraca1", ANA, "Ana") if secret in logged]


def test_the_dry_run_registers_nothing(people: Api) -> None:
    path = f"{PATH}/certificados/verificacao"
    answer = people.call("adhesion.verify_certificate", "POST", path, person=BRUNO, body=encoded(der("A")))
    assert answer.document["aceito"] is True
    assert {"regra": "requerente", "ok": True, "detalhe": "requerente único"} in answer.document["regras"]
    assert DynamoDbAdhesions(people.dynamodb, ADHESION_TABLE).load(BOLT).version == 0
