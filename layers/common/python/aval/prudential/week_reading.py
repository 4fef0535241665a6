"""Weeks as they are told to whoever logs in: parameters are public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import EventCode
from aval.prudential.refusals import NothingToRead
from aval.prudential.weeks import WeekHead, Weeks, WeekVersion


@dataclass(frozen=True, slots=True)
class ListedWeek:
    head: WeekHead
    is_open: bool
    is_published: bool


@dataclass(frozen=True, slots=True)
class WeekTold:
    week: ListedWeek
    asked: WeekVersion
    versions: Sequence[WeekVersion]


@dataclass(frozen=True, slots=True)
class WeekReading:
    weeks: Weeks

    def listed(self, *, at: datetime) -> tuple[ListedWeek, ...]:
        """The last one first."""
        heads = self.weeks.heads()
        published = self.weeks.closed_among([head.event for head in heads])
        return tuple(_listed(head, is_published=head.event in published, at=at) for head in heads)

    def week(self, event: EventCode, number: int | None, *, at: datetime) -> WeekTold:
        """With the version asked for, or the one in force; raise `WeekUnknown`, `NothingToRead`."""
        versions = self.weeks.versions(event)
        asked = [one for one in versions if number in (None, one.parameters.version)]
        if not asked:
            raise NothingToRead(f"este evento não tem a versão {number}; veja quais tem em versoes")
        head = WeekHead.of(versions[-1].parameters)
        week = _listed(head, is_published=self.weeks.is_closed(event), at=at)
        return WeekTold(week, asked[-1], versions)


def _listed(head: WeekHead, *, is_published: bool, at: datetime) -> ListedWeek:
    return ListedWeek(head, is_open=head.opens <= at < head.deadline, is_published=is_published)
