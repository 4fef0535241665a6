"""Parents and enclaves that die anywhere, and others that go on: each task ends once, and nothing is lost."""

import random
from collections import Counter
from collections.abc import Callable
from threading import Lock, Thread

import pytest

from aval.prudential.tasks import Task, TaskState
from aval.prudential.vault import Commit
from enclave_app.parent.conversation import EnclaveUnreachable
from enclave_app.parent.turns import TaskContended
from tests.support.enclave import EVENT, Agent, Desk, Parent

KIND = "ENSAIO"


class Died(Exception):
    """The process ended here."""


class Dying:
    """A store whose caller dies before a write, after it, or not at all."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self._store: Callable[[Commit], None] = desk.vault.commit
        self._chance = chance
        self._lock = Lock()

    def __call__(self, commit: Commit) -> None:
        luck = self._chance.random()
        if luck < 0.2:
            raise Died
        with self._lock:
            self._store(commit)
        if luck < 0.4:
            raise Died


def deliveries(agent: Agent, count: int) -> list[Task]:
    return [
        agent.delivery(f"0.{number}", request_id=f"delivery-number-{number:04d}") for number in range(count)
    ]


def require_whole(desk: Desk, agent: Agent, tasks: list[Task]) -> None:
    """Each ended once, with a version and a record of its own, and an answer that its reader opens."""
    outcomes = [desk.vault.task(task.id).outcome for task in tasks]
    assert Counter(outcome.state for outcome in outcomes if outcome) == {TaskState.DONE: len(tasks)}
    assert sorted(desk.vault.journals[EVENT]) == list(range(1, len(tasks) + 1))
    assert {version for *_, version in desk.vault.records} == set(range(1, len(tasks) + 1))
    versions = set()
    for task, outcome in zip(tasks, outcomes, strict=True):
        assert outcome
        request_id = f"delivery-number-{tasks.index(task):04d}"
        versions.add(agent.opened(outcome, request_id).payload["versao"])
    assert versions == set(range(1, len(tasks) + 1))


@pytest.mark.parametrize("seed", range(5))
def test_whatever_dies_each_task_ends_once(seed: int) -> None:
    desk, chance = Desk(), random.Random(seed)
    agent = Agent(desk)
    tasks = deliveries(agent, 12)
    parents = [desk.parent(), desk.parent()]
    desk.vault.commit = Dying(desk, chance)  # type: ignore[method-assign]
    for task in tasks:
        desk.vault.add(task)
    waiting = list(tasks)
    while waiting:
        place = chance.randrange(len(parents))
        if chance.random() < 0.1:
            parents[place] = Parent(desk, desk.enclave())
        task = chance.choice(waiting)
        try:
            parents[place].work.do(task.id)
        except Died:
            # Sometimes its enclave dies with it, sometimes the next parent finds it as it was.
            survivor = parents[place].enclave if chance.random() < 0.5 else None
            parents[place] = Parent(desk, survivor or desk.enclave())
            continue
        waiting.remove(task)
    require_whole(desk, agent, tasks)


def test_parents_with_enclaves_of_their_own_share_one_journal() -> None:
    desk = Desk()
    agent, lock, failures = Agent(desk), Lock(), list[BaseException]()
    tasks = deliveries(agent, 18)
    for task in tasks:
        desk.vault.add(task)
    store = desk.vault.commit

    def one_at_a_time(commit: Commit) -> None:
        with lock:
            store(commit)

    desk.vault.commit = one_at_a_time  # type: ignore[method-assign]

    def work_off(parent: Parent, mine: list[Task]) -> None:
        waiting = list(mine)
        while waiting:
            try:
                parent.work.do(waiting[0].id)
            except (TaskContended, EnclaveUnreachable):
                continue
            except BaseException as error:  # noqa: BLE001  # told by the test's own thread
                failures.append(error)
                return
            waiting.pop(0)

    # Each task comes to each of them: a message may be delivered twice.
    hands = [Thread(target=work_off, args=(desk.parent(), tasks[turn:] + tasks[:turn])) for turn in (0, 3, 6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)
    assert failures == []
    require_whole(desk, agent, tasks)
    assert desk.vault.commits == len(tasks)
