"""A company adheres, through the deployed API."""

import hashlib
import json
from collections.abc import Callable

import pytest

from aval.identifiers import Cnpj
from tests.support.agents import (
    ANA,
    AURORA,
    BOLT,
    BRUNO,
    CARLA,
    DARIO,
    ELISA,
    FABIO,
    PASSWORD,
    Person,
    certificate,
    offered,
)
from tests.support.stack import Answer, Stack

NOBODYS = Cnpj("6A3EDMWP000168")


@pytest.fixture
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


def test_a_ccee_representative_enrols_lists_downloads_replaces_and_deletes(stack: Stack, ana: Person) -> None:
    ana.empty(AURORA)
    first = certificate(stack, "AURORA UM", cnpj=AURORA)
    fingerprint = hashlib.sha256(first).hexdigest()

    enrolled = ana.change(AURORA, senha=PASSWORD, adicionar=[offered(first, "aurora um.cer")])
    assert (enrolled.status, enrolled.json()["situacao"]) == (200, "ADERIDO")
    assert "O usuário será o CNPJ" in enrolled.json()["mensagem"]

    listed = ana.get("/adesoes?busca=aurora").json()
    assert [(one["cnpj"], one["status"]) for one in listed["empresas"]] == [(AURORA, "VIGENTE")]
    (shown,) = listed["empresas"][0]["certificados"]
    assert (shown["nome"], shown["impressaoDigital"], shown["versao"]) == (
        "aurora um.cer",
        fingerprint,
        "3.0",
    )
    assert shown["modificadoPor"] == "Ana Demonstração"

    downloaded = ana.get(f"/adesoes/{AURORA}/certificados/{fingerprint}")
    assert (downloaded.body, downloaded.headers["Content-Type"]) == (first, "application/pkix-cert")

    second = certificate(stack, "AURORA UM", cnpj=AURORA)
    beside = ana.change(AURORA, adicionar=[offered(second)])
    assert [fault["rule"] for fault in beside.json()["errors"]] == ["requerente"]
    replaced = ana.change(AURORA, adicionar=[offered(second)], excluir=[fingerprint])
    assert replaced.status == 200
    assert ana.fingerprints(AURORA) == [hashlib.sha256(second).hexdigest()]
    assert ana.get(f"/adesoes/{AURORA}/certificados/{fingerprint}").status == 404

    deleted = ana.change(AURORA, excluir=ana.fingerprints(AURORA))
    assert (deleted.json()["status"], deleted.json()["situacao"]) == ("SEM_CERTIFICADO", "ADERIDO")
    acts = [event["ato"] for event in ana.get(f"/adesoes/{AURORA}/historico").json()["eventos"]]
    assert len(acts) >= 5
    assert "Ana Demonstração" in {
        event["quem"] for event in ana.get(f"/adesoes/{AURORA}/historico").json()["eventos"]
    }


def test_the_first_enrolment_needs_a_password_and_a_certificate(stack: Stack) -> None:
    elisa, company = Person.logged_in(stack, ELISA), Cnpj("58290417000116")
    assert elisa.read(company)["situacao"] == "NAO_ADERIDO"
    file = certificate(stack, "CAMPO CLARO", cnpj=company)
    for sent in ({"senha": PASSWORD}, {"adicionar": [offered(file)]}, {}):
        assert elisa.change(company, **sent).status == 422
    assert elisa.read(company)["situacao"] == "NAO_ADERIDO"


@pytest.mark.parametrize("email", [BRUNO, CARLA])
def test_legal_and_accounting_representatives_read_and_write_nothing(
    stack: Stack, ana: Person, email: str
) -> None:
    file = certificate(stack, "BOLT LEITURA", cnpj=BOLT)
    assert ana.enrol(BOLT, file).status == 200
    (fingerprint,) = ana.fingerprints(BOLT)
    reader = Person.logged_in(stack, email)

    assert reader.read(BOLT) == ana.read(BOLT)
    assert reader.get(f"/adesoes/{BOLT}/certificados/{fingerprint}").body == file
    assert reader.get(f"/adesoes/{BOLT}/historico").status == 200
    writes = (
        {"senha": "40281953"},
        {"adicionar": [offered(certificate(stack, "OUTRO", cnpj=BOLT))]},
        {"excluir": [fingerprint]},
        {"adicionar": [offered(certificate(stack, "OUTRO", cnpj=BOLT))], "excluir": [fingerprint]},
    )
    for sent in writes:
        refused = reader.change(BOLT, **sent)
        assert (refused.status, refused.headers["Content-Type"]) == (403, "application/problem+json")
    assert ana.fingerprints(BOLT) == [fingerprint]


def everything(person: Person, company: Cnpj, file: bytes) -> dict[str, Answer]:
    fingerprint = hashlib.sha256(file).hexdigest()
    return {
        "read": person.get(f"/adesoes/{company}"),
        "change": person.change(company, senha=PASSWORD, adicionar=[offered(file)]),
        "delete": person.change(company, excluir=[fingerprint]),
        "verify": person.verify(company, file),
        "download": person.get(f"/adesoes/{company}/certificados/{fingerprint}"),
        "history": person.get(f"/adesoes/{company}/historico"),
    }


@pytest.mark.parametrize("email", [DARIO, FABIO, ELISA], ids=["nobody", "prudential-only", "mandate-ended"])
def test_a_stranger_cannot_tell_an_enrolled_company_from_none(stack: Stack, ana: Person, email: str) -> None:
    file = certificate(stack, "BOLT ESTRANHO", cnpj=BOLT)
    assert ana.enrol(BOLT, file).status == 200
    stranger = Person.logged_in(stack, email)
    enrolled, none = everything(stranger, BOLT, file), everything(stranger, NOBODYS, file)
    for name, answer in enrolled.items():
        told, untold = answer.json(), none[name].json()
        assert (name, answer.status, told.pop("transacao") != untold.pop("transacao")) == (name, 404, True)
        assert told == untold
    assert BOLT not in {one["cnpj"] for one in stranger.get("/adesoes").json()["empresas"]}


def test_without_a_token_everything_is_401(stack: Stack) -> None:
    file = certificate(stack, "SEM TOKEN", cnpj=BOLT)
    nobody = Person(stack, "")
    unsent: Callable[[str, str], Answer] = stack.request
    for method, path in (
        ("GET", "/adesoes"),
        ("GET", "/sessao"),
        ("GET", f"/adesoes/{BOLT}"),
        ("PUT", f"/adesoes/{BOLT}"),
        ("POST", f"/adesoes/{BOLT}/certificados/verificacao"),
        ("GET", f"/adesoes/{BOLT}/certificados/{hashlib.sha256(file).hexdigest()}"),
        ("GET", f"/adesoes/{BOLT}/historico"),
    ):
        answer = unsent(method, path)
        assert (path, answer.status, answer.json()) == (path, 401, {"message": "Unauthorized"})
    assert nobody.get("/adesoes").status in {401, 403}


def test_a_change_sent_twice_with_one_key_is_applied_once(stack: Stack, ana: Person) -> None:
    ana.empty(BOLT)
    sent = {"senha": PASSWORD, "adicionar": [offered(certificate(stack, "BOLT UMA VEZ", cnpj=BOLT))]}
    headers = {"Idempotency-Key": hashlib.sha256(json.dumps(sent).encode()).hexdigest()}
    first = ana.change(BOLT, headers=headers, **sent)
    again = ana.change(BOLT, headers=headers, **sent)
    assert (first.status, again.status) == (200, 200)
    assert again.json() == first.json()
    other = ana.change(BOLT, headers=headers, **{**sent, "senha": "40281953"})
    assert other.status == 422


def test_a_change_based_on_an_older_reading_is_refused(stack: Stack, ana: Person) -> None:
    ana.empty(BOLT)
    tag = ana.get(f"/adesoes/{BOLT}").headers["ETag"]
    files = [certificate(stack, f"BOLT VERSÃO {number}", cnpj=BOLT) for number in range(2)]
    sent = {"senha": PASSWORD, "adicionar": [offered(files[0])]}
    assert ana.change(BOLT, headers={"If-Match": tag}, **sent).status == 200
    late = ana.change(BOLT, headers={"If-Match": tag}, adicionar=[offered(files[1])])
    assert late.status == 412
