from collections.abc import Iterator
from typing import Any

import pytest

from aval.adapters.dynamodb.identity import DynamoDbLoginBindings
from tests.support.contract_api import Answer
from tests.support.monitored import AURORA, BOLT, FABIO, MOINHO, VENTO
from tests.support.publication_api import IDENTITY_TABLE, LOGIN, PublicationApi, publication_api

ADDRESS, OTHER = "https://www.empresa.com.br/fator", "https://ri.empresa.com.br/"
AT = "2026-11-20T09:00:00-03:00"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicationApi]:
    with publication_api(monkeypatch) as opened:
        DynamoDbLoginBindings(opened.client, IDENTITY_TABLE).bind(LOGIN, FABIO)
        yield opened


def path(cnpj: str = BOLT) -> str:
    return f"/prudencial/agentes/{cnpj}/divulgacao"


def register(api: PublicationApi, address: Any, cnpj: str = BOLT, **told: Any) -> Answer:
    return api.as_person("register_link", "PUT", path(cnpj), body={"endereco": address}, **told)


def test_an_address_is_registered_with_who_did_it_and_when(api: PublicationApi) -> None:
    answer = register(api, ADDRESS)
    assert answer.status == 200
    assert answer.document == {
        "cnpj": BOLT,
        "endereco": ADDRESS,
        "historico": [{"endereco": ADDRESS, "em": AT, "quem": "Fabio"}],
    }
    assert api.as_person("read_link", "GET", path()).document == answer.document


def test_the_history_tells_each_registration_the_newest_first(api: PublicationApi) -> None:
    register(api, ADDRESS)
    api.as_system("register_link", "PUT", path(), body={"endereco": OTHER})
    told = api.as_person("read_link", "GET", path()).document
    assert told == {
        "cnpj": BOLT,
        "endereco": OTHER,
        "historico": [
            {"endereco": OTHER, "em": AT, "quem": "sistema da empresa"},
            {"endereco": ADDRESS, "em": AT, "quem": "Fabio"},
        ],
    }


@pytest.mark.parametrize("cnpj", [BOLT, AURORA, VENTO])
def test_who_answers_for_a_company_registers_for_those_that_it_represents_or_controls(
    api: PublicationApi, cnpj: str
) -> None:
    assert register(api, ADDRESS, cnpj).status == 200
    assert api.as_person("read_link", "GET", path(cnpj)).document["cnpj"] == cnpj


def test_a_stranger_neither_registers_nor_reads(api: PublicationApi) -> None:
    for answer in (
        register(api, ADDRESS, MOINHO),
        register(api, ADDRESS, cpf="52998224725"),
        api.as_person("read_link", "GET", path(MOINHO)),
        api.as_system("read_link", "GET", path(), cnpj=MOINHO),
        register(api, "http://10.0.0.1", MOINHO),
    ):
        assert answer.problem == (403, "empresa-nao-autorizada")
    assert api.links.all() == {}


def test_a_company_without_an_address_has_nothing_to_read(api: PublicationApi) -> None:
    assert api.as_person("read_link", "GET", path()).problem == (404, "nada-a-ler")


def test_everything_that_is_wrong_with_an_address_is_told_in_portuguese(api: PublicationApi) -> None:
    answer = register(api, "http://usuario:senha@10.0.0.1/")
    assert answer.problem == (422, "pedido-recusado")
    assert answer.faults == [
        ("/endereco", "o endereço deve começar por https://"),
        ("/endereco", "retire o usuário e a senha: o endereço é público"),
        (
            "/endereco",
            "use o nome público do servidor, como www.empresa.com.br; não um IP nem um nome de rede interna",
        ),
    ]
    assert api.links.all() == {}


@pytest.mark.parametrize("address", [None, 7, "", "x" * 2001, ["https://www.empresa.com.br"]])
def test_what_is_no_text_of_a_length_is_a_fault_of_shape(api: PublicationApi, address: Any) -> None:
    answer = register(api, address)
    assert answer.problem == (422, "pedido-recusado")
    assert api.links.all() == {}


def test_no_address_comes_into_the_log(api: PublicationApi) -> None:
    register(api, ADDRESS)
    register(api, "http://usuario:senha@10.0.0.1/")
    assert "empresa.com.br" not in api.log.getvalue()
    assert "senha" not in api.log.getvalue()
