"""What a row of an import asks for, once it has been read and before anybody judged whether it may."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aval.contracts.model import ContractCode, ContractKind, Energy, Terms
from aval.errors import Fault


@dataclass(frozen=True, slots=True)
class Registration:
    """A new contract; a draft has terms and perhaps no amounts."""

    kind: ContractKind
    terms: Terms
    energies: tuple[Energy, ...]
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """New energy for stretches of a contract, and perhaps new terms; what it does not name stays."""

    contract: ContractCode
    energies: tuple[Energy, ...]
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """The buyer agrees to the amounts that begin at these moments."""

    contract: ContractCode
    begins: tuple[datetime, ...]


class Closing(StrEnum):
    FINISH = "FINALIZAR"
    VALIDATE_FINISH = "VALIDAR_FINALIZACAO"
    CANCEL = "CANCELAR"
    VALIDATE_CANCELLATION = "VALIDAR_CANCELAMENTO"


@dataclass(frozen=True, slots=True)
class Closure:
    """`at` is dataFinalizacao, where one is asked for."""

    contract: ContractCode
    act: Closing
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row with faults of its own, all of them told in its result."""

    faults: tuple[Fault, ...]


Demand = Registration | Adjustment | Validation | Closure | Unreadable


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts from 1; `sequence` is sequencialControle as written, or empty."""

    number: int
    sequence: str
    demand: Demand
