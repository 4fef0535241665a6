"""A mail, and whoever sends it."""

from dataclasses import dataclass, field
from typing import Protocol


class MailNotSent(Exception):
    """The mail was not taken; nobody knows whether a later try will fare better."""


@dataclass(frozen=True, slots=True)
class Mail:
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Raise `MailNotSent`."""
        ...
