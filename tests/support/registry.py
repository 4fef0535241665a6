"""Lawful rows of a registry file, and a registry store in memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aval.registry.drops import Drop, judge_drop, read_drop
from aval.registry.generations import Arrival, Generation, LoadRecord, Pointer, PointerMoved, RegistryStore
from aval.registry.schemas import SCHEMAS, Dataset, Row

BOLT, AURORA = "33047509000149", "12ABC34501DE35"
ANA, BRUNO = "11122233396", "22233344405"
NOON = datetime(2026, 8, 3, 15, tzinfo=UTC)

_STANDING = {"situacaoCodigo": 1, "situacao": "ATIVO", "inicioVigencia": "2026-01-01"}


def participant(**fields: Any) -> dict[str, Any]:
    return {
        "cnpj": BOLT,
        "codigo": 1001,
        "sigla": "BOLT OPERACOES",
        "razaoSocial": "BOLT ENERGY",
        "classe": 2,
        **_STANDING,
        **fields,
    }


def aurora(**fields: Any) -> dict[str, Any]:
    return participant(**{"cnpj": AURORA, "codigo": 1002, "sigla": "AURORA", **fields})


def profile(**fields: Any) -> dict[str, Any]:
    return {
        "codigo": 10010,
        "cnpj": BOLT,
        "sigla": "BOLT OPERACOES",
        "classe": 2,
        "submercado": 1,
        **_STANDING,
        "perfilPrincipal": True,
        "comercializadorVarejista": False,
        "regimeCotas": False,
        **fields,
    }


def second_profile(**fields: Any) -> dict[str, Any]:
    return profile(**{"codigo": 10011, "sigla": "BOLT OPERACOES I5", "perfilPrincipal": False, **fields})


def asset(**fields: Any) -> dict[str, Any]:
    return {"codigo": 5001, "nome": "UHE AURORA", "tipo": "USINA", "submercado": 2, **_STANDING, **fields}


def parcel(**fields: Any) -> dict[str, Any]:
    return {
        "codigo": 7001,
        "ativo": 5001,
        "perfil": 10010,
        "cnpj": BOLT,
        "nome": "UHE AURORA",
        "nomeReduzido": "AURORA",
        "submercado": 2,
        "capacidadeTotal": "120.5",
        **_STANDING,
        **fields,
    }


def person(**fields: Any) -> dict[str, Any]:
    return {"cpf": ANA, "nome": "Ana Conceição", "email": "ana@demo.aval.example", **fields}


def bruno(**fields: Any) -> dict[str, Any]:
    return person(**{"cpf": BRUNO, "nome": "Bruno", "email": "bruno@demo.aval.example", **fields})


def representation(**fields: Any) -> dict[str, Any]:
    return {
        "representante": ANA,
        "representada": BOLT,
        "papel": "REPRESENTANTE_CCEE",
        "inicioVigencia": "2026-01-01",
        **fields,
    }


def calendar_entry(**fields: Any) -> dict[str, Any]:
    return {
        "tipo": "REGISTRO_CONTRATO",
        "competencia": "2026-08",
        "abertura": "2026-07-01T00:00:00-03:00",
        "prazo": "2026-09-09T18:00:00-03:00",
        **fields,
    }


def regulated_contract(**fields: Any) -> dict[str, Any]:
    return {
        "codigo": 900001,
        "vendedor": 10010,
        "comprador": 10011,
        "inicio": "2026-01-01",
        "fim": "2045-12-31",
        "submercado": 1,
        "produto": "LEILÃO DE DEMONSTRAÇÃO",
        **fields,
    }


def regulated_amount(**fields: Any) -> dict[str, Any]:
    return {
        "contrato": 900001,
        "tipo": "MONTANTE_ENERGIA_ANUAL",
        "inicio": "2026-01-01",
        "fim": "2026-12-31",
        "montante": "8760",
        **fields,
    }


def whole() -> dict[str, list[dict[str, Any]]]:
    """A registry with something of everything."""
    return {
        "participantes": [participant(), aurora()],
        "perfis": [profile(), second_profile()],
        "ativos": [asset()],
        "parcelas": [parcel()],
        "pessoas": [person(), bruno()],
        "representacoes": [representation()],
        "calendario": [calendar_entry()],
        "contratosRegulados": [regulated_contract()],
        "montantesRegulados": [regulated_amount()],
    }


def content(**datasets: Any) -> bytes:
    return json.dumps(datasets, ensure_ascii=False).encode()


def arrival(key: str = "entrada/a.json", sequencer: str = "01", stored_at: datetime = NOON) -> Arrival:
    return Arrival(key, sequencer, stored_at, "111122223333")


@dataclass
class MemoryStore:
    current: Pointer = field(default_factory=Pointer)
    kept: dict[tuple[Dataset, Generation], list[Row]] = field(default_factory=dict)
    records: dict[Generation, LoadRecord] = field(default_factory=dict)
    attempts: dict[Generation, datetime] = field(default_factory=dict)
    swept_before: list[datetime] = field(default_factory=list)

    def pointer(self) -> Pointer:
        return self.current

    def rows(self, dataset: Dataset, generation: Generation) -> Sequence[Row]:
        return self.kept.get((dataset, generation), [])

    def write(self, generation: Generation, drop: Drop, *, at: datetime) -> None:
        self.attempts[generation] = at
        for dataset, records in drop.items():
            self.kept[dataset, generation] = [SCHEMAS[dataset].write(record) for record in records]

    def record_of(self, generation: Generation) -> LoadRecord | None:
        return self.records.get(generation)

    def switch(self, before: Pointer, after: Pointer, record: LoadRecord) -> None:
        if self.current != before:
            raise PointerMoved
        self.current = after
        self.records[record.arrival.generation] = record
        del self.attempts[record.arrival.generation]

    def discard(self, dataset: Dataset, generation: Generation) -> None:
        self.kept.pop((dataset, generation), None)

    def sweep(self, *, before: datetime) -> None:
        self.swept_before.append(before)

    def in_force(self, dataset: Dataset) -> Sequence[Row]:
        return self.rows(dataset, self.current.datasets[dataset].generation)


@dataclass(frozen=True)
class Loaded:
    before: Pointer
    after: Pointer
    record: LoadRecord


def put_in_force(store: RegistryStore, arrival: Arrival, **datasets: Any) -> Loaded:
    drop = judge_drop(read_drop("a.json", content(**datasets)), {})
    before = store.pointer()
    after = before.move(frozenset(drop), arrival)
    counts = {dataset: len(records) for dataset, records in drop.items()}
    record = LoadRecord(arrival, after.version, "ab" * 32, NOON, counts, {})
    store.write(arrival.generation, drop, at=NOON)
    store.switch(before, after, record)
    return Loaded(before, after, record)
