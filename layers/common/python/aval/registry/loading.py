"""A drop from its arrival to its effect: judged whole, applied whole, reported at every delivery."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from aval.events import Event, EventBus, EventName
from aval.moments import Clock
from aval.registry.drops import Drop, ReadDrop, judge_drop, read_drop
from aval.registry.generations import Arrival, LoadRecord, Pointer, PointerMoved, RegistryStore
from aval.registry.refusals import DropRefused, LoadError
from aval.registry.reports import Document, loaded_document, refused_document
from aval.registry.schemas import SCHEMAS, Dataset, Values

_ATTEMPTS: Final = 5
# An event is delivered again for six hours at most:
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_LONGEST_ATTEMPT: Final = timedelta(hours=24)


class RegistryBusy(Exception):
    """Other loads kept winning; nothing of this one took effect, and a later delivery may try again."""


@dataclass(frozen=True, slots=True)
class DroppedFile:
    arrival: Arrival
    content: bytes


class Reports(Protocol):
    def put(self, arrival: Arrival, document: Document) -> None: ...


@dataclass(frozen=True, slots=True)
class RegistryLoader:
    store: RegistryStore
    reports: Reports
    bus: EventBus
    clock: Clock

    def load(self, file: DroppedFile, *, transaction_id: str) -> bool:
        """Apply a file or refuse it, and say which; report and event follow at every delivery.

        Raise `RegistryBusy` when others kept winning.
        """
        try:
            record = self._apply(file)
        except DropRefused as refused:
            document = refused_document(file.arrival, refused.errors, transaction_id)
            event = _refused_event(file.arrival, len(refused.errors), transaction_id)
        else:
            document = loaded_document(record, transaction_id)
            event = _loaded_event(record, transaction_id)
            for dataset, generation in record.discarded.items():
                self.store.discard(dataset, generation)
            self.store.sweep(before=self.clock() - _LONGEST_ATTEMPT)
        # The report lies under the key: the last word on it belongs to the key's last arrival.
        if not self.store.pointer().has_later_of_key(file.arrival):
            self.reports.put(file.arrival, document)
        self.bus.publish(event)
        return event.name is EventName.REGISTRY_LOADED

    def _apply(self, file: DroppedFile) -> LoadRecord:
        arrival = file.arrival
        read = read_drop(arrival.key, file.content)
        is_written = False
        for _ in range(_ATTEMPTS):
            pointer = self.store.pointer()
            applied = self.store.record_of(arrival.generation)
            if applied is not None:
                return applied
            _require_latest(pointer, read, arrival)
            drop = judge_drop(read, self._neighbours(read, pointer))
            if not is_written:
                self.store.write(arrival.generation, drop, at=self.clock())
                is_written = True
            after = pointer.move(frozenset(drop), arrival)
            record = self._record(file, drop, pointer, after)
            try:
                self.store.switch(pointer, after, record)
            except PointerMoved:
                continue
            return record
        raise RegistryBusy

    def _neighbours(self, read: ReadDrop, pointer: Pointer) -> dict[Dataset, list[Values]]:
        """The rows in force around a file; a dataset that was never loaded has none."""
        found: dict[Dataset, list[Values]] = {}
        for dataset in read.neighbours():
            current = pointer.datasets.get(dataset)
            rows = self.store.rows(dataset, current.generation) if current else ()
            found[dataset] = [SCHEMAS[dataset].values(row) for row in rows]
        return found

    def _record(self, file: DroppedFile, drop: Drop, before: Pointer, after: Pointer) -> LoadRecord:
        leaving = {dataset: before.datasets[dataset].before for dataset in drop if dataset in before.datasets}
        return LoadRecord(
            arrival=file.arrival,
            version=after.version,
            digest=hashlib.sha256(file.content).hexdigest(),
            loaded_at=self.clock(),
            counts={dataset: len(records) for dataset, records in drop.items()},
            discarded={dataset: generation for dataset, generation in leaving.items() if generation},
        )


def _require_latest(pointer: Pointer, read: ReadDrop, arrival: Arrival) -> None:
    """Deliveries may overtake each other: what was stored later stays."""
    newer = pointer.newer_than(arrival, frozenset(read.rows))
    if newer:
        detail = "uma carga mais recente já está em vigor; se este arquivo deve valer, envie-o de novo"
        raise DropRefused(tuple(LoadError(arrival.key, f"/{dataset}", "", detail) for dataset in newer))


def _loaded_event(record: LoadRecord, transaction_id: str) -> Event:
    detail: dict[str, str | int] = {
        "arquivo": record.arrival.key,
        "geracao": record.arrival.generation,
        "versao": record.version,
        "conjuntos": ",".join(sorted(record.counts)),
        "linhas": sum(record.counts.values()),
        "transacao": transaction_id,
    }
    return Event(EventName.REGISTRY_LOADED, detail)


def _refused_event(arrival: Arrival, errors: int, transaction_id: str) -> Event:
    detail: dict[str, str | int] = {"arquivo": arrival.key, "erros": errors, "transacao": transaction_id}
    return Event(EventName.REGISTRY_REFUSED, detail)
