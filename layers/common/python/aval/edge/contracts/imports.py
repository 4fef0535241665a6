"""Messages of imports: what is sent, in one of its forms, and how far it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field

from aval.contracts.bus import (
    ProcessingCode,
    ProcessingState,
    RowResult,
    RowStatus,
    Submitted,
    UploadTicket,
)
from aval.contracts.imports.rows import Row
from aval.contracts.model import ContractCode, ContractKind
from aval.contracts.paging import Stretch
from aval.edge.contracts.energies import NamedAmounts
from aval.edge.contracts.fields import MomentTold, ProfileNumber, Size
from aval.edge.contracts.messages import NextCursor
from aval.edge.contracts.rows import AdjustmentRow, ClosureRow, ImportRow, RegistrationRow, ValidationRow
from aval.edge.contracts.stretches import RowsOfProcessing
from aval.edge.long_lists import read_in_parts
from aval.edge.message import Message, Request
from aval.edge.requests import ActRefused
from aval.errors import Fault, FaultsFound
from aval.moments import for_people

_FORMS: Final = (
    ("arquivo",),
    ("registrar",),
    ("ajustar",),
    ("validar",),
    ("encerrar",),
    ("tamanho", "sha256"),
)
Profile = Annotated[
    ProfileNumber,
    Field(alias="perfil", description="O perfil de agente pelo qual se age", examples=[10010]),
]


class ImportRequest(Request):
    """Linhas a importar, numa só destas formas: o arquivo XML como texto; linhas em JSON, todas de um só ato;
    ou o tamanho e o resumo de um arquivo grande, que é enviado depois."""

    model_config = ConfigDict(
        json_schema_extra={
            # That there is no second one is for `require_one_form`: a schema that says it is of no use to
            # generators of clients, nor to ours of tests.
            "anyOf": [{"required": list(members)} for members in _FORMS],
            "examples": [
                {
                    "perfil": 10010,
                    "validar": [
                        {
                            "numeroContrato": 123,
                            "montantes": [{"vigenciaDeInicio": "2026-01-01T00:00:00-03:00"}],
                        }
                    ],
                }
            ],
        }
    )

    profile: Profile
    kind: Literal["CCEAL", "CBR"] = Field(
        alias="tipo",
        default="CCEAL",
        description="O tipo dos contratos de que falam as linhas em JSON",
        examples=["CCEAL"],
    )
    file: str | None = Field(
        alias="arquivo",
        default=None,
        min_length=1,
        repr=False,
        description="O arquivo de importação, como o do SOAP, em texto",
        examples=['<ContratosCCEAL tipoGeracao="24">…</ContratosCCEAL>'],
    )
    registrations: list[RegistrationRow] | None = Field(
        alias="registrar", default=None, min_length=1, description="Contratos novos"
    )
    adjustments: list[AdjustmentRow] | None = Field(
        alias="ajustar", default=None, min_length=1, description="Montantes a ajustar"
    )
    validations: list[ValidationRow] | None = Field(
        alias="validar", default=None, min_length=1, description="Montantes a validar"
    )
    closures: list[ClosureRow] | None = Field(
        alias="encerrar",
        default=None,
        min_length=1,
        description="Contratos a finalizar ou cancelar",
    )
    size: Size | None = Field(alias="tamanho", default=None, description="Bytes do arquivo a enviar")
    digest: str | None = Field(
        alias="sha256",
        default=None,
        min_length=64,
        max_length=64,
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 do arquivo a enviar, em hexadecimal minúsculo",
        examples=["0f" * 32],
    )

    _lists = read_in_parts("registrations", "adjustments", "validations", "closures")

    def require_one_form(self) -> None:
        """Raise `FaultsFound` unless exactly one form is there, and that one whole."""
        told = {"arquivo": self.file, **self._rows(), "tamanho": self.size, "sha256": self.digest}
        given = {name for name, value in told.items() if value is not None}
        if given not in [set(members) for members in _FORMS]:
            sentence = (
                "envie um só: arquivo; registrar, ajustar, validar ou encerrar; ou tamanho e sha256 juntos"
            )
            raise FaultsFound("não se sabe o que importar", [Fault("forma-do-envio", sentence, "#")])

    @property
    def form(self) -> str:
        """The member that holds the rows, of those that are told as JSON."""
        return next(name for name, rows in self._rows().items() if rows is not None)

    def rows(self) -> tuple[Row, ...]:
        """Raise `FaultsFound` with every fault of every row."""
        form, kind = self.form, ContractKind(self.kind)
        rows = self._rows()[form] or ()
        faults = [fault for index, row in enumerate(rows) for fault in row.faults(f"#/{form}/{index}", kind)]
        if faults:
            raise FaultsFound("há linhas que não se podem ler", faults)
        return tuple(
            Row(number, row.sequence or str(number), row.demand(kind))
            for number, row in enumerate(rows, start=1)
        )

    def _rows(self) -> dict[str, Sequence[ImportRow] | None]:
        return {
            "registrar": self.registrations,
            "ajustar": self.adjustments,
            "validar": self.validations,
            "encerrar": self.closures,
        }


class UploadForm(Message):
    """Um formulário multipart/form-data: os campos, na ordem dada, e por último `file`, o arquivo."""

    url: str = Field(description="Para onde enviar, por POST")
    fields: dict[str, str] = Field(alias="campos", repr=False, description="Os campos do formulário")
    expires_at: MomentTold = Field(alias="validoAte", description="Até quando o envio é aceito")

    @classmethod
    def of(cls, ticket: UploadTicket) -> Self:
        return cls(url=ticket.url, fields=dict(ticket.fields), expires_at=for_people(ticket.expires_at))


class ImportAccepted(Message):
    """A importação foi aceita e não se perde; o resultado de cada linha vem em seguida."""

    code: int = Field(
        alias="codigoProcessamento", description="Com ele se pergunta o resultado", examples=[1]
    )
    upload: UploadForm | None = Field(alias="envio", description="Como enviar o arquivo grande")

    @classmethod
    def of(cls, code: ProcessingCode, ticket: UploadTicket | None = None) -> Self:
        return cls(code=code, upload=UploadForm.of(ticket) if ticket else None)


class ContractNamed(Message):
    """O contrato de uma linha."""

    code: int = Field(alias="codigo", description="O número do contrato", examples=[123])


class RowTold(Message):
    """O resultado de uma linha."""

    row: int = Field(alias="linha", description="Lugar no arquivo, desde 1", examples=[1])
    sequence: str = Field(alias="sequencialControle", description="Como a linha se chama", examples=["1"])
    status: RowStatus = Field(description="SUCESSO, AVISO ou ERRO", examples=["SUCESSO"])
    description: str = Field(alias="descricao", description="O que houve, e o que fazer")
    contract: ContractNamed | None = Field(alias="contrato", description="O contrato de que fala")

    @classmethod
    def of(cls, result: RowResult) -> Self:
        return cls(
            row=result.row,
            sequence=result.sequence,
            status=result.status,
            description=result.description,
            contract=None if result.contract is None else ContractNamed(code=result.contract),
        )


class ImportListed(Message):
    """Uma importação, quem a enviou e até onde foi."""

    code: int = Field(alias="codigoProcessamento", description="O código recebido no envio", examples=[1])
    state: ProcessingState = Field(alias="situacao", description="Em que ponto está", examples=["CONCLUIDO"])
    received_at: MomentTold = Field(alias="recebidoEm", description="Quando foi aceita")
    moved_at: MomentTold = Field(
        alias="alteradoEm", description="O último andamento; o fim, numa importação encerrada"
    )
    company: str = Field(
        alias="empresa", description="CNPJ de quem enviou, sem máscara", examples=["33047509000149"]
    )
    profile: ProfileNumber = Field(
        alias="perfil", description="O perfil de agente pelo qual se agiu", examples=[10010]
    )
    person: str | None = Field(alias="quem", description="A pessoa; nulo se foi um sistema da empresa")
    total: int | None = Field(
        alias="totalLinhas", description="Nulo até a leitura do arquivo", examples=[100]
    )
    done: int = Field(
        alias="linhasFeitas", description="Linhas já julgadas, com qualquer resultado", examples=[100]
    )
    failed: int = Field(alias="linhasComErro", description="Das já julgadas, as recusadas", examples=[3])

    @classmethod
    def of(cls, submitted: Submitted) -> Self:
        processing, author = submitted.processing, submitted.author
        return cls(
            code=processing.code,
            state=processing.state,
            received_at=for_people(processing.received_at or submitted.moved_at),
            moved_at=for_people(submitted.moved_at),
            company=author.company,
            profile=author.profile,
            person=author.person_name,
            total=processing.total_rows,
            done=processing.done_rows,
            failed=processing.failed_rows,
        )


class ImportPage(Message):
    """As importações das suas empresas, a mais nova primeiro."""

    imports: list[ImportListed] = Field(alias="importacoes", description="Nesta página")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[Submitted]) -> Self:
        return cls(imports=[ImportListed.of(one) for one in found.rows], next_cursor=found.next_cursor)


class ProcessingOutcome(Message):
    """Como está uma importação, e uma página do que diz de suas linhas."""

    code: int = Field(alias="codigoProcessamento", description="O código recebido no envio", examples=[1])
    state: ProcessingState = Field(alias="situacao", description="Em que ponto está", examples=["CONCLUIDO"])
    received_at: MomentTold | None = Field(
        alias="recebidoEm", description="Quando foi aceita; nulo se o outro barramento não o diz"
    )
    total: int | None = Field(
        alias="totalLinhas", description="Nulo até a leitura do arquivo", examples=[100]
    )
    done: int = Field(
        alias="linhasFeitas", description="Linhas já julgadas, com qualquer resultado", examples=[100]
    )
    failed: int = Field(alias="linhasComErro", description="Das já julgadas, as recusadas", examples=[3])
    results: list[RowTold] = Field(alias="detalhes", description="Por linha")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: RowsOfProcessing) -> Self:
        processing = found.processing
        return cls(
            code=processing.code,
            state=processing.state,
            received_at=for_people(processing.received_at) if processing.received_at else None,
            total=processing.total_rows,
            done=processing.done_rows,
            failed=processing.failed_rows,
            results=[RowTold.of(row) for row in found.rows],
            next_cursor=found.next_cursor,
        )


class AmountValidation(Request):
    """Montantes que o comprador valida agora: todos, ou nenhum deles."""

    profile: Profile
    amounts: NamedAmounts

    _lists = read_in_parts("amounts")

    def begins(self) -> frozenset[datetime]:
        return frozenset(one.begins for one in self.amounts)


class AmountsValidated(Message):
    """SUCESSO, ou AVISO quando já estavam validados e nada mudou."""

    status: RowStatus = Field(description="SUCESSO ou AVISO", examples=["SUCESSO"])
    description: str = Field(alias="descricao", description="O que houve")
    contract: ContractNamed = Field(alias="contrato", description="O contrato")

    @classmethod
    def of(cls, code: ContractCode, result: RowResult) -> Self:
        """Raise `ActRefused` with the sentence of a refused row."""
        if result.status is RowStatus.REFUSED:
            raise ActRefused(result.description)
        return cls(status=result.status, description=result.description, contract=ContractNamed(code=code))
