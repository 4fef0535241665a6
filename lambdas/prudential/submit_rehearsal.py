"""A sealed or signed request taken on for the enclave; its outside is checked, its inside cannot be."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import aws
from aval.adapters.confidential_store import confidential_tasks
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.stepfunctions_tasks import TaskExecutions
from aval.edge import http
from aval.edge.caller import arrival_of, caller_of
from aval.edge.logs import current_transaction
from aval.edge.prudential import requests as asked
from aval.edge.prudential.messages import RehearsalRequest, TaskAccepted
from aval.moments import utc_now
from aval.prudential.standing import Standing
from aval.prudential.submitting import Submissions
from aval.settings import Settings, Variable

app = http.api()


@cache
def _standing() -> Standing:
    return Standing(DynamoDbRegistry(aws.dynamodb(), Settings.from_env()[Variable.REGISTRY_TABLE]))


@cache
def _submissions() -> Submissions:
    settings = Settings.from_env()
    return Submissions(
        tasks=confidential_tasks(settings),
        machine=TaskExecutions(aws.states(), settings[Variable.TASK_MACHINE], current_transaction),
        keys=DynamoDbEnclaveKeys(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]),
    )


@app.post(
    "/prudencial/ensaios",
    summary="Pedir um ato de ensaio ao enclave",
    tags=["Núcleo confidencial"],
    responses=asked.ACCEPTED,
)
def submit_rehearsal(rehearsal: RehearsalRequest) -> Response[TaskAccepted]:
    event = app.current_event.raw_event
    caller, at = caller_of(event), arrival_of(event, now=utc_now())
    asked.require_standing(_standing(), caller, rehearsal.company, at=at)
    task = _submissions().submit(asked.request_of(rehearsal, caller), at=at)
    return Response(202, "application/json", TaskAccepted.of(task))


handler = http.entrypoint(app)
