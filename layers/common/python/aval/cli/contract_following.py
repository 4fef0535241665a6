"""A processing followed to its end, and what it said of its rows."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aval.cli.outcome import CommandFailed, ExitCode
from aval.cli.progress import Progress
from aval.contracts.bus import Acting, Outcome, ProcessingCode, ProcessingState, RowResult
from aval.contracts.paging import MAX_PAGE_SIZE, PageRequest
from aval.contracts.refusals import NothingFound, ProviderFailed

if TYPE_CHECKING:
    from aval.adapters.ccee.bus import CceeContractBus

FINAL: Final = frozenset({ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED})
_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 5.0
_MOST_FAILURES: Final = 6


@dataclass(slots=True)
class Following:
    bus: "CceeContractBus"
    acting: Acting
    progress: Progress = field(default_factory=Progress)
    sleep: Callable[[float], None] = time.sleep

    def to_its_end(self, code: ProcessingCode) -> Outcome:
        """Ask until it is final; raise `CommandFailed`, which says how to go on, when it cannot be asked."""
        pause, failures = _FIRST_PAUSE_SECONDS, 0
        try:
            while True:
                try:
                    found = self._asked(code)
                    failures = 0
                except ProviderFailed as failure:
                    found, failures = None, failures + 1
                    if failures == _MOST_FAILURES:
                        raise CommandFailed(f"{failure.detail}; {how_to_go_on(code)}") from failure
                if found is not None and found.processing.state in FINAL:
                    return found
                self.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        except KeyboardInterrupt:
            raise CommandFailed(f"interrompido; {how_to_go_on(code)}", ExitCode.INTERRUPTED) from None
        finally:
            self.progress.end()

    def _asked(self, code: ProcessingCode) -> Outcome | None:
        """None while the chamber finds nothing: it does not publish what it answers before the end."""
        try:
            found = self.bus.outcome(code, PageRequest(1, 1), self.acting)
        except NothingFound:
            if self.bus.caller.environment.knows_our_inventions:
                raise
            return None
        processing = found.processing
        note = f"({processing.failed_rows} com erro)" if processing.failed_rows else ""
        self.progress.show(processing.done_rows, processing.total_rows, note)
        return found

    def results(self, code: ProcessingCode) -> Iterator[RowResult]:
        """Every row's, in the order that the bus gives them."""
        number, last = 1, 1
        while number <= last:
            page = self.bus.outcome(code, PageRequest(number, MAX_PAGE_SIZE), self.acting).results
            yield from page.rows
            number, last = number + 1, page.total_pages


def how_to_go_on(code: ProcessingCode) -> str:
    return f'o processamento {code} continua no barramento: consulte-o com "aval contrato resultado {code}"'
