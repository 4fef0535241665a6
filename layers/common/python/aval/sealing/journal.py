"""The journal of an event as a running enclave knows it: what its entries add up to, and no way back.

One thread at a time uses a journal; the service holds a lock for each event.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from aval.identifiers import Cnpj, EventCode
from aval.sealing.head import Head
from aval.sealing.journal_entry import FACTOR, PORTFOLIO, Entry, EntryAct, refused
from aval.sealing.journal_step import Step, steps_of
from aval.sealing.lote_entry import LoteEntry
from aval.sealing.parameters_used import ParametersUsed
from aval.sealing.refusals import SealReason
from aval.sealing.sealed_entry import SealedEntry, first_head, head_after, open_entry, seal_entry

__all__ = ["Entry", "EntryAct", "Journal", "LoteEntry", "SealedEntry", "Step", "Version"]


@dataclass(frozen=True, slots=True)
class Version:
    """What a company delivered of one kind, and by which request."""

    version: int
    identity: str
    readers: str
    request_id: str
    lote: str = ""
    """The lote that it came in; empty for one that came alone."""

    @classmethod
    def about(cls, entry: Entry) -> Self:
        """The version that an entry made, or that its act is about."""
        return cls(entry.version, entry.subject, entry.readers, entry.request_id)


class Journal:
    def __init__(self, event: EventCode, key: bytes) -> None:
        """`key` is `EventKeys.journal`."""
        self.event = event
        self._key = key
        self._heads = [first_head(event)]
        self._pending: SealedEntry | None = None
        self._requests: dict[str, Entry | LoteEntry] = {}
        self._steps: defaultdict[Cnpj, list[Step]] = defaultdict(list)
        self._deliveries: dict[tuple[Cnpj, str], Step] = {}
        self._acts: dict[tuple[Cnpj, str, EntryAct], Entry] = {}
        self._parameters: ParametersUsed | None = None

    def __repr__(self) -> str:
        return f"Journal(event={self.event!r}, head={self.head!r})"

    @property
    def head(self) -> Head:
        """The last entry that was shown; one that was only issued is `pending`."""
        return self._heads[-1]

    @property
    def pending(self) -> SealedEntry | None:
        """What this enclave issued and was not yet shown again."""
        return self._pending

    @property
    def parameters(self) -> ParametersUsed | None:
        """The highest version that an entry tells; none while the week is only rehearsed."""
        return self._parameters

    def show(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Learn entries, in order, from any known one on; raise `SealRefused` at the first that does not fit.

        An entry of this enclave that comes back is confirmed. Another enclave's in its place means that the
        table took that one: this enclave's own was never stored, and is given up.
        """
        for counter, sealed in entries:
            if counter <= self.head.counter:
                self._require_same(counter, sealed)
            elif counter > self.head.counter + 1:
                raise refused(SealReason.JOURNAL_GAP)
            else:
                self._learn(sealed)

    def require_seen(self, seen: Head) -> None:
        """Raise `SealRefused` unless this journal has been where `seen` says.

        A journal that was rolled back and then grew past what its readers saw shows them a higher counter.
        """
        if seen.counter > self.head.counter:
            raise refused(SealReason.HEAD_OLDER)
        if self._heads[seen.counter] != seen:
            raise refused(SealReason.HEAD_FORKED)

    def require_parameters(self, parameters: ParametersUsed) -> None:
        """Raise `SealRefused` for a version below one used before, or another set under its number."""
        if self._parameters is None or parameters.version > self._parameters.version:
            return
        if parameters.version < self._parameters.version:
            raise refused(SealReason.PARAMETERS_OLDER)
        if parameters != self._parameters:
            raise refused(SealReason.PARAMETERS_DIVERGE)

    def propose(self, entry: Entry | LoteEntry) -> SealedEntry:
        """Seal the next entry, which counts once it was shown again.

        Raise `SealRefused` while another is pending, for a request already answered, for older or other
        parameters, and for an act that is not about the last version.
        """
        if self._pending:
            raise refused(SealReason.JOURNAL_PENDING)
        if entry.request_id in self._requests:
            raise refused(SealReason.REPLAYED)
        if entry.parameters:
            self.require_parameters(entry.parameters)
        self._require_current(entry)
        self._pending = seal_entry(entry, self._key, self.event, self.head)
        return self._pending

    def latest(self, company: Cnpj, kind: str) -> Version | None:
        step = self._deliveries.get((company, kind))
        return (
            Version(step.version, step.identity, step.readers, step.request_id, step.lote) if step else None
        )

    def history(self, company: Cnpj) -> tuple[Step, ...]:
        """Every entry about a company, the oldest first; what its state is made of."""
        return tuple(self._steps.get(company, ()))

    def repeat_of(self, sender: Cnpj, request_id: str, identity: str) -> Entry | None:
        """Return what the same request did before; raise `SealRefused` for its code with anything else."""
        entry = self._requests.get(request_id)
        if entry is None:
            return None
        if isinstance(entry, LoteEntry) or (entry.sender, entry.identity) != (sender, identity):
            raise refused(SealReason.REPLAYED)
        return entry

    def repeat_of_lote(self, sender: Cnpj, request_id: str, identity: str, lote: str) -> LoteEntry | None:
        """The same for a lote: the code of a request stands for one file in one lote."""
        entry = self._requests.get(request_id)
        if entry is None:
            return None
        asked = (sender, identity, lote)
        if isinstance(entry, Entry) or (entry.sender, entry.identity, entry.lote) != asked:
            raise refused(SealReason.REPLAYED)
        return entry

    def validated(self, company: Cnpj, kind: str) -> Entry | None:
        """The last validation of the version that counts now; a new delivery makes the former void."""
        return self._about_latest(company, kind, EntryAct.VALIDATE)

    def sent(self, company: Cnpj, kind: str) -> Entry | None:
        """The last sending of the version that counts now."""
        return self._about_latest(company, kind, EntryAct.SEND)

    def _about_latest(self, company: Cnpj, kind: str, act: EntryAct) -> Entry | None:
        entry, delivery = self._acts.get((company, kind, act)), self._deliveries.get((company, kind))
        return entry if entry and delivery and entry.version == delivery.version else None

    def _require_same(self, counter: int, sealed: bytes) -> None:
        if counter < 1 or head_after(self._heads[counter - 1], sealed) != self._heads[counter]:
            raise refused(SealReason.JOURNAL_FORK)

    def _learn(self, sealed: bytes) -> None:
        entry = open_entry(sealed, self._key, self.event, self.head)
        self._heads.append(head_after(self.head, sealed))
        self._pending = None
        self._requests[entry.request_id] = entry
        self._parameters = entry.parameters or self._parameters
        for company, step in steps_of(self.head.counter, entry):
            self._steps[company].append(step)
            if step.act is EntryAct.DELIVER:
                self._deliveries[company, step.kind] = step
        if isinstance(entry, Entry):
            self._acts[entry.company, entry.kind, entry.act] = entry

    def _require_current(self, entry: Entry | LoteEntry) -> None:
        if isinstance(entry, LoteEntry):
            for company, version in entry.agents:
                self._require_next(company, entry.kind, version)
        elif entry.act is EntryAct.DELIVER:
            self._require_next(entry.company, entry.kind, entry.version)
        else:
            self._require_last(entry)

    def _require_next(self, company: Cnpj, kind: str, version: int) -> None:
        latest = self._deliveries.get((company, kind))
        if version != (latest.version if latest else 0) + 1:
            raise refused(SealReason.VERSION_UNKNOWN)

    def _require_last(self, entry: Entry) -> None:
        """An act of the factor is about the last portfolio; whether its calculation counts, others know."""
        of_factor = entry.kind == FACTOR
        latest = self._deliveries.get((entry.company, PORTFOLIO if of_factor else entry.kind))
        if latest is None or entry.version != latest.version:
            raise refused(SealReason.VERSION_UNKNOWN)
        if not of_factor and entry.subject != latest.identity:
            raise refused(SealReason.VERSION_UNKNOWN)
