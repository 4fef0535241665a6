"""PUT and POST /prudencial/semanas/{evento}/agentes/{cnpj}/…, and GET …/tarefas of their tasks."""

import json
import time
from typing import Any

import pytest

from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.edge.prudential.act_requests import SEALED, SIGNED
from aval.prudential.act_refusals import SENTENCES
from aval.prudential.agent_state import AgentChange, AgentRow, AgentState
from aval.prudential.submitting import Request, task_id_of
from aval.prudential.tasks import TaskAct, TaskOutcome, TaskState
from aval.prudential.vault import Commit
from aval.sealing.refusals import SealReason
from lambdas.prudential import submit_act
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.monitored import ANA, AURORA, BOLT, FABIO, MOINHO
from tests.support.sealing import OTHER_EVENT
from tests.support.week_acts import ANSWER, asked
from tests.support.weeks import EVENT, NOW, agent_row, transition, week_version
from tests.unit.lambdas.prudential.conftest import MACHINE, Doors

ROUTES = {route.act: route for route in (*SEALED, *SIGNED)}
MEMBERS = {route.act: name for routes, name in ((SEALED, "selado"), (SIGNED, "ato")) for route in routes}


@pytest.fixture
def week(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """Open, with BOLT's factor computed; no time passes but what is waited."""
    clock = [time.monotonic()]
    monkeypatch.setattr("lambdas.prudential.submit_act.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        "lambdas.prudential.submit_act.time.sleep", lambda seconds: clock.append(clock.pop() + seconds)
    )
    DynamoDbWeeks(doors.vault.client, CONFIDENTIAL_TABLE).add(week_version())
    stands(doors, agent_row())
    return doors


def stands(doors: Doors, row: AgentRow) -> None:
    DynamoDbAgents(doors.vault.client, CONFIDENTIAL_TABLE).keep(
        AgentChange(row, transition(row.standing.counter))
    )


def ending(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, told: Request, outcome: TaskOutcome, row: AgentRow
) -> None:
    """The enclave's host, at work while the door waits."""

    def pause(_seconds: float) -> None:
        stands(doors, row)
        doors.vault.commit(Commit(task_id_of(told), outcome))

    monkeypatch.setattr("lambdas.prudential.submit_act.time.sleep", pause)


def submit(doors: Doors, told: Request, *, cpf: str = FABIO, **changes: Any) -> Any:
    route = ROUTES[told.act]
    path = f"/prudencial/semanas/{told.event}/agentes/{told.company}/{route.word}"
    body = {MEMBERS[told.act]: told.body.decode(), **changes}
    return doors.as_person("submit_act", route.method, path, cpf=cpf, body=body)


def test_an_act_that_ends_in_time_is_answered_with_its_sealed_answer_and_the_state(
    week: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(TaskAct.APPROVE)
    validated = agent_row(state=AgentState.VALIDATED, counter=8)
    ending(week, monkeypatch, told, TaskOutcome(TaskState.DONE, NOW, answer=ANSWER), validated)
    answer = submit(week, told)
    assert (answer.status, answer.document) == (
        200,
        {
            "tarefa": task_id_of(told),
            "estado": "VALIDADO",
            "resposta": ANSWER.decode(),
            "liberado": None,
        },
    )
    [started] = week.cloud.told("start_execution")
    assert (started["stateMachineArn"], started["name"]) == (MACHINE, f"{task_id_of(told)}-0")
    assert json.loads(started["input"])["transacao"] == answer.headers["X-Transacao"]


def test_a_sending_brings_what_it_released(week: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    told = asked(TaskAct.RELEASE)
    stands(week, agent_row(state=AgentState.VALIDATED, counter=8))
    outcome = TaskOutcome(TaskState.DONE, NOW, answer=ANSWER, released='{"fa":"0.17","recibo":"e.y.J"}')
    ending(week, monkeypatch, told, outcome, agent_row(state=AgentState.SENT, counter=9))
    document = submit(week, told).document
    assert (document["estado"], document["liberado"]) == ("ENVIADO", {"fa": "0.17", "recibo": "e.y.J"})


@pytest.mark.parametrize("act", [TaskAct.COMPUTE, TaskAct.COUNTERPARTIES])
def test_an_act_that_takes_longer_is_accepted_within_the_callers_patience(week: Doors, act: TaskAct) -> None:
    told, began = asked(act), time.monotonic()
    answer = submit(week, told)
    waiting = "EM_CALCULO" if act is TaskAct.COMPUTE else "CALCULADO"
    assert (answer.status, answer.document) == (
        202,
        {"tarefa": task_id_of(told), "estado": waiting, "resposta": None, "liberado": None},
    )
    waited = time.monotonic() - began
    assert submit_act.PATIENCE_SECONDS < waited <= submit_act.PATIENCE_SECONDS + 1


def test_the_loser_of_a_race_is_told_the_state_that_stands(
    week: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(TaskAct.APPROVE)
    refused = TaskOutcome(TaskState.REFUSED, NOW, "JA_VALIDADO", ANSWER)
    ending(week, monkeypatch, told, refused, agent_row(state=AgentState.VALIDATED, counter=8))
    answer = submit(week, told)
    assert answer.problem == (409, "ato-fora-de-ordem")
    assert answer.document == {
        "type": "urn:aval:problema:ato-fora-de-ordem",
        "title": "Ato fora de ordem",
        "status": 409,
        "detail": SENTENCES[SealReason.ALREADY_VALIDATED],
        "transacao": answer.headers["X-Transacao"],
        "codigo": "JA_VALIDADO",
        "estado": "VALIDADO",
        "tarefa": task_id_of(told),
        "resposta": ANSWER.decode(),
    }
    assert '"reason":"JA_VALIDADO"' in week.log.getvalue()
    assert ANSWER.decode() not in week.log.getvalue()


def test_an_act_that_does_not_fit_is_told_at_once_and_kept_nowhere(week: Doors) -> None:
    answer = submit(week, asked(TaskAct.RELEASE))
    assert answer.problem == (409, "ato-fora-de-ordem")
    assert (answer.document["codigo"], answer.document["estado"]) == ("NAO_VALIDADO", "CALCULADO")
    assert week.cloud.calls == []


def test_what_the_enclave_refuses_by_a_rule_is_told_by_its_code(
    week: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(TaskAct.PORTFOLIO)
    ending(week, monkeypatch, told, TaskOutcome(TaskState.REFUSED, NOW, "FALTAS", ANSWER), agent_row())
    answer = submit(week, told)
    assert answer.problem == (422, "ato-do-enclave")
    assert (answer.document["codigo"], answer.document["resposta"]) == ("FALTAS", ANSWER.decode())


def test_what_no_enclave_could_do_is_told_as_that(week: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    told = asked(TaskAct.APPROVE)
    ending(week, monkeypatch, told, TaskOutcome(TaskState.FAILED, NOW, "NAO_PROCESSADA"), agent_row())
    answer = submit(week, told)
    assert (answer.problem, answer.document["codigo"]) == ((503, "ato-nao-feito"), "NAO_PROCESSADA")


@pytest.mark.parametrize("act", ROUTES)
def test_who_does_not_cover_the_agent_is_refused_before_anything_is_kept(week: Doors, act: TaskAct) -> None:
    assert submit(week, asked(act), cpf=ANA).problem == (403, "empresa-nao-autorizada")
    assert week.cloud.calls == []


def test_a_sender_delivers_for_an_agent_that_it_represents(week: Doors) -> None:
    told = asked(TaskAct.PORTFOLIO, company=AURORA)
    assert submit(week, told).status == 202
    kept = week.vault.task(task_id_of(told))
    assert (kept.company, kept.sender, kept.body) == (AURORA, BOLT, told.body)


def test_a_week_that_there_is_not_and_an_agent_that_it_is_not_for_are_told_apart(week: Doors) -> None:
    told = asked(TaskAct.PORTFOLIO, event=OTHER_EVENT)
    path = f"/prudencial/semanas/{OTHER_EVENT}/agentes/{BOLT}/portfolio"
    body = {"selado": told.body.decode()}
    answer = week.as_system("submit_act", "PUT", path, cnpj=BOLT, body=body)
    assert answer.problem == (404, "evento-desconhecido")
    own = asked(TaskAct.PORTFOLIO, company=MOINHO, sender=MOINHO)
    path = f"/prudencial/semanas/{EVENT}/agentes/{MOINHO}/portfolio"
    body = {"selado": own.body.decode()}
    answer = week.as_system("submit_act", "PUT", path, cnpj=MOINHO, body=body)
    assert answer.problem == (422, "agente-nao-elegivel")


@pytest.mark.parametrize("act", ROUTES)
@pytest.mark.parametrize("text", ["", "não.é", 7, None])
def test_a_body_without_the_form_is_refused_where_it_lacks_it(week: Doors, act: TaskAct, text: Any) -> None:
    answer = submit(week, asked(act), **{MEMBERS[act]: text})
    assert answer.status == 422
    assert [pointer for pointer, _ in answer.faults] == [f"#/{MEMBERS[act]}"]


@pytest.mark.parametrize("act", ROUTES)
def test_a_body_that_is_nothing_sealed_or_signed_is_refused_by_its_outside(week: Doors, act: TaskAct) -> None:
    answer = submit(week, asked(act), **{MEMBERS[act]: "a.b.c"})
    assert answer.problem == (422, "selo-recusado")
    assert answer.document["codigo"] == "MALFORMADO"


def test_no_body_of_an_act_comes_into_the_log(week: Doors) -> None:
    told = asked(TaskAct.PORTFOLIO)
    submit(week, told)
    submit(week, told, mais=1)
    assert told.body.decode()[:40] not in week.log.getvalue()


# Following a task


def test_a_weeks_task_is_told_to_who_covers_its_agent_and_reads_like_none_to_others(week: Doors) -> None:
    told = asked(TaskAct.PORTFOLIO, company=AURORA)
    submit(week, told)
    path = f"/prudencial/tarefas/{task_id_of(told)}"
    document = week.as_person("read_task", "GET", path, cpf=FABIO).document
    assert (document["ato"], document["cnpj"], document["estado"]) == ("PORTFOLIO", AURORA, "RECEBIDA")
    for system in (BOLT, AURORA):
        assert week.as_system("read_task", "GET", path, cnpj=system).status == 200
    # A CCEE representative is no monitor: what makes one speak for a rehearsal opens no week.
    for foreign in (
        week.as_person("read_task", "GET", path, cpf=ANA),
        week.as_system("read_task", "GET", path, cnpj=MOINHO),
    ):
        assert foreign.problem == (404, "tarefa-desconhecida")
