"""Imports that stand still set going again; with `{"codigo": …}` one that failed, as an operator asks."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import aws
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.adapters.stepfunctions_imports import ImportExecutions
from aval.contracts.bus import ProcessingCode
from aval.contracts.imports.restarting import Restarts
from aval.edge.background import background, moment_of
from aval.settings import Settings, Variable


@cache
def _restarts() -> Restarts:
    settings = Settings.from_env()
    return Restarts(
        imports=DynamoDbImports(aws.dynamodb(), settings[Variable.CONTRACTS_TABLE]),
        machine=ImportExecutions(aws.states(), settings[Variable.IMPORT_MACHINE]),
    )


def restart_imports(event: Mapping[str, Any]) -> Mapping[str, object]:
    if "codigo" in event:
        _restarts().reopen(ProcessingCode(int(event["codigo"])), at=moment_of(event))
        return {"reopened": event["codigo"]}
    done = _restarts().run(at=moment_of(event))
    return {"restarted": done.started, "expired": done.expired}


handler = background(restart_imports)
