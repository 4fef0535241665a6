"""The working off of imports, put together from settings."""

from datetime import datetime

from aval.adapters.contract_bus import NativeRooms
from aval.adapters.jitter import pause
from aval.adapters.system_access import standing
from aval.contracts.bus import Acting
from aval.contracts.imports.processing import ImportProcessing
from aval.contracts.model import Author
from aval.moments import utc_now
from aval.settings import Settings


def import_processing(settings: Settings) -> ImportProcessing:
    rooms, doors = NativeRooms(settings), standing(settings)

    def acting(author: Author, at: datetime) -> Acting:
        viewing = doors.system_viewing(author.company, None, at=at)
        return Acting(author, viewing.visible)

    return ImportProcessing(
        imports=rooms.imports,
        contracts=rooms.contracts,
        files=rooms.files,
        directory=rooms.directory,
        acting=acting,
        rules=rooms.rules,
        clock=utc_now,
        pause=pause,
    )
