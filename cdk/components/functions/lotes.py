"""Lotes: their doors, the steps of their machine, the sweep, and the mail at their end."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House, prudential_function
from cdk.components.service_function import FunctionLimits, ServiceFunction

FILES, WORK, QUARANTINE, RECORDS = "lotes/entrada/", "lotes/trabalho/", "lotes/quarentena/", "registros/"
# What S3 copies by itself, 70 MB at most, and a registry with 10 000 agents.
STEP = FunctionLimits(memory_mib=1024, timeout=Duration.seconds(60))
# A hundred agents, three rows each.
CHUNK = FunctionLimits(memory_mib=1024, timeout=Duration.seconds(150))
SWEEP = FunctionLimits(timeout=Duration.minutes(2), one_at_a_time=True)


@dataclass(frozen=True, slots=True)
class LoteFunctions:
    start_lote: ServiceFunction
    list_lotes: ServiceFunction
    read_lote: ServiceFunction
    read_lote_answer: ServiceFunction
    receive_lote: ServiceFunction
    persist_lote_chunk: ServiceFunction
    summarise_lote: ServiceFunction
    reject_lote: ServiceFunction
    restart_lotes: ServiceFunction
    send_lote_notice: ServiceFunction


def lote_functions(house: House) -> LoteFunctions:
    return LoteFunctions(
        start_lote=_start_lote(house),
        list_lotes=_list_lotes(house),
        read_lote=_read_lote(house),
        read_lote_answer=_read_lote_answer(house),
        receive_lote=_receive_lote(house),
        persist_lote_chunk=_persist_lote_chunk(house),
        summarise_lote=_ending(house, "SummariseLote", "summarise_lote"),
        reject_lote=_ending(house, "RejectLote", "reject_lote"),
        restart_lotes=_restart_lotes(house),
        send_lote_notice=_send_lote_notice(house),
    )


def _start_lote(house: House) -> ServiceFunction:
    function = prudential_function(house, "StartLote", "start_lote")
    kept = house.confidential
    house.resources.registry_table.grant_read(function)
    kept.table.grant_read(function, actions=["dynamodb:Query"])
    kept.table.grant_write(function, actions=["dynamodb:PutItem"])
    # What a form may do is what may be done by whoever signs it.
    kept.prudential_bucket.grant_write(function, FILES)
    return function


def _list_lotes(house: House) -> ServiceFunction:
    function = prudential_function(house, "ListLotes", "list_lotes")
    house.resources.registry_table.grant_read(function)
    house.resources.identity_table.grant_read(function, actions=["dynamodb:GetItem"])
    house.confidential.table.grant_read(function, actions=["dynamodb:BatchGetItem", "dynamodb:Query"])
    house.confidential.prudential_bucket.name_to(function)
    return function


def _read_lote(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadLote", "read_lote")
    house.resources.registry_table.grant_read(function)
    house.resources.identity_table.grant_read(function, actions=["dynamodb:GetItem"])
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem"])
    house.confidential.prudential_bucket.name_to(function)
    return function


def _read_lote_answer(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReadLoteAnswer", "read_lote_answer")
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem"])
    house.confidential.prudential_bucket.grant_read(function, WORK)
    house.confidential.prudential_bucket.grant_list(function)
    return function


def _receive_lote(house: House) -> ServiceFunction:
    function = prudential_function(house, "ReceiveLote", "receive_lote", STEP)
    kept = house.confidential
    house.resources.registry_table.grant_read(function)
    kept.table.grant_read(function, actions=["dynamodb:GetItem", "dynamodb:Query"])
    kept.table.grant_write(function, actions=["dynamodb:UpdateItem"])
    kept.prudential_bucket.grant_read(function, FILES)
    kept.prudential_bucket.grant_list(function)
    kept.prudential_bucket.grant_write(function, WORK)
    return function


def _persist_lote_chunk(house: House) -> ServiceFunction:
    function = prudential_function(house, "PersistLoteChunk", "persist_lote_chunk", CHUNK)
    kept = house.confidential
    kept.table.grant_read(function, actions=["dynamodb:GetItem"])
    kept.table.grant_write(function, actions=["dynamodb:PutItem", "dynamodb:UpdateItem"])
    kept.prudential_bucket.grant_read(function, WORK)
    kept.bucket.grant_write(function, RECORDS)
    return function


def _ending(house: House, construct_id: str, operation: str) -> ServiceFunction:
    function = prudential_function(house, construct_id, operation, STEP)
    kept = house.confidential
    kept.table.grant_read(function, actions=["dynamodb:GetItem"])
    kept.table.grant_write(function, actions=["dynamodb:UpdateItem"])
    kept.prudential_bucket.grant_read(function, FILES)
    kept.prudential_bucket.grant_list(function)
    kept.prudential_bucket.grant_write(function, QUARANTINE)
    house.resources.bus.grant_publish(function)
    return function


def _restart_lotes(house: House) -> ServiceFunction:
    function = prudential_function(house, "RestartLotes", "restart_lotes", SWEEP)
    kept = house.confidential
    kept.table.grant_read(function, actions=["dynamodb:BatchGetItem"])
    kept.table.grant_query_open_tasks(function)
    kept.table.grant_write(function, actions=["dynamodb:UpdateItem"])
    kept.prudential_bucket.grant_read(function, FILES)
    kept.prudential_bucket.grant_list(function)
    return function


def _send_lote_notice(house: House) -> ServiceFunction:
    function = prudential_function(house, "SendLoteNotice", "send_lote_notice", STEP)
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.identity_table.grant_read(function, actions=["dynamodb:GetItem"])
    resources.adhesion_table.grant_write(function, actions=["dynamodb:UpdateItem"])
    resources.mail_sender.grant_send(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:GetItem"])
    return function
