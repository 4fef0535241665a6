"""What the API says of a week's acts and readings holds, asked by whoever monitors the agents."""

import re
from collections.abc import Sequence
from functools import partial

import pytest

from aval.identifiers import Cnpj
from tests.e2e.test_openapi_contract import (
    ALLOWANCES,
    OF_A_WEEK,
    PHASES,
    WITHOUT_LINKS,
    assert_keeps,
)
from tests.e2e.week_agent import WeekAgent
from tests.support.openapi_runs import Found, configuration, document, run
from tests.support.stack import Stack

SENDER, COMPANY = "33047509000149", Cnpj("90003417000109")


@pytest.fixture(scope="module")
def agent(stack: Stack) -> WeekAgent:
    return WeekAgent(stack, COMPANY)


@pytest.fixture(scope="module")
def bodies(agent: WeekAgent) -> dict[str, dict[str, str]]:
    """Of each act, by its word, what an agent's week was gone through with: asked again it ends the same."""
    return {one.word: one.body for one in agent.through_its_week()}


@pytest.fixture(scope="module")
def of_a_week(agent: WeekAgent, bodies: dict[str, dict[str, str]]) -> Found:
    stack, told = agent.stack, bodies.values()
    asked = partial(configuration, authority=stack.authority, token=agent.token, **WITHOUT_LINKS)
    places: dict[str, Sequence[str | int]] = {
        "path.evento": [agent.event],
        "path.cnpj": [agent.company],
        "query.evento": [agent.event],
        "query.remetente": [SENDER],
    }
    every = {f"body.{name}": [body[name] for body in told if name in body] for name in ("selado", "ato")}
    described = document(stack.people_url, asked(values={**places, **every}))
    found = run(described.include(path_regex=OF_A_WEEK), ALLOWANCES)
    # Bodies of all acts were drawn for each of them: who never drew its own is asked with it alone.
    for operation in found.without_success:
        method, path = operation.split()
        own = {f"body.{name}": [text] for name, text in bodies.get(path.rpartition("/")[2], {}).items()}
        again = document(stack.people_url, asked(values={**places, **own}))
        found.join(run(again.include(method=method, path=path), ALLOWANCES))
    return found


def test_the_doors_of_a_week_keep_what_they_say(agent: WeekAgent, of_a_week: Found) -> None:
    described = agent.stack.request("GET", "/openapi.json").json()["paths"]
    operations = {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if re.match(OF_A_WEEK, path)
    }
    assert_keeps(of_a_week, operations, public=set(), phases=PHASES)
