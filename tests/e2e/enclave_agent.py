"""An agent's system at work against a running stack: the product's own client library, over HTTPS."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from aval.attestation.measurements import MeasurementLog
from aval.identifiers import Cnpj, EventCode, Fingerprint
from aval.moments import utc_now
from aval.prudential.tasks import TaskAct
from aval.sealing.answers import Answer, ExpectedAnswer, open_answer
from aval.sealing.envelope import Header, SealedKind, identity_of, new_request_id, seal
from aval.sealing.offered_key import AttestedKey, KeyOffer, verify_offer
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.statements import Act, Statement, sign_statement
from tests.support.stack import Answer as HttpAnswer
from tests.support.stack import Stack

ANA = "ana@demo.aval.example"
COMPANY = Cnpj.parse("33047509000149")
WAIT_SECONDS = 120.0
POLL_SECONDS = 0.1


def new_event() -> EventCode:
    """A week of a far year: no two tests share a journal."""
    return EventCode.parse(
        f"{2100 + secrets.randbelow(7900)}{1 + secrets.randbelow(12):02d}{1 + secrets.randbelow(999):03d}"
    )


@dataclass(frozen=True, slots=True)
class Delivered:
    """A rehearsal that was sent: what names it, and what it holds."""

    code: str
    identity: str
    request_id: str
    body: bytes = field(repr=False)


@dataclass
class Agent:
    stack: Stack
    event: EventCode = field(default_factory=new_event)
    reader: ReaderKeys = field(default_factory=lambda: ReaderKeys.generate("leitor-1"))
    company: Cnpj = COMPANY

    @cached_property
    def token(self) -> str:
        return self.stack.token(ANA)

    @cached_property
    def root(self) -> Fingerprint:
        pem = Path(self.stack.described["attestation_root"]).read_bytes()
        return Fingerprint(x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex())

    @property
    def log(self) -> MeasurementLog:
        """The log as the door gives it, judged by the operator's key as it lies beside the stack."""
        text = self.stack.request("GET", "/prudencial/medidas").body.decode()
        key = (Path(self.stack.described["measurements"]) / "operador.pem").read_text()
        return MeasurementLog.parse(text, key)

    def offered(self, nonce: bytes) -> KeyOffer:
        """Ask until the enclave answers: it may be starting."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            answer = self.stack.request("GET", f"/prudencial/chave?nonce={nonce.hex()}", token=self.token)
            if answer.status == 200:
                return KeyOffer.read(answer.body)
            assert answer.status == 503, answer.body
            assert time.monotonic() < deadline, "the enclave does not answer"

    @cached_property
    def key(self) -> AttestedKey:
        nonce, now = secrets.token_bytes(32), utc_now()
        measurements = self.log.accepted(now)
        return verify_offer(
            self.offered(nonce), root=self.root, measurements=measurements, now=utc_now(), nonce=nonce
        )

    @property
    def readers(self) -> Readers:
        return Readers((self.reader.public,))

    def sealed(self, kind: SealedKind, plaintext: bytes, request_id: str | None = None) -> bytes:
        header = Header(
            key_id=self.key.key_id,
            event=self.event,
            sender=self.company,
            kind=kind,
            issued_at=utc_now(),
            request_id=request_id or new_request_id(),
            readers=self.readers,
        )
        return seal(plaintext, header, self.key.sealing)

    def signed(self, act: Act, subject: str, request_id: str, **extra: object) -> bytes:
        statement = Statement(act, self.event, self.company, subject, request_id, utc_now(), extra)
        return sign_statement(statement, self.reader).encode()

    def submit(self, act: TaskAct, body: bytes) -> str:
        """Hand a request in; any answer but its acceptance is a failure of the test."""
        answer = self.handed_in(act, body)
        assert answer.status == 202, answer.body
        return str(answer.json()["id"])

    def handed_in(self, act: TaskAct, body: bytes) -> HttpAnswer:
        return self.post(
            {"cnpj": self.company, "evento": self.event, "ato": act.value, "corpo": body.decode()}
        )

    def post(self, told: Mapping[str, object]) -> HttpAnswer:
        return self.stack.request(
            "POST",
            "/prudencial/ensaios",
            token=self.token,
            body=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
        )

    def told(self, code: str) -> dict[str, Any]:
        answer = self.stack.request("GET", f"/prudencial/tarefas/{code}", token=self.token)
        assert answer.status == 200, answer.body
        told: dict[str, Any] = answer.json()
        return told

    def ended(self, code: str) -> dict[str, Any]:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            told = self.told(code)
            if told["estado"] != "RECEBIDA":
                return told
            assert time.monotonic() < deadline, f"task {code} is still open"
            time.sleep(POLL_SECONDS)

    def opened(self, told: Mapping[str, Any], request_id: str) -> Answer:
        expected = ExpectedAnswer(self.event, self.company, request_id, readers=self.readers.digest)
        return open_answer(told["resposta"].encode(), self.reader, signer=self.key.signing, expected=expected)

    def delivery(self, number: str, text: str = "") -> Delivered:
        """Hand a rehearsal in without waiting for its end."""
        content = {"numero": number, **({"texto": text} if text else {})}
        request_id = new_request_id()
        body = self.sealed(SealedKind.ENSAIO, json.dumps(content).encode(), request_id)
        return Delivered(self.submit(TaskAct.DELIVER, body), identity_of(body), request_id, body)

    def deliver(self, number: str, text: str = "") -> Delivered:
        delivered = self.delivery(number, text)
        told = self.ended(delivered.code)
        assert told["estado"] == "CONCLUIDA", told
        return delivered

    def ask(self, act: TaskAct, subject: str) -> tuple[dict[str, Any], str]:
        """Have one signed act done; return how it ended and the request's id."""
        request_id = new_request_id()
        body = self.signed(Act(act.value), subject, request_id)
        return self.ended(self.submit(act, body)), request_id

    def send(self, subject: str, number: str) -> tuple[dict[str, Any], str]:
        request_id = new_request_id()
        statement = self.signed(Act.ENVIAR, subject, request_id, fa=number)
        body = self.sealed(SealedKind.ENVIO, statement, request_id)
        return self.ended(self.submit(TaskAct.SEND, body)), request_id
