"""Tasks that are open and that no execution works at, started again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aval.prudential.tasks import TaskMachine, TaskStore

STALLED_AFTER: Final = timedelta(minutes=2)
"""Whoever took a task in has long started its execution by then, or has died."""


@dataclass(frozen=True, slots=True)
class TaskRestarts:
    tasks: TaskStore
    machine: TaskMachine

    def run(self, *, at: datetime) -> int:
        """Return how many were started; each sweep is an attempt of its own name."""
        waiting = self.tasks.open_before(at - STALLED_AFTER)
        standing = [code for code in waiting if not self.machine.is_running(code)]
        for code in standing:
            self.machine.start(code, attempt=f"{at:%Y%m%d%H%M}")
        return len(standing)
