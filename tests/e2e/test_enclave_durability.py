"""Whatever of the confidential core is killed, and when: each task ends, and ends once."""

import contextlib
import json
import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from aval.moments import to_storage, utc_now
from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import SealedKind, new_request_id
from tests.e2e.enclave_agent import Agent, new_event
from tests.e2e.enclave_wires import Attacker
from tests.support.stack import Stack

TASKS, WEEKS = 200, 4
KILLED_EVERY_SECONDS = 2.0
# What died before its execution began stands still for two minutes and is found by a sweep every five.
END_SECONDS = 540.0
HANDING_IN_SECONDS = 120.0
LONG_AFTER = timedelta(minutes=5)

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True, slots=True)
class Handed:
    agent: Agent
    request_id: str
    body: bytes = field(repr=False)
    code: str = ""


@dataclass(slots=True)
class Killer:
    """Kills the parent, the enclave or a Lambda worker, at random, until it is told to stop."""

    stack: Stack
    killed: list[str] = field(default_factory=list)
    _stopped: Event = field(default_factory=Event)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        thread = Thread(target=self._work, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    def _work(self) -> None:
        draw = random.Random(4)
        while not self._stopped.wait(draw.uniform(0.3, 1.7) * KILLED_EVERY_SECONDS):
            whom = draw.choice(("parent", "enclave", "lambda"))
            pids = self._workers() if whom == "lambda" else [self.stack.pids()[whom]]
            for pid in draw.sample(pids, min(1, len(pids))):
                with contextlib.suppress(ProcessLookupError):  # it has just died, and is being started
                    os.kill(pid, signal.SIGKILL)
                    self.killed.append(whom)

    def _workers(self) -> list[int]:
        emulator = self.stack.pids()["emulator"]
        children: set[int] = set()
        for task in Path(f"/proc/{emulator}/task").iterdir():
            with contextlib.suppress(FileNotFoundError):  # a thread that has ended
                children |= set(map(int, (task / "children").read_text().split()))
        return sorted(children)


def handed_in(stack: Stack, agents: Sequence[Agent], count: int) -> list[Handed]:
    """Hand in deliveries of the agents by turns, each again until it is taken."""

    def hand_in(number: int) -> Handed:
        agent, request_id = agents[number % len(agents)], new_request_id()
        body = agent.sealed(SealedKind.ENSAIO, json.dumps({"numero": f"0.{number}"}).encode(), request_id)
        deadline = time.monotonic() + HANDING_IN_SECONDS
        while True:
            answer = agent.handed_in(TaskAct.DELIVER, body)
            if answer.status == 202:
                return Handed(agent, request_id, body, answer.json()["id"])
            assert answer.status in (500, 503), answer.body
            assert time.monotonic() < deadline, "nothing is taken any more"

    with ThreadPoolExecutor(4) as hands:
        return list(hands.map(hand_in, range(count)))


def require_each_ended_once(stack: Stack, handed: Sequence[Handed]) -> None:
    """Each task was concluded and has a place of its own in its week's journal, of which none is empty."""
    attacker, deadline = Attacker(stack), time.monotonic() + END_SECONDS
    open_ones = list(handed)
    while open_ones and time.monotonic() < deadline:
        open_ones = [one for one in open_ones if state_of(one) == "RECEBIDA"]
        time.sleep(0.5)
    assert not [one.code for one in open_ones], f"{len(open_ones)} tasks are lost"
    assert {state_of(one) for one in handed} == {"CONCLUIDA"}
    for agent in {one.agent.event: one.agent for one in handed}.values():
        own = [one for one in handed if one.agent is agent]
        answers = [agent.opened(agent.told(one.code), one.request_id) for one in own]
        versions = [int(str(answer.payload["versao"])) for answer in answers]
        assert sorted(versions) == list(range(1, len(own) + 1))
        # One that was done twice has one entry, and is answered from the journal as it is by then.
        assert all(answer.head.counter >= version for answer, version in zip(answers, versions, strict=True))
        entries = attacker.vault.journal_after(agent.event, 0)
        assert [entry.counter for entry in entries] == sorted(versions)


def state_of(one: Handed) -> str:
    return str(one.agent.told(one.code)["estado"])


def weeks(stack: Stack, count: int) -> list[Agent]:
    """Agents of as many weeks, who share what they know of the enclave's key."""
    first = Agent(stack)
    assert first.key
    others = [Agent(stack, new_event(), first.reader) for _ in range(count - 1)]
    for other in others:
        other.key = first.key
    return [first, *others]


def test_kill_9_of_parent_enclave_and_workers_loses_no_task_and_ends_none_twice(stack: Stack) -> None:
    killer = Killer(stack)
    agents = weeks(stack, WEEKS)
    with killer.at_work():
        handed = handed_in(stack, agents, TASKS)
        deadline = time.monotonic() + 20
        while len(set(killer.killed)) < 3 and time.monotonic() < deadline:
            time.sleep(0.5)
    assert set(killer.killed) == {"parent", "enclave", "lambda"}, killer.killed
    require_each_ended_once(stack, handed)


@pytest.mark.parametrize("ends", ["kill", "stop"])
def test_a_stack_that_ends_in_the_middle_goes_on_where_it_was(stack: Stack, ends: str) -> None:
    agents = weeks(stack, 2)
    handed = handed_in(stack, agents, 12)
    # An enclave that stands still: what follows is taken, and cannot be done.
    os.kill(stack.pids()["enclave"], signal.SIGSTOP)
    handed += handed_in(stack, agents, 12)
    assert [one for one in handed if state_of(one) == "RECEBIDA"]
    stack.await_snapshot()
    getattr(stack, ends)()
    stack.start()
    later = json.dumps({"em": to_storage(utc_now() + LONG_AFTER)})
    answer = stack.client("lambda").invoke(FunctionName="aval-restart-tasks", Payload=later)
    assert "FunctionError" not in answer
    require_each_ended_once(stack, handed)
