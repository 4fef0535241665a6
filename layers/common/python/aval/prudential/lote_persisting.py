"""A chunk of a lote written agent by agent: each write is conditional, so that the chunk may be repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aval.attestation import cbor
from aval.attestation.refusals import AttestationRefused
from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentChange, AgentRow, AgentStanding, Transition
from aval.prudential.lote_files import LoteFiles
from aval.prudential.lotes import Lote, LoteId, LoteKind, LoteOutcome, Lotes
from aval.prudential.vault import StoredRecord


class OutcomeMissing(Exception):
    """The machine asked for a step that the lote has not come to."""


class ChunkUnreadable(Exception):
    """A chunk that is not in the form in which the enclave gives it."""


class AgentWrites(Protocol):
    def write(self, record: StoredRecord, change: AgentChange) -> None:
        """Each part only where it is not there yet; what rests on a later journal entry stays."""


@dataclass(frozen=True, slots=True)
class ChunkPersisting:
    lotes: Lotes
    files: LoteFiles
    agents: AgentWrites

    def persist(self, code: LoteId, number: int, *, at: datetime) -> int:
        """Return how many agents were written; none where somebody had done it."""
        lote = self.lotes.load(code)
        outcome = outcome_of(lote)
        if number in lote.persisted:
            return 0
        written = 0
        for record, change in changes_of(lote, number, self.files.records(code, outcome.attempt, number)):
            self.agents.write(record, change)
            written += 1
        self.lotes.chunk_persisted(code, number, at=at)
        return written


def outcome_of(lote: Lote) -> LoteOutcome:
    if lote.outcome is None:
        raise OutcomeMissing(lote.id)
    return lote.outcome


def changes_of(lote: Lote, number: int, chunk: bytes) -> Iterator[tuple[StoredRecord, AgentChange]]:
    """What a chunk says of each agent; raise `ChunkUnreadable`."""
    try:
        lines = cbor.decode(chunk)
    except AttestationRefused as refused:
        raise ChunkUnreadable from refused
    if not isinstance(lines, list):
        raise ChunkUnreadable
    for line in lines:
        match line:
            case [str(company), int(version), bytes(sealed), dict(told)]:
                record = StoredRecord(lote.event, Cnpj.parse(company), lote.kind, version, sealed)
                standing = AgentStanding.from_json({str(name): value for name, value in told.items()})
                yield record, _change(lote, number, record.company, standing)
            case _:
                raise ChunkUnreadable


def _change(lote: Lote, number: int, company: Cnpj, standing: AgentStanding) -> AgentChange:
    # The file counts from when it came, whenever its chunks are written: a repeat writes the same.
    at = lote.received_at or lote.created_at
    row = AgentRow(
        event=lote.event,
        company=company,
        standing=standing,
        at=at,
        by=lote.created_by,
        # Counterparties of many are answered without factors: the last answer with one goes on counting.
        answer=f"lote:{lote.id}:{number}" if lote.kind is LoteKind.PORTFOLIO else "",
    )
    transition = Transition(
        event=lote.event,
        company=company,
        counter=standing.counter,
        act=lote.kind,
        before=standing.before,
        after=standing.state,
        at=at,
        by=lote.created_by,
        identity=lote.identity,
        origin=f"lote:{lote.id}",
    )
    return AgentChange(row, transition)
