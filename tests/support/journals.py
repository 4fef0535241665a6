"""Entries of a journal, lawful unless a test says otherwise."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.sealing.journal import Entry, EntryAct

EVENT: Final = EventCode.parse("202611003")
OTHER_EVENT: Final = EventCode.parse("202611004")
COMPANY: Final = Cnpj.parse("33047509000149")
STRANGER: Final = Cnpj.parse("11222333000181")
KIND: Final = "ENSAIO"
NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def delivery(name: str = "first", version: int = 1, **changes: Any) -> Entry:
    identity = digest_of(name)
    made = Entry(
        act=EntryAct.DELIVER,
        sender=COMPANY,
        company=COMPANY,
        kind=KIND,
        version=version,
        request_id=f"request-of-{name}".ljust(16, "_"),
        identity=identity,
        readers=digest_of("readers"),
        subject=identity,
        at=NOW,
    )
    return replace(made, **changes)


def act_on(entry: Entry, act: EntryAct, name: str) -> Entry:
    """A validation or a sending of what `entry` delivered."""
    return replace(entry, act=act, request_id=f"request-of-{name}".ljust(16, "_"), identity=digest_of(name))
