"""The bus, on Amazon EventBridge."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from aval.events import SOURCE, Event, EventsNotPublished

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
_ENTRIES_PER_CALL: Final = 10


@dataclass(frozen=True, slots=True)
class EventBridgeBus:
    client: "EventBridgeClient"
    bus_name: str

    def publish(self, *events: Event) -> None:
        """Raise `EventsNotPublished` when the bus refuses any of them."""
        entries = [self._entry(event) for event in events]
        refused: set[str] = set()
        for start in range(0, len(entries), _ENTRIES_PER_CALL):
            refused |= self._refused(entries[start : start + _ENTRIES_PER_CALL])
        if refused:
            raise EventsNotPublished(frozenset(refused))

    def _refused(self, entries: "list[PutEventsRequestEntryTypeDef]") -> set[str]:
        try:
            answer = self.client.put_events(Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise EventsNotPublished(frozenset({type(error).__name__})) from error
        # PutEvents answers 200 also when it took only some of the entries.
        if not answer["FailedEntryCount"]:
            return set()
        return {entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry} or {""}

    def _entry(self, event: Event) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self.bus_name,
            "Source": SOURCE,
            "DetailType": event.name,
            "Detail": json.dumps(dict(event.detail), ensure_ascii=False),
        }
