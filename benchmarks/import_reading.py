"""P3: an import of 100 000 contracts read and judged, against lxml.iterparse walking the same bytes.

Ours ends with a result for each row and a contract for each that is taken, in a book in memory. Of the two
walks one looks at no attribute and keeps nothing, the floor under every reader that builds elements; the
other takes the attributes out as text, the least that whoever wants the rows must do. Seconds are of the
processor, and each side has fresh interpreters, which tell their own peak memory.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from lxml import etree

from aval.contracts.bus import Acting, RowStatus
from aval.contracts.imports.judging import Book, judge
from aval.contracts.imports.reading import read, survey
from aval.contracts.model import Author, ContractCode, ProfileCode
from aval.identifiers import Cnpj
from aval.registry.model import (
    CalendarEntry,
    CalendarKind,
    ParticipantClass,
    Profile,
    Situation,
    Submarket,
    Validity,
)

ROOT: Final = Path(__file__).resolve().parent.parent
ROWS: Final = 100_000
ROUNDS: Final = 5
BUYERS: Final = 2_000
SELLER: Final = ProfileCode(9_000)
COMPANY: Final = Cnpj("33047509000149")
AT: Final = datetime(2026, 1, 5, 13, tzinfo=UTC)


def report() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "importacao.xml"
        path.write_text("".join(_file()), encoding="utf-8")
        size = path.stat().st_size
        figures: dict[str, list[dict[str, float]]] = {name: [] for name in _SIDES}
        for _ in range(ROUNDS):
            for name, told in figures.items():
                told.append(_in_a_fresh_interpreter(name, path))
    seconds = {name: statistics.median(one["seconds"] for one in told) for name, told in figures.items()}
    peaks = {name: max(one["peak_mb"] for one in told) for name, told in figures.items()}
    print(f"\nP3  {ROWS} contracts, {size / 1_000_000:.0f} MB, median of {ROUNDS} fresh interpreters")
    for name, label in _LABELS.items():
        ratio = seconds[name] / seconds["walk"]
        print(f"    {label:<32} {seconds[name]:6.2f} s   {ratio:5.2f}   peak {peaks[name]:4.0f} MB")


def _file() -> Iterator[str]:
    """Firm contracts for a year, each with another amount, between one seller and many buyers."""
    yield '<?xml version="1.0" encoding="ISO-8859-1"?>\n<ContratosCCEAL tipoGeracao="4" tipoCCEAL="1">\n'
    for number in range(1, ROWS + 1):
        yield (
            f'<Contrato sequencialControle="{number}" tipoGravacao="C" dataDeInicio="01/01/2026 00"'
            f' dataDeFim="31/12/2026 23" idComprador="{number % BUYERS + 1}" idVendedor="{SELLER}"'
            ' idSubMerEntrega="1"><MontanteMedio dataDeInicio="01/01/2026 00" dataDeFim="31/12/2026 23">'
            f'<MontanteMedioContratoCCEALFirme montanteMedio="{number * 7919 % 1_000_000 / 1000:.6f}"/>'
            '<TipoModulacao tipoModulacao="F"/></MontanteMedio></Contrato>\n'
        )
    yield "</ContratosCCEAL>\n"


def _judged(path: Path) -> int:
    book = _book()
    acting = Acting(Author(COMPANY, SELLER), frozenset({SELLER}))
    codes = count(1)
    statuses: Counter[RowStatus] = Counter()
    with path.open("rb") as stream:
        _, rows = read(stream)
        for row in rows:
            judged = judge(row, book, acting, at=AT, new_code=lambda: ContractCode(next(codes)))
            statuses[judged.result.status] += 1
            # A batch's contracts are written and forgotten; the bench has nowhere to write them to.
            book.contracts.clear()
    return statuses[RowStatus.DONE]


def _surveyed(path: Path) -> int:
    with path.open("rb") as stream:
        return survey(stream).rows


def _walked(path: Path) -> int:
    rows = 0
    for _, element in etree.iterparse(path, events=("end",)):
        rows += element.tag == "Contrato"
        element.clear()
    return rows


def _taken(path: Path) -> int:
    rows = 0
    for _, element in etree.iterparse(path, events=("end",)):
        taken = dict(element.attrib)
        rows += element.tag == "Contrato" and "sequencialControle" in taken
        element.clear()
    return rows


def _book() -> Book:
    codes = [*range(1, BUYERS + 1), SELLER]
    window = timedelta(days=30)
    return Book(
        profiles={ProfileCode(code): _profile(code) for code in codes},
        calendar={
            (kind, "2026-01"): CalendarEntry(kind, "2026-01", AT - window, AT + window)
            for kind in CalendarKind
        },
    )


def _profile(code: int) -> Profile:
    return Profile(
        code=code,
        participant=COMPANY,
        sigla=f"PERFIL {code}",
        participant_class=ParticipantClass.COMERCIALIZADOR,
        submarket=Submarket.SE,
        situation=Situation(1, "ATIVO"),
        validity=Validity(date(2020, 1, 1)),
        is_main=True,
        is_retailer=False,
        has_quotas=False,
    )


_SIDES: Final[dict[str, Callable[[Path], int]]] = {
    "walk": _walked,
    "taken": _taken,
    "judged": _judged,
    "survey": _surveyed,
}
_LABELS: Final = {
    "walk": "lxml.iterparse, nothing read",
    "taken": "lxml.iterparse, attributes taken",
    "judged": "aval, read and judged",
    "survey": "aval, surveyed (once before)",
}


def _in_a_fresh_interpreter(name: str, path: Path) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_reading", name, str(path)],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    )
    told: dict[str, float] = json.loads(answer.stdout)
    return told


def _measured(name: str, path: Path) -> dict[str, float]:
    begun = time.process_time()
    if _SIDES[name](path) != ROWS:
        raise RuntimeError("the bench's own rows were refused")
    seconds = time.process_time() - begun
    # Not getrusage, whose peak a process takes over from the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return {"seconds": seconds, "peak_mb": peak / 1024}


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], Path(sys.argv[2]))))
