"""A lote that is not taken, or that could not be processed: its row says why."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import lote_desks
from aval.adapters.s3_lotes import lote_of_file
from aval.edge.background import step
from aval.moments import utc_now
from aval.prudential.lote_ending import LoteEnding
from aval.settings import Settings


@cache
def _ending() -> LoteEnding:
    return lote_desks.ending(Settings.from_env())


def reject_lote(event: Mapping[str, Any]) -> Mapping[str, object]:
    code = lote_of_file(event["chave"])
    lote = _ending().reject(code, event["motivo"], execution=event["execucao"], at=utc_now())
    return {"lote": lote.id, "estado": lote.state, "motivo": lote.reason}


handler = step(reject_lote)
