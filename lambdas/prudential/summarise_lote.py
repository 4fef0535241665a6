"""A lote whose agents are all written comes to its end."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import lote_desks
from aval.edge.background import step
from aval.moments import utc_now
from aval.prudential.lote_ending import LoteEnding
from aval.prudential.lotes import LoteId
from aval.settings import Settings


@cache
def _ending() -> LoteEnding:
    return lote_desks.ending(Settings.from_env())


def summarise_lote(event: Mapping[str, Any]) -> Mapping[str, object]:
    lote = _ending().summarise(LoteId.parse(event["lote"]), at=utc_now())
    return {"lote": lote.id, "estado": lote.state, "motivo": lote.reason}


handler = step(summarise_lote)
