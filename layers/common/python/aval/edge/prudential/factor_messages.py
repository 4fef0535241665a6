"""Messages of an agent's factors over the weeks: what it sent, which it let out itself."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, Self

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from aval.edge.contracts.fields import MomentTold
from aval.edge.message import Message
from aval.edge.prudential.week_messages import EventTold
from aval.identifiers import Cnpj
from aval.moments import for_people
from aval.prudential.agent_state import AgentState
from aval.prudential.factor_history import FactorOfWeek

FACTORS: Final = "/prudencial/agentes/<cnpj>/fatores"
WeeksAsked = Annotated[
    int, Query(alias="semanas", ge=1, le=520, description="Quantas das últimas semanas se olham")
]


class FactorSent(Message):
    """O que o agente enviou numa semana."""

    event: EventTold
    frequency: str = Field(alias="periodicidade", description="SEMANAL ou MENSAL", examples=["SEMANAL"])
    deadline: MomentTold = Field(alias="prazo", description="O primeiro instante em que nada mais é aceito")
    state: Literal[AgentState.SENT, AgentState.PUBLISHED] = Field(
        alias="situacao", description="ENVIADO até a publicação da semana, depois PUBLICADO"
    )
    at: MomentTold = Field(alias="em", description="Quando foi enviado")
    number: str | None = Field(
        alias="fa", description="Decimal com 12 casas, como foi enviado", examples=["0.170817703691"]
    )
    remark: str | None = Field(alias="observacao", description="Por que não há FA; nulo onde há")

    @classmethod
    def of(cls, one: FactorOfWeek) -> Self:
        return cls.model_validate(
            {
                "evento": one.head.event,
                "periodicidade": one.head.frequency,
                "prazo": for_people(one.head.deadline),
                "situacao": one.state,
                "em": for_people(one.released.at),
                "fa": one.released.number,
                "observacao": one.released.reason or None,
            }
        )


class FactorsSent(Message):
    """Os fatores que o agente enviou; a semana em que nada enviou não está aqui."""

    company: str = Field(alias="cnpj", description="A empresa, sem máscara", examples=["33047509000149"])
    factors: list[FactorSent] = Field(alias="fatores", description="Da semana mais nova à mais antiga")

    @classmethod
    def of(cls, company: Cnpj, found: Sequence[FactorOfWeek]) -> Self:
        return cls(company=company, factors=[FactorSent.of(one) for one in found])
