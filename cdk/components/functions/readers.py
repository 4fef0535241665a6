"""The doors of authorised reader lists."""

from dataclasses import dataclass

from cdk.components.functions.adhesion import REVOCATION_LISTS, TRUSTSTORE
from cdk.components.functions.house import House, prudential_function
from cdk.components.service_function import ServiceFunction


@dataclass(frozen=True, slots=True)
class ReaderFunctions:
    put_reader_list: ServiceFunction
    read_reader_lists: ServiceFunction


def reader_functions(house: House) -> ReaderFunctions:
    put = _function(house, "PutReaderList", "put_reader_list")
    house.confidential.table.grant_write(put, actions=["dynamodb:PutItem"])
    return ReaderFunctions(
        put_reader_list=put, read_reader_lists=_function(house, "ReadReaderLists", "read_reader_lists")
    )


def _function(house: House, construct_id: str, operation: str) -> ServiceFunction:
    function = prudential_function(house, construct_id, operation)
    house.resources.registry_table.grant_read(function)
    house.confidential.table.grant_read(function, actions=["dynamodb:Query"])
    house.resources.trust_bucket.grant_read(function, TRUSTSTORE, REVOCATION_LISTS)
    house.resources.trust_bucket.grant_list(function)
    house.settings.name_the_roots(function)
    return function
