"""The datasets of the registry: their columns, keys, references, and what their rows may not say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final

from aval.identifiers import Cnpj, Cpf
from aval.registry.columns import (
    Column,
    Scalar,
    code,
    coded,
    day,
    first_day,
    flag,
    last_day,
    moment,
    month,
    one_of,
    parsed,
    quantity,
    text,
)
from aval.registry.complaints import (
    Complaint,
    disordered_period,
    disordered_validity,
    disordered_window,
    impossible_contract,
    impossible_representation,
)
from aval.registry.model import (
    Asset,
    AssetKind,
    CalendarEntry,
    CalendarKind,
    CompanyRelation,
    Email,
    Parcel,
    Participant,
    ParticipantClass,
    Person,
    Profile,
    Representation,
    Responsibility,
    Role,
    Situation,
    Submarket,
    Validity,
)
from aval.registry.regulated import AmountKind, Market, Period, RegulatedAmount, RegulatedContract

Record = (
    Participant
    | Profile
    | Asset
    | Parcel
    | Person
    | Representation
    | CalendarEntry
    | RegulatedContract
    | RegulatedAmount
)
Values = Mapping[str, Any]
"""The fields of one row that could be read, by their names on the wire."""
Row = Mapping[str, Scalar]

_PARTS: Final[Mapping[str, type]] = {"situation": Situation, "validity": Validity, "period": Period}


class Dataset(StrEnum):
    PARTICIPANTES = "participantes"
    PERFIS = "perfis"
    ATIVOS = "ativos"
    PARCELAS = "parcelas"
    PESSOAS = "pessoas"
    REPRESENTACOES = "representacoes"
    CALENDARIO = "calendario"
    CONTRATOS_REGULADOS = "contratosRegulados"
    MONTANTES_REGULADOS = "montantesRegulados"


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that must be the key of a row in another dataset, where it holds a value of type `kind`."""

    field: str
    target: Dataset
    kind: type


@dataclass(frozen=True, slots=True)
class Schema:
    record: Callable[..., Record]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    """Rows alike in these fields do not overlap from `inicio` to `fim`."""
    references: tuple[Reference, ...] = ()
    complaints: Callable[[Values], Iterator[Complaint]] = lambda _: iter(())

    def build(self, values: Values) -> Record:
        """The record of a row whose required fields could all be read."""
        fields: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {}
        for column in self.columns:
            part, _, attribute = column.attribute.rpartition(".")
            target = parts.setdefault(part, {}) if part else fields
            target[attribute] = values.get(column.name)
        return self.record(**fields, **{part: _PARTS[part](**given) for part, given in parts.items()})

    def values(self, row: Row) -> Values:
        """The fields of a row that `write` wrote."""
        return {
            column.name: column.read(row[column.name])
            for column in self.columns
            if row.get(column.name) is not None
        }

    def read(self, row: Row) -> Record:
        return self.build(self.values(row))

    def write(self, record: Record) -> dict[str, Scalar]:
        """The row of `record`, without the fields that it leaves open."""
        values = {column: attrgetter(column.attribute)(record) for column in self.columns}
        return {column.name: column.write(value) for column, value in values.items() if value is not None}

    def key_of(self, record: Record) -> tuple[Any, ...]:
        attributes = {column.name: column.attribute for column in self.columns}
        return tuple(attrgetter(attributes[name])(record) for name in self.key)


def _parse_representative(bare: str) -> Cpf | Cnpj:
    """Eleven characters, the mask apart, are a person's."""
    characters = sum(character.isalnum() for character in bare)
    return Cpf.parse(bare) if characters == 11 else Cnpj.parse(bare)


_PERIOD: Final = (first_day("inicio", "period.begins"), last_day("fim", "period.ends"))
_VALIDITY: Final = (
    day("inicioVigencia", "validity.begins"),
    day("fimVigencia", "validity.ends", is_required=False),
)
_STANDING: Final = (
    code("situacaoCodigo", "situation.code"),
    text("situacao", "situation.description", longest=60),
    *_VALIDITY,
)

SCHEMAS: Final[Mapping[Dataset, Schema]] = {
    Dataset.PARTICIPANTES: Schema(
        record=Participant,
        columns=(
            parsed("cnpj", "cnpj", Cnpj.parse),
            code("codigo", "code"),
            text("sigla", "sigla", longest=60),
            text("razaoSocial", "legal_name", longest=200),
            coded("classe", "participant_class", ParticipantClass),
            *_STANDING,
        ),
        key=("cnpj",),
        unique=("codigo", "sigla"),
        complaints=disordered_validity,
    ),
    Dataset.PERFIS: Schema(
        record=Profile,
        columns=(
            code("codigo", "code"),
            parsed("cnpj", "participant", Cnpj.parse),
            text("sigla", "sigla", longest=60),
            coded("classe", "participant_class", ParticipantClass),
            coded("submercado", "submarket", Submarket),
            *_STANDING,
            flag("perfilPrincipal", "is_main"),
            flag("comercializadorVarejista", "is_retailer"),
            flag("regimeCotas", "has_quotas"),
        ),
        key=("codigo",),
        unique=("sigla",),
        references=(Reference("cnpj", Dataset.PARTICIPANTES, Cnpj),),
        complaints=disordered_validity,
    ),
    Dataset.ATIVOS: Schema(
        record=Asset,
        columns=(
            code("codigo", "code"),
            text("nome", "name", longest=200),
            one_of("tipo", "kind", AssetKind),
            coded("submercado", "submarket", Submarket),
            *_STANDING,
        ),
        key=("codigo",),
        complaints=disordered_validity,
    ),
    Dataset.PARCELAS: Schema(
        record=Parcel,
        columns=(
            code("codigo", "code"),
            code("ativo", "asset"),
            code("perfil", "profile"),
            parsed("cnpj", "cnpj", Cnpj.parse),
            text("nome", "name", longest=200),
            text("nomeReduzido", "short_name", longest=60),
            coded("submercado", "submarket", Submarket),
            quantity("capacidadeTotal", "capacity_mw"),
            quantity("garantiaFisica", "physical_guarantee_mwm", is_required=False),
            *_STANDING,
        ),
        key=("codigo",),
        references=(
            Reference("ativo", Dataset.ATIVOS, int),
            Reference("perfil", Dataset.PERFIS, int),
        ),
        complaints=disordered_validity,
    ),
    Dataset.PESSOAS: Schema(
        record=Person,
        columns=(
            parsed("cpf", "cpf", Cpf.parse),
            text("nome", "name", longest=200),
            parsed("email", "email", Email.parse),
        ),
        key=("cpf",),
        unique=("email",),
    ),
    Dataset.REPRESENTACOES: Schema(
        record=Representation,
        columns=(
            parsed("representante", "representative", _parse_representative),
            parsed("representada", "represented", Cnpj.parse),
            one_of("papel", "capacity", Role, CompanyRelation, Responsibility),
            *_VALIDITY,
        ),
        key=("representante", "representada", "papel", "inicioVigencia"),
        references=(
            Reference("representante", Dataset.PESSOAS, Cpf),
            Reference("representante", Dataset.PARTICIPANTES, Cnpj),
            Reference("representada", Dataset.PARTICIPANTES, Cnpj),
        ),
        complaints=impossible_representation,
    ),
    Dataset.CALENDARIO: Schema(
        record=CalendarEntry,
        columns=(
            one_of("tipo", "kind", CalendarKind),
            month("competencia", "competence"),
            moment("abertura", "opening"),
            moment("prazo", "deadline"),
        ),
        key=("tipo", "competencia"),
        complaints=disordered_window,
    ),
    Dataset.CONTRATOS_REGULADOS: Schema(
        record=RegulatedContract,
        columns=(
            code("codigo", "code"),
            code("vendedor", "seller"),
            code("comprador", "buyer"),
            *_PERIOD,
            coded("submercado", "submarket", Submarket),
            text("produto", "product", longest=100),
        ),
        key=("codigo",),
        references=(
            Reference("vendedor", Dataset.PERFIS, int),
            Reference("comprador", Dataset.PERFIS, int),
        ),
        complaints=impossible_contract,
    ),
    Dataset.MONTANTES_REGULADOS: Schema(
        record=RegulatedAmount,
        columns=(
            code("contrato", "contract"),
            one_of("tipo", "kind", [kind for kind in AmountKind if kind.market is Market.REGULATED]),
            *_PERIOD,
            quantity("montante", "energy_mwh"),
        ),
        key=("contrato", "tipo", "inicio"),
        apart=("contrato", "tipo"),
        references=(Reference("contrato", Dataset.CONTRATOS_REGULADOS, int),),
        complaints=disordered_period,
    ),
}
