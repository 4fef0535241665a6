"""How far something is, on stderr: one line that moves on a terminal, a line now and then elsewhere."""

import sys
import time
from dataclasses import dataclass
from typing import Final

_BAR: Final = 30
_PLAIN_SECONDS: Final = 10.0


@dataclass(slots=True)
class Progress:
    unit: str = "linhas"
    _last: str = ""
    _plain_at: float = 0.0

    def show(self, done: int, total: int | None, note: str = "") -> None:
        counted = f"{done}/{total}" if total is not None else f"{done}"
        if not sys.stderr.isatty():
            self._plain(f"{counted} {self.unit} {note}".rstrip())
            return
        filled = _BAR * done // total if total else 0
        line = f"[{'#' * filled}{'.' * (_BAR - filled)}] {counted} {self.unit} {note}"
        # Blanks wipe out what a longer line left.
        print(f"\r{line:<{len(self._last)}}", end="", file=sys.stderr, flush=True)
        self._last = line

    def end(self) -> None:
        if self._last:
            print(file=sys.stderr)
        self._last = ""

    def _plain(self, line: str) -> None:
        now = time.monotonic()
        if line != self._last and now - self._plain_at >= _PLAIN_SECONDS:
            print(line, file=sys.stderr, flush=True)
            self._last, self._plain_at = line, now
