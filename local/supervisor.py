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


class ProcessDied(Exception):
    """A process of the stack ended by itself."""


@dataclass(slots=True)
class Supervisor:
    logs: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        log = self.logs / f"{name}.log"
        with log.open("ab") as opened:
            self._running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this process alone, which then stops the others
            )

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def require_alive(self) -> None:
        """Raise `ProcessDied` with the end of its log when a process has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                log = self.logs / f"{name}.log"
                last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise ProcessDied(f"{name} ended with status {process.returncode}; the end of {log}:\n{last}")

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
