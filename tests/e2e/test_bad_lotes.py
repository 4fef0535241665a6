"""Every kind of bad file through a whole stack: what is told in clear, what to its reader, what is left."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from aval.adapters.s3_confidential import lote_file_key
from aval.adapters.s3_lotes import quarantine_key
from aval.identifiers import Cnpj, EventCode
from aval.prudential.lote_reasons import sentence_of
from aval.prudential.lotes import LoteId
from tests.e2e.ended_week import OwnWeek
from tests.e2e.lote_sender import LoteSender, SealedFile
from tests.support.bad_lotes import EMPTY, BadLote, bad_lotes
from tests.support.stack import Stack

# Represented by BOLT in the demo, and a distributor for which nobody here speaks; the week is of this file.
COMPANY, STRANGER = Cnpj.parse("90000117000168"), Cnpj.parse("63184572000198")
# Nobody can announce a file of no bytes: what becomes of one is told further down.
BAD = [bad for bad in bad_lotes() if bad.name != EMPTY]
REFUSED = [bad for bad in BAD if bad.reason]


@dataclass(frozen=True)
class Sealing:
    """Seals to the stack's enclave, under one request id."""

    sender: LoteSender
    file: SealedFile
    company: Cnpj = COMPANY
    stranger: Cnpj = STRANGER

    @property
    def event(self) -> EventCode:
        return self.sender.event

    @property
    def sealing(self) -> rsa.RSAPublicKey:
        return self.sender.rehearsing.key.sealing

    def sealed(self, plaintext: bytes, **header: Any) -> bytes:
        told = {"request_id": self.file.request_id, **header}
        return self.sender.sealed_file(plaintext, **told).body


@dataclass(frozen=True)
class Sent:
    file: SealedFile
    code: str


@dataclass(frozen=True)
class Run:
    sender: LoteSender
    sent: Mapping[str, Sent]

    @property
    def stack(self) -> Stack:
        return self.sender.stack

    def told(self, bad: BadLote) -> dict[str, Any]:
        return self.sender.ended(self.sent[bad.name].code)

    def answer(self, bad: BadLote) -> dict[str, Any]:
        sent = self.sent[bad.name]
        return dict(self.sender.opened(sent.code, 0, sent.file.request_id).payload)

    def quarantined(self, code: str) -> bytes | None:
        s3, bucket = self.stack.client("s3"), self.stack.outputs["PrudentialBucketName"]
        key = quarantine_key(LoteId(code))
        if "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix=key):
            return None
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body


@pytest.fixture(scope="module")
def run(stack: Stack) -> Iterator[Run]:
    """All of them on their way at once."""
    sender = LoteSender(stack, OwnWeek.dropped(stack, 911).event)
    sent = {}
    for bad in BAD:
        lawful = sender.sealed()
        file = SealedFile(bad.made_by(Sealing(sender, lawful)), lawful.request_id)
        sent[bad.name] = Sent(file, sender.send(file))
    yield Run(sender, sent)
    # Others look through all objects for what must not be there: these would take them minutes.
    s3, bucket = stack.client("s3"), stack.outputs["PrudentialBucketName"]
    for one in sent.values():
        for key in (lote_file_key(LoteId(one.code)), quarantine_key(LoteId(one.code))):
            for version in s3.list_object_versions(Bucket=bucket, Prefix=key).get("Versions", []):
                s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_ends_with_its_code_and_counts_in_clear(run: Run, bad: BadLote) -> None:
    told = run.told(bad)
    state = "REJEITADO" if bad.reason else "PROCESSADO"
    assert (told["estado"], told["motivo"], told["regras"]) == (state, bad.reason or None, bad.rules)
    assert (told["aceitos"] or 0, told["respostas"]) == (0 if bad.reason else 1, int(bad.is_told))
    assert told["frase"] == (sentence_of(bad.reason) if bad.reason else None)
    assert told["frase"] != sentence_of("nobody's")


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_tells_its_reader_which_fault_and_where_and_nobody_else(run: Run, bad: BadLote) -> None:
    run.told(bad)
    if not bad.is_told:
        answer = run.sender.get(f"/{run.sent[bad.name].code}/respostas/0")
        assert answer.status == HTTPStatus.NOT_FOUND
        return
    faults = faults_in(run.answer(bad))
    assert Counter(fault["regra"] for fault in faults) == bad.rules
    assert all(" " in fault["detalhe"] for fault in faults)
    assert not any(fault["detalhe"] in json.dumps(run.told(bad), ensure_ascii=False) for fault in faults)


def test_no_two_faults_are_told_alike(run: Run) -> None:
    told = Counter(
        (fault["regra"], fault["lugar"], fault["detalhe"])
        for bad in BAD
        if bad.is_told and run.told(bad)
        for fault in faults_in(run.answer(bad))
    )
    assert [fault for fault, times in told.items() if times > 1] == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_is_kept_aside_as_it_came_where_nothing_of_it_was_taken(run: Run, bad: BadLote) -> None:
    run.told(bad)
    sent = run.sent[bad.name]
    assert run.quarantined(sent.code) == (sent.file.body if bad.reason else None)


def test_nothing_else_is_left_of_what_was_refused(run: Run) -> None:
    [taken] = [run.told(bad)["lote"] for bad in BAD if not run.told(bad)["motivo"]]
    event, table = run.sender.event, run.stack.outputs["ConfidentialTableName"]
    pages = run.stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    rows = [row for page in pages for row in page["Items"] if event in row["pk"]["S"]]
    keys = {f"{row['pk']['S']} {row['sk']['S']}" for row in rows}
    # Beside the week's own rows and the sender's list of its lotes.
    assert {key for key in keys if not key.startswith(("SEMANA", "LOTES#"))} == {
        f"EVENTO#{event} CHAVE",
        f"EVENTO#{event} DIARIO#{1:012d}",
        f"EVENTO#{event}#{COMPANY} PORTFOLIO#{1:06d}",
        f"ESTADOS#{event} {COMPANY}",
        f"HISTORICO#{event}#{COMPANY} {1:012d}",
    }
    [history] = [row for row in rows if row["pk"]["S"].startswith("HISTORICO#")]
    assert history["origin"]["S"] == f"lote:{taken}"


def test_a_file_of_no_bytes_cannot_be_announced(run: Run) -> None:
    announced = json.dumps(SealedFile(b"", "nobody-asks-for-it").announced).encode()
    answer = run.stack.request(
        "POST",
        run.sender.path,
        token=run.sender.token,
        body=announced,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    [fault] = answer.json()["errors"]
    assert fault == {"pointer": "#/tamanho", "rule": "forma", "detail": "deve ser maior ou igual a 1"}


def test_a_file_of_no_bytes_that_lies_where_one_was_announced_is_told_as_that(run: Run) -> None:
    code = run.sender.announce(run.sender.sealed())["lote"]
    bucket = run.stack.outputs["PrudentialBucketName"]
    run.stack.client("s3").put_object(Bucket=bucket, Key=lote_file_key(LoteId(code)), Body=b"")
    told = run.sender.ended(code)
    assert (told["estado"], told["motivo"], told["frase"]) == ("REJEITADO", "VAZIO", sentence_of("VAZIO"))
    assert run.quarantined(code) == b""


def faults_in(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    """Of the file, and of each agent in it."""
    of_agents = [fault for agent in answer["agentes"] for fault in agent.get("faltas", [])]
    return [*answer.get("faltas", []), *of_agents]
