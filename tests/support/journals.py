"""Entries of a journal, lawful unless a test says otherwise."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.sealing.journal import Entry, EntryAct, LoteEntry
from aval.sealing.journal_entry import COUNTERPARTIES, FACTOR, PORTFOLIO
from aval.sealing.parameters_used import ParametersUsed

EVENT: Final = EventCode.parse("202611003")
OTHER_EVENT: Final = EventCode.parse("202611004")
COMPANY: Final = Cnpj.parse("33047509000149")
STRANGER: Final = Cnpj.parse("11222333000181")
KIND: Final = "ENSAIO"
NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LOTE: Final = "0123456789abcdef" * 2


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def request_of(name: str) -> str:
    return f"request-of-{name.replace(' ', '-')}".ljust(16, "_")


def parameters(version: int = 1, name: str = "") -> ParametersUsed:
    return ParametersUsed(version, digest_of(name or f"parameters {version}"))


def delivery(name: str = "first", version: int = 1, **changes: Any) -> Entry:
    identity = digest_of(name)
    made = Entry(
        act=EntryAct.DELIVER,
        sender=COMPANY,
        company=COMPANY,
        kind=KIND,
        version=version,
        request_id=request_of(name),
        identity=identity,
        readers=digest_of("readers"),
        subject=identity,
        at=NOW,
    )
    return replace(made, **changes)


def act_on(entry: Entry, act: EntryAct, name: str) -> Entry:
    """A validation or a sending of what `entry` delivered."""
    return replace(entry, act=act, request_id=request_of(name), identity=digest_of(name))


def portfolio(name: str = "portfolio", version: int = 1, **changes: Any) -> Entry:
    return delivery(name, version, **{"kind": PORTFOLIO, "parameters": parameters(), **changes})


def counterparties(name: str = "counterparties", version: int = 1, **changes: Any) -> Entry:
    return portfolio(name, version, **{"kind": COUNTERPARTIES, **changes})


def act_of_factor(act: EntryAct, calculation: str, name: str, **changes: Any) -> Entry:
    """An act about a calculation, whose name is a digest."""
    told = {"act": act, "kind": FACTOR, "subject": calculation, **changes}
    return portfolio(name, **told)


def lote(name: str = "lote", *agents: tuple[Cnpj, int], **changes: Any) -> LoteEntry:
    made = LoteEntry(
        sender=COMPANY,
        kind=PORTFOLIO,
        request_id=request_of(name),
        identity=digest_of(name),
        readers=digest_of("readers"),
        lote=LOTE,
        parameters=parameters(),
        agents=agents or ((COMPANY, 1), (STRANGER, 1)),
        at=NOW,
    )
    return replace(made, **changes)


def company_of(number: int) -> Cnpj:
    """As many lawful companies as a test likes."""
    twelve = f"{number:012d}"
    return Cnpj.parse(twelve + Cnpj.check_digits(twelve))
