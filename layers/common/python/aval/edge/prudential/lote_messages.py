"""Messages of lotes: what was announced, how far it is, and counts; what is in a file passes here sealed."""

from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field

from aval.edge.contracts.fields import MomentTold, require_number
from aval.edge.message import Message, Request
from aval.edge.wire_identifiers import CnpjInBody
from aval.moments import for_people
from aval.prudential.lote_files import LoteForm
from aval.prudential.lote_reasons import sentence_of
from aval.prudential.lotes import Lote, LoteKind, LoteState
from aval.sealing.envelope import MAX_SEALED_BYTES

_LONGEST_NAME: Final = 200

_Code = Annotated[str, Field(description="O código do lote", examples=["0a" * 16])]
_Digest = Annotated[
    str,
    Field(
        alias="sha256",
        pattern=r"^[0-9a-f]{64}$",
        min_length=64,
        max_length=64,
        description="SHA-256 do objeto selado, em hexadecimal minúsculo",
        examples=["0f" * 32],
    ),
]
_FileName = Annotated[
    str,
    Field(
        alias="nomeDoArquivo",
        min_length=1,
        max_length=_LONGEST_NAME,
        # No control character, and no path: it is shown and mailed.
        pattern=r"^[^\x00-\x1f\x7f/\\]+$",
        description="Como o arquivo se chama, sem pasta; aparece no histórico",
        examples=["carteiras.xlsx.selado"],
    ),
]
_Size = Annotated[
    int,
    Field(
        alias="tamanho",
        ge=1,
        le=MAX_SEALED_BYTES,
        description="Bytes do objeto selado",
        examples=[52_428],
    ),
    BeforeValidator(require_number),
]
_Kind = Annotated[LoteKind, Field(alias="tipo", description="PORTFOLIO ou CONTRAPARTES")]


class LoteRequest(Request):
    """Um lote anunciado: de quem é, o que traz, e de que arquivo selado se trata."""

    sender: CnpjInBody = Field(alias="remetente")
    kind: _Kind
    file_name: _FileName
    size: _Size
    digest: _Digest
    all_or_nothing: bool = Field(
        alias="tudoOuNada",
        default=False,
        strict=True,
        description="Com um agente errado, nada do lote é aceito",
    )


class LoteAnnounced(Message):
    """O formulário multipart/form-data do arquivo: os campos, na ordem dada, e por último `file`."""

    code: _Code = Field(alias="lote")
    url: str = Field(description="Para onde enviar, por POST")
    fields: dict[str, str] = Field(alias="campos", repr=False, description="Os campos do formulário")
    expires_at: MomentTold = Field(alias="expiraEm", description="Até quando o formulário é aceito")

    @classmethod
    def of(cls, lote: Lote, form: LoteForm) -> Self:
        return cls(
            code=lote.id, url=form.url, fields=dict(form.fields), expires_at=for_people(lote.expires_at)
        )


class LoteTold(Message):
    """Um lote, e até onde ele foi."""

    code: _Code = Field(alias="lote")
    event: str = Field(alias="evento", description="A semana", examples=["202611003"])
    sender: str = Field(alias="remetente", description="A empresa que o enviou, sem máscara")
    kind: _Kind
    by: str = Field(alias="quem", description="O nome de quem o anunciou, ou que foi o sistema da empresa")
    created_at: MomentTold = Field(alias="criadoEm", description="Quando foi anunciado")
    expires_at: MomentTold = Field(alias="expiraEm", description="Até quando o arquivo pode vir")
    received_at: MomentTold | None = Field(
        alias="recebidoEm", description="Quando o arquivo chegou: é o que conta para o prazo"
    )
    ended_at: MomentTold | None = Field(alias="encerradoEm", description="Quando terminou")
    file_name: str = Field(alias="nomeDoArquivo", description="Como foi anunciado")
    size: int = Field(alias="tamanho", description="Bytes do objeto selado")
    digest: str = Field(alias="sha256", description="Do objeto selado")
    all_or_nothing: bool = Field(alias="tudoOuNada", description="Com um agente errado, nada é aceito")
    state: LoteState = Field(
        alias="estado",
        description="AGUARDANDO_ARQUIVO, RECEBIDO, EM_PROCESSAMENTO, PROCESSADO, PROCESSADO_COM_ERROS, "
        "REJEITADO ou EXPIRADO",
    )
    progress: int = Field(alias="progresso", ge=0, le=100, description="Por cento")
    taken: int | None = Field(alias="aceitos", description="Agentes aceitos; nulo até o enclave decidir")
    refused: int | None = Field(
        alias="recusados", description="Agentes recusados; nulo até o enclave decidir"
    )
    rules: dict[str, int] = Field(alias="regras", description="Quantas faltas de cada regra")
    answers: int = Field(
        alias="respostas", description="Quantas respostas seladas há, de número 0 a este menos 1"
    )
    reason: str | None = Field(alias="motivo", description="O código da regra que recusou o arquivo todo")
    sentence: str | None = Field(alias="frase", description="A mesma regra em palavras, e o que fazer")

    @classmethod
    def of(cls, lote: Lote, *, by: str) -> Self:
        outcome = lote.outcome
        return cls(
            code=lote.id,
            event=lote.event,
            sender=lote.sender,
            kind=lote.kind,
            by=by,
            created_at=for_people(lote.created_at),
            expires_at=for_people(lote.expires_at),
            received_at=for_people(lote.received_at) if lote.received_at else None,
            ended_at=for_people(lote.ended_at) if lote.ended_at else None,
            file_name=lote.file_name,
            size=lote.size,
            digest=lote.identity,
            all_or_nothing=lote.all_or_nothing,
            state=lote.state,
            progress=lote.progress,
            taken=outcome.taken if outcome else None,
            refused=outcome.refused if outcome else None,
            rules=dict(outcome.rules) if outcome else {},
            answers=outcome.answers if outcome else 0,
            reason=lote.reason or None,
            sentence=sentence_of(lote.reason) if lote.reason else None,
        )


class LotesTold(Message):
    """Os lotes de um remetente numa semana, o mais novo primeiro; os 500 últimos."""

    lotes: list[LoteTold] = Field(description="O mais novo primeiro")
