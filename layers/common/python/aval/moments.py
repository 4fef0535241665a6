"""Time is given, never taken: instants in UTC for storage, São Paulo for people."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def to_storage(moment: datetime) -> str:
    """Sortable text of fixed width, whole seconds, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_storage(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def to_fine_storage(moment: datetime) -> str:
    """Sortable text to the microsecond, for what may come twice in a second and is told in order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_fine_storage(text: str) -> datetime:
    """Also of whole seconds, as rows from before have them."""
    return datetime.fromisoformat(text)


def spelled_out(moment: datetime) -> str:
    """Day, hour and time zone as a Brazilian reads them; in UTC where the calendar ends."""
    try:
        local = moment.astimezone(SAO_PAULO)
    except OverflowError:
        return f"{moment:%d/%m/%Y %H:%M:%S} (UTC)"
    offset = f"{local:%z}"
    return f"{local:%d/%m/%Y %H:%M:%S} (horário de São Paulo, UTC{offset[:3]}:{offset[3:5]})"


def for_people(moment: datetime) -> str:
    """ISO 8601 with São Paulo's offset at that date; in UTC where the calendar ends."""
    try:
        return moment.astimezone(SAO_PAULO).isoformat(timespec="seconds")
    except OverflowError:
        return moment.isoformat(timespec="seconds")
