"""What the parent asks, read once: after this, each thing has its type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid
from aval.prudential.tasks import TaskAct
from enclave_app.protocol import Message, ProtocolFault, ProtocolRefused


@dataclass(frozen=True, slots=True)
class AskedTask:
    act: TaskAct
    event: EventCode
    company: Cnpj
    sender: Cnpj
    body: bytes = field(repr=False)
    record: bytes | None = field(default=None, repr=False)
    """The stored record that the enclave said it needs."""
    record_missing: bool = False
    """The parent looked for that record and found none."""

    @classmethod
    def read(cls, message: Message) -> Self:
        """Raise `ProtocolRefused` for anything but an act of ours with one body, and one record at most."""
        if not 1 <= len(message.parts) <= 2:
            raise malformed()
        try:
            return cls(
                act=TaskAct(text(message.fields, "ato")),
                event=event(message.fields),
                company=Cnpj.parse(text(message.fields, "cnpj")),
                sender=Cnpj.parse(text(message.fields, "remetente")),
                body=message.parts[0],
                record=message.parts[1] if len(message.parts) == 2 else None,
                record_missing=message.fields.get("semRegistro") is True,
            )
        except (IdentifierInvalid, ValueError) as error:
            raise malformed() from error


def event(fields: Mapping[str, Any]) -> EventCode:
    try:
        return EventCode.parse(text(fields, "evento"))
    except IdentifierInvalid as error:
        raise malformed() from error


def text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise malformed()
    return value


def content(fields: Mapping[str, Any], name: str) -> bytes:
    value = fields.get(name)
    if not isinstance(value, bytes):
        raise malformed()
    return value


def entries(fields: Mapping[str, Any]) -> list[tuple[int, bytes]]:
    """Journal entries with their counters."""
    told = fields.get("lancamentos")
    if not isinstance(told, list):
        raise malformed()
    return [_entry(one) for one in told]


def _entry(told: object) -> tuple[int, bytes]:
    match told:
        case [int(counter), bytes(sealed)] if not isinstance(counter, bool):
            return counter, sealed
    raise malformed()


def malformed() -> ProtocolRefused:
    return ProtocolRefused(ProtocolFault.MESSAGE_MALFORMED)
