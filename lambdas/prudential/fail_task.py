"""A task that was tried to the last retry: its row says so."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aval.adapters.confidential_store import confidential_tasks
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.edge.background import step
from aval.moments import utc_now
from aval.prudential.tasks import TaskId
from aval.settings import Settings

REASON: Final = "NAO_PROCESSADA"


@cache
def _tasks() -> DynamoDbTasks:
    return confidential_tasks(Settings.from_env())


def fail_task(event: Mapping[str, Any]) -> Mapping[str, object]:
    code = TaskId.parse(event["tarefa"])
    _tasks().fail(code, REASON, at=utc_now())
    return {"tarefa": code}


handler = step(fail_task)
