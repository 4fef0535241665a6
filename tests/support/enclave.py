"""An enclave's service behind a parent, a vault and a simulated module, in one process; and its agents."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from aval.identifiers import Cnpj, EventCode, KeyId
from aval.prudential.tasks import Task, TaskAct, TaskId, TaskOutcome
from aval.sealing.answers import Answer, ExpectedAnswer, open_answer
from aval.sealing.envelope import Header, SealedKind, identity_of, seal
from aval.sealing.key_items import KeyItem
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.statements import Act, Statement, sign_statement
from enclave_app.configure import EXAMPLE_SIGNER, signer_digest
from enclave_app.enclave.addresses import UnixAddress
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration, Setting
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.service import HeldCredentials, Ports, Service
from enclave_app.measurement import extended
from enclave_app.parent.conversation import EnclaveUnreachable
from enclave_app.parent.lote_work import LoteWork
from enclave_app.parent.session import EnclaveSession, RoleCredentials
from enclave_app.parent.turns import EventTurns
from enclave_app.parent.work import TaskWork
from enclave_app.protocol import Message, read_message, write_message
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from tests.support.enclave_keys import DataKeysInMemory
from tests.support.sealing import reader
from tests.support.vault_memory import VaultInMemory

NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVENT: Final = EventCode.parse("202611003")
COMPANY: Final = Cnpj.parse("33047509000149")
STRANGER: Final = Cnpj.parse("11222333000181")
KEY_ARN: Final = "arn:aws:kms:sa-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_REGION_ARN: Final = KEY_ARN.replace("sa-east-1", "us-east-1")
INSTANCE: Final = "i-0123456789abcdef0"
CREDENTIALS: Final = RoleCredentials("AKIDEXAMPLE", "planted-secret-key", "planted-session-token")


@cache
def root() -> NitroRoot:
    return NitroRoot.create(NOW)


@cache
def configuration() -> MeasuredConfiguration:
    return MeasuredConfiguration(
        setting=Setting.DESK,
        root=root().fingerprint,
        kms_keys=(KmsKey(KEY_ARN, "localhost"), KmsKey(OTHER_REGION_ARN, "localhost")),
        tls_roots="",
        icp_roots="",
        nsm=UnixAddress("/nowhere/nsm"),
        listener=UnixAddress("/nowhere/enclave"),
        relay=UnixAddress("/nowhere/relay"),
        signer=signer_digest(EXAMPLE_SIGNER),
    )


class Through:
    """A simulated module as a channel of the driver."""

    def __init__(self, module: SimulatedNsm) -> None:
        self._module = module

    def exchange(self, request: bytes) -> bytes:
        return self._module.reply(request)


@cache
def _hierarchy() -> Hierarchy:
    return Hierarchy(root(), f"{INSTANCE}-enc0123456789abcdef")


@cache
def first_pair() -> tuple[DataKeysInMemory, bytes]:
    """A KMS and a key item under it, made once a run: an RSA key takes its time."""
    kms = DataKeysInMemory()
    made = _service(kms, lambda: NOW).handle(Message({"op": "cerimonia", "itens": []}))
    return kms, made.fields["item"]


def _service(kms: DataKeysInMemory, now: Any) -> Service:
    measured = {index: extended(str(index).encode()) for index in (0, 1, 2, 3, 8)}
    measured[4] = hashlib.sha384(bytes(48) + INSTANCE.encode()).digest()
    nsm = Nsm(Through(SimulatedNsm(_hierarchy(), measured, now)))
    return Service(configuration(), Ports(nsm, lambda _key: kms, HeldCredentials(), nsm.now))


@dataclass
class Desk:
    """One table, one KMS, and as many enclaves and parents as a test starts."""

    now: datetime = NOW
    kms: DataKeysInMemory = field(default_factory=lambda: first_pair()[0])
    vault: VaultInMemory = field(default_factory=lambda: VaultInMemory({1: first_pair()[1]}))
    requests: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)

    def enclave(self) -> Service:
        return _service(self.kms, lambda: self.now)

    def parent(self, enclave: Service | None = None) -> "Parent":
        return Parent(self, enclave or self.enclave())


class Parent:
    def __init__(self, desk: Desk, enclave: Service) -> None:
        self.desk = desk
        self.enclave: Service | None = enclave
        self.credentials = CREDENTIALS
        self.session = EnclaveSession(
            self._converse, desk.vault, lambda: self.credentials, lambda _seconds: None
        )
        turns = EventTurns(self.session, desk.vault)
        self.work = TaskWork(turns, desk.vault, lambda: desk.now)
        self.lotes = LoteWork(turns, desk.vault)

    def do(self, task: Task) -> TaskOutcome:
        self.desk.vault.tasks.setdefault(task.id, task)
        self.work.do(task.id)
        outcome = self.desk.vault.task(task.id).outcome
        assert outcome
        return outcome

    def again(self, task: Task) -> TaskOutcome:
        """As the state machine does when a former try ended without an outcome."""
        self.desk.vault.tasks[task.id] = replace(task, outcome=None)
        return self.do(task)

    def _converse(self, message: Message) -> Message:
        """Over the wire's own bytes, both ways."""
        if self.enclave is None:
            raise EnclaveUnreachable
        self.desk.requests.append(message)
        reply = _over_the_wire(self.enclave.handle(_over_the_wire(message)))
        self.desk.replies.append(reply)
        return reply


def _over_the_wire(message: Message) -> Message:
    stream = BytesIO()
    write_message(stream, message)
    stream.seek(0)
    return read_message(stream)


@dataclass(frozen=True)
class Agent:
    """A company's person with a reader's keys, and the enclave's key as it was offered."""

    desk: Desk
    company: Cnpj = COMPANY
    names: tuple[str, ...] = ("ana",)

    @property
    def readers(self) -> Readers:
        return Readers(tuple(reader(name).public for name in self.names))

    @property
    def me(self) -> ReaderKeys:
        return reader(self.names[0])

    @property
    def item(self) -> KeyItem:
        return KeyItem.from_bytes(self.desk.vault.key_items()[-1])

    def sealed(
        self, content: Mapping[str, object] | str | bytes, *, request_id: str, **changes: Any
    ) -> bytes:
        header = Header(
            key_id=KeyId(self.item.key_id),
            event=EVENT,
            sender=self.company,
            kind=SealedKind.ENSAIO,
            issued_at=self.desk.now,
            request_id=request_id,
            readers=self.readers,
        )
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        plaintext = text.encode() if isinstance(text, str) else text
        key = load_der_public_key(self.item.sealing)
        assert isinstance(key, rsa.RSAPublicKey)
        return seal(plaintext, replace(header, **changes), key)

    def delivery(
        self, number: str = "0.17", *, request_id: str = "delivery-of-a-number", **changes: Any
    ) -> Task:
        content = {"numero": number, "texto": "segredo plantado"}
        return self.task(TaskAct.DELIVER, self.sealed(content, request_id=request_id, **changes))

    def signed(self, act: Act, about: Task | str, /, *, request_id: str, **changes: Any) -> str:
        subject = about if isinstance(about, str) else identity_of(about.body)
        told = {
            "act": act,
            "event": EVENT,
            "company": self.company,
            "subject": subject,
            "request_id": request_id,
            "issued_at": self.desk.now,
        }
        return sign_statement(Statement(**{**told, **changes}), self.me)

    def reading(self, about: Task, *, request_id: str = "reading-of-the-number") -> Task:
        return self.task(TaskAct.READ, self.signed(Act.LER, about, request_id=request_id).encode())

    def validation(self, about: Task, *, request_id: str = "validation-of-number") -> Task:
        return self.task(TaskAct.VALIDATE, self.signed(Act.VALIDAR, about, request_id=request_id).encode())

    def sending(
        self,
        about: Task | str,
        number: str | None = "0.17",
        *,
        request_id: str = "sending-of-the-number",
        extra: Mapping[str, object] | None = None,
        **changes: Any,
    ) -> Task:
        told = extra or {"fa": number}
        jws = self.signed(Act.ENVIAR, about, request_id=request_id, extra=told)
        body = self.sealed(jws, request_id=request_id, **{"kind": SealedKind.ENVIO, **changes})
        return self.task(TaskAct.SEND, body)

    def task(self, act: TaskAct, body: bytes, **changes: Any) -> Task:
        identity = identity_of(body)
        made = Task(
            id=TaskId(hashlib.sha256(f"{act}{identity}".encode()).hexdigest()),
            act=act,
            event=EVENT,
            company=self.company,
            sender=self.company,
            identity=identity,
            received_at=self.desk.now,
            received_from="system",
            body=body,
        )
        return replace(made, **changes)

    def opened(self, outcome: TaskOutcome, request_id: str, *, reader_name: str = "") -> Answer:
        signer = load_der_public_key(self.item.signing)
        assert isinstance(signer, ec.EllipticCurvePublicKey)
        expected = ExpectedAnswer(EVENT, self.company, request_id)
        keys = reader(reader_name or self.names[0])
        return open_answer(outcome.answer, keys, signer=signer, expected=expected)
