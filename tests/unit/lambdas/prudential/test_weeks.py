from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.identifiers import Cnpj
from aval.moments import for_people
from aval.prudential.agent_state import AgentChange, AgentState
from aval.prudential.lote_senders import LoteSenders
from lambdas.prudential import read_agent
from tests.support.monitored import ANA, AURORA, BOLT, FABIO, MOINHO, VENTO, MonitoredRegistry
from tests.support.publication import closing
from tests.support.weeks import (
    DEADLINE,
    EVENT,
    NOW,
    OPENS,
    OTHER_EVENT,
    agent_row,
    released,
    sending,
    transition,
    week_version,
)
from tests.unit.lambdas.prudential.conftest import Doors

WEEKS = "/prudencial/semanas"
WEEK = f"{WEEKS}/{EVENT}"
AGENTS = f"{WEEK}/agentes"
CLASSES = {
    1: "Autoprodutor",
    2: "Comercializador",
    3: "Importador",
    4: "Gerador",
    7: "Produtor Independente",
    11: "Exportador",
}
FIRST, SECOND = week_version(), week_version(versao=2, loaded_at=NOW + timedelta(minutes=1))
LISTED = {
    "evento": EVENT,
    "versao": 2,
    "resumo": SECOND.parameters.digest,
    "abertura": for_people(OPENS),
    "prazo": for_people(DEADLINE),
    "periodicidade": "SEMANAL",
    "classes": [{"codigo": code, "descricao": text} for code, text in CLASSES.items()],
    "aberto": True,
    "publicado": False,
}
NOTHING = {
    "alteradoEm": None,
    "portfolio": None,
    "contrapartes": None,
    "calculo": None,
    "ciclo": 0,
    "parametros": None,
    "envio": None,
}
USED = {"versao": 1, "resumo": FIRST.parameters.digest}
DELIVERED = {
    "alteradoEm": for_people(NOW),
    "portfolio": {"versao": 2, "identidade": "1d" * 32, "leitores": "5e" * 32, "lote": None},
    "contrapartes": {"versao": 1, "identidade": "1d" * 32, "leitores": "5e" * 32, "lote": "0a" * 16},
    "calculo": "ca" * 32,
    "ciclo": 0,
    "parametros": USED,
}
SENT = {"contador": 7, "calculo": "ca" * 32, "em": for_people(NOW)}


class Logins:
    def person_of(self, login: str) -> Any:
        return {"sub": FABIO}.get(login)


@pytest.fixture
def week(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Doors:
    weeks = DynamoDbWeeks(doors.vault.client, doors.vault.table_name)
    weeks.add(FIRST)
    weeks.add(SECOND)
    monkeypatch.setattr(read_agent, "_senders", lambda: LoteSenders(Logins(), MonitoredRegistry()))
    return doors


def told(cnpj: Cnpj, state: str, **changes: Any) -> dict[str, Any]:
    [agent] = [one for one in MonitoredRegistry().participants if one.cnpj == cnpj]
    code = int(agent.participant_class)
    return {
        "cnpj": cnpj,
        "codigo": agent.code,
        "sigla": agent.sigla,
        "nomeEmpresarial": agent.legal_name,
        "classe": {"codigo": code, "descricao": CLASSES[code]},
        "estado": state,
        **NOTHING,
        **changes,
    }


def keep(doors: Doors, *, event: str = EVENT, **changes: Any) -> AgentChange:
    change = AgentChange(agent_row(BOLT, **changes), transition(by="person:sub"), released())
    DynamoDbAgents(doors.vault.client, doors.vault.table_name).keep(change)
    return change


def ask(doors: Doors, operation: str, path: str, **query: str) -> Any:
    return doors.as_person(operation, "GET", path, cpf=FABIO, query=query or None)


def test_weeks_are_listed_without_one_too(doors: Doors) -> None:
    assert ask(doors, "list_weeks", WEEKS).document == {"semanas": []}


def test_lists_the_weeks_with_what_is_in_force(week: Doors) -> None:
    assert ask(week, "list_weeks", WEEKS).document == {"semanas": [LISTED]}
    assert week.as_system("list_weeks", "GET", WEEKS).document == {"semanas": [LISTED]}


def test_a_week_is_told_with_its_parameters_and_all_its_versions(week: Doors) -> None:
    answer = ask(week, "read_week", WEEK)
    assert answer.document == {
        **LISTED,
        "versoes": [
            {
                "versao": one.parameters.version,
                "resumo": one.parameters.digest,
                "carregadoEm": for_people(one.loaded_at),
                "origem": "parametros/a.json#1",
            }
            for one in (FIRST, SECOND)
        ],
        "parametros": SECOND.parameters.as_json(),
    }


def test_an_earlier_version_is_told_when_it_is_asked_for(week: Doors) -> None:
    answer = ask(week, "read_week", WEEK, versao="1")
    assert (answer.document["versao"], answer.document["parametros"]) == (2, FIRST.parameters.as_json())


@pytest.mark.parametrize(
    ("path", "query", "problem"),
    [
        (WEEK, {"versao": "3"}, (404, "nada-a-ler")),
        (WEEK, {"versao": "0"}, (422, "pedido-recusado")),
        (WEEK, {"version": "1"}, (422, "pedido-recusado")),
        (f"{WEEKS}/{OTHER_EVENT}", {}, (404, "evento-desconhecido")),
        (f"{WEEKS}/2026", {}, (422, "pedido-recusado")),
    ],
)
def test_a_week_or_version_that_is_not_there_is_told_as_that(
    week: Doors, path: str, query: dict[str, str], problem: tuple[int, str]
) -> None:
    assert ask(week, "read_week", path, **query).problem == problem


def test_lists_the_agents_that_the_caller_acts_for_with_states_and_counters(week: Doors) -> None:
    keep(week, state=AgentState.SENT, sending=sending())
    expected = {
        "remetentes": [{"cnpj": BOLT, "sigla": "BOLT"}],
        "contadores": {
            "portfolio": {"n": 1, "N": 3},
            "contrapartes": {"n": 1, "N": 3},
            "enviados": {"n": 1, "N": 3},
        },
        "agentes": [
            told(AURORA, "ABERTO"),
            told(BOLT, "ENVIADO", **DELIVERED, envio=SENT),
            told(VENTO, "ABERTO"),
        ],
        "proxima": None,
    }
    for query in ({}, {"remetente": BOLT}, {"remetente": BOLT.masked}):
        assert ask(week, "list_agents", AGENTS, **query).document == expected
    assert week.as_system("list_agents", "GET", AGENTS).document == expected


def test_agents_come_in_pages_that_go_on_where_the_last_one_ended(week: Doors) -> None:
    first = ask(week, "list_agents", AGENTS, limite="2").document
    assert [one["cnpj"] for one in first["agentes"]] == [AURORA, BOLT]
    rest = ask(week, "list_agents", AGENTS, limite="2", cursor=first["proxima"]).document
    assert ([one["cnpj"] for one in rest["agentes"]], rest["proxima"]) == ([VENTO], None)
    assert rest["contadores"] == first["contadores"]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"remetente": AURORA}, (403, "empresa-nao-autorizada")),
        ({"remetente": "00000000000191"}, (403, "empresa-nao-autorizada")),
        ({"remetente": "1"}, (422, "pedido-recusado")),
        ({"cursor": "x"}, (422, "pedido-recusado")),
        ({"limite": "0"}, (422, "pedido-recusado")),
        ({"limite": "1001"}, (422, "pedido-recusado")),
    ],
)
def test_a_sender_or_page_that_cannot_be_is_refused(
    week: Doors, query: dict[str, str], problem: tuple[int, str]
) -> None:
    assert ask(week, "list_agents", AGENTS, **query).problem == problem


def test_who_answers_for_nobody_is_refused_the_list_and_each_agent(week: Doors) -> None:
    for operation, path in (("list_agents", AGENTS), ("read_agent", f"{AGENTS}/{BOLT}")):
        answer = week.as_person(operation, "GET", path, cpf=ANA)
        assert answer.problem == (403, "empresa-nao-autorizada")


def test_an_agent_is_told_with_its_whole_history(week: Doors) -> None:
    keep(week)
    line = {
        "em": for_people(NOW),
        "ato": "PORTFOLIO",
        "de": "EM_PREENCHIMENTO",
        "para": "CALCULADO",
        "contador": 7,
        "quem": "Fabio",
        "identidade": "1d" * 32,
        "origem": "tarefa:" + "7a" * 32,
        "parametros": None,
    }
    loaded = {
        "em": for_people(SECOND.loaded_at),
        "ato": "PARAMETROS",
        "de": "CALCULADO",
        "para": "COMPLETO",
        **dict.fromkeys(("contador", "quem", "identidade", "origem")),
        "parametros": {"versao": 2, "resumo": SECOND.parameters.digest},
    }
    brought = {"em": for_people(NOW), "quem": "Fabio"}
    assert ask(week, "read_agent", f"{AGENTS}/{BOLT}").document == {
        "agente": told(BOLT, "COMPLETO", **DELIVERED),
        "elegivel": True,
        "entregaPortfolio": brought,
        "entregaContrapartes": brought,
        "historico": [line, loaded],
    }


def test_a_published_week_says_so_everywhere(week: Doors) -> None:
    keep(week, state=AgentState.SENT, sending=sending())
    published = replace(closing(), parameters=SECOND.used)
    assert DynamoDbClosings(week.vault.client, week.vault.table_name).add(published)
    [listed] = ask(week, "list_weeks", WEEKS).document["semanas"]
    assert listed == {**LISTED, "publicado": True}
    states = [one["estado"] for one in ask(week, "list_agents", AGENTS).document["agentes"]]
    assert states == ["NAO_ENVIADO", "PUBLICADO", "NAO_ENVIADO"]
    history = ask(week, "read_agent", f"{AGENTS}/{BOLT}").document["historico"]
    assert [(one["ato"], one["para"]) for one in history][-1] == ("PUBLICACAO", "PUBLICADO")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (f"{AGENTS}/{MOINHO}", (403, "empresa-nao-autorizada")),
        (f"{AGENTS}/00000000000191", (403, "empresa-nao-autorizada")),
        (f"{AGENTS}/{BOLT.masked.replace('/', '-')}", (422, "pedido-recusado")),
        (f"{WEEKS}/{OTHER_EVENT}/agentes/{BOLT}", (404, "evento-desconhecido")),
    ],
)
def test_an_agent_that_is_nobodys_business_of_the_callers_is_refused(
    week: Doors, path: str, problem: tuple[int, str]
) -> None:
    assert ask(week, "read_agent", path).problem == problem


def test_no_receipt_nor_number_is_told_with_a_state(week: Doors) -> None:
    keep(week, state=AgentState.SENT, sending=sending())
    for operation, path in (("list_agents", AGENTS), ("read_agent", f"{AGENTS}/{BOLT}")):
        text = str(ask(week, operation, path).document)
        assert "0.170817703691" not in text
        assert "receipt" not in text
