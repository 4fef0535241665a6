"""Lotes as they are announced, and what the enclave says of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import cbor2

from aval.prudential.agent_state import AgentStanding
from aval.prudential.lotes import Lote, LoteId, LoteKind, LoteOutcome
from aval.prudential.vault import JournalEntry, LoteCommit
from tests.support.confidential import COMPANY, EVENT, NOW

LOTE: Final = LoteId("0a" * 16)
OUTCOME: Final = LoteOutcome(
    taken=150, refused=2, rules={"cnpj": 1, "patrimonio-liquido": 2}, answers=2, chunks=2, attempt="t1"
)


def lote(**changes: Any) -> Lote:
    made = Lote(
        id=LOTE,
        event=EVENT,
        kind=LoteKind.PORTFOLIO,
        sender=COMPANY,
        file_name="carteiras.xlsx.selado",
        size=4_000,
        identity="ab" * 32,
        all_or_nothing=False,
        created_at=NOW,
        created_by="system:33047509000149",
        expires_at=NOW + timedelta(hours=1),
    )
    return replace(made, **changes)


def commit(**changes: Any) -> LoteCommit:
    made = LoteCommit(
        lote=LOTE, event=EVENT, reason="", entry=JournalEntry(EVENT, 7, b"entry"), outcome=OUTCOME
    )
    return replace(made, **changes)


def chunk(*lines: tuple[str, int, AgentStanding]) -> bytes:
    """As the enclave gives it."""
    told = [
        [company, version, f"record of {company}".encode(), standing.as_json()]
        for company, version, standing in lines
    ]
    return cbor2.dumps(told, canonical=True)
