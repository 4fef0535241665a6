"""Which notice of an ending certificate is due: the tightest threshold crossed and not yet settled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    THIRTY_DAYS = "30"
    FIFTEEN_DAYS = "15"
    SEVEN_DAYS = "7"
    REMOVED = "REMOCAO"
    REVOKED = "REVOGACAO"
    LOCKED = "BLOQUEIO"
    LOTE = "LOTE"
    DAY_BEFORE_DEADLINE = "PRAZO24H"
    HOURS_BEFORE_DEADLINE = "PRAZO3H"


# Adhesion guide, "no intervalo de 30 dias, 15 dias e 7 dias"; from the widest to the tightest.
THRESHOLDS: Final = (
    (NoticeKind.THIRTY_DAYS, timedelta(days=30)),
    (NoticeKind.FIFTEEN_DAYS, timedelta(days=15)),
    (NoticeKind.SEVEN_DAYS, timedelta(days=7)),
)
WIDEST: Final = THRESHOLDS[0][1]


@dataclass(frozen=True, slots=True)
class DueNotice:
    """`moot` are the wider thresholds that nobody was told of: the tighter notice says more."""

    kind: NoticeKind
    moot: tuple[NoticeKind, ...]


def due_notice(ends: datetime, settled: Collection[NoticeKind], *, at: datetime) -> DueNotice | None:
    """A missed run is caught up, a second run finds nothing: what is due depends on no day in particular."""
    crossed = [kind for kind, before in THRESHOLDS if ends - at <= before]
    if at > ends or not crossed or crossed[-1] in settled:
        return None
    return DueNotice(crossed[-1], tuple(kind for kind in crossed[:-1] if kind not in settled))
