"""The doors of the confidential core, and what keeps its tasks going."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House, prudential_function
from cdk.components.service_function import FunctionLimits, ServiceFunction

TASKS, MEASUREMENTS = "tarefas/", "medidas/"
# Who asks for the key waits 20 s for an enclave, and a cold start besides.
KEY_PATIENCE = Duration.seconds(28)


@dataclass(frozen=True, slots=True)
class PrudentialFunctions:
    issue_key: ServiceFunction
    serve_measurements: ServiceFunction
    submit_rehearsal: ServiceFunction
    read_task: ServiceFunction
    fail_task: ServiceFunction
    fail_undelivered: ServiceFunction
    restart_tasks: ServiceFunction
    try_without_attestation: ServiceFunction


def prudential_functions(house: House) -> PrudentialFunctions:
    return PrudentialFunctions(
        issue_key=_issue_key(house),
        serve_measurements=_serve_measurements(house),
        submit_rehearsal=_submit_rehearsal(house),
        read_task=_read_task(house),
        fail_task=_fail_task(house),
        fail_undelivered=prudential_function(
            house, "FailUndelivered", "fail_undelivered", FunctionLimits(timeout=Duration.seconds(30))
        ),
        restart_tasks=_restart_tasks(house),
        try_without_attestation=_try_without_attestation(house),
    )


def _issue_key(house: House) -> ServiceFunction:
    function = prudential_function(house, "IssueKey", "issue_key", FunctionLimits(timeout=KEY_PATIENCE))
    house.confidential.key_queue.grant_send(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem"])
    return function


def _serve_measurements(house: House) -> ServiceFunction:
    function = prudential_function(house, "ServeMeasurements", "serve_measurements")
    house.resources.trust_bucket.grant_read(function, MEASUREMENTS)
    house.resources.trust_bucket.grant_list(function)
    return function


def _submit_rehearsal(house: House) -> ServiceFunction:
    function = prudential_function(
        house, "SubmitRehearsal", "submit_rehearsal", FunctionLimits(timeout=Duration.seconds(25))
    )
    kept = house.confidential
    house.resources.registry_table.grant_read(function)
    kept.table.grant_read(function, actions=["dynamodb:GetItem", "dynamodb:Query"])
    kept.table.grant_write(function, actions=["dynamodb:PutItem"])
    kept.bucket.grant_read(function, TASKS)
    kept.bucket.grant_write(function, TASKS)
    return function


def _read_task(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadTask", "read_task")
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem"])
    house.confidential.bucket.grant_read(function, TASKS)
    return function


def _fail_task(house: House) -> ServiceFunction:
    function = prudential_function(house, "FailTask", "fail_task")
    house.confidential.bucket.name_to(function)
    house.confidential.table.grant_write(function, actions=["dynamodb:UpdateItem"])
    return function


def _restart_tasks(house: House) -> ServiceFunction:
    function = prudential_function(
        house,
        "RestartTasks",
        "restart_tasks",
        FunctionLimits(timeout=Duration.minutes(2), one_at_a_time=True),
    )
    house.confidential.bucket.name_to(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem"])
    house.confidential.table.grant_query_open_tasks(function)
    return function


def _try_without_attestation(house: House) -> ServiceFunction:
    function = prudential_function(house, "TryWithoutAttestation", "try_without_attestation")
    kept = house.confidential
    kept.key.grant_release(function)
    kept.table.grant_read(function, actions=["dynamodb:Query"])
    kept.table.grant_write(function, actions=["dynamodb:PutItem"])
    house.resources.alarms.grant_ring(function)
    return function
