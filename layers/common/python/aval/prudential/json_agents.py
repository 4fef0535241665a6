"""Many agents in one JSON file: each read on its own, refused or taken without the others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from aval.errors import Fault
from aval.identifiers import Cnpj
from aval.prudential.json_document import Node
from aval.prudential.portfolio import AgentRefused

MOST_AGENTS: Final = 20_000
"""Twice what one file is asked to serve."""
_LONGEST_CNPJ: Final = 18


def agents_of(listed: Node) -> tuple[Node, ...]:
    """Each with faults of its own; a list that is none is noted where `listed` notes."""
    return tuple(Node(one.value, [], one.parent, one.key) for one in listed.items(1, MOST_AGENTS))


def without_content(agent: Node) -> Node:
    """What is still asked of an agent that was read: its place, its faults, and how it spells its CNPJ."""
    spelled = {"cnpj": agent.value.get("cnpj")} if isinstance(agent.value, dict) else None
    return Node(spelled, agent.faults, agent.parent, agent.key)


def refuse_repeated(agents: Sequence[tuple[Node, Cnpj]]) -> None:
    """Of two entries of one company neither counts: which was meant is not ours to guess."""
    counts = Counter(company for _, company in agents)
    for agent, company in agents:
        if company and counts[company] > 1:
            detail = f"o CNPJ aparece {counts[company]} vezes no arquivo; deixe uma só vez"
            agent.faults.append(Fault("repetido", detail, f"{agent.pointer}/cnpj"))


def refused_of(agents: Iterable[Node]) -> tuple[AgentRefused, ...]:
    return tuple(
        AgentRefused(_company_told(agent), agent.pointer, tuple(agent.faults))
        for agent in agents
        if agent.faults
    )


def _company_told(agent: Node) -> str:
    company = agent.value.get("cnpj") if isinstance(agent.value, dict) else None
    return company[:_LONGEST_CNPJ] if isinstance(company, str) and company.isprintable() else ""
