"""Who and what the market's registry knows."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Final, Self

from aval.identifiers import Cnpj, Cpf, IdentifierInvalid
from aval.moments import SAO_PAULO

_EMAIL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_EMAIL_LENGTH: Final = 254  # RFC 5321, section 4.5.3.1.3: a path of 256 holds two angle brackets


class Role(StrEnum):
    """What a person is to a company."""

    REPRESENTANTE_CCEE = "REPRESENTANTE_CCEE"
    REPRESENTANTE_LEGAL = "REPRESENTANTE_LEGAL"
    REPRESENTANTE_CONTABIL = "REPRESENTANTE_CONTABIL"


class CompanyRelation(StrEnum):
    """What a company is to another company."""

    REPRESENTACAO_OPERACIONAL_TOTAL = "REPRESENTACAO_OPERACIONAL_TOTAL"
    CONTROLE = "CONTROLE"


class Responsibility(StrEnum):
    """What a person answers for at a company; it opens none of the doors that a `Role` opens."""

    MONITORAMENTO_PRUDENCIAL = "MONITORAMENTO_PRUDENCIAL"


Capacity = Role | CompanyRelation | Responsibility


class ParticipantClass(IntEnum):
    """CCEE's codes of the classes of agent."""

    AUTOPRODUTOR = 1
    COMERCIALIZADOR = 2
    IMPORTADOR = 3
    GERADOR = 4
    DISTRIBUIDOR = 5
    CONSUMIDOR_LIVRE = 6
    PRODUTOR_INDEPENDENTE = 7
    TRANSMISSOR = 10
    EXPORTADOR = 11
    CONSUMIDOR_ESPECIAL = 12
    NAO_AGENTE = 13

    @property
    def description(self) -> str:
        """CCEE's own words for the code."""
        return _CLASSES[self]


_CLASSES: Final = {
    ParticipantClass.AUTOPRODUTOR: "Autoprodutor",
    ParticipantClass.COMERCIALIZADOR: "Comercializador",
    ParticipantClass.IMPORTADOR: "Importador",
    ParticipantClass.GERADOR: "Gerador",
    ParticipantClass.DISTRIBUIDOR: "Distribuidor",
    ParticipantClass.CONSUMIDOR_LIVRE: "Consumidor Livre",
    ParticipantClass.PRODUTOR_INDEPENDENTE: "Produtor Independente",
    ParticipantClass.TRANSMISSOR: "Transmissor",
    ParticipantClass.EXPORTADOR: "Exportador",
    ParticipantClass.CONSUMIDOR_ESPECIAL: "Consumidor Especial",
    ParticipantClass.NAO_AGENTE: "Não Agente",
}


class Submarket(IntEnum):
    """CCEE's identifiers of the submarkets."""

    SE = 1
    S = 2
    NE = 3
    N = 4


class AssetKind(StrEnum):
    CARGA = "CARGA"
    USINA = "USINA"


class CalendarKind(StrEnum):
    """What the operational calendar opens and closes."""

    REGISTRO_CONTRATO = "REGISTRO_CONTRATO"
    AJUSTE_MONTANTE = "AJUSTE_MONTANTE"
    VALIDACAO_MONTANTE = "VALIDACAO_MONTANTE"
    FINALIZACAO_CONTRATO = "FINALIZACAO_CONTRATO"


class EmailInvalid(IdentifierInvalid):
    """Text that no mail can be sent to."""


class Email(str):
    """A person's address, in the one spelling that addresses are compared in: lower case, ASCII."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        told = text.strip()
        bare = told.lower()
        # Lower case turns the Kelvin sign into "k", and one person's address into another's.
        if not told.isascii() or len(bare) > _EMAIL_LENGTH or not _EMAIL.fullmatch(bare):
            raise EmailInvalid("o e-mail deve ter a forma nome@dominio, sem acentos")
        return cls(bare)

    def __repr__(self) -> str:
        return "Email(***)"


@dataclass(frozen=True, slots=True)
class Situation:
    """A code and its description, as the chamber's own tables have them."""

    code: int
    description: str


@dataclass(frozen=True, slots=True)
class Validity:
    """Whole days in São Paulo; both ends belong to it, and without an end it lasts."""

    begins: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends < self.begins:
            raise ValueError("a validity cannot end before it begins")

    def covers(self, moment: datetime) -> bool:
        return self.includes(moment.astimezone(SAO_PAULO).date())

    def includes(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Participant:
    cnpj: Cnpj
    code: int
    sigla: str
    legal_name: str
    participant_class: ParticipantClass
    situation: Situation
    validity: Validity


@dataclass(frozen=True, slots=True)
class Profile:
    code: int
    participant: Cnpj
    sigla: str
    participant_class: ParticipantClass
    submarket: Submarket
    situation: Situation
    validity: Validity
    is_main: bool
    is_retailer: bool
    has_quotas: bool


@dataclass(frozen=True, slots=True)
class Asset:
    """A measured load or plant."""

    code: int
    name: str
    kind: AssetKind
    submarket: Submarket
    situation: Situation
    validity: Validity


@dataclass(frozen=True, slots=True)
class Parcel:
    """The part of an asset that belongs to one profile; capacity in MW, guarantee in average MW."""

    code: int
    asset: int
    profile: int
    cnpj: Cnpj
    name: str
    short_name: str
    submarket: Submarket
    capacity_mw: Decimal
    physical_guarantee_mwm: Decimal | None
    situation: Situation
    validity: Validity


@dataclass(frozen=True, slots=True)
class Person:
    cpf: Cpf
    name: str = field(repr=False)
    email: Email = field(repr=False)


@dataclass(frozen=True, slots=True)
class Representation:
    """A person's role or responsibility at a company, or a company's relation to another."""

    representative: Cpf | Cnpj
    represented: Cnpj
    capacity: Capacity
    validity: Validity


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """When `kind` may be done for the month `competence` (YYYY-MM); both moments belong to the window."""

    kind: CalendarKind
    competence: str
    opening: datetime
    deadline: datetime
