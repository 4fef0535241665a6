"""Acts of a week on the parent's side: what they are asked with, and what of the reply is written."""

import json
from dataclasses import replace
from typing import Any

import pytest

from aval.prudential.agent_state import (
    AgentChange,
    AgentRow,
    AgentState,
    ReleasedFactor,
    Transition,
)
from aval.prudential.lotes import LoteState
from aval.prudential.tasks import TaskAct, TaskState
from aval.prudential.vault import Commit
from enclave_app.parent.work import RecordAwaited
from tests.support.enclave import COMPANY, EVENT, Desk
from tests.support.enclave_lotes import LoteDesk, company, lote_id, portfolio
from tests.support.week_agents import FACTOR, Run, WeekAgent, week


def commits_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Commit]:
    noted: list[Commit] = []
    commit = desk.vault.commit

    def note(one: Commit) -> None:
        noted.append(one)
        commit(one)

    monkeypatch.setattr(desk.vault, "commit", note)
    return noted


def asked_with(desk: Desk) -> list[dict[str, Any]]:
    return [dict(one.fields) for one in desk.requests if one.fields["op"] == "tarefa"]


def test_an_act_of_a_week_without_parameters_fails_with_a_code() -> None:
    run = Run(Desk())
    outcome = run.do(run.agent.portfolio())
    assert (outcome.state, outcome.reason) == (TaskState.FAILED, "SEM_PARAMETROS")
    assert asked_with(run.desk) == []
    assert run.desk.vault.rows == {}


def test_a_delivery_writes_entry_record_row_and_transition_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run()
    commits = commits_of(run.desk, monkeypatch)
    task = run.agent.portfolio()
    run.do(task)
    [commit] = commits
    standing = run.standing
    assert [(one.kind, one.version) for one in commit.records] == [("PORTFOLIO", 1)]
    assert [one.counter for one in commit.entries] == [1]
    assert commit.change == AgentChange(
        AgentRow(EVENT, COMPANY, standing, run.desk.now, "system", f"tarefa:{task.id}"),
        Transition(
            event=EVENT,
            company=COMPANY,
            counter=1,
            act="PORTFOLIO",
            before=AgentState.OPEN,
            after=AgentState.FILLING,
            at=run.desk.now,
            by="system",
            identity=task.identity,
            origin=f"tarefa:{task.id}",
        ),
    )


def test_an_act_without_a_factor_leaves_word_of_the_answer_that_has_one() -> None:
    run = Run()
    _, counterparties = run.delivered()
    validation = run.validated()
    row = run.desk.vault.rows[EVENT, COMPANY]
    assert row.standing.state is AgentState.VALIDATED
    assert row.answer == f"tarefa:{counterparties.id}"
    assert run.desk.vault.transitions[EVENT, COMPANY, 3].origin == f"tarefa:{validation.id}"


def test_counterparties_before_a_portfolio_are_answered_without_a_factor() -> None:
    run = Run()
    run.do(run.agent.counterparties())
    assert run.desk.vault.rows[EVENT, COMPANY].answer == ""


def test_a_sending_gives_the_number_out_with_its_receipt() -> None:
    run = Run()
    run.delivered()
    run.validated()
    task = run.sent()
    told = json.loads(run.desk.vault.task(task.id).outcome.released)  # type: ignore[union-attr]
    released = run.desk.vault.released[EVENT, COMPANY]
    assert released == ReleasedFactor(EVENT, COMPANY, 4, run.desk.now, FACTOR, "", told["recibo"])


def test_a_reading_changes_nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run()
    portfolio_task, _ = run.delivered()
    commits = commits_of(run.desk, monkeypatch)
    run.do(run.agent.stated(TaskAct.READ_BACK, portfolio_task.identity))
    [commit] = commits
    assert (commit.change, commit.entries, commit.records) == (None, [], [])


def test_every_record_that_the_enclave_lacks_is_brought_by_its_name() -> None:
    run = Run()
    portfolio_task, _ = run.delivered()
    run.do(run.agent.stated(TaskAct.READ_BACK, portfolio_task.identity))
    *_, last = asked_with(run.desk)
    assert last["partes"] == [
        "corpo",
        "parametros",
        "registro:PORTFOLIO:1",
        "registro:CONTRAPARTES:1",
    ]


def test_authorisations_of_the_company_go_along() -> None:
    run = Run()
    run.desk.vault.reader_lists[COMPANY] = ["a-signed-list"]
    run.do(run.agent.portfolio())
    *_, last = asked_with(run.desk)
    assert last["partes"] == ["corpo", "parametros", "autorizacoes"]


def test_a_record_that_is_not_there_is_said_to_be_missing() -> None:
    run = Run()
    portfolio_task, _ = run.delivered()
    run.desk.vault.records.clear()
    outcome = run.do(run.agent.stated(TaskAct.READ_BACK, portfolio_task.identity))
    assert (outcome.state, outcome.reason) == (TaskState.REFUSED, "REGISTRO_NAO_ABRE")


def test_a_record_of_a_lote_that_is_still_written_is_waited_for() -> None:
    lotes = LoteDesk.of()
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)))
    lotes.done(code)
    agent, parent = WeekAgent(lotes.desk, company(1)), lotes.desk.parent()
    task = agent.stated(TaskAct.READ_BACK, lotes.desk.vault.lotes[lote_id(1)].identity)
    with pytest.raises(RecordAwaited):
        parent.do(task)
    assert lotes.desk.vault.task(task.id).state is TaskState.RECEIVED
    lotes.persist(code)
    assert parent.do(task).state is TaskState.DONE


def test_a_record_of_a_lote_that_has_ended_without_it_is_missing() -> None:
    lotes = LoteDesk.of()
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)))
    lotes.done(code)
    lotes.desk.vault.lotes[code] = replace(lotes.desk.vault.lotes[code], state=LoteState.PROCESSED)
    agent, parent = WeekAgent(lotes.desk, company(1)), lotes.desk.parent()
    outcome = parent.do(agent.stated(TaskAct.READ_BACK, lotes.desk.vault.lotes[code].identity))
    assert outcome.reason == "REGISTRO_NAO_ABRE"


def test_the_set_in_force_is_read_anew_for_each_try() -> None:
    run = Run()
    run.do(run.agent.portfolio())
    run.desk.vault.weeks[EVENT] = week(2).vault.weeks[EVENT]
    run.do(run.agent.counterparties())
    assert run.standing.state is AgentState.COMPLETE
