"""An import that was tried to the last retry: its record says so, and what was done stands."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.adapters.jitter import pause
from aval.adapters.s3_imports import code_of
from aval.contracts.imports.processing import give_up
from aval.edge.background import step
from aval.moments import utc_now
from aval.settings import Settings, Variable


@cache
def _imports() -> DynamoDbImports:
    return DynamoDbImports(aws.dynamodb(), Settings.from_env()[Variable.CONTRACTS_TABLE])


def fail_import(event: Mapping[str, Any]) -> Mapping[str, object]:
    code = code_of(event["chave"])
    give_up(_imports(), code, clock=utc_now, pause=pause)
    return {"codigo": code}


handler = step(fail_import)
