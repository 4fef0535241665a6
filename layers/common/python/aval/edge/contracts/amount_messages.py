"""Messages of a contract's amounts and parcels, in the words of the SOAP replies (wsdl/BO-v2.xsd)."""

from collections.abc import Iterable, Mapping
from typing import Literal, Self

from pydantic import Field

from aval.contracts import codes, model
from aval.contracts.bus import AnyAmount, FreeAmount
from aval.contracts.model import AmountKind, LevelUnit, ModulationKind
from aval.contracts.paging import Stretch
from aval.contracts.store import ParcelLink
from aval.edge.contracts.fields import AmountTold, plain
from aval.edge.contracts.messages import IdName, NextCursor, Period
from aval.edge.message import Message
from aval.registry.model import Parcel


class Coded(Message):
    """Um código que outra operação conhece."""

    code: int = Field(alias="codigo", description="Código", examples=[7001])


class LoadLevels(Message):
    """Montantes por patamar de carga."""

    unit: LevelUnit = Field(alias="unidadePatamar", description="0 MWh, 1 MW médios", examples=["1"])
    light: AmountTold = Field(alias="patamarLeve", description="Leve", examples=["8.000000"])
    middle: AmountTold = Field(alias="patamarMedio", description="Médio", examples=["10.000000"])
    heavy: AmountTold = Field(alias="patamarPesado", description="Pesado", examples=["12.000000"])

    @classmethod
    def of(cls, levels: model.LoadLevels) -> Self:
        return cls(
            unit=levels.unit,
            light=plain(levels.light),
            middle=plain(levels.middle),
            heavy=plain(levels.heavy),
        )


class Modulation(Message):
    """Como a média se torna horas."""

    kind: ModulationKind = Field(
        alias="tipoModulacao",
        description="F flat, G geração, C carga, M MRE, D declarada, L limite por hora",
        examples=["F"],
    )
    least: AmountTold | None = Field(
        alias="limiteMinimoModulacao", description="Nulo sem limites", examples=["9.000000"]
    )
    most: AmountTold | None = Field(
        alias="limiteMaximoModulacao", description="Nulo sem limites", examples=["11.000000"]
    )
    parcels: list[Coded] = Field(alias="parcelasAtivo", description="As que modulam, em G e C")
    hourly_mwh: list[AmountTold] | None = Field(
        alias="montantesHorarios",
        description="Só em MONTANTE_MODULARIZADO: MWh de cada hora do período, na ordem",
        examples=[["10.000000"]],
    )
    levels: LoadLevels | None = Field(
        alias="patamares", description="Só em MONTANTE_MODULARIZADO, onde se declararam patamares"
    )

    @classmethod
    def of(cls, energy: model.Energy, kind: AmountKind) -> Self:
        least, most = energy.limits or (None, None)
        modulated = kind is AmountKind.MODULATED
        return cls(
            kind=energy.modulation,
            least=None if least is None else plain(least),
            most=None if most is None else plain(most),
            parcels=[Coded(code=parcel) for parcel in energy.parcels],
            hourly_mwh=[plain(one) for one in energy.hourly_mwh] if modulated else None,
            levels=LoadLevels.of(energy.levels) if modulated and energy.levels else None,
        )


class AmountType(Message):
    """O tipo de um montante."""

    name: AmountKind = Field(alias="nome", description="Nome do tipo", examples=["MONTANTE_MEDIO"])


class Amount(Message):
    """Um montante de um contrato."""

    kind: AmountType = Field(alias="tipoMontanteEnergia", description="Que montante é")
    period: Period = Field(alias="periodoVigencia", description="Onde vale")
    amount: AmountTold = Field(alias="montante", description="Na unidade dada", examples=["10.000000"])
    unit: Literal["MW_MEDIO", "MWH"] = Field(
        alias="unidade", description="MW médios nos livres, MWh nos regulados", examples=["MW_MEDIO"]
    )
    modulation: Modulation | None = Field(alias="modulacao", description="Só de contratos livres")
    situation: IdName | None = Field(alias="situacao", description="Só de contratos livres: se foi validado")

    @classmethod
    def of(cls, found: AnyAmount) -> Self:
        kind = AmountType(name=found.kind)
        if isinstance(found, FreeAmount):
            energy = found.amount.energy
            return cls(
                kind=kind,
                period=Period.of(energy.period),
                amount=plain(energy.average_mw),
                unit="MW_MEDIO",
                modulation=Modulation.of(energy, found.kind),
                situation=IdName.of(codes.amount_situation(found.amount.situation)),
            )
        return cls(
            kind=kind,
            period=Period.of(found.period),
            amount=plain(found.energy_mwh),
            unit="MWH",
            modulation=None,
            situation=None,
        )


class AmountPage(Message):
    """Montantes de um contrato, do mais antigo ao mais novo."""

    amounts: list[Amount] = Field(alias="montantes", description="Nesta página")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[AnyAmount]) -> Self:
        return cls(amounts=[Amount.of(one) for one in found.rows], next_cursor=found.next_cursor)


class Modality(Message):
    """Para que uma parcela serve a um contrato."""

    code: int = Field(alias="codigo", description="Número", examples=[1])
    description: str = Field(alias="descricao", description="Texto da tabela", examples=["Modulação"])


class LinkedParcel(Message):
    """Uma parcela de ativo pela qual o contrato é modulado, e quando."""

    code: int = Field(alias="codigo", description="Código da parcela", examples=[7001])
    name: str | None = Field(alias="nome", description="Nulo se não está no cadastro", examples=["AURORA I"])
    asset: Coded | None = Field(alias="ativoMedicao", description="Nulo se não está no cadastro")
    modality: Modality = Field(alias="modalidade", description="Para que serve ao contrato")
    period: Period = Field(alias="periodoAssociado", description="Onde modula")
    modulation: ModulationKind = Field(
        alias="tipoModulacao", description="G geração, C carga", examples=["G"]
    )


class LinkedParcels(Message):
    """As parcelas de ativo pelas quais um contrato é modulado."""

    parcels: list[LinkedParcel] = Field(alias="parcelasAtivo", description="Por código e início")

    @classmethod
    def of(cls, links: Iterable[ParcelLink], known: Mapping[int, Parcel]) -> Self:
        modality = codes.modulation_modality()
        return cls(
            parcels=[
                LinkedParcel(
                    code=code,
                    name=known[code].name if code in known else None,
                    asset=Coded(code=known[code].asset) if code in known else None,
                    modality=Modality(code=modality.id, description=modality.description),
                    period=Period.of(link.period),
                    modulation=link.modulation,
                )
                for code, link in links
            ]
        )
