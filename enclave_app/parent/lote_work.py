"""One lote through the enclave: its file brought, its chunks stored, its entry and outcome written as one."""

import hashlib
import json
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore
from typing import Final

from aval.prudential.lotes import Lote, LoteId, LoteOutcome
from aval.prudential.vault import JournalEntry, LoteCommit, WeekVault
from enclave_app.parent.turns import EventTurns, NotWanted
from enclave_app.protocol import Message

FILE_MISMATCH: Final = "ARQUIVO_DIVERGE"
NO_PARAMETERS: Final = "SEM_PARAMETROS"
ACT: Final = "LOTE"
# An enclave's memory is fixed, and 10 000 agents take some of it while they are read.
_LOTES_AT_ONCE: Final = 2
_NOTHING: Final = LoteOutcome(taken=0, refused=0, rules={}, answers=0, chunks=0, attempt="")


class LoteEnded(Exception):
    """It was rejected or has expired while its message waited: nothing of it may be taken any more."""


class LoteWork:
    def __init__(self, turns: EventTurns, vault: WeekVault) -> None:
        self._turns = turns
        self._vault = vault
        self._free = BoundedSemaphore(_LOTES_AT_ONCE)

    def do(self, code: LoteId, *, is_wanted: Callable[[], bool] = lambda: True) -> LoteOutcome:
        """Return what the enclave made of it, now or before.

        Raise `LoteUnknown`, `LoteEnded`, `NotWanted`, `TaskContended`, or what the session raises.
        """
        lote = self._vault.lote(code)
        if lote.outcome:
            return lote.outcome
        if lote.state.is_final:
            raise LoteEnded
        with self._free:
            return self._turns.taken(lote.event, lambda: self._attempt(lote, is_wanted))

    def _attempt(self, lote: Lote, is_wanted: Callable[[], bool]) -> LoteOutcome:
        """Raise `CommitLost` when it must be asked again from the start."""
        commit = self._decided(lote)
        if not is_wanted():
            raise NotWanted
        self._vault.commit_lote(commit)
        # Another host may have written first; then its outcome stands.
        return self._vault.lote(lote.id).outcome or commit.outcome

    def _decided(self, lote: Lote) -> LoteCommit:
        body, parameters = self._vault.lote_file(lote), self._vault.parameters(lote.event)
        # What the row names is what its sender announced and the form took: nothing else is his.
        if hashlib.sha256(body).hexdigest() != lote.identity:
            return _refused(lote, FILE_MISMATCH)
        if parameters is None:
            return _refused(lote, NO_PARAMETERS)
        reply = self._asked(lote, body, parameters)
        told = reply.fields
        answers, records = reply.parts[: told["pedacos"]], reply.parts[told["pedacos"] :]
        outcome = LoteOutcome(
            taken=told["aceitos"],
            refused=told["recusados"],
            rules=dict(told["regras"]),
            answers=len(answers),
            chunks=len(records),
            attempt=_attempt_of(answers, records),
        )
        self._vault.keep_chunks(lote.id, outcome.attempt, answers, records)
        entry = JournalEntry(lote.event, *told["lancamento"]) if told["lancamento"] else None
        return LoteCommit(lote.id, lote.event, told["motivo"] or "", entry, outcome)

    def _asked(self, lote: Lote, body: bytes, parameters: bytes) -> Message:
        parts = {"corpo": body, "parametros": parameters, "elegiveis": self._vault.eligible(lote)}
        authorisations = self._vault.authorisations(lote.sender)
        if authorisations:
            parts["autorizacoes"] = json.dumps(list(authorisations)).encode()
        return self._turns.ask(
            lote.event,
            *parts.values(),
            ato=ACT,
            cnpj=lote.sender,
            remetente=lote.sender,
            lote=lote.id,
            tipo=lote.kind.value,
            tudoOuNada=lote.all_or_nothing,
            partes=list(parts),
        )


def _refused(lote: Lote, reason: str) -> LoteCommit:
    return LoteCommit(lote.id, lote.event, reason, None, _NOTHING)


def _attempt_of(answers: Sequence[bytes], records: Sequence[bytes]) -> str:
    """A name for exactly these chunks: two hosts at one lote never mix theirs; a repeat has no counter."""
    parts = hashlib.sha256()
    for part in (*answers, *records):
        parts.update(hashlib.sha256(part).digest())
    return parts.hexdigest()[:32]
