"""P1: a lote of agents as the enclave does it, against a straight pipeline and the least there is to do.

All open the same sealed workbook. Ours also looks through the file before anything parses it, checks every
figure, keeps a sealed record for each agent and answers with receipts. Seconds are of the processor, and each
side has fresh interpreters, which tell their own peak memory.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from benchmarks.lote_file import SealedLote

ROOT: Final = Path(__file__).resolve().parent.parent
SIZES: Final = (37, 1_000, 10_000)
ROUNDS: Final = 3
_LABELS: Final = {
    "ours": "aval, all of the enclave's work",
    "straight": "openpyxl, joserfc, formula; an answer an agent",
    "hundreds": "the same with an answer a hundred",
    "floor": "calamine, one opening, formula",
}
_PLACES: Final = Decimal("1e-9")


def report() -> None:
    print(f"\nP1  a lote from sealed workbook to sealed answers, median of {ROUNDS} fresh interpreters")
    for agents in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            lote = SealedLote.make(agents)
            lote.write(folder)
            print(f"    {agents} agents, {len(lote.sealed) / 1_000_000:.1f} MB sealed")
            _report_lote(folder)


def _report_lote(folder: Path) -> None:
    told: dict[str, list[dict[str, object]]] = {side: [] for side in _LABELS}
    for _ in range(ROUNDS):
        for side, found in told.items():
            found.append(_in_a_fresh_interpreter(side, folder))
    if len({str(one["factors"]) for found in told.values() for one in found}) != 1:
        raise RuntimeError("the sides of the bench do not agree on the factors")
    seconds = {
        side: statistics.median(_number(one, "seconds") for one in found) for side, found in told.items()
    }
    for side, label in _LABELS.items():
        peak = max(_number(one, "peak_mb") for one in told[side])
        ratio = seconds[side] / seconds["ours"]
        print(f"        {label:<48} {seconds[side]:7.2f} s   {ratio:5.2f} of ours   peak {peak:4.0f} MB")


def _number(told: dict[str, object], name: str) -> float:
    return float(str(told[name]))


def _in_a_fresh_interpreter(side: str, folder: Path) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.lote_work", side, str(folder)],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    )
    told: dict[str, object] = json.loads(answer.stdout)
    return told


def _work_of(name: str) -> Callable[[SealedLote], Any]:
    """Imported where it is measured: nobody pays for the libraries of another."""
    if name == "hundreds":
        return partial(import_module("benchmarks.lote_straight").work, agents_in_answer=100)
    work: Callable[[SealedLote], Any] = import_module(f"benchmarks.lote_{name}").work
    return work


def _measured(name: str, folder: Path) -> dict[str, object]:
    lote, work = SealedLote.read(folder), _work_of(name)
    begun = time.process_time()
    done = work(lote)
    seconds = time.process_time() - begun
    # Not getrusage, whose peak a process takes over from the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    found = done if isinstance(done, dict) else import_module("benchmarks.lote_ours").factors(done, lote)
    # Twenty-eight digits and a float's quantile against fifty: they agree to nine places, not to twelve.
    summed = sum(found.values(), Decimal(0)) / len(found)
    return {"seconds": seconds, "peak_mb": peak / 1024, "factors": f"{len(found)} {summed.quantize(_PLACES)}"}


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], Path(sys.argv[2]))))
