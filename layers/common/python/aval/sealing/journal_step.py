"""What one entry of a journal means to one company: a lote's means as much to each of its agents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj
from aval.sealing.journal_entry import Entry, EntryAct
from aval.sealing.lote_entry import LoteEntry
from aval.sealing.parameters_used import ParametersUsed


@dataclass(frozen=True, slots=True)
class Step:
    """Members are those of `Entry`; `lote` is empty for what came alone."""

    counter: int
    act: EntryAct
    kind: str
    version: int
    identity: str
    readers: str
    subject: str
    request_id: str
    at: datetime
    parameters: ParametersUsed | None = None
    lote: str = ""


def steps_of(counter: int, entry: Entry | LoteEntry) -> Iterator[tuple[Cnpj, Step]]:
    """A step for each company that the entry in that place is about."""
    if isinstance(entry, LoteEntry):
        for company, version in entry.agents:
            yield company, lote_step(counter, entry, version)
    else:
        yield entry.company, step_of(counter, entry)


def step_of(counter: int, entry: Entry) -> Step:
    return Step(
        counter=counter,
        act=entry.act,
        kind=entry.kind,
        version=entry.version,
        identity=entry.identity,
        readers=entry.readers,
        subject=entry.subject,
        request_id=entry.request_id,
        at=entry.at,
        parameters=entry.parameters,
    )


def lote_step(counter: int, entry: LoteEntry, version: int) -> Step:
    return Step(
        counter=counter,
        act=EntryAct.DELIVER,
        kind=entry.kind,
        version=version,
        identity=entry.identity,
        readers=entry.readers,
        subject=entry.identity,
        request_id=entry.request_id,
        at=entry.at,
        parameters=entry.parameters,
        lote=entry.lote,
    )
