"""One piece of work of an event at a time, its journal told to the enclave first, until a write holds."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any, Final, TypeVar

from aval.identifiers import EventCode
from aval.prudential.vault import CommitLost, JournalEntry, Vault
from enclave_app.parent.conversation import EnclaveDeclined
from enclave_app.parent.session import EnclaveSession
from enclave_app.protocol import Message, Operation

# A frame holds 1 MiB, in which each entry takes some bytes beside its own.
_TOLD_AT_ONCE: Final = 900_000
_ENTRIES_AT_ONCE: Final = 200
_MOST_ATTEMPTS: Final = 24
_Done = TypeVar("_Done")


class NotWanted(Exception):
    """Nobody waits for this work any more: nothing is written."""


class TaskContended(Exception):
    """Others wrote first, again and again; it is tried later."""


class EventLocks:
    """One piece of work of an event at a time: two would only take each other's place in its journal."""

    def __init__(self) -> None:
        self._locks: defaultdict[EventCode, Lock] = defaultdict(Lock)
        self._guard = Lock()

    def of(self, event: EventCode) -> Lock:
        with self._guard:
            return self._locks[event]


class EventTurns:
    """Shared by all who work at one enclave."""

    def __init__(self, session: EnclaveSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault
        self._locks = EventLocks()

    def taken(self, event: EventCode, attempt: Callable[[], _Done]) -> _Done:
        """Make the attempt until it raises no `CommitLost`; raise `TaskContended` when it goes on to."""
        with self._locks.of(event):
            for _ in range(_MOST_ATTEMPTS):
                try:
                    self._tell_journal(event)
                    return attempt()
                except CommitLost:
                    # The journal went on without us: learn its new end, and ask again.
                    continue
        raise TaskContended

    def ask(self, event: EventCode, *parts: bytes, **fields: Any) -> Message:
        """Ask for an act of the event, again with keys that the enclave did not know; raise `CommitLost`."""
        reply = self._asked(event, parts, fields)
        if reply.fields["motivo"] == "CHAVE_DESCONHECIDA":
            # Another enclave may have made a pair meanwhile, to which this body is sealed.
            self._session.hold_ceremony()
            reply = self._asked(event, parts, fields)
        return reply

    def _asked(self, event: EventCode, parts: Sequence[bytes], fields: dict[str, Any]) -> Message:
        try:
            return self._session.ask(Operation.TASK, *parts, evento=event, **fields)
        except EnclaveDeclined as declined:
            if declined.reason != "DIARIO_PENDENTE":
                raise
            # An entry of this enclave that nobody stored, or that it was not shown: it goes first.
            counter, sealed = declined.fields["lancamento"]
            self._vault.add_entry(JournalEntry(event, counter, sealed))
            raise CommitLost("um lançamento anterior foi guardado primeiro") from declined

    def _tell_journal(self, event: EventCode) -> None:
        """Show the enclave every entry that it does not know."""
        known = self._session.ask(Operation.JOURNAL, evento=event, lancamentos=[]).fields["contador"]
        for entries in _in_frames(self._vault.journal_after(event, known)):
            told = [[entry.counter, entry.sealed] for entry in entries]
            self._session.ask(Operation.JOURNAL, evento=event, lancamentos=told)


def _in_frames(entries: Sequence[JournalEntry]) -> Iterator[Sequence[JournalEntry]]:
    """As many at once as a frame holds; one of a lote may fill half of it."""
    frame: list[JournalEntry] = []
    size = 0
    for entry in entries:
        if frame and (size + len(entry.sealed) > _TOLD_AT_ONCE or len(frame) == _ENTRIES_AT_ONCE):
            yield frame
            frame, size = [], 0
        frame.append(entry)
        size += len(entry.sealed)
    if frame:
        yield frame
