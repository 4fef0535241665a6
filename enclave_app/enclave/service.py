"""What the enclave does for each request: a message in, a message out, and no way outside but its ports."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Lock, RLock
from typing import Final

from aval.identifiers import EventCode
from aval.sealing.event_keys import EventKeys
from aval.sealing.journal import Journal
from aval.sealing.key_items import KeyRing
from aval.sealing.refusals import SealReason, SealRefused
from enclave_app.enclave import asked as reading
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.ceremony import Ceremony, make_event_key, open_event_key
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration
from enclave_app.enclave.decision import Decision, RecordNeeded
from enclave_app.enclave.kms import Credentials, DataKeys
from enclave_app.enclave.lote import LoteDesk
from enclave_app.enclave.lote_asked import ACT as LOTE
from enclave_app.enclave.lote_asked import AskedLote
from enclave_app.enclave.lote_file import LastFile
from enclave_app.enclave.monitoring import REHEARSED, Monitoring
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from enclave_app.enclave.rehearsal import Rehearsal
from enclave_app.enclave.signing import Attester, Signer
from enclave_app.enclave.workbench import Workbench
from enclave_app.protocol import Message, Operation, ProtocolRefused, refusal

_MOST_EVENTS: Final = 1024
_NONCE_BYTES: Final = range(8, 513)


class ServiceReason(StrEnum):
    """Codes of replies, beside those of what the service runs."""

    OPERATION_UNKNOWN = "OPERACAO_DESCONHECIDA"
    NO_EVENT = "SEM_EVENTO"
    TOO_MANY_EVENTS = "EVENTOS_DEMAIS"
    RECORD_NEEDED = "FALTA_REGISTRO"


class ServiceRefused(Exception):
    def __init__(self, reason: ServiceReason, detail: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class HeldCredentials:
    """The parent's role for a while; the parent renews them, and they open nothing by themselves."""

    def __init__(self) -> None:
        self._held: Credentials | None = None

    def renew(self, credentials: Credentials) -> None:
        self._held = credentials

    def current(self) -> Credentials:
        """Raise `EnclaveRefused` before the first."""
        if self._held is None:
            raise EnclaveRefused(EnclaveReason.NO_CREDENTIALS, "o enclave ainda não recebeu credenciais")
        return self._held


@dataclass(frozen=True, slots=True)
class Ports:
    attester: Attester
    data_keys: Callable[[KmsKey], DataKeys]
    """Of a measured key."""
    credentials: HeldCredentials
    now: Callable[[], datetime]
    """The security module's time, which the parent does not set."""


@dataclass(frozen=True, slots=True)
class _Week:
    """An event's keys and journal; whoever uses the journal holds the lock."""

    keys: EventKeys = field(repr=False)
    journal: Journal
    wrapped_digest: bytes
    lock: Lock = field(default_factory=Lock)


class Service:
    def __init__(self, configuration: MeasuredConfiguration, ports: Ports) -> None:
        self._configuration = configuration
        self._ports = ports
        self._key = configuration.kms_key()
        self._ceremony = Ceremony()
        self._ring = KeyRing([])
        self._weeks: dict[EventCode, _Week] = {}
        self._last_file = LastFile()
        # Held where keys are made or weeks are added; never together with a week's lock.
        self._lock = RLock()
        self._operations: Mapping[str, Callable[[Message], Message]] = {
            Operation.STATE: self._state,
            Operation.CREDENTIALS: self._credentials,
            Operation.CEREMONY: self._hold_ceremony,
            Operation.EVENT: self._event,
            Operation.JOURNAL: self._journal,
            Operation.KEY: self._offer_key,
            Operation.TASK: self._task,
        }

    def handle(self, message: Message) -> Message:
        """Return the reply; whatever is refused is a reply too."""
        operation = self._operations.get(str(message.fields.get("op")), self._unknown)
        try:
            return operation(message)
        except (SealRefused, EnclaveRefused, ServiceRefused) as error:
            return refusal(error.reason.value, error.detail)
        except ProtocolRefused as error:
            return refusal(error.fault.value, "a mensagem não tem a forma que a operação pede")

    def _unknown(self, _message: Message) -> Message:
        raise ServiceRefused(ServiceReason.OPERATION_UNKNOWN, "o enclave não conhece esta operação")

    def _state(self, _message: Message) -> Message:
        now = self._ports.now()
        return _reply(
            pronto=bool(self._ring.opening(now)),
            renovar=self._ring.needs_new(now),
            kids=list(self._ring.key_ids()),
            # A copy: another conversation may bring a new week meanwhile.
            diarios={event: week.journal.head.counter for event, week in self._weeks.copy().items()},
        )

    def _credentials(self, message: Message) -> Message:
        fields = message.fields
        # The parent may say in which region it is, by a key that was measured; it cannot bring its own.
        if fields.get("chaveKms") is not None:
            self._key = self._configuration.kms_key(reading.text(fields, "chaveKms"))
        self._ports.credentials.renew(
            Credentials(
                reading.text(fields, "chave"), reading.text(fields, "segredo"), reading.text(fields, "sessao")
            )
        )
        return _reply()

    def _hold_ceremony(self, message: Message) -> Message:
        items = message.fields.get("itens")
        if not isinstance(items, list) or not all(isinstance(item, bytes) for item in items):
            raise reading.malformed()
        with self._lock:
            outcome = self._ceremony.advance(items, self._data_keys(), self._ports.now())
            self._ring = outcome.ring
        destroyed = list(outcome.destroyed)
        if outcome.to_store is None:
            return _reply(destruidas=destroyed)
        item = outcome.to_store
        return _reply(destruidas=destroyed, versao=item.version, item=item.to_bytes())

    def _event(self, message: Message) -> Message:
        event = reading.event(message.fields)
        if message.fields.get("chave") is None:
            return _reply(chave=make_event_key(event, self._data_keys()))
        wrapped = reading.content(message.fields, "chave")
        with self._lock:
            self._learn_event(event, wrapped)
        return _reply()

    def _learn_event(self, event: EventCode, wrapped: bytes) -> None:
        digest = hashlib.sha256(wrapped).digest()
        if event in self._weeks:
            # Another key would begin another journal beside the one that this enclave knows.
            if self._weeks[event].wrapped_digest != digest:
                raise EnclaveRefused(EnclaveReason.EVENT_KEY_INVALID, "o evento já tem outra chave")
            return
        if len(self._weeks) >= _MOST_EVENTS:
            raise ServiceRefused(ServiceReason.TOO_MANY_EVENTS, "o enclave já conhece eventos demais")
        keys = open_event_key(event, wrapped, self._data_keys())
        self._weeks[event] = _Week(keys, Journal(event, keys.journal), digest)

    def _journal(self, message: Message) -> Message:
        week = self._week(reading.event(message.fields))
        with week.lock:
            week.journal.show(reading.entries(message.fields))
            return _reply(contador=week.journal.head.counter)

    def _offer_key(self, message: Message) -> Message:
        nonce = reading.content(message.fields, "nonce")
        if len(nonce) not in _NONCE_BYTES:
            raise reading.malformed()
        signer = self._signer(self._ports.now())
        return _reply(
            atestado=signer.attested(nonce),
            declaracao=signer.declaration.as_json(),
            assinatura=signer.jwk,
        )

    def _task(self, message: Message) -> Message:
        is_lote = message.fields.get("ato") == LOTE
        asked: AskedTask | AskedLote = (AskedLote if is_lote else AskedTask).read(message)
        week = self._week(asked.event)
        now = self._ports.now()
        signer = self._signer(now)
        with week.lock:
            bench = Workbench(week.keys, week.journal, self._ring, signer, now)
            try:
                return self._decide(bench, asked)
            except RecordNeeded as needed:
                return _needs(needed)
            except SealRefused as error:
                return _pending(week.journal, error)

    def _decide(self, bench: Workbench, asked: AskedTask | AskedLote) -> Message:
        roots = self._configuration.icp_roots
        if isinstance(asked, AskedLote):
            return LoteDesk(bench, self._last_file, roots).decide(asked).reply()
        if asked.act in REHEARSED:
            return _decided(Rehearsal(bench).decide(asked))
        return _decided(Monitoring(bench, roots).decide(asked))

    def _week(self, event: EventCode) -> _Week:
        week = self._weeks.get(event)
        if week is None:
            raise ServiceRefused(ServiceReason.NO_EVENT, "o enclave não tem a chave deste evento")
        return week

    def _signer(self, now: datetime) -> Signer:
        """Raise `SealRefused` while there is no active pair."""
        hardware = self._configuration.is_hardware
        return Signer(self._ring.active(now), self._ports.attester, hardware=hardware)

    def _data_keys(self) -> DataKeys:
        return self._ports.data_keys(self._key)


def _reply(*parts: bytes, **fields: object) -> Message:
    return Message({"ok": True, **fields}, parts)


def _decided(decision: Decision) -> Message:
    entry, standing = decision.entry, decision.standing
    return _reply(
        decision.answer,
        *(record.sealed for record in decision.records),
        motivo=decision.reason.value if decision.reason else None,
        liberado=decision.released,
        lancamento=[entry.counter, entry.sealed] if entry else None,
        registros=[{"tipo": record.kind, "versao": record.version} for record in decision.records],
        repetido=decision.repeated,
        estado=standing.as_json() if standing else None,
    )


def _needs(needed: RecordNeeded) -> Message:
    reply = refusal(ServiceReason.RECORD_NEEDED.value, "o ato precisa do registro de que trata")
    told = {"tipo": needed.kind, "versao": needed.version, "lote": needed.lote or None}
    return Message({**reply.fields, **told})


def _pending(journal: Journal, error: SealRefused) -> Message:
    """The entry that waits: whoever stores and shows it lets this enclave go on."""
    pending = journal.pending
    if error.reason is not SealReason.JOURNAL_PENDING or pending is None:
        raise error
    reply = refusal(error.reason.value, error.detail)
    return Message({**reply.fields, "lancamento": [pending.counter, pending.sealed]})
