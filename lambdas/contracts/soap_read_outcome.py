"""SOAP: how far the processing of a file is, and what became of each row."""

from functools import cache

from aval.adapters.contract_bus import contract_bus
from aval.adapters.system_access import standing, system_access
from aval.edge.soap import services
from aval.edge.soap.door import Desk, entrypoint
from aval.settings import Settings


@cache
def _desk() -> Desk:
    settings = Settings.from_env()
    return Desk(system_access(settings), standing(settings), contract_bus(settings))


handler = entrypoint(services.OUTCOME, _desk)
