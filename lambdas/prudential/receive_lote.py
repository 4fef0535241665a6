"""A lote's file taken by the first execution that asks, and looked at from outside."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aval.adapters import lote_desks
from aval.adapters.s3_lotes import lote_of_file
from aval.edge.background import step
from aval.edge.logs import current_transaction
from aval.moments import utc_now
from aval.prudential.lote_receiving import LoteReceiving
from aval.settings import Settings


@cache
def _receiving() -> LoteReceiving:
    return lote_desks.receiving(Settings.from_env())


def receive_lote(event: Mapping[str, Any]) -> Mapping[str, object]:
    code = lote_of_file(event["chave"])
    receipt = _receiving().receive(code, event["execucao"], at=utc_now())
    return {
        "lote": code,
        "transacao": current_transaction(),
        "proximo": receipt.step,
        "motivo": receipt.reason,
    }


handler = step(receive_lote)
