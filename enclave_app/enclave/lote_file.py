"""The file of a lote, opened: each agent of it judged by its own, and made what is kept of it."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeVar

from aval.errors import Fault
from aval.identifiers import EventCode
from aval.moments import SAO_PAULO
from aval.prudential.counterparties import Counterparties, read_many
from aval.prudential.leverage import Engine
from aval.prudential.leverage_json import summary_document
from aval.prudential.portfolio import AgentRefused, Portfolio, PortfoliosRead
from aval.prudential.portfolio_document import counterparties_document
from aval.prudential.portfolio_json import read_portfolios
from aval.prudential.portfolio_rules import warnings_of
from aval.prudential.portfolio_writing import write_portfolio
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from aval.sealing.canonical import canonical

# An archive, or a compound file: what has a password is one, and is told so by the gate.
_WORKBOOK: Final = (b"PK", b"\xd0\xcf\x11\xe0")
_Held = TypeVar("_Held")


@dataclass(frozen=True, slots=True)
class FileAgent:
    """One agent of a file: with faults it is refused, without them it has what is kept of it."""

    company: str
    """As the file spells it; empty where it tells none. Of one without faults it is a CNPJ."""
    place: str
    faults: tuple[Fault, ...] = field(default=(), repr=False)
    kept: bytes = field(default=b"", repr=False)
    """The agent's own part of the file, as JSON of one agent."""
    figures: Mapping[str, object] = field(default_factory=dict, repr=False)
    warnings: tuple[Fault, ...] = field(default=(), repr=False)


class LastFile:
    """The file that was read last, for when it is asked for again: another host's entry may come first.

    Lotes of two events may use it at once; each then reads its own.
    """

    def __init__(self) -> None:
        self._last: tuple[tuple[str, ...], tuple[FileAgent, ...]] = ((), ())

    def read(self, key: tuple[str, ...], read: Callable[[], tuple[FileAgent, ...]]) -> tuple[FileAgent, ...]:
        """`key` says all that the reading depends on; what `read` raises is raised."""
        held, agents = self._last
        if held == key:
            return agents
        # The former one goes before the next is read: both together would need twice the memory.
        del agents
        self._last = ((), ())
        agents = read()
        self._last = (key, agents)
        return agents


def portfolios_of(plaintext: bytes, engine: Engine, *, at: datetime) -> tuple[FileAgent, ...]:
    """In the file's order, each computed; raise `FaultsFound` for what is wrong around the agents."""
    today = at.astimezone(SAO_PAULO).date()

    def made(held: Portfolio, place: str) -> FileAgent:
        return _computed(held, place, engine, today)

    read = _read_portfolios(plaintext, engine.parameters.event)
    taken, refused, places = deque(read.taken), read.refused, read.places
    # Each portfolio goes as soon as it is made: 10 000 of them would fill as much memory again.
    del read
    return tuple(_in_order(taken, refused, places, made))


def counterparties_of(plaintext: bytes, event: EventCode) -> tuple[FileAgent, ...]:
    """In the file's order; raise `FaultsFound` for what is wrong around the agents."""
    read = read_many(plaintext, event=event)
    return tuple(_in_order(deque(read.taken), read.refused, read.places, _listed))


def _read_portfolios(plaintext: bytes, event: EventCode) -> PortfoliosRead:
    if plaintext.startswith(_WORKBOOK):
        return read_portfolio_workbook(plaintext, event=event)
    return read_portfolios(plaintext, event=event)


def _in_order(
    taken: deque[_Held],
    refused: Sequence[AgentRefused],
    places: Sequence[str],
    made: Callable[[_Held, str], FileAgent],
) -> Iterator[FileAgent]:
    by_place = {one.place: one for one in refused}
    for place in places:
        wrong = by_place.get(place)
        yield FileAgent(wrong.company, place, wrong.faults) if wrong else made(taken.popleft(), place)


def _computed(held: Portfolio, place: str, engine: Engine, today: date) -> FileAgent:
    return FileAgent(
        company=held.company,
        place=place,
        kept=write_portfolio(held),
        figures=summary_document(engine.compute(held)),
        warnings=warnings_of(held, lambda *_: place, today=today),
    )


def _listed(held: Counterparties, place: str) -> FileAgent:
    return FileAgent(company=held.company, place=place, kept=canonical(counterparties_document(held)))
