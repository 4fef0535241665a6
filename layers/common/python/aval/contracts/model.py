"""What a contract is: two profiles, a period, amounts of energy, and who has still to agree to what."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from aval.contracts.records import filling_slots
from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO
from aval.registry import regulated
from aval.registry.model import Submarket

ParcelCode = NewType("ParcelCode", int)

HOUR = regulated.HOUR
# Regulated contracts come with the registry, and with them the words that both kinds share.
ContractCode = regulated.ContractCode
ProfileCode = regulated.ProfileCode
Market = regulated.Market
Period = regulated.Period
AmountKind = regulated.AmountKind
RegulatedContract = regulated.RegulatedContract
RegulatedAmount = regulated.RegulatedAmount


class Side(StrEnum):
    SELLER = "VENDEDOR"
    BUYER = "COMPRADOR"


class ContractKind(StrEnum):
    """Their numbers are in the code tables, which are data (aval.contracts.codes)."""

    CCEAL = "CCEAL"
    CBR = "CBR"
    REGULATED = "REGULADO"


class ContractSituation(StrEnum):
    DRAFT = "RASCUNHO"
    NOT_VALIDATED = "NAO_VALIDADO"
    VALIDATED = "VALIDADO"
    FINISHING = "FINALIZACAO_NAO_VALIDADA"
    FINISHED = "FINALIZADO"
    CANCELLING = "CANCELAMENTO_NAO_VALIDADO"
    CANCELLED = "CANCELADO"


END_ASKED_FOR: Final = frozenset({ContractSituation.FINISHING, ContractSituation.CANCELLING})
"""An end that one party asked for takes nothing from the other before it has agreed."""


class AmountSituation(StrEnum):
    INSERTED = "INSERIDO_NAO_VALIDADO"
    ADJUSTED = "AJUSTADO_NAO_VALIDADO"
    VALIDATED = "VALIDADO"


class ModulationKind(StrEnum):
    """How an average becomes hours; the last two are told by a file's shape, and their letters are ours."""

    FLAT = "F"
    GENERATION = "G"
    LOAD = "C"
    REALLOCATION = "M"
    """MRE, the mechanism that shares hydro generation out."""
    DECLARED = "D"
    """By the hour or by load level, as the seller says."""
    CEILING = "L"
    """Law 13.182/2015: as the load consumes, up to the amount."""


class LevelUnit(StrEnum):
    """unidadePatamar."""

    MWH = "0"
    AVERAGE_MW = "1"


def local_hour(year: int, month: int, day: int, hour: int = 0, *, fold: int = 0) -> datetime:
    """An hour on São Paulo's clocks as an instant in UTC; `fold` 1 is the second of two alike."""
    return datetime(year, month, day, hour, tzinfo=SAO_PAULO, fold=fold).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class LoadLevels:
    """Amounts by load level."""

    unit: LevelUnit
    light: Decimal = field(repr=False)
    middle: Decimal = field(repr=False)
    heavy: Decimal = field(repr=False)


@filling_slots
@dataclass(frozen=True, slots=True)
class Energy:
    """How much in one stretch of a contract, and how it becomes hours."""

    period: Period
    average_mw: Decimal = field(repr=False)
    modulation: ModulationKind = ModulationKind.FLAT
    limits: tuple[Decimal, Decimal] | None = field(default=None, repr=False)
    parcels: tuple[ParcelCode, ...] = ()
    hourly_mwh: tuple[Decimal, ...] = field(default=(), repr=False)
    """One for each hour of `period` where the file tells each hour (declared, or a ceiling), else none."""
    levels: LoadLevels | None = field(default=None, repr=False)


@filling_slots
@dataclass(frozen=True, slots=True)
class Amount:
    """Energy and who has agreed to it; amounts of a contract never overlap and are kept in order."""

    energy: Energy
    situation: AmountSituation

    @property
    def period(self) -> Period:
        return self.energy.period

    @property
    def is_validated(self) -> bool:
        return self.situation is AmountSituation.VALIDATED


@filling_slots
@dataclass(frozen=True, slots=True)
class Terms:
    """What the parties wrote into the contract beside its amounts."""

    seller: ProfileCode
    buyer: ProfileCode
    period: Period
    delivery_submarket: Submarket
    origin_submarket: Submarket | None = None
    cceal_type: int | None = None
    cbr_type: int | None = None
    reference: str = field(default="", repr=False)
    remark: str = field(default="", repr=False)
    relieves_exposure: bool = False
    ballast: str = ""
    """partVerLastro: G, E, D or none."""
    ballast_parcels: tuple[ParcelCode, ...] = ()
    """idAtivoAssociadoLastro, of CBR alone."""
    assigned_from: ContractCode | None = None
    """The contract that this one assigns (contratoCessao, idContratoCessao)."""


@filling_slots
@dataclass(frozen=True, slots=True)
class Contract:
    """A free contract. `version` moves with every transition and is the condition of the next one."""

    code: ContractCode
    kind: ContractKind
    terms: Terms
    situation: ContractSituation
    amounts: tuple[Amount, ...]
    registered_at: datetime
    changed_at: datetime
    version: int = 1
    closing_at: datetime | None = None
    """When it ends by a finish or cancellation that was asked for, validated or not."""
    closing_asked_by: Side | None = None
    """The other side validates it."""
    discarded: bool = False
    """It was cancelled as a draft, so that its buyer never heard of it."""

    @property
    def is_sellers_alone(self) -> bool:
        return self.discarded or self.situation is ContractSituation.DRAFT

    @property
    def parties(self) -> frozenset[ProfileCode]:
        """Those whose contract it is: the buyer that a draft names is none yet."""
        terms = self.terms
        return frozenset({terms.seller} if self.is_sellers_alone else {terms.seller, terms.buyer})

    @property
    def has_amounts_not_validated(self) -> bool:
        return any(not amount.is_validated for amount in self.amounts)

    @property
    def awaits_validation(self) -> bool:
        return not self.is_sellers_alone and self.has_amounts_not_validated

    def side_of(self, profile: ProfileCode) -> Side | None:
        if profile == self.terms.seller:
            return Side.SELLER
        return Side.BUYER if profile == self.terms.buyer else None


@dataclass(frozen=True, slots=True)
class Author:
    """Who acted: a company's system, or one of its people, whose name the other party is not shown."""

    company: Cnpj
    profile: ProfileCode
    person_name: str | None = field(default=None, repr=False)


class ContractAct(StrEnum):
    """Names of the bus's events (docs/events.md), which tell the same acts."""

    REGISTERED = "CONTRATO.REGISTRADO"
    UPDATED = "CONTRATO.ATUALIZADO"
    COMPLETED = "CONTRATO.CONCLUIDO"
    VALIDATED = "CONTRATO.VALIDADO"
    FINISHED = "CONTRATO.FINALIZADO"
    FINISH_VALIDATED = "CONTRATO.FINALIZACAO_VALIDADA"
    CANCELLED = "CONTRATO.CANCELADO"
    CANCELLATION_VALIDATED = "CONTRATO.CANCELAMENTO_VALIDADO"
    AMOUNT_ADJUSTED = "MONTANTE_ENERGIA.AJUSTADO"
    AMOUNT_VALIDATED = "MONTANTE_ENERGIA.VALIDADO"


@filling_slots
@dataclass(frozen=True, slots=True)
class Transition:
    """One line of a contract's history; `period` is an amount's, or what a finish leaves of the contract."""

    contract: ContractCode
    at: datetime
    act: ContractAct
    author: Author
    before: str
    after: str
    period: Period | None = None
