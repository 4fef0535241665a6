"""The list of a week that is over: every eligible agent, with what it sent or that it sent nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final, Self

from aval.identifiers import Cnpj, EventCode
from aval.moments import for_people
from aval.prudential.agent_state import AgentState, ParametersUsed, ReleasedFactor
from aval.prudential.parameters import ParameterSet
from aval.registry.model import Participant

NOT_SENT: Final = "FA não enviado até o prazo"


@dataclass(frozen=True, slots=True)
class Counts:
    eligible: int
    with_factor: int
    without_factor: int
    """Sent that there is none, and why: the adjusted net equity is zero or negative."""
    not_sent: int

    def as_json(self) -> dict[str, int]:
        return {
            "elegiveis": self.eligible,
            "comFator": self.with_factor,
            "semFator": self.without_factor,
            "naoEnviados": self.not_sent,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, int]) -> Self:
        return cls(told["elegiveis"], told["comFator"], told["semFator"], told["naoEnviados"])


@dataclass(frozen=True, slots=True)
class PublishedAgent:
    code: int
    name: str
    sigla: str
    cnpj: Cnpj
    class_code: int
    class_name: str
    number: str | None
    """The factor, digit for digit as it was released."""
    remark: str
    """Why there is no factor; empty where there is one."""
    is_sent: bool

    @classmethod
    def of(cls, participant: Participant, released: ReleasedFactor | None) -> Self:
        return cls(
            code=participant.code,
            name=participant.legal_name,
            sigla=participant.sigla,
            cnpj=participant.cnpj,
            class_code=int(participant.participant_class),
            class_name=participant.participant_class.description,
            number=released.number if released else None,
            remark=released.reason if released else NOT_SENT,
            is_sent=released is not None,
        )

    @property
    def state(self) -> AgentState:
        return AgentState.PUBLISHED if self.is_sent else AgentState.NOT_SENT

    def as_json(self) -> dict[str, object]:
        return {
            "codigo": self.code,
            "nome": self.name,
            "sigla": self.sigla,
            "cnpj": self.cnpj,
            "classe": {"codigo": self.class_code, "descricao": self.class_name},
            "situacao": self.state.value,
            "fa": self.number,
            "observacao": self.remark or None,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        return cls(
            code=told["codigo"],
            name=told["nome"],
            sigla=told["sigla"],
            cnpj=Cnpj(told["cnpj"]),
            class_code=told["classe"]["codigo"],
            class_name=told["classe"]["descricao"],
            number=told["fa"],
            remark=told["observacao"] or "",
            is_sent=told["situacao"] == AgentState.PUBLISHED,
        )


@dataclass(frozen=True, slots=True)
class PublishedList:
    """By sigla. It says nothing of when it was made: the same week gives the same bytes."""

    event: EventCode
    frequency: str
    deadline: datetime
    parameters: ParametersUsed
    agents: tuple[PublishedAgent, ...]

    @classmethod
    def of(
        cls,
        parameters: ParameterSet,
        eligible: Sequence[Participant],
        released: Mapping[Cnpj, ReleasedFactor],
    ) -> Self:
        agents = (PublishedAgent.of(one, released.get(one.cnpj)) for one in eligible)
        return cls(
            event=parameters.event,
            frequency=parameters.frequency.value,
            deadline=parameters.deadline,
            parameters=ParametersUsed(parameters.version, parameters.digest),
            agents=tuple(sorted(agents, key=attrgetter("sigla", "cnpj"))),
        )

    @property
    def counts(self) -> Counts:
        with_factor = sum(one.number is not None for one in self.agents)
        sent = sum(one.is_sent for one in self.agents)
        return Counts(len(self.agents), with_factor, sent - with_factor, len(self.agents) - sent)

    def to_bytes(self) -> bytes:
        told = {
            "evento": self.event,
            "periodicidade": self.frequency,
            "prazo": for_people(self.deadline),
            "parametros": self.parameters.as_json(),
            "totais": self.counts.as_json(),
            "agentes": [agent.as_json() for agent in self.agents],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        told = json.loads(content)
        return cls(
            event=EventCode(told["evento"]),
            frequency=told["periodicidade"],
            deadline=datetime.fromisoformat(told["prazo"]).astimezone(UTC),
            parameters=ParametersUsed.from_json(told["parametros"]),
            agents=tuple(map(PublishedAgent.from_json, told["agentes"])),
        )
