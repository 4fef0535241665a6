"""Which acts the enclave decides for a week, and the message around each."""

import pytest

from aval.prudential.tasks import TaskAct
from enclave_app.enclave.monitoring import REHEARSED
from tests.support.week_agents import Run

OF_WEEK = sorted(set(TaskAct) - REHEARSED)


@pytest.mark.parametrize("act", OF_WEEK)
def test_every_act_of_a_week_is_decided_by_what_its_body_says(act: TaskAct) -> None:
    """A body of something else is refused with a code and no answer, whichever act is asked for."""
    run = Run()
    run.delivered()
    outcome = run.do(run.agent.task(act, b"neither sealed nor signed"))
    assert (outcome.reason, outcome.answer) == ("MALFORMADO", b"")


def test_a_reply_tells_records_and_state_beside_the_sealed_answer() -> None:
    run = Run()
    task = run.agent.portfolio()
    run.do(task)
    fields = run.desk.replies[-1].fields
    assert fields["registros"] == [{"tipo": "PORTFOLIO", "versao": 1}]
    assert fields["estado"] == run.standing.as_json()
    assert (fields["motivo"], fields["liberado"], fields["repetido"]) == (None, "", False)
    assert len(run.desk.replies[-1].parts) == 2


def test_a_refusal_tells_no_state() -> None:
    run = Run()
    run.do(run.agent.portfolio({}))
    fields = run.desk.replies[-1].fields
    assert (fields["motivo"], fields["estado"], fields["registros"], fields["lancamento"]) == (
        "FALTAS",
        None,
        [],
        None,
    )


def test_the_enclave_names_the_record_that_it_needs() -> None:
    run = Run()
    task = run.agent.portfolio()
    run.do(task)
    run.do(run.agent.stated(TaskAct.READ_BACK, task))
    needed = run.desk.replies[-2].fields
    assert (needed["ok"], needed["motivo"], needed["tipo"], needed["versao"], needed["lote"]) == (
        False,
        "FALTA_REGISTRO",
        "PORTFOLIO",
        1,
        None,
    )
