"""P5: importing each handler in a fresh interpreter, against importing boto3 alone."""

import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ROUNDS: Final = 7
_PROBE: Final = (
    "import sys, time, importlib; begun = time.perf_counter(); "
    "importlib.import_module(sys.argv[1]); print(time.perf_counter() - begun)"
)


def report() -> None:
    handlers = [f"{path.parent.name}.{path.stem}" for path in sorted((ROOT / "lambdas").glob("*/*.py"))]
    seconds = _interleaved(["boto3", *handlers])
    floor = statistics.median(seconds["boto3"])
    print(f"\nP5  cold import, median of {ROUNDS} fresh interpreters")
    print(f"    {'boto3 alone':<40} {floor * 1000:6.0f} ms   1.00")
    for module in handlers:
        median = statistics.median(seconds[module])
        print(f"    {module:<40} {median * 1000:6.0f} ms   {median / floor:5.2f}")


def _interleaved(modules: list[str]) -> dict[str, list[float]]:
    """One round of all before the next, so that a slow moment of the machine falls on all alike."""
    seconds: dict[str, list[float]] = {module: [] for module in modules}
    for module in modules:
        _import_seconds(module)
    for _ in range(ROUNDS):
        for module in modules:
            seconds[module].append(_import_seconds(module))
    return seconds


def _import_seconds(module: str) -> float:
    answer = subprocess.run(
        [sys.executable, "-c", _PROBE, module],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "lambdas"), "AWS_DEFAULT_REGION": "sa-east-1"},
    )
    return float(answer.stdout)
