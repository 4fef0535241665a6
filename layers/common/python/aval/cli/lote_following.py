"""A lote followed to its end, and its sealed answers brought home."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from aval.adapters.platform_api import PlatformApi
from aval.cli.outcome import CommandFailed, ExitCode
from aval.cli.platform_access import platform_ends_the_command
from aval.cli.progress import Progress
from aval.prudential.lotes import LoteState

_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 5.0
_HUNDRED: Final = 100
_WORDS: Final = {
    LoteState.AWAITING: "aguardando o arquivo",
    LoteState.RECEIVED: "recebido",
    LoteState.RUNNING: "em processamento",
    LoteState.PROCESSED: "processado",
    LoteState.PROCESSED_WITH_FAULTS: "processado com erros",
    LoteState.REJECTED: "rejeitado",
    LoteState.EXPIRED: "expirado",
}


@dataclass(slots=True)
class LoteFollowing:
    api: PlatformApi
    event: str
    code: str
    progress: Progress = field(default_factory=lambda: Progress("%"))

    @property
    def path(self) -> str:
        return f"/prudencial/semanas/{self.event}/lotes/{self.code}"

    def now(self) -> dict[str, Any]:
        with platform_ends_the_command():
            return self.api.get(self.path).document

    def to_its_end(self) -> dict[str, Any]:
        """The lote as the platform tells it; raise `CommandFailed`, which says how to go on, on Ctrl-C."""
        pause = _FIRST_PAUSE_SECONDS
        try:
            while True:
                told = self.now()
                self.progress.show(int(told["progresso"]), _HUNDRED, _note(told))
                if LoteState(told["estado"]).is_final:
                    return told
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        except KeyboardInterrupt:
            raise CommandFailed(
                f'interrompido; o lote continua: siga-o com "aval lote acompanhar {self.code}"',
                ExitCode.INTERRUPTED,
            ) from None
        finally:
            self.progress.end()

    def answers(self, told: dict[str, Any]) -> Iterator[bytes]:
        """Every sealed answer, in their order."""
        for number in range(int(told["respostas"])):
            with platform_ends_the_command():
                yield self.api.get(f"{self.path}/respostas/{number}").body


def _note(told: dict[str, Any]) -> str:
    words = _WORDS[LoteState(told["estado"])]
    if told["aceitos"] is None:
        return words
    total = told["aceitos"] + told["recusados"]
    return f"{words}: {told['aceitos']}/{total} agentes aceitos"
