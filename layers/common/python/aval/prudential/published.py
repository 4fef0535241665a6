"""What was published, for whoever asks: the closings, the list as it was made, the agents' own addresses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aval.identifiers import Cnpj, EventCode
from aval.prudential.closing import Closing, StoredFile
from aval.prudential.publication import PublishedList
from aval.prudential.refusals import NotPublished
from aval.prudential.weeks import WeekHead


class WeekHeads(Protocol):
    def heads(self) -> Sequence[WeekHead]: ...


class ClosingsRead(Protocol):
    def of(self, events: Collection[EventCode]) -> Mapping[EventCode, Closing]: ...


class FilesRead(Protocol):
    def json_of(self, event: EventCode, file: StoredFile) -> bytes: ...

    def csv_of(self, event: EventCode, file: StoredFile) -> bytes: ...

    def json_address(self, event: EventCode, file: StoredFile) -> str:
        """Where the file itself may be fetched for a few minutes."""

    def csv_address(self, event: EventCode, file: StoredFile) -> str: ...


class AddressesRead(Protocol):
    def all(self) -> Mapping[Cnpj, str]:
        """Where each agent that registered an address publishes its own factor."""


@dataclass(frozen=True, slots=True)
class Publications:
    weeks: WeekHeads
    closings: ClosingsRead

    def all(self) -> tuple[Closing, ...]:
        """The newest week first."""
        events = [head.event for head in self.weeks.heads()]
        closed = self.closings.of(events)
        return tuple(closed[event] for event in events if event in closed)


@dataclass(frozen=True, slots=True)
class PublicationReading:
    closings: ClosingsRead
    files: FilesRead
    addresses: AddressesRead

    def closing(self, event: EventCode) -> Closing:
        """Raise `NotPublished`, also for an event that there is not."""
        closing = self.closings.of([event]).get(event)
        if closing is None:
            raise NotPublished
        return closing

    def published(self, closing: Closing) -> PublishedList:
        return PublishedList.from_bytes(self.files.json_of(closing.event, closing.json_file))
