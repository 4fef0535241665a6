"""A chunk of a lote's agents, written each in its own rows."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import lote_desks
from aval.edge.background import step
from aval.moments import utc_now
from aval.prudential.lote_persisting import ChunkPersisting
from aval.prudential.lotes import LoteId
from aval.settings import Settings


@cache
def _persisting() -> ChunkPersisting:
    return lote_desks.persisting(Settings.from_env())


def persist_lote_chunk(event: Mapping[str, Any]) -> Mapping[str, object]:
    code, number = LoteId.parse(event["lote"]), int(event["numero"])
    return {"lote": code, "numero": number, "agentes": _persisting().persist(code, number, at=utc_now())}


handler = step(persist_lote_chunk)
