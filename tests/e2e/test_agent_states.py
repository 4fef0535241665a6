"""What moves an agent back and forth: new parameters, a later cycle after a sending, the deadline itself."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO, for_people, utc_now
from aval.sealing.statements import Act
from local.seed import week
from local.seed.drops import PARAMETERS, deliver
from tests.e2e.ended_week import OwnWeek, PatientAgent
from tests.support.stack import Stack

NUMBER = 931
COMPANY, LATE = Cnpj.parse("90002017000170"), Cnpj.parse("90002117000105")
SECONDS_LEFT = 20


@pytest.fixture(scope="module")
def own(stack: Stack) -> OwnWeek:
    return OwnWeek.dropped(stack, NUMBER)


def correct(own: OwnWeek, version: int, **changes: object) -> None:
    """Drop the next version of the week's parameters."""
    today = utc_now().astimezone(SAO_PAULO).date()
    told = {**week.parameters(today), "evento": own.event, "prazo": for_people(own.deadline)}
    content = json.dumps({**told, "versao": version, **changes}).encode()
    bucket = own.stack.outputs["PrudentialBucketName"]
    name = f"semana-{own.event}-{version}.json"
    report = deliver(own.stack.client("s3"), bucket, PARAMETERS, name, content)
    assert report["aceito"], report


def shown(agent: PatientAgent) -> dict[str, Any]:
    answer = agent.stack.request("GET", agent.path, token=agent.token)
    assert answer.status == 200, answer.body
    told: dict[str, Any] = answer.json()
    return told


def number_of(agent: PatientAgent, asked: str, request_id: str) -> str:
    opened: Any = agent.opened(asked, request_id).payload
    return str(opened["agente"]["fa"])


def cycle(agent: PatientAgent) -> Iterator[str]:
    """Deliver both; then, asked further, validate and send what they come to."""
    agent.done(agent.portfolio())
    completing = agent.counterparties()
    answer = agent.done(completing)
    yield str(answer["estado"])
    calculation = shown(agent)["agente"]["calculo"]
    number = number_of(agent, answer["resposta"], completing.request_id)
    yield str(agent.done(agent.act("validacao", Act.VALIDAR, calculation))["estado"])
    yield str(agent.done(agent.sending(calculation, number))["estado"])


def test_new_parameters_void_a_validation_and_a_later_cycle_replaces_a_sending(own: OwnWeek) -> None:
    agent = PatientAgent(own.stack, COMPANY, own.event)
    first = cycle(agent)
    assert [next(first), next(first)] == ["CALCULADO", "VALIDADO"]
    before = shown(agent)["agente"]

    # Moments are kept in whole seconds: what comes within the same one has no order in the history.
    time.sleep(1)
    correct(own, 2, indiceConfianca="0.99")
    time.sleep(1)
    assert shown(agent)["agente"]["estado"] == "COMPLETO"
    refused = agent.ask(agent.sending(before["calculo"], "0.1"))
    assert refused.status == 409
    assert refused.json()["estado"] == "COMPLETO"

    again = agent.act("calculo", Act.RECALCULAR, before["portfolio"]["identidade"])
    answer = agent.done(again)
    assert answer["estado"] == "CALCULADO"
    calculation = shown(agent)["agente"]["calculo"]
    assert calculation != before["calculo"]
    number = number_of(agent, answer["resposta"], again.request_id)
    agent.done(agent.act("validacao", Act.VALIDAR, calculation))
    assert agent.done(agent.sending(calculation, number))["liberado"]["fa"] == number

    later = cycle(agent)
    assert next(later) == "CALCULADO"
    standing = shown(agent)["agente"]
    assert standing["envio"]["calculo"] == calculation
    assert agent.get("recibo").status == 200
    assert [*later] == ["VALIDADO", "ENVIADO"]
    assert shown(agent)["agente"]["envio"]["calculo"] == standing["calculo"] != calculation

    assert [(one["ato"], one["para"]) for one in shown(agent)["historico"]] == [
        ("PORTFOLIO", "EM_PREENCHIMENTO"),
        ("CONTRAPARTES", "CALCULADO"),
        ("VALIDACAO", "VALIDADO"),
        ("PARAMETROS", "COMPLETO"),
        ("CALCULO", "CALCULADO"),
        ("VALIDACAO", "VALIDADO"),
        ("ENVIO", "ENVIADO"),
        ("PORTFOLIO", "CALCULADO"),
        ("CONTRAPARTES", "CALCULADO"),
        ("VALIDACAO", "VALIDADO"),
        ("ENVIO", "ENVIADO"),
    ]


def test_from_the_deadline_on_nothing_is_taken(own: OwnWeek) -> None:
    agent = PatientAgent(own.stack, LATE, own.event)
    agent.done(agent.portfolio())
    deadline = (utc_now() + timedelta(seconds=SECONDS_LEFT)).replace(microsecond=0)
    correct(own, 3, prazo=for_people(deadline))
    time.sleep(max(0.0, (deadline - utc_now()).total_seconds()) + 1)

    for asked in (agent.portfolio(), agent.counterparties()):
        answer = agent.ask(asked)
        assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:prazo-encerrado")
    announced = {
        "remetente": "33047509000149",
        "tipo": "PORTFOLIO",
        "nomeDoArquivo": "tarde.selado",
        "tamanho": 1000,
        "sha256": "0" * 64,
    }
    answer = own.stack.request(
        "POST",
        f"/prudencial/semanas/{own.event}/lotes",
        token=agent.token,
        body=json.dumps(announced).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status, answer.json()["type"]) == (422, "urn:aval:problema:prazo-encerrado")
    assert shown(agent)["agente"]["portfolio"]["versao"] == 1
