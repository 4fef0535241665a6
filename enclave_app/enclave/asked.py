"""What the parent asks, read once: after this, each thing has its type."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid
from aval.prudential.tasks import TaskAct
from aval.sealing.refusals import SealReason, SealRefused
from enclave_app.enclave.decision import RecordNeeded
from enclave_app.protocol import Message, ProtocolFault, ProtocolRefused

BODY: Final = "corpo"
PARAMETERS: Final = "parametros"
AUTHORISATIONS: Final = "autorizacoes"
_RECORD: Final = re.compile(r"registro:[A-Z][A-Z_]{0,31}:[1-9][0-9]{0,8}")
_MOST_PARTS: Final = 16


@dataclass(frozen=True, slots=True)
class AskedTask:
    act: TaskAct
    event: EventCode
    company: Cnpj
    sender: Cnpj
    body: bytes = field(repr=False)
    parameters: bytes | None = field(default=None, repr=False)
    """Canonical JSON of the set in force; none in a rehearsal."""
    authorisations: tuple[str, ...] = field(default=(), repr=False)
    """Signed reader lists of the company, oldest first."""
    records: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """By name; a rehearsal's only one has none."""
    missing: frozenset[str] = frozenset()
    """Names of records that the parent looked for and did not find."""

    @classmethod
    def read(cls, message: Message) -> Self:
        """Raise `ProtocolRefused` for anything but an act of ours with one body and named parts."""
        fields = message.fields
        parts = named_parts(message) if "partes" in fields else _rehearsal_parts(message)
        try:
            return cls(
                act=TaskAct(text(fields, "ato")),
                event=event(fields),
                company=Cnpj.parse(text(fields, "cnpj")),
                sender=Cnpj.parse(text(fields, "remetente")),
                body=parts[BODY],
                parameters=parts.get(PARAMETERS),
                authorisations=authorisations(parts),
                records={name: part for name, part in parts.items() if name == "" or _RECORD.fullmatch(name)},
                missing=_missing(fields),
            )
        except (IdentifierInvalid, ValueError) as error:
            raise malformed() from error

    def record_of(self, kind: str, version: int, lote: str = "") -> bytes:
        """Raise `RecordNeeded` where it was not asked for yet, `SealRefused` where it is not there."""
        name = f"registro:{kind}:{version}"
        record = self.records.get(name, self.records.get(""))
        if record is not None:
            return record
        if self.missing & {name, ""}:
            raise SealRefused(SealReason.RECORD_UNOPENED, "o registro desta versão não está guardado")
        raise RecordNeeded(kind, version, lote)


def named_parts(message: Message) -> dict[str, bytes]:
    """The parts by the names that the message gives them, the body first; raise `ProtocolRefused`."""
    names = message.fields.get("partes")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise malformed()
    if (
        not 1 <= len(names) <= _MOST_PARTS
        or len(names) != len(message.parts)
        or len(set(names)) != len(names)
    ):
        raise malformed()
    if names[0] != BODY or not all(names):
        raise malformed()
    return dict(zip(names, message.parts, strict=True))


def authorisations(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Raise `ProtocolRefused` for what is no JSON list of texts."""
    try:
        told = json.loads(parts.get(AUTHORISATIONS, b"[]"))
    except (ValueError, RecursionError) as error:
        raise malformed() from error
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise malformed()
    return tuple(told)


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


def _rehearsal_parts(message: Message) -> dict[str, bytes]:
    """A rehearsal's body, and the one record that it is about."""
    if not 1 <= len(message.parts) <= 2:
        raise malformed()
    return dict(zip((BODY, ""), message.parts, strict=False))


def _missing(fields: Mapping[str, Any]) -> frozenset[str]:
    """Names of an act of the week's; a rehearsal says whether the one it is about is there."""
    told = fields.get("semRegistro", False)
    if isinstance(told, list) and all(isinstance(name, str) for name in told):
        return frozenset(told)
    return frozenset({""}) if told is True else frozenset()


def malformed() -> ProtocolRefused:
    return ProtocolRefused(ProtocolFault.MESSAGE_MALFORMED)
