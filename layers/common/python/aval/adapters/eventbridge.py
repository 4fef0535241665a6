"""The bus, on Amazon EventBridge."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aval.events import SOURCE, Event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
_ENTRIES_PER_CALL: Final = 10


class EventsNotPublished(Exception):
    """The bus took only some of the events, or none; their consumers tolerate repetition: publish again."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(codes)))
        self.codes = codes


@dataclass(frozen=True, slots=True)
class EventBridgeBus:
    client: "EventBridgeClient"
    bus_name: str

    def publish(self, *events: Event) -> None:
        """Raise `EventsNotPublished` when the bus refuses any of them."""
        entries = [self._entry(event) for event in events]
        refused: set[str] = set()
        for start in range(0, len(entries), _ENTRIES_PER_CALL):
            answer = self.client.put_events(Entries=entries[start : start + _ENTRIES_PER_CALL])
            # PutEvents answers 200 also when it took only some of the entries.
            if answer["FailedEntryCount"]:
                refused |= {entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry} or {""}
        if refused:
            raise EventsNotPublished(frozenset(refused))

    def _entry(self, event: Event) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self.bus_name,
            "Source": SOURCE,
            "DetailType": event.name,
            "Detail": json.dumps(dict(event.detail), ensure_ascii=False),
        }
