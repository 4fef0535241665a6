"""The rows of an import as JSON: the file's own attribute names, read into what a row asks for."""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from aval.contracts.imports.rows import (
    Adjustment,
    Closing,
    Closure,
    Registration,
    TermsChange,
    Validation,
)
from aval.contracts.model import ContractCode, ContractKind, ParcelCode, Period, ProfileCode, Terms
from aval.edge.contracts.energies import (
    RULE,
    Energies,
    NamedAmounts,
    energy_faults,
    period_faults,
)
from aval.edge.contracts.fields import ContractNumber, Hour, LastHour, ParcelNumber, ProfileNumber
from aval.edge.long_lists import read_in_parts
from aval.edge.message import Request
from aval.errors import Fault
from aval.registry.model import Submarket

# XML 1.0, section 2.2: no other control character can be in a file.
_TEXT: Final = r"^[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*$"
_FIRM: Final = 1
"""tipoCCEAL: no other is taken through the services."""
_ENDINGS: Final = (
    "dataFinalizacao",
    "validarFinalizacao",
    "cancelarContrato",
    "validarCancelamento",
    "retirarPedido",
)

Sequence = Annotated[
    str | None,
    Field(
        alias="sequencialControle",
        min_length=1,
        max_length=30,
        pattern=r"^[0-9A-Za-z._-]+$",
        description="Como a linha é chamada no resultado; ausente, o lugar dela na lista",
        examples=["1"],
    ),
]
Number = Annotated[
    ContractNumber,
    Field(alias="numeroContrato", description="O contrato de que a linha fala", examples=[123]),
]
Saving = Annotated[Literal["R", "C"], Field(description="C concluído, R rascunho", examples=["C"])]
SubmarketNumber = Annotated[Literal[1, 2, 3, 4], Field(description="1 SE, 2 S, 3 NE, 4 N", examples=[1])]
Reference = Annotated[
    str, Field(max_length=30, pattern=_TEXT, description="Palavras das partes", examples=["A-2026"])
]
Remark = Annotated[
    str, Field(max_length=255, pattern=_TEXT, description="Palavras das partes", examples=["leilão de maio"])
]
Ballast = Annotated[
    Literal["", "G", "E", "D"],
    Field(description="Participação na verificação de lastro; vazio, nenhuma", examples=["G"]),
]
Relief = Annotated[bool, Field(description="Direito a alívio de exposição", examples=[False])]


class RegistrationRow(Request):
    """Um contrato novo, que o vendedor registra."""

    sequence: Sequence = None
    saving: Saving = Field(alias="tipoGravacao", default="C")
    cbr_type: int | None = Field(
        alias="tipoCBR", default=None, ge=1, le=9, description="Só num CBR", examples=[1]
    )
    begins: Hour = Field(alias="dataDeInicio")
    ends: LastHour = Field(alias="dataDeFim")
    seller: ProfileNumber = Field(alias="idVendedor", description="Perfil de agente do vendedor")
    buyer: ProfileNumber = Field(alias="idComprador", description="Perfil de agente do comprador")
    delivery: SubmarketNumber = Field(alias="idSubMerEntrega")
    origin: SubmarketNumber | None = Field(alias="idSubMerOrigem", default=None)
    reference: Reference = Field(alias="referencia", default="", repr=False)
    remark: Remark = Field(alias="observacao", default="", repr=False)
    relieves_exposure: Relief = Field(alias="dirAlivExp", default=False)
    ballast: Ballast = Field(alias="partVerLastro", default="")
    ballast_parcels: list[ParcelNumber] = Field(
        alias="idAtivoAssociadoLastro",
        default_factory=list,
        description="Parcelas de ativo do lastro; só num CBR",
        examples=[[7001]],
    )
    assigned_from: ContractNumber | None = Field(
        alias="idContratoCessao", default=None, description="O contrato que este cede", examples=[122]
    )
    amounts: Energies = Field(alias="montantes", default_factory=list)

    _lists = read_in_parts("ballast_parcels", "amounts")

    def faults(self, pointer: str, kind: ContractKind) -> list[Fault]:
        found = period_faults(self.begins, self.ends, pointer)
        if kind is ContractKind.CCEAL:
            found += [
                Fault(RULE, f"só um CBR tem {name}; retire-o", f"{pointer}/{name}")
                for name, told in (
                    ("tipoCBR", self.cbr_type),
                    ("idAtivoAssociadoLastro", self.ballast_parcels),
                )
                if told
            ]
        return [*found, *energy_faults(self.amounts, pointer)]

    def demand(self, kind: ContractKind) -> Registration:
        return Registration(
            kind=kind,
            terms=self._terms(kind),
            energies=tuple(one.energy() for one in self.amounts),
            is_draft=self.saving == "R",
        )

    def _terms(self, kind: ContractKind) -> Terms:
        return Terms(
            seller=ProfileCode(self.seller),
            buyer=ProfileCode(self.buyer),
            period=Period(self.begins, self.ends),
            delivery_submarket=Submarket(self.delivery),
            origin_submarket=Submarket(self.origin) if self.origin else None,
            cceal_type=_FIRM if kind is ContractKind.CCEAL else None,
            cbr_type=self.cbr_type,
            reference=self.reference,
            remark=self.remark,
            relieves_exposure=self.relieves_exposure,
            ballast=self.ballast,
            ballast_parcels=tuple(ParcelCode(code) for code in self.ballast_parcels),
            assigned_from=ContractCode(self.assigned_from) if self.assigned_from else None,
        )


class AdjustmentRow(Request):
    """Montantes e termos novos de um contrato; o que não é nomeado fica."""

    sequence: Sequence = None
    contract: Number
    saving: Saving | None = Field(alias="tipoGravacao", default=None)
    begins: Hour | None = Field(alias="dataDeInicio", default=None)
    ends: LastHour | None = Field(alias="dataDeFim", default=None)
    buyer: ProfileNumber | None = Field(
        alias="idComprador", default=None, description="Perfil de agente do comprador"
    )
    delivery: SubmarketNumber | None = Field(alias="idSubMerEntrega", default=None)
    origin: SubmarketNumber | None = Field(alias="idSubMerOrigem", default=None)
    reference: Reference | None = Field(alias="referencia", default=None, repr=False)
    remark: Remark | None = Field(alias="observacao", default=None, repr=False)
    relieves_exposure: Relief | None = Field(alias="dirAlivExp", default=None)
    ballast: Ballast | None = Field(alias="partVerLastro", default=None)
    amounts: Energies = Field(alias="montantes", default_factory=list)

    _lists = read_in_parts("amounts")

    def faults(self, pointer: str, _: ContractKind) -> list[Fault]:
        found = energy_faults(self.amounts, pointer)
        if self.begins is not None and self.ends is not None:
            found += period_faults(self.begins, self.ends, pointer)
        elif self.begins is not None or self.ends is not None:
            found.append(Fault(RULE, "informe dataDeInicio e dataDeFim juntas, ou nenhuma", pointer))
        # Terms are put together only of what has no fault: there is no period that ends before it begins.
        if not found and not self.amounts and self.saving is None and self._terms() is None:
            found.append(Fault(RULE, "informe montantes ou termos a mudar", pointer))
        return found

    def demand(self, _: ContractKind) -> Adjustment:
        return Adjustment(
            ContractCode(self.contract),
            tuple(one.energy() for one in self.amounts),
            self._terms(),
            completes=self.saving == "C",
        )

    def _terms(self) -> TermsChange | None:
        change = TermsChange(
            buyer=ProfileCode(self.buyer) if self.buyer else None,
            period=Period(self.begins, self.ends) if self.begins and self.ends else None,
            delivery_submarket=Submarket(self.delivery) if self.delivery else None,
            origin_submarket=Submarket(self.origin) if self.origin else None,
            reference=self.reference,
            remark=self.remark,
            relieves_exposure=self.relieves_exposure,
            ballast=self.ballast,
        )
        return None if change == TermsChange() else change


class ValidationRow(Request):
    """Montantes que o comprador valida."""

    sequence: Sequence = None
    contract: Number
    amounts: NamedAmounts

    _lists = read_in_parts("amounts")

    def faults(self, _pointer: str, _kind: ContractKind) -> list[Fault]:
        """Nothing about it is wrong that its shape does not show."""
        return []

    def demand(self, _: ContractKind) -> Validation:
        return Validation(ContractCode(self.contract), tuple(one.begins for one in self.amounts))


class ClosureRow(Request):
    """Fim de um contrato, pedido por uma parte (ou retirado) ou validado pela outra: só um dos cinco."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in _ENDINGS
            ]
        }
    )

    sequence: Sequence = None
    contract: Number
    finishes_at: LastHour | None = Field(alias="dataFinalizacao", default=None)
    validates_finish: Literal[True] | None = Field(
        alias="validarFinalizacao", default=None, description="Valida a finalização que a outra parte pediu"
    )
    cancels: Literal[True] | None = Field(
        alias="cancelarContrato", default=None, description="Pede o cancelamento"
    )
    validates_cancellation: Literal[True] | None = Field(
        alias="validarCancelamento", default=None, description="Valida o cancelamento que a outra parte pediu"
    )
    withdraws: Literal[True] | None = Field(
        alias="retirarPedido", default=None, description="Retira o pedido de fim que a própria parte fez"
    )

    def faults(self, pointer: str, _: ContractKind) -> list[Fault]:
        if len(self._acts()) == 1:
            return []
        return [Fault(RULE, f"informe um só destes: {', '.join(_ENDINGS)}", pointer)]

    def demand(self, _: ContractKind) -> Closure:
        (act,) = self._acts()
        return Closure(ContractCode(self.contract), act, self.finishes_at)

    def _acts(self) -> list[Closing]:
        told: dict[Closing, Any] = {
            Closing.FINISH: self.finishes_at,
            Closing.VALIDATE_FINISH: self.validates_finish,
            Closing.CANCEL: self.cancels,
            Closing.VALIDATE_CANCELLATION: self.validates_cancellation,
            Closing.WITHDRAW: self.withdraws,
        }
        return [act for act, value in told.items() if value is not None]


ImportRow = RegistrationRow | AdjustmentRow | ValidationRow | ClosureRow
