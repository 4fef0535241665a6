"""Files that VENTO sells to BOLT by, sent over a bus and followed to their end."""

import time
from typing import Any, Final

from aval.adapters.ccee.bus import CceeContractBus
from aval.contracts.bus import (
    Outcome,
    ProcessingCode,
    ProcessingState,
    RowStatus,
    Submission,
)
from aval.contracts.model import (
    Contract,
    ContractCode,
    Period,
    ProfileCode,
)
from aval.contracts.paging import PageRequest
from aval.moments import utc_now
from tests.support.contract_agents import Month
from tests.support.contracts import amount_xml, contract_xml, file_xml
from tests.support.systems import System

SELLER, BUYER, STRANGER = (ProfileCode(code) for code in (10030, 10010, 10020))
FIRST, LAST = Month.ahead(1), Month.ahead(13)
YEAR: Final = Period(FIRST.instant, LAST.instant)
WHOLE: Final = PageRequest(1, 1000)


def hours(begins: Month, ends: Month) -> dict[str, str]:
    first, last = begins.instant, ends.instant
    return {"dataDeInicio": f"{first:%d/%m/%Y %H}", "dataDeFim": f"{last:%d/%m/%Y %H}"}


def row(sequence: int = 1, **changes: Any) -> str:
    """SELLER sells to BUYER for a year from next month."""
    told = {"amounts": amount_xml(**hours(FIRST, LAST)), **hours(FIRST, LAST), **changes}
    return contract_xml(sequence, **{"idVendedor": SELLER, "idComprador": BUYER, **told})


def of_contract(code: int, inner: str = "", *, generation: int, **attributes: str) -> str:
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    one = f'<Contrato sequencialControle="1" numeroContrato="{code}"{told}>{inner}</Contrato>'
    return file_xml([one], generation=generation)


def awaited(system: System, bus: CceeContractBus, code: ProcessingCode) -> Outcome:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = bus.outcome(code, WHOLE, system.acting)
        if found.processing.state in (ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED):
            return found
        time.sleep(0.2)
    raise AssertionError(f"processing {code} did not end")


def imported(system: System, text: str) -> Outcome:
    bus = system.bus()
    return awaited(system, bus, bus.submit(Submission(system.acting, text), at=utc_now()))


def registered(system: System, text: str) -> list[ContractCode]:
    rows = imported(system, text).results.rows
    assert {one.status for one in rows} == {RowStatus.DONE}, rows
    return [one.contract for one in rows if one.contract is not None]


def read(system: System, code: ContractCode) -> Contract:
    found = system.bus().contract(code, None, None, system.acting)
    assert isinstance(found, Contract)
    return found
