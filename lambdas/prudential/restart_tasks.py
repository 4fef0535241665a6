"""Tasks that are open and that nothing works at, started again."""

from collections.abc import Mapping
from typing import Any

from aval.adapters import aws
from aval.adapters.confidential_store import confidential_tasks
from aval.adapters.stepfunctions_tasks import TaskExecutions
from aval.edge.background import background, moment_of
from aval.edge.logs import current_transaction
from aval.prudential.restarting import TaskRestarts
from aval.settings import Settings, Variable


def _restarts() -> TaskRestarts:
    """New for each sweep: which executions run is asked once in its life."""
    settings = Settings.from_env()
    return TaskRestarts(
        tasks=confidential_tasks(settings),
        machine=TaskExecutions(aws.states(), settings[Variable.TASK_MACHINE], current_transaction),
    )


def restart_tasks(event: Mapping[str, Any]) -> Mapping[str, object]:
    return {"restarted": _restarts().run(at=moment_of(event))}


handler = background(restart_tasks)
