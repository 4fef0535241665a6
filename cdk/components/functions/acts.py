"""The doors of an agent's acts in a week: what is asked of the enclave, and what it answered."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import USUAL, House, prudential_function
from cdk.components.functions.prudential import TASKS
from cdk.components.service_function import FunctionLimits, ServiceFunction

CHUNKS = "lotes/trabalho/"
READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
# An act waits 20 s for its end, and a cold start besides; four megabytes of it are read and stored.
ACT = FunctionLimits(memory_mib=1024, timeout=Duration.seconds(28))


@dataclass(frozen=True, slots=True)
class ActFunctions:
    submit_act: ServiceFunction
    read_factor: ServiceFunction
    read_receipt: ServiceFunction


def act_functions(house: House) -> ActFunctions:
    return ActFunctions(
        submit_act=_submit_act(house), read_factor=_read_factor(house), read_receipt=_read_receipt(house)
    )


def _function(
    house: House, construct_id: str, operation: str, limits: FunctionLimits = USUAL
) -> ServiceFunction:
    function = prudential_function(house, construct_id, operation, limits)
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=READ)
    return function


def _submit_act(house: House) -> ServiceFunction:
    function = _function(house, "SubmitAct", "submit_act", ACT)
    kept = house.confidential
    # The task, and the mark of one that computes on its agent's row.
    kept.table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    kept.bucket.grant_read(function, TASKS)
    kept.bucket.grant_write(function, TASKS)
    return function


def _read_factor(house: House) -> ServiceFunction:
    function = _function(house, "ReadFactor", "read_factor")
    house.confidential.bucket.grant_read(function, TASKS)
    house.confidential.prudential_bucket.grant_read(function, CHUNKS)
    return function


def _read_receipt(house: House) -> ServiceFunction:
    function = _function(house, "ReadReceipt", "read_receipt")
    house.confidential.bucket.name_to(function)
    house.confidential.prudential_bucket.name_to(function)
    return function
