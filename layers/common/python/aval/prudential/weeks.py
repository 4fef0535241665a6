"""The weeks of the monitoring: parameter sets by version, who is eligible, when a week is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self

from aval.identifiers import EventCode
from aval.prudential.agent_state import ParametersUsed
from aval.prudential.parameters import ParameterSet
from aval.prudential.refusals import DeadlinePassed, WeekNotOpen


@dataclass(frozen=True, slots=True)
class WeekVersion:
    """One immutable parameter set as it was loaded."""

    parameters: ParameterSet
    loaded_at: datetime
    source: str
    """The object that brought it, with its version."""
    document: bytes = field(default=b"", repr=False)
    """Canonical JSON of the set: what the enclave is given."""

    @property
    def used(self) -> ParametersUsed:
        return ParametersUsed(self.parameters.version, self.parameters.digest)


@dataclass(frozen=True, slots=True)
class WeekHead:
    """What a list of weeks shows of one."""

    event: EventCode
    version: int
    digest: str
    opens: datetime
    deadline: datetime
    frequency: str
    classes: tuple[int, ...]

    @classmethod
    def of(cls, parameters: ParameterSet) -> Self:
        return cls(
            parameters.event,
            parameters.version,
            parameters.digest,
            parameters.opens,
            parameters.deadline,
            parameters.frequency.value,
            tuple(int(one) for one in sorted(parameters.classes)),
        )


class Weeks(Protocol):
    def heads(self) -> Sequence[WeekHead]:
        """Every week, the last one first."""

    def current(self, event: EventCode) -> WeekVersion:
        """The version in force; raise `WeekUnknown`."""

    def versions(self, event: EventCode) -> Sequence[WeekVersion]:
        """Oldest first; raise `WeekUnknown`."""

    def add(self, version: WeekVersion) -> None:
        """Raise `WeekContended` when that number, or a later one, is there already."""

    def is_closed(self, event: EventCode) -> bool:
        """Whether the week was published."""

    def closed_among(self, events: Sequence[EventCode]) -> frozenset[EventCode]:
        """Those of the weeks that were published."""


def require_open(parameters: ParameterSet, *, at: datetime) -> None:
    """Raise `WeekNotOpen` before the opening, `DeadlinePassed` from the deadline on."""
    if at < parameters.opens:
        raise WeekNotOpen(parameters.opens)
    if at >= parameters.deadline:
        raise DeadlinePassed(parameters.deadline)
