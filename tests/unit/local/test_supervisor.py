import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from local.supervisor import MOST_FAILURES, ProcessDied, Supervisor

STAYS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
FAILS = [sys.executable, "-S", "-c", "raise SystemExit('nothing to do')"]
TELLS = [sys.executable, "-S", "-c", "import os; print(sorted(os.environ)); import time; time.sleep(60)"]
WAIT_SECONDS = 10.0


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    running = Supervisor(tmp_path)
    try:
        yield running
    finally:
        running.stop()


def revived(supervisor: Supervisor) -> Sequence[str]:
    """Ask until something was started again."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if names := supervisor.revive():
            return names
        time.sleep(0.01)
    return ()


def test_starts_again_what_was_killed(supervisor: Supervisor) -> None:
    supervisor.start("enclave", STAYS, {}, revived=True)
    for _ in range(MOST_FAILURES + 1):
        before = supervisor.pids()["enclave"]
        os.kill(before, signal.SIGKILL)
        assert revived(supervisor) == ["enclave"]
        assert supervisor.pids()["enclave"] != before
    supervisor.require_alive()


def test_the_death_of_any_other_ends_the_stack(supervisor: Supervisor) -> None:
    supervisor.start("emulator", STAYS, {})
    process = supervisor.pids()["emulator"]
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    assert supervisor.revive() == []
    with pytest.raises(ProcessDied, match="emulator ended with status -9"):
        supervisor.require_alive()


def test_what_does_nothing_but_fail_is_given_up(supervisor: Supervisor) -> None:
    supervisor.start("parent", FAILS, {}, revived=True)
    for _ in range(MOST_FAILURES - 1):
        assert revived(supervisor) == ["parent"]
    with pytest.raises(ProcessDied, match="nothing to do"):
        revived(supervisor)


def test_what_runs_alone_sees_nothing_of_this_environment(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start("enclave", TELLS, {"GIVEN": "1"}, alone=True)
    log, deadline = tmp_path / "enclave.log", time.monotonic() + WAIT_SECONDS
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(eval(log.read_text())) <= {"GIVEN", "PYTHONUNBUFFERED", "LC_CTYPE"}  # noqa: S307
