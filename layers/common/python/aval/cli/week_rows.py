"""The agents of a week as the platform lists them: names of what is sealed, and no figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from aval.adapters.platform_api import PlatformApi
from aval.cli.outcome import CommandFailed
from aval.cli.platform_access import platform_ends_the_command
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentState


@dataclass(frozen=True, slots=True)
class AgentListed:
    """Empty texts stand for what was not delivered or computed."""

    company: Cnpj
    sigla: str
    state: AgentState
    portfolio: str
    counterparties: str
    readers: str
    """Digest of the list that the portfolio came with."""
    calculation: str

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        portfolio, counterparties = told["portfolio"] or {}, told["contrapartes"] or {}
        return cls(
            company=Cnpj.parse(told["cnpj"]),
            sigla=str(told["sigla"]),
            state=AgentState(told["estado"]),
            portfolio=str(portfolio.get("identidade", "")),
            counterparties=str(counterparties.get("identidade", "")),
            readers=str(portfolio.get("leitores", "")),
            calculation=str(told["calculo"] or ""),
        )


@dataclass(frozen=True, slots=True)
class AgentsListed:
    agents: tuple[AgentListed, ...]
    progress: Mapping[str, Any]

    def named(self, companies: Sequence[Cnpj]) -> tuple[AgentListed, ...]:
        """Those named, or all; raise `CommandFailed` for one that the sender does not act for."""
        by_company = {one.company: one for one in self.agents}
        unknown = [one.masked for one in companies if one not in by_company]
        if unknown:
            raise CommandFailed(
                f"sem agente elegível sob este remetente: {', '.join(unknown)}; confira o CNPJ e o evento"
            )
        return tuple(by_company[one] for one in companies) if companies else self.agents


def agents_of(api: PlatformApi, event: EventCode, sender: Cnpj) -> AgentsListed:
    """Every page."""
    found: list[AgentListed] = []
    cursor: str | None = ""
    progress: Mapping[str, Any] = {}
    with platform_ends_the_command():
        while cursor is not None:
            query = {"remetente": sender, **({"cursor": cursor} if cursor else {})}
            told = api.get(f"/prudencial/semanas/{event}/agentes", query).document
            found += [AgentListed.read(one) for one in told["agentes"]]
            cursor, progress = told["proxima"], told["contadores"]
    return AgentsListed(tuple(found), progress)
