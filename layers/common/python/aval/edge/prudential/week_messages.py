"""Messages of weeks: when they are open, and the parameters that their factors are computed with."""

import json
from typing import Annotated, Any, Final, Self

from pydantic import Field

from aval.edge.contracts.fields import MomentTold
from aval.edge.message import Message
from aval.edge.prudential.fields import EVENT
from aval.edge.registry.messages import CodeDescription
from aval.moments import for_people
from aval.prudential.week_reading import ListedWeek
from aval.prudential.week_reading import WeekTold as Week
from aval.prudential.weeks import WeekHead, WeekVersion
from aval.registry.model import ParticipantClass

_DIGEST: Final = "SHA-256, em hexadecimal, do que o conjunto diz; resultados o nomeiam"

EventTold = Annotated[
    str,
    Field(alias="evento", pattern=EVENT, description="A semana: ano, mês e número", examples=["202611003"]),
]
VersionTold = Annotated[int, Field(alias="versao", description="Número do conjunto de parâmetros")]
DigestTold = Annotated[str, Field(alias="resumo", description=_DIGEST, examples=["0f" * 32])]


class WeekListed(Message):
    """Uma semana do monitoramento, com os parâmetros em vigor."""

    event: EventTold
    version: VersionTold
    digest: DigestTold
    opens: MomentTold = Field(alias="abertura", description="Desde quando se preenche")
    deadline: MomentTold = Field(alias="prazo", description="O primeiro instante em que nada mais é aceito")
    frequency: str = Field(alias="periodicidade", description="SEMANAL ou MENSAL")
    classes: list[CodeDescription] = Field(description="As classes de agente a que a semana se dirige")
    is_open: bool = Field(alias="aberto", description="Se agora se preenche")
    is_published: bool = Field(alias="publicado", description="Se a lista da semana já foi publicada")

    @classmethod
    def of(cls, listed: ListedWeek) -> Self:
        return cls(**_told(listed))


class WeeksTold(Message):
    """As semanas, a última primeiro."""

    weeks: list[WeekListed] = Field(alias="semanas")

    @classmethod
    def of(cls, listed: tuple[ListedWeek, ...]) -> Self:
        return cls(weeks=[WeekListed.of(one) for one in listed])


class WeekVersionTold(Message):
    """Um conjunto de parâmetros, que nunca muda."""

    version: VersionTold
    digest: DigestTold
    loaded_at: MomentTold = Field(alias="carregadoEm", description="Desde quando vale")
    source: str = Field(
        alias="origem",
        description="O arquivo que o trouxe, com a sua versão",
        examples=["parametros/semana.json#00617F08299329D189"],
    )

    @classmethod
    def of(cls, version: WeekVersion) -> Self:
        return cls(
            version=version.parameters.version,
            digest=version.parameters.digest,
            loaded_at=for_people(version.loaded_at),
            source=version.source,
        )


class WeekTold(WeekListed):
    """Uma semana, todas as versões dos seus parâmetros, e uma delas por inteiro."""

    versions: list[WeekVersionTold] = Field(alias="versoes", description="Da primeira à que vale agora")
    parameters: dict[str, Any] = Field(
        alias="parametros",
        description="A versão pedida, ou a que vale, como no arquivo de parâmetros: decimais são textos; "
        "é o que `aval fa calcular --parametros` lê",
    )

    @classmethod
    def of_week(cls, told: Week) -> Self:
        return cls(
            **_told(told.week),
            versions=[WeekVersionTold.of(one) for one in told.versions],
            parameters=json.loads(told.asked.document),
        )


def _told(listed: ListedWeek) -> dict[str, Any]:
    head: WeekHead = listed.head
    return {
        "event": head.event,
        "version": head.version,
        "digest": head.digest,
        "opens": for_people(head.opens),
        "deadline": for_people(head.deadline),
        "frequency": head.frequency,
        "classes": [CodeDescription.of(ParticipantClass(one)) for one in head.classes],
        "is_open": listed.is_open,
        "is_published": listed.is_published,
    }
