import re
from dataclasses import replace

import pytest

from aval.prudential.act_refusals import SENTENCES, out_of_place, refusal_of
from aval.prudential.agent_state import AgentState
from aval.prudential.refusals import ActDeclined, ActFailed, ActOutOfPlace
from aval.prudential.tasks import Task, TaskOutcome, TaskState
from aval.sealing.refusals import SealReason
from tests.support.confidential import NOW, task

OUT_OF_PLACE = {
    SealReason.NOT_COMPUTED,
    SealReason.ALREADY_VALIDATED,
    SealReason.NOT_VALIDATED,
    SealReason.ALREADY_SENT,
    SealReason.SUBJECT_MISMATCH,
    SealReason.INCOMPLETE,
    SealReason.VERSION_UNKNOWN,
    SealReason.PARAMETERS_OLDER,
}


def ended(state: TaskState, reason: str = "", answer: bytes = b"sealed") -> Task:
    return replace(task(), outcome=TaskOutcome(state, NOW, reason, answer))


@pytest.mark.parametrize("reason", SealReason)
def test_every_code_of_the_enclave_has_a_sentence_that_says_what_to_do(reason: SealReason) -> None:
    assert re.fullmatch(r"[a-zà-ú].*[;:] .*[^.]", SENTENCES[reason])


def test_no_two_codes_are_told_in_the_same_words() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES) == len(SealReason)


@pytest.mark.parametrize("reason", SealReason)
def test_a_refusal_that_the_state_is_in_the_way_of_is_told_apart(reason: SealReason) -> None:
    refusal = refusal_of(ended(TaskState.REFUSED, reason.value), AgentState.VALIDATED)
    assert type(refusal) is (ActOutOfPlace if reason in OUT_OF_PLACE else ActDeclined)
    assert isinstance(refusal, ActDeclined)
    assert (refusal.reason, refusal.detail) == (reason.value, SENTENCES[reason])
    assert refusal.members == {
        "codigo": reason.value,
        "estado": "VALIDADO",
        "tarefa": task().id,
        "resposta": "sealed",
    }


def test_a_refusal_to_nobody_known_brings_no_answer() -> None:
    refusal = refusal_of(ended(TaskState.REFUSED, "NAO_ABRE", b""), AgentState.OPEN)
    assert refusal is not None
    assert refusal.members == {"codigo": "NAO_ABRE", "estado": "ABERTO", "tarefa": task().id}


def test_a_code_of_a_newer_enclave_is_told_as_it_is() -> None:
    refusal = refusal_of(ended(TaskState.REFUSED, "REGRA_NOVA"), AgentState.COMPUTED)
    assert type(refusal) is ActDeclined
    assert "resposta selada" in refusal.detail


def test_a_task_that_nobody_could_do_asks_for_another_request() -> None:
    refusal = refusal_of(ended(TaskState.FAILED, "NAO_PROCESSADA", b""), AgentState.COMPUTED)
    assert type(refusal) is ActFailed
    assert refusal.members == {"codigo": "NAO_PROCESSADA", "tarefa": task().id}
    assert "outro jti" in refusal.detail


@pytest.mark.parametrize("told", [task(), ended(TaskState.DONE)])
def test_what_is_open_or_done_is_no_refusal(told: Task) -> None:
    assert refusal_of(told, AgentState.SENT) is None


def test_the_door_refuses_in_the_words_of_the_enclave() -> None:
    refusal = out_of_place(SealReason.ALREADY_VALIDATED, AgentState.VALIDATED)
    assert refusal.detail == SENTENCES[SealReason.ALREADY_VALIDATED]
    assert refusal.members == {"codigo": "JA_VALIDADO", "estado": "VALIDADO"}
