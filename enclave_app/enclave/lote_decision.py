"""What the enclave decided of a lote: all of it counts with its one journal entry, or none of it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from aval.sealing.journal import SealedEntry
from enclave_app.protocol import Message


class LoteRefusal(StrEnum):
    """Why no agent of a file was taken, beside the codes of sealing; no code holds a value."""

    UNREADABLE = "ARQUIVO_ILEGIVEL"
    FAULTS = "FALTAS_NO_ARQUIVO"
    ALL_OR_NOTHING = "TUDO_OU_NADA"
    NONE_TAKEN = "NENHUM_ACEITO"


@dataclass(frozen=True, slots=True)
class LoteDecision:
    reason: str = ""
    """Empty where agents were taken."""
    answers: Sequence[bytes] = field(default=(), repr=False)
    """One a chunk; none where nobody is known to whom it could be told."""
    records: Sequence[bytes] = field(default=(), repr=False)
    """As many as answers, or none."""
    entry: SealedEntry | None = None
    taken: int = 0
    refused: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    repeated: bool = False

    def reply(self) -> Message:
        """What the parent is told outside the seal: codes, counts and names of rules."""
        entry = self.entry
        fields = {
            "ok": True,
            "motivo": self.reason or None,
            "lancamento": [entry.counter, entry.sealed] if entry else None,
            "repetido": self.repeated,
            "aceitos": self.taken,
            "recusados": self.refused,
            "regras": dict(self.rules),
            "pedacos": len(self.answers),
        }
        return Message(fields, (*self.answers, *self.records))
