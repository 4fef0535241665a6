"""The person or system behind a lote: named to colleagues, and told by mail how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cpf
from aval.identity.caller import CallerKind
from aval.prudential.lotes import Lote
from aval.registry.model import Person
from aval.registry.queries import MonitoringRegistry


class Logins(Protocol):
    def person_of(self, login: str) -> Cpf | None: ...


@dataclass(frozen=True, slots=True)
class LoteSenders:
    logins: Logins
    registry: MonitoringRegistry

    def person(self, announced_by: str) -> Person | None:
        """None for a system, and for somebody whom the registry no longer has."""
        kind, _, login = announced_by.partition(":")
        cpf = self.logins.person_of(login) if kind == CallerKind.PERSON else None
        return self.registry.person(cpf) if cpf else None

    def name(self, announced_by: str) -> str:
        person = self.person(announced_by)
        if person is not None:
            return person.name
        return "sistema da empresa" if announced_by.startswith(f"{CallerKind.SYSTEM}:") else "pessoa"

    def told(self, lote: Lote, *, at: datetime) -> tuple[Person, ...]:
        """Who announced it; of a system, those who answer for the monitoring of its company."""
        person = self.person(lote.created_by)
        return (person,) if person else self.registry.monitors_of(lote.sender, at=at)
