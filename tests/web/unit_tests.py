"""The page's own unit tests: where they lie, and what Node says of one file of them."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.node import node
from local.places import ROOT

PAGE: Final = ROOT / "web"
UNIT_TESTS: Final = PAGE / "tests"
SUFFIX: Final = ".test.ts"
SECONDS: Final = 300
_TOTAL: Final = re.compile(r"^# (tests|pass|fail|cancelled|skipped|todo) (\d+)$", re.MULTILINE)
# Node counts a file that holds no test as one test of the file's own name.
_THE_FILE_ITSELF: Final = re.compile(rf"^ok 1 - \S+{re.escape(SUFFIX)}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """What Node printed (TAP), and its exit status."""

    status: int
    report: str

    @property
    def totals(self) -> Mapping[str, int]:
        return {kind: int(number) for kind, number in _TOTAL.findall(self.report)}

    def faults(self) -> Iterator[str]:
        """Why this run does not count as passed."""
        totals = self.totals
        if self.status != 0 or totals.get("fail", 1):
            yield "it failed"
        if not totals.get("tests") or _THE_FILE_ITSELF.search(self.report):
            yield "it holds no test"
        for kind in ("cancelled", "skipped", "todo"):
            if totals.get(kind):
                yield f"{totals[kind]} {kind}: nothing is passed over in silence here"


def files(folder: Path = UNIT_TESTS) -> list[Path]:
    return sorted(folder.rglob(f"*{SUFFIX}"))


def folders_without_a_test(folder: Path = UNIT_TESTS) -> list[Path]:
    """Folders with no test file in them or below them."""
    every = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    return sorted(path for path in every if not files(path))


def run(file: Path) -> Run:
    ended = subprocess.run(
        [node(), "--test", "--test-reporter=tap", str(file)],
        cwd=PAGE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Run(ended.returncode, ended.stdout)
