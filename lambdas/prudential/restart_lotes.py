"""Lotes that stand still started again, and forms that nobody used closed."""

from collections.abc import Mapping
from typing import Any

from aval.adapters import lote_desks
from aval.edge.background import background, moment_of
from aval.settings import Settings


def restart_lotes(event: Mapping[str, Any]) -> Mapping[str, object]:
    done = lote_desks.restarts(Settings.from_env()).run(at=moment_of(event))
    return {"restarted": done.started, "expired": done.expired}


handler = background(restart_lotes)
