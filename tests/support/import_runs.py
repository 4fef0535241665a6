"""Imports on a running stack: submitted as services do, looked at in their tables, their worker killed."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from aval.adapters.dynamodb.contracts import DynamoDbContracts
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.adapters.s3_imports import S3Imports
from aval.contracts.bus import Acting, ProcessingCode, ProcessingState, RowResult, Submission
from aval.contracts.imports.reception import Reception
from aval.contracts.imports.store import ImportRecord
from aval.contracts.model import Author, ProfileCode
from aval.contracts.paging import PageRequest
from aval.contracts.store import Selection
from aval.moments import SAO_PAULO
from tests.support.agents import BOLT
from tests.support.contracts import amount_xml, contract_xml, file_xml
from tests.support.stack import Stack

SELLER: Final = ProfileCode(10010)
BUYER: Final = ProfileCode(10060)
WORKER: Final = "contracts.process_import_slice.handler"
_POLL_SECONDS: Final = 0.1


def rows_xml(count: int, *, reference: str) -> str:
    """A file of `count` contracts of next month, whose window is open; every 97th names no such buyer."""
    begins = _first_of_next_month()
    ends = _first_of_next_month(begins) - timedelta(hours=1)
    period = {"dataDeInicio": f"{begins:%d/%m/%Y %H}", "dataDeFim": f"{ends:%d/%m/%Y %H}"}
    return file_xml(
        contract_xml(
            number,
            amounts=amount_xml(f"{number % 50 + 1}.000000", **period),
            idVendedor=SELLER,
            idComprador=999_999 if number % 97 == 0 else BUYER,
            referencia=reference,
            **period,
        )
        for number in range(1, count + 1)
    )


def refused_among(count: int) -> int:
    return count // 97


def _first_of_next_month(after: datetime | None = None) -> datetime:
    day = (after or datetime.now(SAO_PAULO)).replace(day=1) + timedelta(days=32)
    return day.replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


@dataclass(frozen=True)
class ImportRun:
    stack: Stack

    @cached_property
    def imports(self) -> DynamoDbImports:
        return DynamoDbImports(self.stack.client("dynamodb"), self.stack.outputs["ContractsTableName"])

    @cached_property
    def contracts(self) -> DynamoDbContracts:
        return DynamoDbContracts(self.stack.client("dynamodb"), self.stack.outputs["ContractsTableName"])

    @cached_property
    def reception(self) -> Reception:
        files = S3Imports(self.stack.client("s3"), self.stack.outputs["ContractsBucketName"])
        return Reception(self.imports, files)

    def submit(self, text: str) -> ProcessingCode:
        acting = Acting(Author(BOLT, SELLER), frozenset({SELLER}))
        return self.reception.submit(Submission(acting, text), at=datetime.now(UTC))

    def record(self, code: ProcessingCode) -> ImportRecord:
        record = self.imports.record(code)
        assert record is not None
        return record

    def await_rows(self, code: ProcessingCode, past: int, *, seconds: float = 60.0) -> ImportRecord:
        """The record once it is past so many rows, or over."""
        deadline = time.monotonic() + seconds
        while True:
            record = self.record(code)
            if record.is_over or record.next_row > past:
                return record
            assert time.monotonic() < deadline, record
            time.sleep(_POLL_SECONDS)

    def await_end(self, code: ProcessingCode, *, seconds: float = 120.0) -> ImportRecord:
        record = self.await_rows(code, 10**9, seconds=seconds)
        assert record.state is ProcessingState.DONE, record
        return record

    def results(self, code: ProcessingCode) -> list[RowResult]:
        record = self.record(code)
        return list(self.imports.results(record, PageRequest(1, 10**6)).rows)

    def contract_codes(self, reference: str) -> list[int]:
        """All contracts of the seller that carry the reference, as the lists tell them."""
        everything = PageRequest(1, 10**6)
        codes = self.contracts.codes(Selection(frozenset({SELLER})), everything).rows
        found = self.contracts.read(codes)
        return [code for code, one in sorted(found.items()) if one.terms.reference == reference]

    def workers(self) -> list[int]:
        """Processes that work on imports at this moment: children of the emulator."""
        emulator = int(self.stack.described["pids"]["emulator"])
        return [pid for pid in _children(emulator) if WORKER in _command(pid)]

    def kill_a_worker(self, *, seconds: float = 60.0) -> None:
        """Kill -9 one of them, waiting for one to be there."""
        deadline = time.monotonic() + seconds
        while not (workers := self.workers()):
            assert time.monotonic() < deadline, "no import is being worked on"
            time.sleep(_POLL_SECONDS)
        os.kill(workers[0], signal.SIGKILL)


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except FileNotFoundError:
        return ""
