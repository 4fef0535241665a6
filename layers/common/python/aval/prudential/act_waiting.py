"""A task's end, waited for while its caller does."""

from collections.abc import Callable
from dataclasses import dataclass

from aval.prudential.tasks import Task, TaskId, TaskStore


@dataclass(frozen=True, slots=True)
class TaskWatch:
    tasks: TaskStore
    pause: Callable[[], None]

    def until_ended(self, code: TaskId, *, is_time_up: Callable[[], bool]) -> Task:
        """The task as it ended, or as it stands when the time is up; raise `TaskUnknown`."""
        task = self.tasks.load(code)
        while task.outcome is None and not is_time_up():
            self.pause()
            task = self.tasks.load(code)
        return task
