"""GET /prudencial/semanas/{evento}/agentes/{cnpj}/fator and …/recibo."""

from typing import Any

import pytest

from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.s3_confidential import answers_key
from aval.prudential.agent_state import AgentChange, AgentRow, AgentState, ReleasedFactor
from aval.prudential.tasks import TaskId, TaskOutcome, TaskState
from aval.prudential.vault import Commit
from tests.support.confidential import PRUDENTIAL_BUCKET, task, tasks_of
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.lotes import LOTE, OUTCOME, commit, lote
from tests.support.monitored import ANA, AURORA, BOLT, FABIO, MOINHO
from tests.support.weeks import EVENT, NOW, OTHER_EVENT, agent_row, released, transition, week_version
from tests.unit.lambdas.prudential.conftest import Doors

TASK = TaskId("7a" * 32)


@pytest.fixture
def week(doors: Doors) -> Doors:
    DynamoDbWeeks(doors.vault.client, CONFIDENTIAL_TABLE).add(week_version())
    tasks_of(doors.vault).add(task(id=TASK))
    doors.vault.commit(Commit(TASK, TaskOutcome(TaskState.DONE, NOW, answer=b'{"ciphertext":"of the task"}')))
    return doors


def stands(doors: Doors, row: AgentRow, *, sent: ReleasedFactor | None = None) -> None:
    agents = DynamoDbAgents(doors.vault.client, CONFIDENTIAL_TABLE)
    agents.keep(AgentChange(row, transition(row.standing.counter), sent))


def read(doors: Doors, what: str, *, cpf: str = FABIO, company: str = BOLT, event: str = EVENT) -> Any:
    path = f"/prudencial/semanas/{event}/agentes/{company}/{what}"
    operation = {"fator": "read_factor", "recibo": "read_receipt"}[what]
    return doors.as_person(operation, "GET", path, cpf=cpf)


def test_a_factor_is_told_sealed_with_what_it_rests_on(week: Doors) -> None:
    stands(week, agent_row())
    answer = read(week, "fator")
    assert (answer.status, answer.document) == (
        200,
        {
            "estado": "CALCULADO",
            "calculo": "ca" * 32,
            "parametros": {"versao": 1, "resumo": week_version().parameters.digest},
            "resposta": '{"ciphertext":"of the task"}',
        },
    )


def test_a_factor_before_its_agent_is_complete_names_no_calculation(week: Doors) -> None:
    stands(week, agent_row(state=AgentState.FILLING, calculation="", parameters=None))
    document = read(week, "fator").document
    assert (document["estado"], document["calculo"], document["parametros"]) == (
        "EM_PREENCHIMENTO",
        None,
        None,
    )


def test_a_factor_of_a_lote_is_in_its_chunks_answer(week: Doors) -> None:
    DynamoDbLotes(week.vault.client, CONFIDENTIAL_TABLE).add(lote())
    week.vault.commit_lote(commit())
    key = answers_key(LOTE, OUTCOME.attempt, 1)
    week.vault.s3.put_object(Bucket=PRUDENTIAL_BUCKET, Key=key, Body=b'{"ciphertext":"of the chunk"}')
    stands(week, agent_row(answer=f"lote:{LOTE}:1"))
    assert read(week, "fator").document["resposta"] == '{"ciphertext":"of the chunk"}'


@pytest.mark.parametrize("what", ["fator", "recibo"])
def test_where_there_is_nothing_it_is_told_as_that(week: Doors, what: str) -> None:
    assert read(week, what).problem == (404, "nada-a-ler")
    assert read(week, what, event=OTHER_EVENT).problem == (404, "evento-desconhecido")
    assert read(week, what, event="202613001").status == 422
    assert read(week, what, company="1").status == 422


@pytest.mark.parametrize("what", ["fator", "recibo"])
def test_who_does_not_cover_the_agent_reads_neither(week: Doors, what: str) -> None:
    stands(week, agent_row(AURORA), sent=released(company=AURORA))
    assert read(week, what, company=AURORA).status == 200
    for foreign in (read(week, what, company=AURORA, cpf=ANA), read(week, what, company=MOINHO)):
        assert foreign.problem == (403, "empresa-nao-autorizada")


def test_a_receipt_is_handed_out_as_the_enclave_signed_it(week: Doors) -> None:
    stands(week, agent_row(state=AgentState.SENT), sent=released())
    answer = read(week, "recibo")
    assert (answer.status, answer.headers["Content-Type"], answer.document) == (
        200,
        "application/jose",
        "eyJ.receipt.sig",
    )
