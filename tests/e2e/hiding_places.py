"""Everywhere on a stack where something said to the enclave could lie."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.needles import files_below
from tests.support.stack import Stack


def stored_files(stack: Stack) -> Iterator[Path]:
    """Every file of the stack but code: that was there before anything secret was said."""
    emulator = stack.places.emulator
    code = [emulator / "lambda-blobs", stack.places.enclave / "image"]
    code += [folder for folder in (emulator / "s3").rglob("cdk-hnb659fds-assets-*") if folder.is_dir()]
    return files_below(stack.places.state, but=code)


def written_to_disk(stack: Stack) -> None:
    url = f"{stack.described['emulator_url']}/_aval/snapshot"
    with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=60):
        pass


def rows_of(stack: Stack, output: str) -> bytes:
    """All rows of the table that this output names."""
    pages = stack.client("dynamodb").get_paginator("scan")
    found = pages.paginate(TableName=stack.outputs[output], ConsistentRead=True)
    return b"\n".join(bytes_in(row) for page in found for row in page["Items"])


def histories_of(stack: Stack, machine: str) -> Iterator[bytes]:
    """What each execution of a machine was given, did and answered."""
    states = stack.client("stepfunctions")
    machines = {
        each["name"]: each["stateMachineArn"] for each in states.list_state_machines()["stateMachines"]
    }
    for execution in states.list_executions(stateMachineArn=machines[machine])["executions"]:
        arn = execution["executionArn"]
        told = [states.describe_execution(executionArn=arn), states.get_execution_history(executionArn=arn)]
        yield json.dumps(told, default=str).encode()


def bytes_in(value: object) -> bytes:
    """Return all that a row holds, its binary values as they are."""
    match value:
        case dict():
            return b"\n".join(bytes_in(part) for pair in value.items() for part in pair)
        case list():
            return b"\n".join(map(bytes_in, value))
        case bytes():
            return value
    return str(value).encode()
