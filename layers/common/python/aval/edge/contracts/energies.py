"""The amounts of an import's rows as JSON: the file's own attribute names."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from aval.contracts.model import Energy, LevelUnit, LoadLevels, ModulationKind, ParcelCode, Period
from aval.edge.contracts.fields import Amount, Hour, LastHour, ParcelNumber
from aval.edge.long_lists import read_in_parts
from aval.edge.message import Request
from aval.errors import Fault

RULE: Final = "linha"


class EnergyRow(Request):
    """Um montante: um período, sua média e como se torna horas."""

    begins: Hour = Field(alias="dataDeInicio")
    ends: LastHour = Field(alias="dataDeFim")
    average_mw: Amount = Field(alias="montanteMedio", repr=False)
    modulation: ModulationKind | None = Field(
        alias="tipoModulacao",
        default=None,
        description=(
            "F flat, G pela geração, C pela carga, M pelo MRE, D declarada por hora ou patamar, L limite por "
            "hora (Lei 13.182/2015); ausente, D com horas ou patamares e F sem eles"
        ),
        examples=["F"],
    )
    least: Amount | None = Field(alias="limiteMinimoModulacao", default=None, repr=False)
    most: Amount | None = Field(alias="limiteMaximoModulacao", default=None, repr=False)
    parcels: list[ParcelNumber] = Field(
        alias="idAtivoAssociadoModulacao",
        default_factory=list,
        description="Parcelas de ativo; necessárias em G e C",
        examples=[[7001]],
    )
    hourly_mwh: list[Amount] = Field(
        alias="montantesHorarios",
        default_factory=list,
        repr=False,
        description="MWh de cada hora do período, na ordem do relógio; a soma dividida pelas horas é a média",
    )
    unit: LevelUnit | None = Field(
        alias="unidadePatamar", default=None, description="0 MWh, 1 MW médios", examples=["1"]
    )
    light: Amount | None = Field(alias="patamarLeve", default=None, repr=False)
    middle: Amount | None = Field(alias="patamarMedio", default=None, repr=False)
    heavy: Amount | None = Field(alias="patamarPesado", default=None, repr=False)

    _lists = read_in_parts("parcels", "hourly_mwh")

    def faults(self, pointer: str) -> list[Fault]:
        found = period_faults(self.begins, self.ends, pointer)
        if (self.least is None) != (self.most is None):
            missing = "limiteMinimoModulacao" if self.least is None else "limiteMaximoModulacao"
            told = "informe os dois limites de modulação, ou nenhum"
            found.append(Fault(RULE, told, f"{pointer}/{missing}"))
        levels = (self.unit, self.light, self.middle, self.heavy)
        if any(one is not None for one in levels) and None in levels:
            told = "informe unidadePatamar, patamarLeve, patamarMedio e patamarPesado, ou nenhum deles"
            found.append(Fault(RULE, told, f"{pointer}/unidadePatamar"))
        return found

    def energy(self) -> Energy:
        """Only after `faults` found none."""
        usual = ModulationKind.DECLARED if self.hourly_mwh or self.unit else ModulationKind.FLAT
        return Energy(
            period=Period(self.begins, self.ends),
            average_mw=self.average_mw,
            modulation=self.modulation or usual,
            limits=None if self.least is None or self.most is None else (self.least, self.most),
            parcels=tuple(ParcelCode(code) for code in dict.fromkeys(self.parcels)),
            hourly_mwh=tuple(self.hourly_mwh),
            levels=self._levels(),
        )

    def _levels(self) -> LoadLevels | None:
        if self.unit is None or self.light is None or self.middle is None or self.heavy is None:
            return None
        return LoadLevels(self.unit, self.light, self.middle, self.heavy)


# No list has a longest length of its own: the body has one.
Energies = Annotated[list[EnergyRow], Field(description="Os montantes, em qualquer ordem")]


class AmountNamed(Request):
    """Um montante, nomeado por sua primeira hora."""

    begins: Hour = Field(alias="vigenciaDeInicio")


NamedAmounts = Annotated[
    list[AmountNamed],
    Field(alias="montantes", min_length=1, description="Os montantes, pelo início"),
]


def energy_faults(amounts: list[EnergyRow], pointer: str) -> list[Fault]:
    return [
        fault for index, one in enumerate(amounts) for fault in one.faults(f"{pointer}/montantes/{index}")
    ]


def period_faults(begins: datetime, ends: datetime, pointer: str) -> list[Fault]:
    if begins < ends:
        return []
    return [Fault(RULE, "o fim deve ser depois do início", f"{pointer}/dataDeFim")]
