"""What the notices ask of their storage: rows that keep a notice from being sent twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from aval.adhesion.company import RegisteredCertificate
from aval.identifiers import Cnpj, Fingerprint
from aval.notices.schedule import NoticeKind

LEASE: Final = timedelta(hours=1)
"""A run that died between claim and mail is taken over after this; no run lasts as long."""


class ClaimLost(Exception):
    """The lease lapsed and another run took the notice over."""


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """What a notice is about: one certificate, or one company's lock or week at `occasion`."""

    about: Fingerprint | Cnpj
    kind: NoticeKind
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one notice; `told` are the recipients that an earlier try reached."""

    key: NoticeKey
    claimed_at: datetime
    told: frozenset[str]


class NoticeStore(Protocol):
    def settled(self, fingerprint: Fingerprint) -> frozenset[NoticeKind]:
        """The notices of a certificate that were sent, or became moot."""

    def claim(self, key: NoticeKey, *, at: datetime) -> Claim | None:
        """None when it is settled, or claimed by a run whose lease still lasts."""

    def mark_told(self, claim: Claim, recipient: str) -> None:
        """Raise `ClaimLost`."""

    def mark_sent(self, claim: Claim, *, at: datetime) -> None:
        """Raise `ClaimLost`."""

    def release(self, claim: Claim) -> None:
        """Let whoever comes next try at once; raise `ClaimLost`."""

    def mark_moot(self, key: NoticeKey, *, at: datetime) -> None:
        """Settle a notice that nobody needs any more; one that was sent stays so."""

    def untold_removals(self) -> Iterator[RegisteredCertificate]:
        """Certificates removed at expiry whose last mail is still to be sent."""

    def forget_removal(self, certificate: RegisteredCertificate) -> None:
        """The last mail was sent; harmless to repeat."""
