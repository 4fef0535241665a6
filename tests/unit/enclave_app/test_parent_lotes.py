"""A lote on the parent's side: its message, what the enclave is asked with, and what is written once."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from threading import Lock, Thread

import pytest

from aval.identifiers import Cnpj
from aval.prudential.lotes import LoteId, LoteOutcome, LoteState
from aval.prudential.tasks import TaskAct
from aval.prudential.vault import CommitLost, LoteCommit
from enclave_app.parent.conversation import EnclaveUnreachable
from enclave_app.parent.turns import TaskContended
from tests.support.enclave import EVENT, Agent, Parent
from tests.support.enclave_host import TOKEN, Host
from tests.support.enclave_lotes import LoteDesk, SealedFile, company, lote_id, portfolio, wrong
from tests.support.week_agents import Run


@pytest.fixture
def lotes() -> LoteDesk:
    return LoteDesk.of(range(1, 151))


@pytest.fixture
def host(lotes: LoteDesk) -> Host:
    return Host(lotes.desk, lotes.desk.parent())


def message(code: LoteId) -> str:
    return json.dumps({"lote": code, "token": TOKEN, "transacao": "t-1"})


def test_the_machine_is_told_the_chunks_to_persist(lotes: LoteDesk, host: Host) -> None:
    code = lotes.arrived(lotes.sender.portfolios(*map(portfolio, range(1, 151))))
    received = host.received(message(code))
    host.tasks.handle(received)
    assert host.tokens.succeeded == [{"pedacos": [{"lote": code, "numero": 0}, {"lote": code, "numero": 1}]}]
    assert host.queue.deleted == [received.handle]


def test_a_lote_of_which_nothing_was_taken_has_no_chunk_to_persist(lotes: LoteDesk, host: Host) -> None:
    code = lotes.arrived(lotes.sender.portfolios(wrong(1)))
    host.tasks.handle(host.received(message(code)))
    assert host.tokens.succeeded == [{"pedacos": []}]
    assert lotes.desk.vault.lotes[code].reason == "NENHUM_ACEITO"


def test_a_message_that_comes_ten_times_tells_the_same_and_writes_once(lotes: LoteDesk, host: Host) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)))
    for _ in range(10):
        host.tasks.handle(host.received(message(code)))
    assert host.tokens.succeeded == [{"pedacos": [{"lote": code, "numero": 0}]}] * 10
    assert lotes.desk.vault.commits == 1
    assert list(lotes.desk.vault.journals[EVENT]) == [1]


def test_a_file_that_is_not_the_one_announced_is_refused_without_asking(lotes: LoteDesk) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)), identity="ab" * 32)
    outcome = lotes.done(code)
    assert lotes.desk.vault.lotes[code].reason == "ARQUIVO_DIVERGE"
    assert outcome == LoteOutcome(0, 0, {}, 0, 0, "")
    assert [one for one in lotes.desk.requests if one.fields["op"] == "tarefa"] == []


def test_a_lote_of_a_week_without_parameters_is_refused(lotes: LoteDesk) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)))
    lotes.desk.vault.weeks.clear()
    lotes.done(code)
    assert lotes.desk.vault.lotes[code].reason == "SEM_PARAMETROS"


def test_the_enclave_is_asked_with_everything_that_it_judges_by(lotes: LoteDesk) -> None:
    file = lotes.sender.portfolios(portfolio(1))
    lotes.desk.vault.reader_lists[Cnpj("33047509000149")] = ["a-signed-list"]
    code = lotes.arrived(file, all_or_nothing=True)
    lotes.done(code)
    *_, asked = [one for one in lotes.desk.requests if one.fields["op"] == "tarefa"]
    assert asked.fields == {
        "op": "tarefa",
        "ato": "LOTE",
        "evento": EVENT,
        "cnpj": "33047509000149",
        "remetente": "33047509000149",
        "lote": code,
        "tipo": "PORTFOLIO",
        "tudoOuNada": True,
        "partes": ["corpo", "parametros", "elegiveis", "autorizacoes"],
    }
    assert asked.parts[0] == file.body


def test_a_lote_that_was_ended_meanwhile_is_not_asked_about_any_more(lotes: LoteDesk, host: Host) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)), state=LoteState.REJECTED)
    received = host.received(message(code))
    host.tasks.handle(received)
    assert (host.tokens.failed, host.queue.deleted) == ([("LoteEnded", "")], [received.handle])
    assert lotes.desk.requests == []


def test_an_unknown_lote_fails_its_token(host: Host) -> None:
    host.tasks.handle(host.received(message(lote_id(7))))
    assert host.tokens.failed == [("LoteUnknown", "")]


def test_nothing_counts_once_the_machine_has_stopped_waiting(lotes: LoteDesk, host: Host) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)))
    host.tokens.dead_after = 0
    host.tasks.handle(host.received(message(code)))
    assert (lotes.desk.vault.commits, lotes.desk.vault.lotes[code].outcome) == (0, None)
    host.tokens.dead_after = float("inf")
    host.tasks.handle(host.received(message(code)))
    assert lotes.desk.vault.lotes[code].outcome


def test_whose_entry_was_overtaken_asks_again(lotes: LoteDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    code = lotes.arrived(lotes.sender.portfolios(portfolio(1)))
    store, other = lotes.desk.vault.commit_lote, lotes.desk.parent()
    overtaken: list[LoteCommit] = []

    def overtake(commit: LoteCommit) -> None:
        if not overtaken:
            overtaken.append(commit)
            other.do(Agent(lotes.desk).delivery())
        store(commit)

    monkeypatch.setattr(lotes.desk.vault, "commit_lote", overtake)
    outcome = lotes.done(code)
    assert sorted(lotes.desk.vault.journals[EVENT]) == [1, 2]
    assert lotes.desk.vault.lotes[code].outcome == outcome
    # The first try left its chunks, under a name that nothing refers to.
    assert {attempt for _, attempt in lotes.desk.vault.chunks} == {
        overtaken[0].outcome.attempt,
        outcome.attempt,
    }


def test_an_agent_whose_record_is_awaited_leaves_its_message_for_later(lotes: LoteDesk, host: Host) -> None:
    file = lotes.sender.portfolios(portfolio(1))
    lotes.done(lotes.arrived(file))
    run = Run(lotes.desk)
    agent = replace(run.agent, company=company(1))
    received = host.message(agent.stated(TaskAct.READ_BACK, file.identity))
    host.tasks.handle(received)
    assert (host.tokens.succeeded, host.tokens.failed, host.queue.deleted) == ([], [], [])


class Died(Exception):
    """The process ended here."""


class Dying:
    """A store whose caller dies before a write, after it, or not at all."""

    def __init__(self, store: Callable[[LoteCommit], None], chance: random.Random) -> None:
        self._store = store
        self._chance = chance

    def __call__(self, commit: LoteCommit) -> None:
        luck = self._chance.random()
        if luck < 0.3:
            raise Died
        self._store(commit)
        if luck < 0.6:
            raise Died


def files(lotes: LoteDesk) -> list[SealedFile]:
    """Six lotes of overlapping agents, a wrong one in each."""
    return [
        lotes.sender.portfolios(
            *map(portfolio, range(first, first + 4)), wrong(20), request_id=f"portfolios-of-lote-{first:02d}"
        )
        for first in range(1, 7)
    ]


def require_whole(lotes: LoteDesk, sealed: list[SealedFile], codes: list[LoteId]) -> None:
    """Each has one entry and its own answers; each agent as many versions as lotes took it."""
    vault = lotes.desk.vault
    assert sorted(vault.journals[EVENT]) == list(range(1, len(codes) + 1))
    versions: dict[str, set[int]] = {}
    for code, file in zip(codes, sealed, strict=True):
        outcome = vault.lotes[code].outcome
        assert outcome
        assert (outcome.taken, outcome.refused, vault.lotes[code].reason) == (4, 1, "")
        told = lotes.agents_told(code, file)
        [records] = lotes.records(code)
        assert [(one["cnpj"], one["versao"]) for one in told[:4]] == [(one[0], one[1]) for one in records]
        for cnpj, version, *_ in records:
            assert version not in versions.setdefault(cnpj, set())
            versions[cnpj].add(version)
    assert all(made == set(range(1, len(made) + 1)) for made in versions.values())


@pytest.mark.parametrize("seed", range(4))
def test_whatever_dies_each_lote_is_taken_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lotes, chance = LoteDesk.of(), random.Random(seed)
    lotes.eligible = [company(number) for number in range(1, 11)]
    sealed = files(lotes)
    codes = [lotes.arrived(file, number=number) for number, file in enumerate(sealed)]
    parents = [lotes.desk.parent(), lotes.desk.parent()]
    monkeypatch.setattr(lotes.desk.vault, "commit_lote", Dying(lotes.desk.vault.commit_lote, chance))
    waiting = list(codes)
    while waiting:
        place, code = chance.randrange(len(parents)), chance.choice(waiting)
        try:
            parents[place].lotes.do(code)
        except Died:
            survivor = parents[place].enclave if chance.random() < 0.5 else None
            parents[place] = Parent(lotes.desk, survivor or lotes.desk.enclave())
            continue
        waiting.remove(code)
    require_whole(lotes, sealed, codes)


def test_parents_with_enclaves_of_their_own_take_each_lote_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lotes, lock, failures = LoteDesk.of(), Lock(), list[BaseException]()
    lotes.eligible = [company(number) for number in range(1, 11)]
    sealed = files(lotes)
    codes = [lotes.arrived(file, number=number) for number, file in enumerate(sealed)]
    store = lotes.desk.vault.commit_lote

    def one_at_a_time(commit: LoteCommit) -> None:
        with lock:
            store(commit)

    monkeypatch.setattr(lotes.desk.vault, "commit_lote", one_at_a_time)

    def work_off(parent: Parent, mine: list[LoteId]) -> None:
        waiting = list(mine)
        while waiting:
            try:
                parent.lotes.do(waiting[0])
            except (TaskContended, EnclaveUnreachable, CommitLost):
                continue
            except BaseException as error:  # noqa: BLE001  # told by the test's own thread
                failures.append(error)
                return
            waiting.pop(0)

    hands = [
        Thread(target=work_off, args=(lotes.desk.parent(), codes[turn:] + codes[:turn])) for turn in (0, 2, 4)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)
    assert failures == []
    require_whole(lotes, sealed, codes)
    assert lotes.desk.vault.commits == len(codes)
