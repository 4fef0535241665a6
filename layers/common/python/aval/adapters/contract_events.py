"""What a written item of the contracts table says on the bus (docs/events.md)."""

from collections.abc import Iterator, Mapping
from typing import Any

from aval.adapters.dynamodb import imports_items as imports
from aval.adapters.dynamodb.contracts_items import HISTORY_PREFIX, read_transitions
from aval.contracts.imports.store import OVER
from aval.contracts.model import Transition
from aval.events import Event, EventName
from aval.moments import for_people

Image = Mapping[str, Any]
"""An item as a stream's record carries it."""


def events_of(image: Image) -> Iterator[Event]:
    """Nothing for an item that is neither a contract's history nor an import that is over."""
    place = image.get("sk", {}).get("S", "")
    if place.startswith(HISTORY_PREFIX):
        sides = {"vendedor": "sold_by", "comprador": "bought_by"}
        parties = {name: int(image[side]["N"]) for name, side in sides.items() if side in image}
        for transition in read_transitions(image):
            yield _told(transition, parties)
    elif place == imports.RECORD and image["state"]["S"] in OVER:
        record = imports.read_record(image)
        detail = {
            "codigoProcessamento": record.code,
            "perfil": record.submission.author.profile,
            "situacao": record.state.value,
        }
        yield Event(EventName.IMPORT_ENDED, detail)


def _told(transition: Transition, parties: Mapping[str, int]) -> Event:
    detail: dict[str, str | int] = {
        "contrato": transition.contract,
        **parties,
        "em": for_people(transition.at),
    }
    if transition.period is not None:
        detail["inicio"] = for_people(transition.period.begins)
        detail["fim"] = for_people(transition.period.ends)
    return Event(EventName(transition.act.value), detail)
