"""The steps of an import's machine, the sweep and the telling of events, on tables of their own."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.config import Config

from aval.adapters import aws
from aval.adapters.dynamodb.imports import DynamoDbImports
from aval.adapters.s3_imports import S3Imports
from aval.contracts.bus import Acting, ProcessingCode, ProcessingState, Submission, UploadRequest
from aval.contracts.imports.reception import Reception
from aval.contracts.imports.restarting import STALLED_AFTER
from aval.contracts.model import Author
from aval.contracts.paging import PageRequest
from aval.edge.background import WorkFailed
from aval.identifiers import Cnpj
from aval.settings import Variable
from lambdas.contracts import fail_import, process_import_slice, publish_contract_events, restart_imports
from tests.support.contracts import BUYER, NOW, SELLER, contract_xml, file_xml, seller
from tests.support.dynamodb import CONTRACTS_TABLE, empty_contracts_table
from tests.support.gateway import Context

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

BUCKET = "contracts"
HANDLERS = (fail_import, process_import_slice, publish_contract_events, restart_imports)
ACTING = Acting(seller(), frozenset({SELLER}))


class Machine:
    def __init__(self) -> None:
        self.inputs: list[str] = []

    def start_execution(self, **given: Any) -> None:
        self.inputs.append(given["input"])


@dataclass
class Room:
    imports: DynamoDbImports
    reception: Reception
    machine: Machine
    published: list[dict[str, Any]]

    def submit(self, text: str) -> ProcessingCode:
        return self.reception.submit(Submission(ACTING, text), at=NOW)

    def state(self, code: ProcessingCode) -> ProcessingState:
        record = self.imports.record(code)
        assert record is not None
        return record.state


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    for variable, value in (
        (Variable.CONTRACTS_TABLE, CONTRACTS_TABLE),
        (Variable.REGISTRY_TABLE, CONTRACTS_TABLE),
        (Variable.CONTRACTS_BUCKET, BUCKET),
        (Variable.IMPORT_MACHINE, "arn:aws:states:sa-east-1:000000000000:stateMachine:aval-import"),
        (Variable.EVENT_BUS, "aval"),
    ):
        monkeypatch.setenv(variable, value)
    cold = [made for handler in HANDLERS for made in vars(handler).values() if hasattr(made, "cache_clear")]
    with empty_contracts_table() as client:
        s3 = boto3.client("s3", region_name="sa-east-1", config=Config(signature_version="s3v4"))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        imports, machine, bus = DynamoDbImports(client, CONTRACTS_TABLE), Machine(), _Bus()
        for name, made in (("dynamodb", client), ("s3", s3), ("states", machine), ("events", bus)):
            monkeypatch.setattr(aws, name, _giving(made))
        for made in cold:
            made.cache_clear()
        yield Room(imports, Reception(imports, S3Imports(s3, BUCKET)), machine, bus.entries)
    for made in cold:
        made.cache_clear()


class _Bus:
    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - the service's name
        self.entries += Entries
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}


def _giving(made: Any) -> Callable[[], Any]:
    return lambda: made


def call(handler: Callable[..., Any], event: dict[str, Any]) -> Any:
    return handler(event, cast("LambdaContext", Context()))


def given(code: ProcessingCode) -> dict[str, Any]:
    return {"chave": f"importacoes/{code}.xml", "fatia": {"segue": True}}


def test_a_slice_says_whether_there_is_more(room: Room) -> None:
    code = room.submit(file_xml([contract_xml(idVendedor=SELLER, idComprador=BUYER)]))
    answer = call(process_import_slice.handler, given(code))
    assert answer == {"codigo": code, "progresso": "ENCERRADO", "segue": False}
    assert room.state(code) is ProcessingState.DONE
    record = room.imports.record(code)
    assert record is not None
    # The registry here is empty: the one row is refused, and says why.
    [result] = room.imports.results(record, PageRequest()).rows
    assert "perfil" in result.description


def test_a_slice_without_time_leaves_the_rows_to_the_next(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = room.submit(file_xml([contract_xml()]))
    monkeypatch.setattr(process_import_slice, "SLICE_SECONDS", -1.0)
    answer = call(process_import_slice.handler, given(code))
    assert answer == {"codigo": code, "progresso": "SEGUE", "segue": True}


def test_a_file_that_is_no_xml_is_refused(room: Room) -> None:
    code = room.submit("no xml")
    assert call(process_import_slice.handler, given(code))["segue"] is False
    assert room.state(code) is ProcessingState.REFUSED


def test_an_object_of_no_import_fails_the_step(room: Room) -> None:
    with pytest.raises(WorkFailed):
        call(process_import_slice.handler, {"chave": "importacoes/outra.xml"})
    assert room.imports.record(ProcessingCode(1)) is None


def test_an_import_that_was_given_up_says_so(room: Room) -> None:
    code = room.submit("<x/>")
    assert call(fail_import.handler, given(code)) == {"codigo": code}
    assert room.state(code) is ProcessingState.FAILED


def test_the_sweep_starts_what_stands_still_with_the_input_of_an_arrival(room: Room) -> None:
    code = room.submit("<x/>")
    call(restart_imports.handler, {"em": (NOW + 2 * STALLED_AFTER).isoformat()})
    assert room.machine.inputs == [f'{{"chave": "importacoes/{code}.xml"}}']


def test_an_operator_takes_up_what_failed_and_nothing_else(room: Room) -> None:
    code = room.submit("<x/>")
    with pytest.raises(WorkFailed):
        call(restart_imports.handler, {"codigo": code})
    call(fail_import.handler, given(code))
    call(restart_imports.handler, {"codigo": code})
    assert room.state(code) is ProcessingState.RECEIVED
    assert len(room.machine.inputs) == 1


def test_an_ended_import_is_published_from_its_written_record(room: Room) -> None:
    code = room.submit("<x/>")
    call(fail_import.handler, given(code))
    written = room.imports.client.get_item(
        TableName=CONTRACTS_TABLE, Key={"pk": {"S": f"IMPORTACAO#{code:012d}"}, "sk": {"S": "REGISTRO"}}
    )["Item"]
    records = [{"dynamodb": {"NewImage": written}}, {"dynamodb": {"Keys": {}}}]
    call(publish_contract_events.handler, {"Records": records})
    assert [entry["DetailType"] for entry in room.published] == ["IMPORTACAO.ENCERRADA"]


def test_an_upload_s_form_is_signed_for_its_own_import(room: Room) -> None:
    digest = hashlib.sha256(b"<x/>").hexdigest()
    other = Acting(Author(Cnpj("33047509000149"), BUYER), frozenset({BUYER}))
    tickets = [
        room.reception.prepare_upload(UploadRequest(acting, 4, digest), at=NOW) for acting in (ACTING, other)
    ]
    assert [ticket.fields["key"] for ticket in tickets] == ["importacoes/1.xml", "importacoes/2.xml"]
    assert tickets[0].expires_at == NOW + timedelta(hours=1)
