from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from aval.events import Event, EventName
from aval.registry.generations import Arrival, Generation, LoadRecord, Pointer, PointerMoved
from aval.registry.loading import DroppedFile, RegistryBusy, RegistryLoader
from aval.registry.reports import Document
from aval.registry.schemas import Dataset
from tests.support.registry import (
    AURORA,
    NOON,
    MemoryStore,
    arrival,
    aurora,
    content,
    participant,
    person,
    profile,
    representation,
    whole,
)


@dataclass
class Desk:
    """A loader with everything that it is given kept in sight."""

    store: MemoryStore = field(default_factory=MemoryStore)
    reports: dict[str, Document] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def put(self, arrival: Arrival, document: Document) -> None:
        self.reports[arrival.key] = document

    def publish(self, *events: Event) -> None:
        self.events.extend(events)

    def load(self, arrival: Arrival, **datasets: Any) -> bool:
        loader = RegistryLoader(store=self.store, reports=self, bus=self, clock=lambda: NOON)
        return loader.load(DroppedFile(arrival, content(**datasets)), transaction_id="tx")

    def siglas(self) -> list[Any]:
        return [row["sigla"] for row in self.store.in_force(Dataset.PARTICIPANTES)]


def test_a_whole_registry_comes_into_force_at_once_and_is_reported() -> None:
    desk = Desk()
    assert desk.load(arrival(), **whole())
    record = desk.store.records[arrival().generation]
    assert desk.reports == {
        "entrada/a.json": {
            "aceito": True,
            "arquivo": "entrada/a.json",
            "sequencia": "01",
            "recebidoEm": "2026-08-03T12:00:00-03:00",
            "transacao": "tx",
            "geracao": arrival().generation,
            "versao": 1,
            "sha256": record.digest,
            "carregadoEm": "2026-08-03T12:00:00-03:00",
            "linhas": {
                "participantes": 2,
                "perfis": 2,
                "ativos": 1,
                "parcelas": 1,
                "pessoas": 2,
                "representacoes": 1,
                "calendario": 1,
                "contratosRegulados": 1,
                "montantesRegulados": 1,
            },
        }
    }
    assert desk.events == [
        Event(
            EventName.REGISTRY_LOADED,
            {
                "arquivo": "entrada/a.json",
                "geracao": arrival().generation,
                "versao": 1,
                "conjuntos": "ativos,calendario,contratosRegulados,montantesRegulados,parcelas,"
                "participantes,perfis,pessoas,representacoes",
                "linhas": 12,
                "transacao": "tx",
            },
        )
    ]


def test_a_refused_file_changes_nothing_and_names_every_error() -> None:
    desk = Desk()
    assert not desk.load(arrival(), participantes=[participant(classe=8)], pessoas=[person(email="x")])
    assert desk.store == MemoryStore()
    assert desk.reports["entrada/a.json"] == {
        "aceito": False,
        "arquivo": "entrada/a.json",
        "sequencia": "01",
        "recebidoEm": "2026-08-03T12:00:00-03:00",
        "transacao": "tx",
        "totalErros": 2,
        "erros": [
            {
                "arquivo": "entrada/a.json",
                "local": "/participantes/0",
                "campo": "classe",
                "detalhe": "código desconhecido; os conhecidos são 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13",
            },
            {
                "arquivo": "entrada/a.json",
                "local": "/pessoas/0",
                "campo": "email",
                "detalhe": "o e-mail deve ter a forma nome@dominio, sem acentos",
            },
        ],
    }
    (event,) = desk.events
    assert event == Event(
        EventName.REGISTRY_REFUSED, {"arquivo": "entrada/a.json", "erros": 2, "transacao": "tx"}
    )


def test_datasets_that_the_file_leaves_out_stay_as_they_were() -> None:
    desk = Desk()
    desk.load(arrival(), participantes=[participant()], pessoas=[person()])
    before = desk.store.current.datasets[Dataset.PESSOAS]
    assert desk.load(arrival(sequencer="02"), participantes=[participant(), aurora()])
    assert desk.store.current.datasets[Dataset.PESSOAS] == before
    assert desk.siglas() == ["AURORA", "BOLT OPERACOES"]


def test_a_file_may_refer_to_what_is_in_force() -> None:
    desk = Desk()
    desk.load(arrival("entrada/1.json"), participantes=[participant()], pessoas=[person()])
    assert desk.load(arrival("entrada/2.json"), representacoes=[representation()])


def test_a_reference_to_a_dataset_never_loaded_is_refused() -> None:
    desk = Desk()
    assert not desk.load(arrival(), perfis=[profile()])
    assert [error["campo"] for error in desk.reports["entrada/a.json"]["erros"]] == ["cnpj"]


def test_rows_in_force_may_not_lose_what_they_refer_to() -> None:
    desk = Desk()
    desk.load(arrival(sequencer="01"), participantes=[participant(), aurora()], perfis=[profile(cnpj=AURORA)])
    assert not desk.load(arrival(sequencer="02"), participantes=[participant()])
    assert desk.siglas() == ["AURORA", "BOLT OPERACOES"]
    (error,) = desk.reports["entrada/a.json"]["erros"]
    assert error["local"] == "/participantes"
    assert error["detalhe"] == "faltam linhas a que 1 de perfis em vigor se referem pelo campo cnpj"


def test_a_repeated_delivery_changes_nothing_and_is_told_again() -> None:
    desk = Desk()
    desk.load(arrival(), **whole())
    pointer, reports = desk.store.current, dict(desk.reports)
    assert desk.load(arrival(), **whole())
    assert desk.store.current == pointer
    assert desk.reports == reports
    assert desk.events[0] == desk.events[1]


def test_a_delivery_repeated_after_a_later_load_does_not_undo_it() -> None:
    desk = Desk()
    desk.load(arrival(sequencer="01"), participantes=[participant()])
    desk.load(arrival(sequencer="02"), participantes=[participant(sigla="NOVA")])
    report = desk.reports["entrada/a.json"]
    assert desk.load(arrival(sequencer="01"), participantes=[participant()])
    assert desk.siglas() == ["NOVA"]
    assert desk.reports["entrada/a.json"] == report


def test_an_older_object_of_the_same_key_delivered_late_is_refused_without_touching_the_report() -> None:
    desk = Desk()
    desk.load(arrival(sequencer="02"), participantes=[participant(sigla="NOVA")])
    report = desk.reports["entrada/a.json"]
    assert not desk.load(arrival(sequencer="01"), participantes=[participant()])
    assert desk.siglas() == ["NOVA"]
    assert desk.reports["entrada/a.json"] == report
    assert desk.events[-1].name is EventName.REGISTRY_REFUSED


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, False), (0, True), (1, True)])
def test_between_two_keys_what_was_stored_later_stays(seconds: int, *, is_taken: bool) -> None:
    desk = Desk()
    desk.load(arrival("entrada/a.json"), participantes=[participant()])
    other = arrival("entrada/b.json", stored_at=NOON + timedelta(seconds=seconds))
    assert desk.load(other, participantes=[participant(sigla="NOVA")]) == is_taken
    assert desk.siglas() == (["NOVA"] if is_taken else ["BOLT OPERACOES"])


def test_the_rows_before_the_last_are_discarded_and_the_last_ones_stay_for_readers_under_way() -> None:
    desk = Desk()
    generations = []
    for sequencer in ("01", "02", "03"):
        desk.load(arrival(sequencer=sequencer), participantes=[participant()])
        generations.append(desk.store.current.datasets[Dataset.PARTICIPANTES].generation)
    assert set(desk.store.kept) == {(Dataset.PARTICIPANTES, one) for one in generations[1:]}


def test_attempts_of_more_than_a_day_are_swept_after_a_load() -> None:
    desk = Desk()
    desk.load(arrival(), participantes=[participant()])
    assert desk.store.swept_before == [NOON - timedelta(hours=24)]


@dataclass
class RacingStore(MemoryStore):
    """Other loads come first a number of times."""

    rivals: list[tuple[Arrival, dict[str, Any]]] = field(default_factory=list)
    writes: list[Generation] = field(default_factory=list)

    def write(self, generation: Generation, *args: Any, **kwargs: Any) -> None:
        self.writes.append(generation)
        super().write(generation, *args, **kwargs)

    def switch(self, before: Pointer, after: Pointer, record: LoadRecord) -> None:
        if self.rivals:
            rival, datasets = self.rivals.pop()
            Desk(self).load(rival, **datasets)
        super().switch(before, after, record)


def test_of_two_loads_at_once_the_later_object_has_the_last_word_and_writes_its_rows_once() -> None:
    earlier = arrival("entrada/b.json", stored_at=NOON - timedelta(minutes=1))
    store = RacingStore(rivals=[(earlier, {"participantes": [participant(sigla="VELHA")]})])
    desk = Desk(store)
    assert desk.load(arrival(), participantes=[participant(sigla="NOVA")])
    assert desk.siglas() == ["NOVA"]
    assert store.current.version == 2
    assert store.writes == [arrival().generation, earlier.generation]


def test_a_load_that_lost_is_judged_again_against_what_won() -> None:
    rival = (arrival("entrada/b.json"), {"participantes": [participant()]})
    store = RacingStore()
    desk = Desk(store)
    desk.load(arrival("entrada/0.json"), participantes=[participant(), aurora()])
    store.rivals.append(rival)
    assert not desk.load(arrival(), perfis=[profile(cnpj=AURORA)])
    assert Dataset.PERFIS not in store.current.datasets


class BusDown(Exception):
    pass


@dataclass
class DeskWithoutBus(Desk):
    def publish(self, *events: Event) -> None:
        raise BusDown


def test_what_a_crash_left_untold_the_next_delivery_tells() -> None:
    store = MemoryStore()
    with pytest.raises(BusDown):
        DeskWithoutBus(store).load(arrival(), participantes=[participant()])
    desk = Desk(store)
    assert desk.load(arrival(), participantes=[participant()])
    assert store.current.version == 1
    assert [event.name for event in desk.events] == [EventName.REGISTRY_LOADED]


class AlwaysMoved(MemoryStore):
    def switch(self, before: Pointer, after: Pointer, record: LoadRecord) -> None:
        raise PointerMoved


def test_a_load_that_always_loses_gives_up_and_tells_nobody_that_it_was_judged() -> None:
    desk = Desk(AlwaysMoved())
    with pytest.raises(RegistryBusy):
        desk.load(arrival(), participantes=[participant()])
    assert (desk.reports, desk.events, desk.store.current) == ({}, [], Pointer())
