"""The chamber's code tables as data: codes.csv says for each number where it comes from."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from aval.contracts.bus import KindFilter
from aval.contracts.model import (
    AmountKind,
    AmountSituation,
    ContractKind,
    ContractSituation,
    ModulationKind,
)

OUR_OWN = "Aval"
"""Source of a number that no public document gives; the official one replaces it in codes.csv."""


class Table(StrEnum):
    CONTRACT_TYPE = "tipoContrato"
    CONTRACT_SUBTYPE = "subTipoContrato"
    CONTRACT_SITUATION = "situacaoContrato"
    AMOUNT_SITUATION = "situacaoMontante"
    AMOUNT_KIND = "tipoMontanteEnergia"
    MODULATION = "tipoModulacao"
    MODALITY = "modalidade"


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code table, as replies tell it."""

    id: int
    code: str
    description: str
    source: str


@cache
def code_tables() -> Mapping[Table, Mapping[str, Code]]:
    """Every table by the name that our own words have in it."""
    tables: dict[Table, dict[str, Code]] = {table: {} for table in Table}
    text = files("aval.contracts").joinpath("codes.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        code = Code(int(row["id"]), row["code"], row["description"], row["source"])
        tables[Table(row["table"])][row["name"]] = code
    return tables


def contract_type(kind: ContractKind) -> Code:
    return code_tables()[Table.CONTRACT_TYPE][kind]


def contract_subtype(kind: ContractKind, cceal_type: int | None) -> Code | None:
    """None for kinds that have no subtypes."""
    return code_tables()[Table.CONTRACT_SUBTYPE].get(f"{kind} {cceal_type}")


def contract_situation(situation: ContractSituation) -> Code:
    return code_tables()[Table.CONTRACT_SITUATION][situation]


def amount_situation(situation: AmountSituation) -> Code:
    return code_tables()[Table.AMOUNT_SITUATION][situation]


def amount_kind(kind: AmountKind) -> Code:
    return code_tables()[Table.AMOUNT_KIND][kind]


def modulation(kind: ModulationKind) -> Code:
    return code_tables()[Table.MODULATION][kind]


def modulation_modality() -> Code:
    """Why a contract names a parcel: it is modulated by it."""
    return code_tables()[Table.MODALITY]["MODULACAO"]


def is_among(kind: ContractKind, cceal_type: int | None, filters: Sequence[KindFilter]) -> bool:
    """Whether any filter names the type, and the subtype where it names one; without filters, yes."""
    if not filters:
        return True
    type_, subtype = contract_type(kind), contract_subtype(kind, cceal_type)
    return any(
        asked.type_id in (None, type_.id)
        and asked.type_code.strip().upper() in ("", type_.code)
        and (asked.subtype_id is None or (subtype is not None and asked.subtype_id == subtype.id))
        for asked in filters
    )
