import json
from dataclasses import replace
from typing import Any

import pytest

from aval.prudential.submitting import Request, task_id_of
from aval.prudential.tasks import TaskAct, TaskOutcome, TaskState
from aval.prudential.vault import Commit
from tests.support.confidential import NOW
from tests.support.contract_api import STRANGER
from tests.support.prudential import delivery, signed
from tests.support.registry import AURORA, BOLT, BRUNO
from tests.support.sealing import OTHER_EVENT
from tests.unit.lambdas.prudential.conftest import MACHINE, Doors

PATH = "/prudencial/ensaios"


def told(asked: Request, **changes: Any) -> dict[str, Any]:
    body = {"cnpj": BOLT, "evento": asked.event, "ato": asked.act.value, "corpo": asked.body.decode()}
    return {**body, **changes}


def submit(doors: Doors, asked: Request, **changes: Any) -> Any:
    return doors.as_system("submit_rehearsal", "POST", PATH, body=told(asked, **changes))


def test_a_sealed_delivery_is_taken_on_and_started_with_its_transaction(doors: Doors) -> None:
    asked = delivery()
    answer = submit(doors, asked)
    code = task_id_of(asked)
    assert (answer.status, answer.document) == (202, {"id": code, "estado": "RECEBIDA"})
    kept = doors.vault.task(code)
    assert (kept.body, kept.received_from) == (asked.body, f"system:{BOLT}")
    [started] = doors.cloud.told("start_execution")
    assert (started["stateMachineArn"], started["name"]) == (MACHINE, f"{code}-0")
    assert json.loads(started["input"]) == {"tarefa": code, "transacao": answer.headers["X-Transacao"]}


def test_a_representative_may_ask_too_and_it_is_the_same_task(doors: Doors) -> None:
    asked = delivery()
    first = submit(doors, asked)
    again = doors.as_person("submit_rehearsal", "POST", PATH, body=told(asked))
    assert again.document == first.document
    assert doors.vault.task(task_id_of(asked)).received_from == f"system:{BOLT}"


@pytest.mark.parametrize("cpf", [BRUNO, STRANGER])
def test_who_does_not_act_for_the_company_is_refused_before_anything_is_kept(doors: Doors, cpf: str) -> None:
    answer = doors.as_person("submit_rehearsal", "POST", PATH, cpf=cpf, body=told(delivery()))
    assert answer.problem == (403, "empresa-nao-autorizada")
    assert doors.cloud.calls == []


def test_the_system_of_another_company_is_refused(doors: Doors) -> None:
    answer = doors.as_system("submit_rehearsal", "POST", PATH, cnpj=AURORA, body=told(delivery()))
    assert answer.problem == (403, "empresa-nao-autorizada")


def test_what_was_sealed_for_another_week_is_refused_with_its_rule_in_the_log(doors: Doors) -> None:
    answer = submit(doors, delivery(event=OTHER_EVENT))
    assert answer.problem == (422, "selo-recusado")
    assert '"reason":"EVENTO_DIVERGE"' in doors.log.getvalue()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"corpo": ""}, "#/corpo"),
        ({"corpo": "não.é.um.jwe.ü"}, "#/corpo"),
        ({"corpo": "A" * 1_000_001}, "#/corpo"),
        ({"evento": "2026-11"}, "#/evento"),
        ({"ato": "SIMULAR"}, "#/ato"),
        ({"cnpj": "1"}, "#/cnpj"),
    ],
)
def test_a_request_without_the_form_is_refused_where_it_lacks_it(
    doors: Doors, changes: dict[str, Any], pointer: str
) -> None:
    answer = submit(doors, delivery(), **changes)
    assert answer.status == 422
    assert [found for found, _ in answer.faults] == [pointer]


def test_no_body_of_a_request_comes_into_the_log(doors: Doors) -> None:
    asked = delivery()
    submit(doors, asked)
    submit(doors, asked, ato="SIMULAR")
    assert asked.body.decode()[:40] not in doors.log.getvalue()


def read(doors: Doors, code: str, *, cnpj: str = BOLT) -> Any:
    return doors.as_system("read_task", "GET", f"/prudencial/tarefas/{code}", cnpj=cnpj)


def test_a_task_is_told_without_its_body_until_it_ends_and_then_with_its_answer(doors: Doors) -> None:
    asked = signed(TaskAct.READ)
    submit(doors, asked)
    code = task_id_of(asked)
    waiting = {
        "id": code,
        "ato": "LER",
        "evento": asked.event,
        "cnpj": BOLT,
        "estado": "RECEBIDA",
        "recebidaEm": "2026-11-20T09:00:00-03:00",
        "encerradaEm": None,
        "motivo": None,
        "resposta": None,
        "liberado": None,
    }
    assert read(doors, code).document == waiting
    outcome = TaskOutcome(TaskState.DONE, NOW, answer=b'{"ciphertext":"x"}', released='{"numero":"0.17"}')
    doors.vault.commit(Commit(code, outcome))
    assert read(doors, code).document == {
        **waiting,
        "estado": "CONCLUIDA",
        "encerradaEm": "2026-11-20T09:00:00-03:00",
        "resposta": '{"ciphertext":"x"}',
        "liberado": {"numero": "0.17"},
    }


def test_a_refusal_tells_its_rule(doors: Doors) -> None:
    asked = signed(TaskAct.READ)
    submit(doors, asked)
    doors.vault.commit(Commit(task_id_of(asked), TaskOutcome(TaskState.REFUSED, NOW, "NAO_E_LEITOR")))
    document = read(doors, task_id_of(asked)).document
    assert (document["estado"], document["motivo"]) == ("RECUSADA", "NAO_E_LEITOR")


def test_a_foreign_task_reads_like_none(doors: Doors) -> None:
    asked = delivery()
    submit(doors, asked)
    code = task_id_of(asked)
    foreign, unknown = read(doors, code, cnpj=AURORA), read(doors, "0" * 64)
    assert foreign.problem == unknown.problem == (404, "tarefa-desconhecida")
    assert foreign.document["detail"] == unknown.document["detail"]
    assert doors.as_person("read_task", "GET", f"/prudencial/tarefas/{code}", cpf=BRUNO).status == 404


def test_a_code_that_is_none_is_refused_as_that(doors: Doors) -> None:
    assert read(doors, "0f").status == 422


def test_a_request_repeated_after_its_end_tells_the_end(doors: Doors) -> None:
    asked = delivery()
    submit(doors, asked)
    doors.vault.commit(Commit(task_id_of(asked), TaskOutcome(TaskState.REFUSED, NOW, "PEDIDO_REPETIDO")))
    assert submit(doors, asked).document["estado"] == "RECUSADA"
    assert len(doors.cloud.told("start_execution")) == 1
    assert submit(doors, replace(asked, body=delivery().body)).document["estado"] == "RECEBIDA"
