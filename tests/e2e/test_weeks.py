"""A week's parameters from the drop to the doors, through the deployed API."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from aval.identifiers import EventCode
from aval.moments import SAO_PAULO, utc_now
from local.seed import week
from local.seed.drops import PARAMETERS, deliver
from tests.support.agents import ANA, BOLT, FABIO, VENTO, Person
from tests.support.stack import Stack

WEEKS = "/prudencial/semanas"
LUZ_DO_VALE = "63184572000198"
"""A distributor: no week of the usual classes is for it, and nobody here covers it."""


@pytest.fixture
def monitor(stack: Stack) -> Person:
    return Person.logged_in(stack, FABIO)


def parameters(event: str, **changes: Any) -> dict[str, Any]:
    """The demo's week under another code, so that nobody else's is touched."""
    today = utc_now().astimezone(SAO_PAULO).date()
    return {**week.parameters(today), "evento": EventCode.parse(event), **changes}


def drop(stack: Stack, name: str, told: dict[str, Any]) -> dict[str, Any]:
    s3, bucket = stack.client("s3"), stack.outputs[PARAMETERS.bucket_output]
    return deliver(s3, bucket, PARAMETERS, name, json.dumps(told).encode())


def test_the_demos_week_is_open_and_its_monitor_covers_its_agents(monitor: Person) -> None:
    today = utc_now().astimezone(SAO_PAULO).date()
    event = week.parameters(today)["evento"]
    listed = {one["evento"]: one for one in monitor.get(WEEKS).json()["semanas"]}
    assert (listed[event]["aberto"], listed[event]["publicado"]) == (True, False)
    told = monitor.get(f"{WEEKS}/{event}/agentes?remetente={BOLT}").json()
    represented = [one["cnpj"] for one in told["agentes"] if one["cnpj"] not in (BOLT, VENTO)]
    assert len(represented) == 37
    assert {count["N"] for count in told["contadores"].values()} == {39}


def test_a_week_is_loaded_corrected_and_told_with_each_version(stack: Stack, monitor: Person) -> None:
    event = "209001001"
    first, second = parameters(event), parameters(event, versao=2, theta="0.25")
    loaded = [drop(stack, "semana-do-teste.json", one) for one in (first, second, first)]
    assert [(one["aceito"], one["versao"], one["nova"]) for one in loaded] == [
        (True, 1, True),
        (True, 2, True),
        (True, 1, False),
    ]
    told = monitor.get(f"{WEEKS}/{event}").json()
    assert [one["resumo"] for one in told["versoes"]] == [one["resumo"] for one in loaded[:2]]
    assert (told["versao"], told["parametros"]["theta"]) == (2, "0.25")
    assert monitor.get(f"{WEEKS}/{event}?versao=1").json()["parametros"]["theta"] == "0"


def test_what_is_told_of_a_week_is_a_parameter_file_that_says_the_same(stack: Stack, monitor: Person) -> None:
    event = "209001002"
    digest = drop(stack, "semana-de-volta.json", parameters(event))["resumo"]
    told = monitor.get(f"{WEEKS}/{event}").json()["parametros"]
    again = drop(stack, "semana-de-volta-de-novo.json", told)
    assert (again["aceito"], again["nova"], again["resumo"]) == (True, False, digest)


def test_a_wrong_file_makes_no_week(stack: Stack, monitor: Person) -> None:
    event = "209001003"
    report = drop(stack, "semana-errada.json", parameters(event, k="1", prazo="2020-01-01T00:00:00-03:00"))
    assert {one["regra"] for one in report["erros"]} == {"k", "prazo"}
    assert monitor.get(f"{WEEKS}/{event}").status == 404


def test_of_five_corrections_at_once_one_comes_into_force(stack: Stack, monitor: Person) -> None:
    event = "209001004"
    assert drop(stack, "semana-disputada.json", parameters(event))["aceito"]
    corrections = [parameters(event, versao=2, theta=f"0.{number}") for number in range(1, 6)]
    with ThreadPoolExecutor(len(corrections)) as pool:
        names = [f"semana-disputada-{number}.json" for number in range(len(corrections))]
        reports = list(pool.map(lambda name, told: drop(stack, name, told), names, corrections))
    assert sorted(one["aceito"] for one in reports) == [False] * 4 + [True]
    [taken] = [one["resumo"] for one in reports if one["aceito"]]
    assert monitor.get(f"{WEEKS}/{event}").json()["resumo"] == taken


def test_agents_are_told_to_who_acts_for_them_and_to_nobody_else(stack: Stack, monitor: Person) -> None:
    event = "209001005"
    assert drop(stack, "semana-dos-agentes.json", parameters(event))["aceito"]
    agents = f"{WEEKS}/{event}/agentes"
    assert monitor.get(f"{agents}/{VENTO}").json()["agente"]["estado"] == "ABERTO"
    stranger = Person.logged_in(stack, ANA)
    answers = [
        monitor.get(f"{agents}/{LUZ_DO_VALE}"),
        monitor.get(f"{agents}?remetente={VENTO}"),
        stranger.get(agents),
        stranger.get(f"{agents}/{BOLT}"),
    ]
    assert [answer.status for answer in answers] == [403] * 4
    assert stack.request("GET", agents).status == 401
