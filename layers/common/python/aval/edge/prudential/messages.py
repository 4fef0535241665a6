"""Messages of the confidential core: what passes here is sealed, signed or public."""

import base64
import json
from typing import Any, Self

from pydantic import Field

from aval.edge.contracts.fields import MomentTold
from aval.edge.message import Message, Request
from aval.edge.prudential.fields import ActAsked, EventInBody
from aval.edge.wire_identifiers import CnpjInBody
from aval.moments import for_people
from aval.prudential.submitting import LARGEST_REHEARSAL
from aval.prudential.tasks import Task, TaskState
from aval.prudential.vault import KeyAnswer


class KeyOffered(Message):
    """A chave do enclave, com o documento que a atesta; confira-o antes de selar."""

    attestation: str = Field(
        alias="atestado", description="O documento de atestado do AWS Nitro, COSE_Sign1, em base64"
    )
    declaration: dict[str, Any] = Field(
        alias="declaracao",
        description="kid, assinatura (SHA-256 da SPKI), semanas e metodo; o SHA-256 do seu JSON canônico é o "
        "user_data do atestado",
    )
    signing_key: dict[str, str] = Field(
        alias="assinatura", description="A chave pública, JWK, com que o enclave assina respostas e recibos"
    )

    @classmethod
    def of(cls, answer: KeyAnswer) -> Self:
        return cls(
            attestation=base64.b64encode(answer.attestation).decode(),
            declaration=dict(answer.declaration),
            signing_key=dict(answer.signing_key),
        )


class RehearsalRequest(Request):
    """Um ensaio: o que um sistema fará na semana, com um número de mentira."""

    company: CnpjInBody = Field(alias="cnpj")
    event: EventInBody = Field(alias="evento")
    act: ActAsked = Field(alias="ato")
    body: str = Field(
        alias="corpo",
        repr=False,
        min_length=1,
        max_length=LARGEST_REHEARSAL,
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="ENTREGAR e ENVIAR: um JWE na forma compacta, selado à chave do enclave; LER e VALIDAR: "
        "um JWS na forma compacta, assinado por um leitor",
        examples=["eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.c2VnLg.aXY.Y29ycG8.dGFn"],
    )


class TaskAccepted(Message):
    """O pedido foi aceito e não se perde; o mesmo pedido outra vez é a mesma tarefa."""

    id: str = Field(description="Com ele se pergunta o resultado", examples=["0f" * 32])
    state: TaskState = Field(alias="estado", description="RECEBIDA, até que o enclave responda")

    @classmethod
    def of(cls, task: Task) -> Self:
        return cls(id=task.id, state=task.state)


class TaskTold(Message):
    """Uma tarefa, e como terminou."""

    id: str = Field(description="O código da tarefa", examples=["0f" * 32])
    act: str = Field(
        alias="ato",
        description="De um ensaio ENTREGAR, LER, VALIDAR ou ENVIAR; da semana PORTFOLIO, CONTRAPARTES, "
        "CALCULO, VALIDACAO, CANCELAMENTO, ENVIO, LEITURA ou SIMULACAO",
    )
    event: str = Field(alias="evento", description="A semana", examples=["202611003"])
    company: str = Field(alias="cnpj", description="A empresa, sem máscara", examples=["33047509000149"])
    state: TaskState = Field(alias="estado", description="RECEBIDA, CONCLUIDA, RECUSADA ou FALHA")
    received_at: MomentTold = Field(alias="recebidaEm", description="Quando foi aceita")
    ended_at: MomentTold | None = Field(alias="encerradaEm", description="Quando terminou")
    reason: str | None = Field(
        alias="motivo", description="O código da regra, se foi recusada ou falhou; a frase está na resposta"
    )
    answer: str | None = Field(
        alias="resposta",
        repr=False,
        description="A resposta, JWE em JSON geral, selada aos leitores dos dados",
    )
    released: dict[str, Any] | None = Field(
        alias="liberado", description="O que o envio liberou em claro, para publicação"
    )

    @classmethod
    def of(cls, task: Task) -> Self:
        outcome = task.outcome
        return cls(
            id=task.id,
            act=task.act,
            event=task.event,
            company=task.company,
            state=task.state,
            received_at=for_people(task.received_at),
            ended_at=for_people(outcome.ended_at) if outcome else None,
            reason=(outcome.reason or None) if outcome else None,
            answer=(outcome.answer.decode() or None) if outcome else None,
            released=json.loads(outcome.released) if outcome and outcome.released else None,
        )
