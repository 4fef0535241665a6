"""An import in the form it was sent in, handed to the bus."""

from dataclasses import replace
from datetime import datetime

from aval.contracts.bus import Acting, ContractBus, Submission, UploadRequest
from aval.contracts.imports.writing import write
from aval.contracts.model import ContractKind
from aval.edge.contracts.imports import ImportAccepted, ImportRequest
from aval.errors import FaultsFound


def take_import(bus: ContractBus, request: ImportRequest, acting: Acting, *, at: datetime) -> ImportAccepted:
    """Raise `FaultsFound` for rows that no file could say; `request` has one form (`require_one_form`)."""
    if request.size is not None and request.digest is not None:
        ticket = bus.prepare_upload(UploadRequest(acting, request.size, request.digest), at=at)
        return ImportAccepted.of(ticket.code, ticket)
    text = written(request) if request.file is None else request.file
    return ImportAccepted.of(bus.submit(Submission(acting, text), at=at))


def written(request: ImportRequest) -> str:
    """The rows as the file of the SOAP service, which is what is kept and judged."""
    rows = [(row.sequence, row.demand) for row in request.rows()]
    try:
        return write(rows, kind=ContractKind(request.kind))
    except FaultsFound as refused:
        faults = [replace(one, pointer=f"#/{request.form}{one.pointer}") for one in refused.faults]
        raise FaultsFound(refused.detail, faults) from refused
