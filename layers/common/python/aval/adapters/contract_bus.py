"""Who answers for contracts, as the settings choose: our own tables, or another bus."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, cast

from aval.adapters import aws
from aval.adapters.dynamodb.contracts import DynamoDbContracts
from aval.adapters.dynamodb.directory import DynamoDbDirectory
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.adapters.jitter import pause
from aval.adapters.native_bus import NativeContractBus
from aval.adapters.s3_imports import S3Imports
from aval.contracts.bus import ContractBus
from aval.contracts.imports import judging, reading
from aval.contracts.imports.reception import Reception
from aval.contracts.imports.row_work import Rules
from aval.contracts.imports.rows import Row
from aval.contracts.imports.store import ImportFile
from aval.settings import BusChoice, Settings, Variable


def contract_bus(settings: Settings) -> ContractBus:
    if settings[Variable.CONTRACT_BUS] == BusChoice.CCEE:
        # zeep takes a second to import: only where it is used.
        from aval.adapters.ccee.bus import ccee_bus  # noqa: PLC0415

        return ccee_bus(settings)
    return NativeContractBus(NativeRooms(settings), pause)


@dataclass(frozen=True)
class NativeRooms:
    """Built at first use: a function that is not given a bucket need not have one."""

    settings: Settings

    @cached_property
    def contracts(self) -> DynamoDbContracts:
        return DynamoDbContracts(aws.dynamodb(), self.settings[Variable.CONTRACTS_TABLE])

    @cached_property
    def imports(self) -> DynamoDbImports:
        return DynamoDbImports(aws.dynamodb(), self.settings[Variable.CONTRACTS_TABLE])

    @cached_property
    def files(self) -> S3Imports:
        return S3Imports(aws.s3(), self.settings[Variable.CONTRACTS_BUCKET])

    @cached_property
    def reception(self) -> Reception:
        return Reception(self.imports, self.files)

    @cached_property
    def directory(self) -> DynamoDbDirectory:
        return DynamoDbDirectory(aws.dynamodb(), self.settings[Variable.REGISTRY_TABLE])

    @property
    def rules(self) -> Rules:
        return Rules(survey=_survey, rows=_rows, needs=judging.needs, judge=judging.judge)


def _survey(file: ImportFile) -> int:
    return reading.survey(cast("BinaryIO", file)).rows


def _rows(file: ImportFile, after: int) -> Iterator[Row]:
    _, rows = reading.read(cast("BinaryIO", file), after=after)
    return rows
