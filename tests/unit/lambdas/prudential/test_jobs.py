import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from aval.edge.background import WorkFailed
from aval.prudential.tasks import TaskState
from tests.support.confidential import NOW, task, tasks_of
from tests.support.prudential import key_item
from tests.unit.lambdas.prudential.conftest import Doors

REFUSED = "AccessDeniedException"


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "told by AWS"}}, "Operation")


def test_a_task_tried_to_the_last_retry_says_so(doors: Doors) -> None:
    tasks_of(doors.vault).add(task())
    assert doors.job("fail_task", {"tarefa": task().id}) == {"tarefa": task().id}
    outcome = doors.vault.task(task().id).outcome
    assert outcome is not None
    assert (outcome.state, outcome.reason) == (TaskState.FAILED, "NAO_PROCESSADA")


def undelivered(*tokens: str) -> dict[str, object]:
    messages = [{"tarefa": f"tarefa-{token}", "token": token, "transacao": "t"} for token in tokens]
    return {"Records": [{"body": json.dumps(message)} for message in messages]}


def test_a_message_that_nobody_worked_off_fails_its_token(doors: Doors) -> None:
    doors.job("fail_undelivered", undelivered("one", "two"))
    told = doors.cloud.told("send_task_failure")
    assert [(one["taskToken"], one["error"]) for one in told] == [
        ("one", "NaoEntregue"),
        ("two", "NaoEntregue"),
    ]


def test_a_token_that_nobody_waits_for_is_passed_over(doors: Doors) -> None:
    doors.cloud.refusals["send_task_failure"] = error("TaskTimedOut")
    doors.job("fail_undelivered", undelivered("one"))
    assert '"undelivered":[]' in doors.log.getvalue()


def test_a_token_that_could_not_be_failed_is_tried_again(doors: Doors) -> None:
    doors.cloud.refusals["send_task_failure"] = error("ThrottlingException")
    with pytest.raises(WorkFailed):
        doors.job("fail_undelivered", undelivered("one"))


def test_no_token_comes_into_the_log(doors: Doors) -> None:
    doors.job("fail_undelivered", undelivered("the-token-itself"))
    assert "tarefa-the-token-itself" in doors.log.getvalue()
    assert '"the-token-itself"' not in doors.log.getvalue()


def test_open_tasks_without_an_execution_are_started_again(doors: Doors) -> None:
    standing, running = (task(body, received_at=NOW - timedelta(minutes=9)) for body in (b"1", b"2"))
    for one in (standing, running):
        tasks_of(doors.vault).add(one)
    doors.cloud.running = [f"{running.id}-0"]
    doors.job("restart_tasks", {"em": NOW.isoformat()})
    [started] = doors.cloud.told("start_execution")
    assert started["name"] == f"{standing.id}-202611201200"


def test_an_attempt_that_was_made_already_is_enough(doors: Doors) -> None:
    tasks_of(doors.vault).add(task(received_at=NOW - timedelta(minutes=9)))
    doors.cloud.refusals["start_execution"] = error("ExecutionAlreadyExists")
    doors.job("restart_tasks", {"em": NOW.isoformat()})
    doors.cloud.refusals["start_execution"] = error("ThrottlingException")
    with pytest.raises(WorkFailed):
        doors.job("restart_tasks", {"em": NOW.isoformat()})


def test_a_sweep_asks_anew_what_is_running(doors: Doors) -> None:
    tasks_of(doors.vault).add(task(received_at=NOW - timedelta(minutes=9)))
    for _ in range(2):
        doors.job("restart_tasks", {"em": NOW.isoformat()})
    assert len(doors.cloud.told("list_executions")) == 2


def fly(doors: Doors) -> dict[str, object]:
    doors.job("try_without_attestation", {"em": NOW.isoformat()})
    line = next(line for line in doors.log.getvalue().splitlines() if '"work done"' in line)
    outcome: dict[str, object] = json.loads(line)["outcome"]
    return outcome


def test_a_canary_that_is_refused_says_so_and_rings_nobody(doors: Doors) -> None:
    doors.cloud.refusals = {"generate_data_key": error(REFUSED), "decrypt": error(REFUSED)}
    assert fly(doors) == {"refused": True, "opened": []}
    assert doors.cloud.told("publish") == []
    [tried] = doors.cloud.told("decrypt")
    assert tried["CiphertextBlob"] == key_item().wrapped_key
    for call in ("decrypt", "generate_data_key"):
        assert "Recipient" not in doors.cloud.told(call)[0]


@pytest.mark.parametrize("decrypt", [{}, {"decrypt": error("InvalidCiphertextException")}])
def test_a_canary_that_is_let_in_rings_the_operator(doors: Doors, decrypt: dict[str, Exception]) -> None:
    doors.cloud.refusals = {"generate_data_key": error(REFUSED), **decrypt}
    assert fly(doors) == {"refused": False, "opened": ["Decrypt"]}
    [rung] = doors.cloud.told("publish")
    assert "Decrypt" in rung["Message"]


def test_the_canary_never_asks_in_the_context_of_the_enclaves_own_keys(doors: Doors) -> None:
    """So that a policy that lets it in still opens nothing to it."""
    doors.cloud.refusals = {"generate_data_key": error(REFUSED), "decrypt": error(REFUSED)}
    fly(doors)
    assert doors.cloud.told("decrypt")[0]["EncryptionContext"] != key_item().context


@pytest.mark.parametrize("code", ["ThrottlingException", "DisabledException", "KMSInternalException"])
def test_a_canary_without_a_result_fails_so_that_its_silence_rings(doors: Doors, code: str) -> None:
    doors.cloud.refusals = {"generate_data_key": error(REFUSED), "decrypt": error(code)}
    with pytest.raises(WorkFailed):
        doors.job("try_without_attestation", {"em": NOW.isoformat()})
    assert '"refused"' not in doors.log.getvalue()
