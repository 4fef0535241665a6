"""A sender of lotes over HTTPS: announces, uploads by the form, follows, opens the answers."""

import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.moments import utc_now
from aval.sealing.answers import Answer, ExpectedAnswer, open_answer
from aval.sealing.envelope import Header, SealedKind, new_request_id, seal
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.statements import Act, Statement, sign_statement
from tests.e2e.enclave_agent import COMPANY as SENDER
from tests.e2e.enclave_agent import Agent as Rehearsing
from tests.e2e.week_agent import FABIO, demo_event
from tests.support import leverage_files
from tests.support.stack import Answer as HttpAnswer
from tests.support.stack import Stack

WAIT_SECONDS: Final = 240.0
POLL_SECONDS: Final = 0.2
FINAL: Final = {"PROCESSADO", "PROCESSADO_COM_ERROS", "REJEITADO", "EXPIRADO"}


@dataclass(frozen=True, slots=True)
class SealedFile:
    body: bytes = field(repr=False)
    request_id: str
    kind: SealedKind = SealedKind.PORTFOLIO
    """As which it is announced; the object itself may say otherwise."""

    @property
    def announced(self) -> dict[str, Any]:
        return {
            "remetente": SENDER,
            "tipo": self.kind.value,
            "nomeDoArquivo": "carteiras.json.selado",
            "tamanho": len(self.body),
            "sha256": hashlib.sha256(self.body).hexdigest(),
        }


@dataclass
class LoteSender:
    stack: Stack
    event: EventCode = field(default_factory=demo_event)
    reader: ReaderKeys = field(default_factory=lambda: ReaderKeys.generate("leitor-1"))

    @cached_property
    def token(self) -> str:
        return self.stack.token(FABIO)

    @cached_property
    def rehearsing(self) -> Rehearsing:
        return Rehearsing(self.stack)

    @property
    def path(self) -> str:
        return f"/prudencial/semanas/{self.event}/lotes"

    def portfolio(self, company: str, **changes: Any) -> dict[str, Any]:
        return leverage_files.portfolio(Cnpj.parse(company), evento=self.event) | changes

    def sealed(self, *portfolios: Mapping[str, Any], **changes: Any) -> SealedFile:
        return self.sealed_file(json.dumps({"agentes": list(portfolios)}).encode(), **changes)

    def sealed_file(self, content: bytes, **changes: Any) -> SealedFile:
        told: dict[str, Any] = {
            "key_id": self.rehearsing.key.key_id,
            "event": self.event,
            "sender": SENDER,
            "kind": SealedKind.PORTFOLIO,
            "issued_at": utc_now(),
            "request_id": new_request_id(),
            "readers": Readers((self.reader.public,)),
            **changes,
        }
        return SealedFile(seal(content, Header(**told), self.rehearsing.key.sealing), told["request_id"])

    def counterparties(self, document: Mapping[str, Any]) -> SealedFile:
        """Signed by the reader, as counterparties are."""
        request_id, subject = new_request_id(), Readers((self.reader.public,)).digest
        extra = {"conteudo": json.dumps(document)}
        told = Statement(Act.CONTRAPARTES, self.event, SENDER, subject, request_id, utc_now(), extra)
        content, kind = sign_statement(told, self.reader).encode(), SealedKind.CONTRAPARTES
        return replace(self.sealed_file(content, kind=kind, request_id=request_id), kind=kind)

    def announce(self, file: SealedFile, **changes: Any) -> dict[str, Any]:
        body = json.dumps({**file.announced, **changes}).encode()
        answer = self.stack.request(
            "POST", self.path, token=self.token, body=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status == HTTPStatus.CREATED, answer.body
        told: dict[str, Any] = answer.json()
        return told

    def send(self, file: SealedFile, **changes: Any) -> str:
        """Announce and upload; return the lote's code."""
        announced = self.announce(file, **changes)
        assert upload(announced, file.body) == HTTPStatus.NO_CONTENT
        return str(announced["lote"])

    def get(self, path: str = "", token: str | None = None) -> HttpAnswer:
        return self.stack.request("GET", f"{self.path}{path}", token=token or self.token)

    def ended(self, code: str) -> dict[str, Any]:
        """Follow the lote to its end; its progress never goes back."""
        deadline, progress = time.monotonic() + WAIT_SECONDS, 0
        while True:
            told: dict[str, Any] = self.get(f"/{code}").json()
            assert progress <= told["progresso"], told
            progress = told["progresso"]
            if told["estado"] in FINAL:
                return told
            assert time.monotonic() < deadline, told
            time.sleep(POLL_SECONDS)

    def mail_about(self, code: str) -> dict[str, Any]:
        """The one mail that names the lote, once it has come."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = [mail for mail in self.stack.mails() if code in str(mail)]
            if found:
                [mail] = found
                return mail
            assert time.monotonic() < deadline, "no mail tells of the lote"
            time.sleep(POLL_SECONDS)

    def executions(self, code: str) -> list[dict[str, Any]]:
        """The machine's executions for the lote: by its file's arrival, and whoever else started one."""
        states = self.stack.client("stepfunctions")
        listed = states.get_paginator("list_executions").paginate(stateMachineArn=self.machine)
        found = [states.describe_execution(executionArn=one["executionArn"]) for one in _executions(listed)]
        return [one for one in found if code in one["input"]]

    @property
    def machine(self) -> str:
        machines = self.stack.client("stepfunctions").list_state_machines()["stateMachines"]
        [arn] = [one["stateMachineArn"] for one in machines if one["name"] == "aval-lote"]
        return str(arn)

    def opened(self, code: str, number: int, request_id: str) -> Answer:
        answer = self.get(f"/{code}/respostas/{number}")
        assert answer.status == HTTPStatus.OK, answer.body
        return self.open(answer.body, request_id)

    def open(self, sealed: bytes, request_id: str) -> Answer:
        """An answer to a lote of this sender's, wherever it was read."""
        readers = Readers((self.reader.public,))
        expected = ExpectedAnswer(self.event, SENDER, request_id, readers=readers.digest)
        return open_answer(sealed, self.reader, signer=self.rehearsing.key.signing, expected=expected)


def _executions(pages: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for page in pages:
        yield from page["executions"]


def upload(announced: Mapping[str, Any], content: bytes) -> int:
    """As a page's form does; return the store's answer."""
    boundary = secrets.token_hex(16)
    parts: Sequence[bytes] = [
        *(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in announced["campos"].items()
        ),
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'.encode(),
        content,
        f"\r\n--{boundary}--\r\n".encode(),
    ]
    request = urllib.request.Request(
        announced["url"],
        data=b"".join(parts),
        method="POST",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
