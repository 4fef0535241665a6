"""Messages of the acts of a week: what comes and goes here is sealed, signed or public."""

import json
from typing import Any, Self

from pydantic import Field

from aval.edge.message import Message, Request
from aval.prudential.agent_state import AgentState, ParametersUsed
from aval.prudential.factor_reading import FactorRead
from aval.prudential.submitting import LARGEST_OF_WEEK
from aval.prudential.week_acts import ActDone
from aval.sealing.statements import MAX_STATEMENT_CHARACTERS

_STATES = "O estado do agente neste evento, como vale agora"
_ANSWER = "A resposta, JWE em JSON geral, selada aos leitores dos dados"


class SealedAct(Request):
    """Um objeto selado à chave do enclave."""

    sealed: str = Field(
        alias="selado",
        repr=False,
        min_length=1,
        max_length=LARGEST_OF_WEEK,
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="JWE na forma compacta, do tipo do ato; o remetente nele é a empresa pela qual se age",
        examples=["eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.c2VnLg.aXY.Y29ycG8.dGFn"],
    )


class SignedAct(Request):
    """Um ato assinado por um leitor dos dados."""

    signed: str = Field(
        alias="ato",
        repr=False,
        min_length=1,
        max_length=MAX_STATEMENT_CHARACTERS,
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="JWS na forma compacta, assinado por um leitor dos dados entregues",
        examples=["eyJhbGciOiJFUzI1NiJ9.eyJhdG8iOiJMRVIifQ.YXNzaW5hdHVyYQ"],
    )


class ActTold(Message):
    """Um ato: feito, com a resposta selada, ou ainda em andamento, a seguir pela tarefa."""

    task: str = Field(
        alias="tarefa", description="Com ela se pergunta o resultado enquanto não vem", examples=["0f" * 32]
    )
    state: AgentState = Field(alias="estado", description=_STATES)
    answer: str | None = Field(alias="resposta", repr=False, description=f"{_ANSWER}; nula até que termine")
    released: dict[str, Any] | None = Field(
        alias="liberado", description="O que o envio liberou em claro, com o recibo; nulo nos outros atos"
    )

    @classmethod
    def of(cls, done: ActDone) -> Self:
        outcome = done.task.outcome
        return cls(
            task=done.task.id,
            state=done.state,
            answer=(outcome.answer.decode() or None) if outcome else None,
            released=json.loads(outcome.released) if outcome and outcome.released else None,
        )


class ParametersTold(Message):
    """O conjunto de parâmetros com que se calculou."""

    version: int = Field(alias="versao", description="O número da versão")
    digest: str = Field(alias="resumo", description="SHA-256 do que ela diz", examples=["0f" * 32])

    @classmethod
    def of(cls, used: ParametersUsed) -> Self:
        return cls(version=used.version, digest=used.digest)


class FactorTold(Message):
    """A última resposta selada que traz o fator, e em que ele se apoia."""

    state: AgentState = Field(alias="estado", description=_STATES)
    calculation: str | None = Field(
        alias="calculo",
        description="O nome do cálculo: é o que se valida, cancela e envia; nulo se incompleto",
    )
    parameters: ParametersTold | None = Field(
        alias="parametros", description="Os parâmetros do último cálculo, que podem não ser mais os em vigor"
    )
    answer: str = Field(alias="resposta", repr=False, description=_ANSWER)

    @classmethod
    def of(cls, read: FactorRead) -> Self:
        return cls(
            state=read.state,
            calculation=read.calculation or None,
            parameters=ParametersTold.of(read.parameters) if read.parameters else None,
            answer=read.answer.decode(),
        )
