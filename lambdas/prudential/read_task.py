"""How a task of the enclave stands; its answer is sealed to the readers of the data."""

from functools import cache

from aval.adapters import aws
from aval.adapters.confidential_store import confidential_tasks
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.tasks import DynamoDbTasks
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential import requests as asked
from aval.edge.prudential.fields import TaskCode
from aval.edge.prudential.messages import TaskTold
from aval.moments import utc_now
from aval.prudential.coverage import Coverage
from aval.prudential.standing import Standing
from aval.prudential.tasks import TaskId
from aval.settings import Settings, Variable

app = http.api()


@cache
def _registry() -> DynamoDbRegistry:
    return DynamoDbRegistry(aws.dynamodb(), Settings.from_env()[Variable.REGISTRY_TABLE])


@cache
def _standing() -> Standing:
    return Standing(_registry())


@cache
def _coverage() -> Coverage:
    return Coverage(_registry())


@cache
def _tasks() -> DynamoDbTasks:
    return confidential_tasks(Settings.from_env())


@app.get("/prudencial/tarefas/<tarefa>", summary="Como está uma tarefa", tags=["Núcleo confidencial"])
def read_task(code: TaskCode) -> TaskTold:
    task = _tasks().load(TaskId.parse(code))
    caller = caller_of(app.current_event.raw_event)
    asked.require_own_task(_standing(), _coverage(), caller, task, at=utc_now())
    return TaskTold.of(task)


handler = http.entrypoint(app)
