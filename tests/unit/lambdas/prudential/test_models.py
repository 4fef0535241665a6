"""GET /prudencial/modelos/…"""

import base64
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.prudential.counterparties import read_counterparties
from aval.prudential.coverage import Coverage
from aval.prudential.portfolio_json import read_portfolio
from aval.prudential.template_choice import sender_template
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.monitored import AURORA, BOLT, FABIO, MonitoredRegistry
from tests.support.weeks import EVENT, NOW, week_version
from tests.unit.lambdas.prudential.conftest import Doors

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def model(doors: Doors, name: str) -> Any:
    return doors.as_person("serve_model", "GET", f"/prudencial/modelos/{name}", cpf=FABIO)


def workbook(doors: Doors, **query: str) -> Any:
    told = {"evento": str(EVENT), "remetente": str(BOLT), **query}
    path = "/prudencial/modelos/portfolio.xlsx"
    return doors.as_person("make_portfolio_template", "GET", path, cpf=FABIO, query=told)


def test_examples_are_files_that_are_taken_as_they_stand(doors: Doors) -> None:
    portfolio, counterparties = model(doors, "portfolio.json"), model(doors, "contrapartes.json")
    assert portfolio.headers["Content-Type"] == counterparties.headers["Content-Type"] == "application/json"
    assert read_portfolio(json.dumps(portfolio.document).encode()).company == BOLT
    assert read_counterparties(json.dumps(counterparties.document).encode()).company == BOLT


def test_the_example_of_counterparties_is_of_the_schema_that_is_served_beside_it(doors: Doors) -> None:
    schema = model(doors, "contrapartes.schema.json")
    assert schema.headers["Content-Type"] == "application/schema+json"
    Draft202012Validator(schema.document).validate(model(doors, "contrapartes.json").document)


def test_a_model_that_there_is_not_is_told_as_that(doors: Doors) -> None:
    assert model(doors, "portfolio.csv").problem == (404, "rota-inexistente")


@pytest.fixture
def week(doors: Doors) -> Doors:
    DynamoDbWeeks(doors.vault.client, CONFIDENTIAL_TABLE).add(week_version())
    return doors


def test_a_workbook_of_the_senders_agents_is_a_file_to_keep(week: Doors) -> None:
    answer = workbook(week)
    expected = sender_template(
        Coverage(MonitoredRegistry()), week_version().parameters, BOLT, part=None, at=NOW
    )
    assert (answer.status, answer.headers["Content-Type"]) == (200, WORKBOOK)
    assert base64.b64decode(answer.document) == expected
    name = f"portfolio-{EVENT}.xlsx"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{name}"')
    assert f"portfolio-{EVENT}-1.xlsx" in workbook(week, parte="1").headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"remetente": AURORA}, (403, "empresa-nao-autorizada")),
        ({"evento": "202611004"}, (404, "evento-desconhecido")),
        ({"parte": "2"}, (404, "nada-a-ler")),
        ({"parte": "0"}, (422, "pedido-recusado")),
        ({"evento": "2026"}, (422, "pedido-recusado")),
        ({"remetente": "1"}, (422, "pedido-recusado")),
    ],
)
def test_what_is_asked_amiss_is_told_apart(week: Doors, query: Any, problem: tuple[int, str]) -> None:
    assert workbook(week, **query).problem == problem
