"""Notices, mailbox and clockwork in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from aval.adhesion.company import RegisteredCertificate
from aval.adhesion.store import AdhesionWrite
from aval.identifiers import Cnpj, Fingerprint
from aval.notices.expiry import ExpiryRun
from aval.notices.mail import Mail, MailNotSent
from aval.notices.schedule import NoticeKind
from aval.notices.sending import Teller
from aval.notices.store import LEASE, Claim, ClaimLost, NoticeKey
from tests.support.adhesion import BOLT, START, House, MemoryAdhesions, registered


@dataclass
class Row:
    claimed_at: datetime | None = None
    settled_at: datetime | None = None
    is_moot: bool = False
    told: set[str] = field(default_factory=set)


@dataclass
class MemoryNotices:
    adhesions: MemoryAdhesions
    rows: dict[NoticeKey, Row] = field(default_factory=dict)

    def settled(self, fingerprint: Fingerprint) -> frozenset[NoticeKind]:
        return frozenset(
            key.kind for key, row in self.rows.items() if key.about == fingerprint and row.settled_at
        )

    def claim(self, key: NoticeKey, *, at: datetime) -> Claim | None:
        row = self.rows.setdefault(key, Row())
        if row.settled_at or (row.claimed_at and not row.claimed_at < at - LEASE):
            return None
        row.claimed_at = at
        return Claim(key, at, frozenset(row.told))

    def mark_told(self, claim: Claim, recipient: str) -> None:
        self._held(claim).told.add(recipient)

    def mark_sent(self, claim: Claim, *, at: datetime) -> None:
        self._held(claim).settled_at = at

    def release(self, claim: Claim) -> None:
        self._held(claim).claimed_at = None

    def mark_moot(self, key: NoticeKey, *, at: datetime) -> None:
        row = self.rows.setdefault(key, Row())
        if row.settled_at is None:
            row.settled_at, row.is_moot = at, True

    def untold_removals(self) -> Iterator[RegisteredCertificate]:
        yield from list(self.adhesions.untold_removals)

    def forget_removal(self, certificate: RegisteredCertificate) -> None:
        if certificate in self.adhesions.untold_removals:
            self.adhesions.untold_removals.remove(certificate)

    def _held(self, claim: Claim) -> Row:
        row = self.rows[claim.key]
        if row.settled_at or row.claimed_at != claim.claimed_at:
            raise ClaimLost
        return row


@dataclass
class Mailbox:
    mails: list[Mail] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def send(self, mail: Mail) -> None:
        if mail.to in self.refused:
            raise MailNotSent
        self.mails.append(mail)

    def take(self) -> list[Mail]:
        taken, self.mails = self.mails, []
        return taken


@dataclass
class NoticeHouse:
    house: House = field(default_factory=House)
    mailbox: Mailbox = field(default_factory=Mailbox)
    notices: MemoryNotices = field(init=False)

    def __post_init__(self) -> None:
        self.notices = MemoryNotices(self.house.store)

    @property
    def teller(self) -> Teller:
        return Teller(self.notices, self.house.registry, self.mailbox)

    @property
    def expiry(self) -> ExpiryRun:
        return ExpiryRun(self.house.store, self.teller, self.house.bus, self.house.pauses.append)

    def enrol(self, *contents: bytes, company: Cnpj = BOLT) -> tuple[RegisteredCertificate, ...]:
        added = tuple(replace(registered(content), company=company) for content in contents)
        before = self.house.store.load(company)
        self.house.store.apply(AdhesionWrite(before=before, at=START, password_hash="hash", added=added))
        return added
