"""A login is bound to its CPF once, by the e-mail that the registry knows and the user pool verified."""

from dataclasses import dataclass
from typing import Protocol

from aval.identifiers import Cpf
from aval.registry.queries import Registry


class LoginAlreadyBound(Exception):
    """The login or the person was bound to another one in the meantime."""


class LoginBindings(Protocol):
    def person_of(self, login: str) -> Cpf | None: ...

    def bind(self, login: str, person: Cpf) -> None:
        """Raise `LoginAlreadyBound` when either side belongs to another pair."""


class UserDirectory(Protocol):
    def verified_email(self, login: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PeopleByLogin:
    bindings: LoginBindings
    directory: UserDirectory
    registry: Registry

    def person_of(self, login: str) -> Cpf | None:
        """The person behind `login`, bound now if never before; None for a login that nobody answers for."""
        bound = self.bindings.person_of(login)
        return bound if bound is not None else self._bind(login)

    def _bind(self, login: str) -> Cpf | None:
        # From the pool, never from the token: an attribute there may be its user's own words.
        email = self.directory.verified_email(login)
        person = self.registry.person_by_email(email) if email else None
        if person is None:
            return None
        try:
            self.bindings.bind(login, person.cpf)
        except LoginAlreadyBound:
            return self.bindings.person_of(login)
        return person.cpf
