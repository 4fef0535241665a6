"""What a row of an import asks for, once it has been read and before anybody judged whether it may."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aval.contracts.model import ContractCode, ContractKind, Energy, Period, ProfileCode, Terms
from aval.contracts.records import filling_slots
from aval.errors import Fault
from aval.registry.model import Submarket


@dataclass(frozen=True, slots=True)
class Header:
    """The root of a file; `kind` is None where it is of contracts that this service does not take."""

    root: str
    kind: ContractKind | None
    generation: int | None = None
    """tipoGeracao, which says what is done in what form; None where the file leaves it to the rows' shape."""
    cceal_type: int | None = None


@filling_slots
@dataclass(frozen=True, slots=True)
class Registration:
    """A new contract; a draft has terms and perhaps no amounts."""

    kind: ContractKind
    terms: Terms
    energies: tuple[Energy, ...]
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class TermsChange:
    """New terms, None where they stay: all of them may change in a draft, and afterwards only the texts."""

    buyer: ProfileCode | None = None
    period: Period | None = None
    delivery_submarket: Submarket | None = None
    origin_submarket: Submarket | None = None
    reference: str | None = field(default=None, repr=False)
    remark: str | None = field(default=None, repr=False)
    relieves_exposure: bool | None = None
    ballast: str | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """New energy for stretches of a contract, and perhaps new terms; what it does not name stays."""

    contract: ContractCode
    energies: tuple[Energy, ...] = ()
    terms: TermsChange | None = None
    completes: bool = True
    """tipoGravacao C: a draft becomes a registered contract; without effect on one that is."""


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
    WITHDRAW = "RETIRAR_PEDIDO"
    """Who asked for an end no longer does; the published layout has no word for it."""


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


@filling_slots
@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts from 1; `sequence` is sequencialControle as written, or empty."""

    number: int
    sequence: str
    demand: Demand
    remarks: tuple[str, ...] = ()
    """What was overlooked in reading: a row that is done all the same tells them as AVISO."""
