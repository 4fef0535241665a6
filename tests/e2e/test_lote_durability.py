"""A lote is taken once and whole, whatever is told again, comes late or dies on the way (docs/lotes.md)."""

import contextlib
import json
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest

from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.s3_confidential import lote_file_key
from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentState, Delivered
from aval.prudential.lotes import LoteId
from aval.sealing.envelope import identity_of
from aval.sealing.readers import Readers
from aval.sealing.statements import Act
from local.demo_files import represented
from tests.e2e.enclave_wires import Attacker
from tests.e2e.ended_week import OwnWeek, PatientAgent
from tests.e2e.lote_sender import LoteSender, SealedFile, upload
from tests.support.stack import Stack

AGENTS = represented()
TIMES, KILLS = 10, 20
SENT_AT_ONCE = 2
WAIT_SECONDS = 120.0
POLL_SECONDS = 0.05
_OF_HOST = re.compile(r'"message":"(parent serves|work begins|work ends)"(?:.*"code":"([0-9a-f]+)")?')


@dataclass(frozen=True)
class Watched:
    """A sender in a week of its own, and all that is kept of its lotes."""

    sender: LoteSender

    @classmethod
    def of(cls, stack: Stack, number: int) -> "Watched":
        return cls(LoteSender(stack, OwnWeek.dropped(stack, number).event))

    @property
    def stack(self) -> Stack:
        return self.sender.stack

    @property
    def agents(self) -> DynamoDbAgents:
        return DynamoDbAgents(self.stack.client("dynamodb"), self.stack.outputs["ConfidentialTableName"])

    def file(self, *companies: Cnpj) -> SealedFile:
        return self.sender.sealed(*map(self.sender.portfolio, companies))

    def state(self, code: str) -> str:
        return str(self.sender.get(f"/{code}").json()["estado"])

    def arrival_told(self, code: str, times: int) -> None:
        """As the rule does with the event of an object's arrival, by so many at once."""
        states, machine = self.stack.client("stepfunctions"), self.sender.machine
        told = json.dumps({"chave": lote_file_key(LoteId(code))})
        with ThreadPoolExecutor(times) as hands:
            for started in [
                hands.submit(states.start_execution, stateMachineArn=machine, input=told)
                for _ in range(times)
            ]:
                started.result()

    def require_executions(self, code: str, count: int) -> None:
        """All of them have ended well."""
        deadline = time.monotonic() + WAIT_SECONDS
        while "RUNNING" in (ended := [one["status"] for one in self.sender.executions(code)]):
            assert time.monotonic() < deadline, "an execution does not end"
            time.sleep(POLL_SECONDS)
        assert ended == ["SUCCEEDED"] * count

    def kept(self, code: str) -> Mapping[str, Any]:
        """Each row of the week and the lote as it is, and each object of the lote by what is in it."""
        table, event = self.stack.outputs["ConfidentialTableName"], self.sender.event
        pages = self.stack.client("dynamodb").get_paginator("scan")
        found: dict[str, Any] = {
            f"{row['pk']['S']} {row['sk']['S']}": row
            for page in pages.paginate(TableName=table, ConsistentRead=True)
            for row in page["Items"]
            if event in row["pk"]["S"] or code in row["pk"]["S"]
        }
        s3, bucket = self.stack.client("s3"), self.stack.outputs["PrudentialBucketName"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="lotes/"):
            found |= {one["Key"]: one["ETag"] for one in page.get("Contents", []) if code in one["Key"]}
        return found

    def require_taken_once(self, lotes: Mapping[str, SealedFile], companies: Sequence[Cnpj]) -> None:
        """Each lote has one entry, and by it one version, transition and record of each agent."""
        event = self.sender.event
        counters = list(range(1, len(lotes) + 1))
        vault = Attacker(self.stack).vault
        assert [entry.counter for entry in vault.journal_after(event, 0)] == counters
        rows = self.agents.rows(event)
        assert rows.keys() == set(companies)
        readers = Readers((self.sender.reader.public,)).digest
        for company in companies:
            history = self.agents.history(event, company)
            by_lote = [one.origin.removeprefix("lote:") for one in history]
            assert sorted(one.counter for one in history) == counters
            assert {code: one.identity for code, one in zip(by_lote, history, strict=True)} == {
                code: identity_of(file.body) for code, file in lotes.items()
            }
            last = max(history, key=lambda one: one.counter)
            standing = rows[company].standing
            assert (standing.state, standing.counter) == (AgentState.FILLING, len(lotes))
            last_lote = last.origin.removeprefix("lote:")
            assert standing.portfolio == Delivered(len(lotes), last.identity, readers, last_lote)
            versions = range(1, len(lotes) + 2)
            assert [bool(vault.record(event, company, "PORTFOLIO", one)) for one in versions] == [
                *[True] * len(lotes),
                False,
            ]

    def require_answers(self, lotes: Mapping[str, SealedFile], companies: Sequence[Cnpj]) -> None:
        """Each tells its reader a factor of each agent, of the version that the lote made; and one mail."""
        told = {code: self.sender.opened(code, 0, file.request_id) for code, file in lotes.items()}
        for company in companies:
            made: list[int] = []
            for answer in told.values():
                [one] = [agent for agent in _agents(answer.payload) if agent["cnpj"] == company]
                assert one["fa"]
                made.append(one["versao"])
            assert sorted(made) == list(range(1, len(lotes) + 1))
        for code in lotes:
            assert "foi processado" in self.sender.mail_about(code)["Subject"]


def _agents(payload: Mapping[str, object]) -> list[dict[str, Any]]:
    agents = payload["agentes"]
    assert isinstance(agents, list)
    return agents


@contextlib.contextmanager
def standing_still(stack: Stack, name: str) -> Iterator[None]:
    pid = stack.pids()[name]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def watched(stack: Stack) -> Watched:
    return Watched.of(stack, 912)


@dataclass
class Killer:
    """Kills the enclave, and now and then its host, while a lote is in it."""

    watched: Watched
    sent: dict[str, SealedFile] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    _draw: random.Random = field(default_factory=lambda: random.Random(5))

    def kill(self, name: str) -> None:
        while True:
            self._await(self._is_lote_in_enclave)
            time.sleep(self._draw.uniform(0, 0.3))
            if self._in_enclave():
                break
        pid = self.watched.stack.pids()[name]
        os.kill(pid, signal.SIGKILL)
        self.killed.append(name)
        self._await(lambda: self.watched.stack.pids()[name] != pid)

    def _is_lote_in_enclave(self) -> bool:
        if self._in_enclave():
            return True
        # What a dead host had begun waits for its time; others are sent, and wait behind each other.
        for _ in range(SENT_AT_ONCE):
            file = self.watched.file(*AGENTS)
            self.sent[self.watched.sender.send(file)] = file
        return False

    def _in_enclave(self) -> set[str]:
        """The lotes that the host, as it lives now, has begun and not ended."""
        found: set[str] = set()
        for line in (self.watched.stack.logs / "parent.log").read_text().splitlines():
            if told := _OF_HOST.search(line):
                match told[1]:
                    case "parent serves":
                        found.clear()
                    case "work begins":
                        found.add(told[2])
                    case _:
                        found.discard(told[2])
        return found & self.sent.keys()

    def _await(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not is_so():
            assert time.monotonic() < deadline, self.killed
            time.sleep(POLL_SECONDS)


def test_an_arrival_told_ten_times_and_a_newer_object_change_nothing(watched: Watched) -> None:
    sender, companies = watched.sender, AGENTS[:2]
    file, newer = watched.file(*companies), watched.file(*AGENTS[2:4])
    announced = sender.announce(file)
    code = announced["lote"]
    with standing_still(watched.stack, "enclave"):
        assert upload(announced, file.body) == HTTPStatus.NO_CONTENT
        while watched.state(code) != "EM_PROCESSAMENTO":
            time.sleep(POLL_SECONDS)
        bucket, key = watched.stack.outputs["PrudentialBucketName"], lote_file_key(LoteId(code))
        watched.stack.client("s3").put_object(Bucket=bucket, Key=key, Body=newer.body)
        watched.arrival_told(code, TIMES)
    told = sender.ended(code)
    assert (told["estado"], told["aceitos"], told["recusados"]) == ("PROCESSADO", 2, 0)
    watched.require_executions(code, 2 + TIMES)
    before = watched.kept(code)
    watched.arrival_told(code, TIMES)
    watched.require_executions(code, 2 + 2 * TIMES)
    assert watched.kept(code) == before
    watched.require_taken_once({code: file}, companies)
    watched.require_answers({code: file}, companies)


def test_each_task_of_the_machine_done_again_after_its_success_changes_nothing(watched: Watched) -> None:
    sender = watched.sender
    code = sender.send(watched.file(*AGENTS[4:6]))
    assert sender.ended(code)["estado"] == "PROCESSADO"
    mail = sender.mail_about(code)
    watched.require_executions(code, 1)
    before = watched.kept(code)
    tasks = list(scheduled(watched, code))
    assert [service for service, _ in tasks] == ["lambda", "sqs", "lambda", "lambda"]
    for _ in range(3):
        for service, parameters in tasks:
            done_again(watched.stack, service, parameters)
    # The queue is served in its order: what comes after those messages shows that they were worked off.
    assert sender.ended(sender.send(watched.file(AGENTS[6])))["estado"] == "PROCESSADO"
    queue = watched.stack.outputs["TaskQueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = watched.stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    assert set(told["Attributes"].values()) == {"0"}
    assert {name: watched.kept(code)[name] for name in before} == before
    assert sender.mail_about(code) == mail


def scheduled(watched: Watched, code: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Which service was asked what for the lote, by its execution's own history."""
    [execution] = watched.sender.executions(code)
    states = watched.stack.client("stepfunctions")
    history = states.get_execution_history(executionArn=execution["executionArn"])["events"]
    for event in history:
        if "taskScheduledEventDetails" in event:
            told = event["taskScheduledEventDetails"]
            yield told["resourceType"], json.loads(told["parameters"])


def done_again(stack: Stack, service: str, parameters: Mapping[str, Any]) -> None:
    if service == "sqs":
        body = parameters["MessageBody"]
        text = body if isinstance(body, str) else json.dumps(body)
        stack.client("sqs").send_message(QueueUrl=parameters["QueueUrl"], MessageBody=text)
        return
    answer = stack.client("lambda").invoke(
        FunctionName=parameters["FunctionName"], Payload=json.dumps(parameters["Payload"])
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_kill_9_of_enclave_and_host_twenty_times_amid_lotes_loses_and_doubles_nothing(stack: Stack) -> None:
    watched = Watched.of(stack, 913)
    killer = Killer(watched)
    # A host that dies keeps its message from the next one for a while: that goes by while others are killed.
    for number in range(KILLS):
        killer.kill("parent" if number % 5 == 1 else "enclave")
    assert len(killer.killed) == KILLS
    for code in killer.sent:
        told = watched.sender.ended(code)
        assert (told["estado"], told["aceitos"], told["recusados"]) == ("PROCESSADO", len(AGENTS), 0)
        watched.require_executions(code, 1)
    watched.require_taken_once(killer.sent, AGENTS)
    watched.require_answers(killer.sent, AGENTS)
    # What was kept opens: the last version, to whoever reads it.
    agent = PatientAgent(stack, AGENTS[0], watched.sender.event, watched.sender.reader)
    portfolio = watched.agents.rows(agent.event)[agent.company].standing.portfolio
    assert portfolio
    reading = agent.act("leitura", Act.LER, portfolio.identity)
    opened = agent.opened(agent.done(reading)["resposta"], reading.request_id)
    assert opened.payload["objeto"] == portfolio.identity
