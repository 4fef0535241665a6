"""A person asks for a first access, or for one whose password was forgotten, by the e-mail alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from aval.identifiers import Cpf
from aval.registry.model import Email
from aval.registry.queries import Registry

MOST_AN_HOUR: Final = 3


class LoginState(StrEnum):
    INVITED = "INVITED"
    """It has a temporary password, and none of its own yet."""
    IN_USE = "IN_USE"
    CLOSED = "CLOSED"
    """An operator closed it, or its address was never verified: nothing is sent there."""


@dataclass(frozen=True, slots=True)
class Login:
    subject: str
    state: LoginState


class Logins(Protocol):
    """Each mail is the user pool's own, and goes to the login's address."""

    def login_of(self, email: Email) -> Login | None: ...

    def invite(self, email: Email) -> None:
        """Make the login, and mail a temporary password; harmless where it was just made."""

    def invite_again(self, email: Email) -> None:
        """Mail a new temporary password, from now on the only one."""

    def send_code(self, email: Email) -> bool:
        """Mail a code by which a new password is chosen; the old one stays good until then.

        False when the pool has sent as many as it sends.
        """


class Bindings(Protocol):
    """Logins and people, bound one to one at a login's first call."""

    def person_of(self, login: str) -> Cpf | None: ...

    def login_of(self, person: Cpf) -> str | None: ...


class AccessAsked(Protocol):
    def count(self, person: Cpf, *, at: datetime, most: int) -> bool:
        """Count one more mail of this hour; False, and not counted, where there were `most`."""


class Sent(StrEnum):
    """What became of a request: for the log, never for whoever asked."""

    NOTHING_UNKNOWN = "unknown"
    NOTHING_TOO_MANY = "too_many"
    NOTHING_CLOSED = "closed"
    NOTHING_OTHERS = "login_of_another"
    NOTHING_MOVED = "bound_to_another_login"
    INVITATION = "invitation"
    INVITATION_AGAIN = "invitation_again"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class AccessDesk:
    registry: Registry
    logins: Logins
    bindings: Bindings
    asked: AccessAsked

    def answer(self, address: str, *, at: datetime) -> Sent:
        """Send what `address` needs to come in, if it is of a person that the registry knows."""
        person = self.registry.person_by_email(address)
        if person is None:
            return Sent.NOTHING_UNKNOWN
        login = self.logins.login_of(person.email)
        withheld = self._withheld(person.cpf, login)
        if withheld is not None:
            return withheld
        if not self.asked.count(person.cpf, at=at, most=MOST_AN_HOUR):
            return Sent.NOTHING_TOO_MANY
        return self._send(person.email, login)

    def _withheld(self, person: Cpf, login: Login | None) -> Sent | None:
        """Why nothing may be sent, where an operator has to look first (docs/operating.md)."""
        # An address that the registry gave to somebody else must not open the login of who had it.
        if login is not None and self.bindings.person_of(login.subject) not in (None, person):
            return Sent.NOTHING_OTHERS
        # A second login of a person could never be bound, and would open nothing.
        if self.bindings.login_of(person) not in (None, login.subject if login else None):
            return Sent.NOTHING_MOVED
        if login is not None and login.state is LoginState.CLOSED:
            return Sent.NOTHING_CLOSED
        return None

    def _send(self, email: Email, login: Login | None) -> Sent:
        if login is None:
            self.logins.invite(email)
            return Sent.INVITATION
        if login.state is LoginState.INVITED:
            self.logins.invite_again(email)
            return Sent.INVITATION_AGAIN
        return Sent.CODE if self.logins.send_code(email) else Sent.NOTHING_TOO_MANY
