"""The processes of a stack: started with a log each, watched, and all stopped together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.places import ROOT

GRACE_SECONDS = 8.0
# One that ends by itself so often so soon will never be up; one that was killed is started again every time.
MOST_FAILURES = 5
FAILURES_COUNTED_SECONDS = 30.0


class ProcessDied(Exception):
    """A process of the stack ended by itself."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, and whether it is run again when it ends."""

    command: Sequence[str]
    environment: Mapping[str, str]
    revived: bool
    alone: bool


@dataclass(slots=True)
class Supervisor:
    logs: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _programs: dict[str, Program] = field(default_factory=dict)
    _failures: dict[str, list[float]] = field(default_factory=dict)

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        revived: bool = False,
        alone: bool = False,
    ) -> None:
        """Start a process; one that is `alone` gets nothing of this one's environment."""
        self._programs[name] = Program(command, environment, revived, alone)
        self._launch(name)

    def _launch(self, name: str) -> None:
        program = self._programs[name]
        inherited = {} if program.alone else os.environ
        with (self.logs / f"{name}.log").open("ab") as opened:
            self._running[name] = subprocess.Popen(
                program.command,
                cwd=ROOT,
                env={**inherited, **program.environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this process alone, which then stops the others
            )

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def require_alive(self) -> None:
        """Raise `ProcessDied` with the end of its log when a process has ended that is not revived."""
        for name, process in self._running.items():
            if process.poll() is not None and not self._programs[name].revived:
                raise self._death(name, process)

    def revive(self) -> Sequence[str]:
        """Start again whatever has ended and is to be, and return its names.

        Raises `ProcessDied` when one of them does nothing but fail.
        """
        ended = [name for name, process in self._running.items() if process.poll() is not None]
        revived = [name for name in ended if self._programs[name].revived]
        for name in revived:
            self._count_failure(name, self._running[name])
            self._launch(name)
        return revived

    def _count_failure(self, name: str, process: subprocess.Popen[bytes]) -> None:
        if process.returncode < 0:  # a signal ended it
            return
        now = time.monotonic()
        recent = [at for at in self._failures.get(name, ()) if at > now - FAILURES_COUNTED_SECONDS]
        self._failures[name] = [*recent, now]
        if len(recent) + 1 >= MOST_FAILURES:
            raise self._death(name, process)

    def _death(self, name: str, process: subprocess.Popen[bytes]) -> ProcessDied:
        log = self.logs / f"{name}.log"
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        return ProcessDied(f"{name} ended with status {process.returncode}; the end of {log}:\n{last}")

    def stop(self, *names: str) -> None:
        """Ask the processes named, or all, to end, newest first; who has not within the grace is killed."""
        stopped = [name for name in reversed(self._running) if not names or name in names]
        running = [self._running.pop(name) for name in stopped]
        for process in running:
            self._signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            self._signal(process, signal.SIGKILL)
            process.wait()

    @staticmethod
    def _signal(process: subprocess.Popen[bytes], signal_number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # the whole group has ended
            os.killpg(process.pid, signal_number)
