import json
import time
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import cast

import pytest

from aval.adapters.sqs_work import Received, WorkQueue
from aval.adapters.stepfunctions_tokens import TaskTokens, TokensUnavailable
from aval.prudential.tasks import TaskState
from enclave_app.parent.__main__ import read_places, run
from enclave_app.parent.heartbeat import Heartbeat
from enclave_app.parent.key_keeper import keep_keys
from enclave_app.parent.queue_loop import work_off
from enclave_app.parent.relay import Relay
from tests.support.enclave import Agent, Desk
from tests.support.enclave_host import TOKEN, Host, Queue, Tokens


@pytest.fixture
def host() -> Host:
    desk = Desk()
    return Host(desk, desk.parent())


@pytest.fixture
def agent(host: Host) -> Agent:
    return Agent(host.desk)


def test_a_message_is_deleted_after_its_token_was_answered(host: Host, agent: Agent) -> None:
    delivery = agent.delivery()
    received = host.message(delivery)
    host.tasks.handle(received)
    assert host.tokens.succeeded == [{"tarefa": delivery.id, "estado": "CONCLUIDA"}]
    assert host.queue.deleted == [received.handle]


def test_a_refusal_is_an_end_too(host: Host, agent: Agent) -> None:
    task = agent.reading(agent.delivery())
    host.tasks.handle(host.message(task))
    assert host.tokens.succeeded == [{"tarefa": task.id, "estado": "RECUSADA"}]


def test_a_message_stays_when_its_token_could_not_be_answered(host: Host, agent: Agent) -> None:
    host.tokens.unavailable = True
    with pytest.raises(TokensUnavailable):
        host.tasks.handle(host.message(agent.delivery()))
    assert host.queue.deleted == []


def test_a_message_that_comes_again_tells_the_outcome_and_writes_nothing(host: Host, agent: Agent) -> None:
    received = host.message(agent.delivery())
    host.tasks.handle(received)
    host.tasks.handle(received)
    assert (len(host.tokens.succeeded), host.desk.vault.commits) == (2, 1)


def test_nothing_is_written_once_the_machine_has_stopped_waiting(host: Host, agent: Agent) -> None:
    delivery = agent.delivery()
    host.tokens.dead_after = 0
    received = host.message(delivery)
    host.tasks.handle(received)
    assert host.desk.vault.task(delivery.id).state is TaskState.RECEIVED
    assert (host.desk.vault.commits, host.desk.vault.records) == (0, {})
    assert host.queue.deleted == [received.handle]


def test_what_a_timed_out_try_left_is_taken_up_by_the_next(host: Host, agent: Agent) -> None:
    delivery = agent.delivery()
    host.tokens.dead_after = 0
    host.tasks.handle(host.message(delivery))
    host.tokens.dead_after = float("inf")
    host.tasks.handle(host.message(delivery))
    assert host.desk.vault.task(delivery.id).state is TaskState.DONE
    assert len(host.desk.vault.records) == 1


def test_a_token_found_dead_after_the_write_changes_nothing(host: Host, agent: Agent) -> None:
    delivery = agent.delivery()
    host.tokens.dead_after = 1
    received = host.message(delivery)
    host.tasks.handle(received)
    assert host.desk.vault.task(delivery.id).state is TaskState.DONE
    assert host.queue.deleted == [received.handle]


def test_an_unreachable_enclave_fails_the_token_so_that_the_machine_tries_again(
    host: Host, agent: Agent
) -> None:
    host.parent.enclave = None
    received = host.message(agent.delivery())
    host.tasks.handle(received)
    assert (host.tokens.failed, host.queue.deleted) == ([("EnclaveUnreachable", "")], [received.handle])


def test_an_enclave_without_kms_fails_the_token_with_its_code(host: Host, agent: Agent) -> None:
    received = host.message(agent.delivery())
    host.desk.vault.event_keys[agent.delivery().event] = b"wrapped by nobody"
    host.tasks.handle(received)
    assert host.tokens.failed == [("EnclaveDeclined", "KMS_RECUSOU")]


def test_an_unknown_task_fails_its_token(host: Host) -> None:
    host.tasks.handle(host.received(json.dumps({"tarefa": "0" * 64, "token": TOKEN, "transacao": "t-1"})))
    assert host.tokens.failed == [("TaskUnknown", "")]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"tarefa":"x","token":"a","transacao":"b"}', "\x00"])
def test_what_is_no_message_of_ours_is_deleted(host: Host, body: str) -> None:
    host.tasks.handle(host.received(body))
    host.keys.handle(host.received(body))
    assert len(host.queue.deleted) == 2
    assert (host.tokens.kept, host.desk.vault.answers) == (0, {})


def test_a_request_for_the_key_is_answered_under_its_code(host: Host) -> None:
    host.keys.handle(host.received(json.dumps({"pedido": "request-1", "nonce": "ab" * 32})))
    answer = host.desk.vault.answers["request-1"]
    assert set(answer.declaration) == {"kid", "assinatura", "semanas", "metodo"}
    assert set(answer.signing_key) == {"kty", "crv", "x", "y"}
    assert len(answer.attestation) > 1000


def test_a_request_that_nobody_waits_for_any_more_is_dropped(host: Host) -> None:
    body = json.dumps({"pedido": "request-1", "nonce": "ab" * 32})
    host.keys.handle(host.received(body, age=timedelta(seconds=31)))
    assert (host.desk.vault.answers, len(host.queue.deleted)) == ({}, 1)


def test_a_nonce_that_the_enclave_declines_is_dropped(host: Host) -> None:
    host.keys.handle(host.received(json.dumps({"pedido": "request-1", "nonce": "ab"})))
    assert (host.desk.vault.answers, len(host.queue.deleted)) == ({}, 1)


def beating(tokens: Tokens) -> tuple[Queue, Heartbeat]:
    queue, received = Queue(), Received("", "handle", datetime.now(UTC))
    kept, alive = cast("WorkQueue", queue), cast("TaskTokens", tokens)
    return queue, Heartbeat(kept, received, alive, TOKEN, seconds=0.01)


def test_one_timer_keeps_message_and_token() -> None:
    tokens = Tokens()
    queue, beat = beating(tokens)
    with beat:
        while tokens.kept < 3 or queue.kept < 3:
            assert beat.is_wanted()
    kept = tokens.kept
    Event().wait(0.05)
    assert tokens.kept == kept


def test_a_dead_token_stops_the_timer_and_the_message_is_kept_no_longer() -> None:
    queue, beat = beating(Tokens(dead_after=2))
    with beat:
        while beat.is_wanted():
            Event().wait(0.01)
        kept = queue.kept
        Event().wait(0.05)
        assert queue.kept == kept


def test_the_loop_outlives_a_queue_that_is_away_and_a_handler_that_fails(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("enclave_app.parent.queue_loop._BACK_OFF_SECONDS", 0.01)
    queue, handled, stopping = Queue(failing=2), list[str](), Event()
    queue.messages = [Received(body, body, datetime.now(UTC)) for body in ("bad", "good")]

    def handle(received: Received) -> None:
        handled.append(received.body)
        if received.body == "bad":
            raise RuntimeError("planted-secret")
        stopping.set()

    thread = Thread(target=work_off, args=(queue, handle, stopping))
    thread.start()
    thread.join(10)
    assert handled == ["bad", "good"]
    assert "planted-secret" not in capfd.readouterr().out


def test_keys_are_kept_from_the_start_and_tried_again_when_there_is_no_enclave(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Stopping(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            enclave, host.parent.enclave = host.parent.enclave, kept
            if enclave:
                self.set()
            return True

    kept, host.parent.enclave = host.parent.enclave, None
    keep_keys(host.parent.session, Stopping())
    assert waits == [15.0, 3600.0]


def test_the_arguments_name_one_host_for_the_relay() -> None:
    told = [
        "--enclave",
        "vsock:16:5000",
        "--relay",
        "vsock:3:5001",
        "--kms",
        "kms.sa-east-1.amazonaws.com:443",
    ]
    places = read_places(told)
    assert (places.kms_host, places.kms_port) == ("kms.sa-east-1.amazonaws.com", 443)
    with pytest.raises(SystemExit):
        read_places([*told[:-1], "kms.sa-east-1.amazonaws.com"])


def test_what_was_begun_has_its_time_once_however_many_were_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enclave_app.parent.__main__._AWAIT_SECONDS", 0.2)
    stopping, never, stopped = Event(), Event(), list[str]()

    class Idle:
        def serve(self) -> None:
            stopping.set()

        def stop(self) -> None:
            stopped.append("relay")

    def wait() -> None:
        never.wait(20)

    began = time.monotonic()
    run(cast("Relay", Idle()), stopping, keep=wait, workers=[wait] * 16)
    assert time.monotonic() - began < 2
    assert stopped == ["relay"]
    never.set()
