"""What the adhesion domain asks of its storage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from aval.adhesion.company import Adhesion, Attempts, RegisteredCertificate
from aval.adhesion.history import HistoryEntry, HistoryPage
from aval.identifiers import Cnpj, Fingerprint


class WriteLost(Exception):
    """Another write came first, or is under way: read again and judge again."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose certificate has a subject or a fingerprint at present."""

    company: Cnpj
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Holders:
    by_subject: Mapping[str, Holder]
    by_fingerprint: Mapping[Fingerprint, Holder]


@dataclass(frozen=True, slots=True)
class AppliedRequest:
    """A change that was made under an idempotency key, and what it left behind."""

    request_id: str
    digest: str
    version: int
    in_service: tuple[Fingerprint, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AdhesionWrite:
    """One transaction on one company: everything in it happens, or nothing.

    It holds only while the company is still as `before` says, every subject and fingerprint of `added` is
    free or freed by this very write, and the request was not applied yet; otherwise `WriteLost`.
    """

    before: Adhesion
    at: datetime
    history: tuple[HistoryEntry, ...] = ()
    password_hash: str | None = field(default=None, repr=False)
    added: tuple[RegisteredCertificate, ...] = ()
    deleted: tuple[RegisteredCertificate, ...] = ()
    expired: tuple[RegisteredCertificate, ...] = ()
    restated: tuple[RegisteredCertificate, ...] = ()
    locks: bool = False
    request: AppliedRequest | None = None

    @property
    def removed(self) -> tuple[RegisteredCertificate, ...]:
        return self.deleted + self.expired

    @property
    def after(self) -> Adhesion:
        """The company once this write is made; a new password ends a lock."""
        gone = {certificate.fingerprint for certificate in self.removed}
        restated = {certificate.fingerprint: certificate for certificate in self.restated}
        kept = (one for one in self.before.certificates if one.fingerprint not in gone)
        return Adhesion(
            company=self.before.company,
            version=self.before.version + 1,
            password_hash=self.password_hash or self.before.password_hash,
            certificates=(*(restated.get(one.fingerprint, one) for one in kept), *self.added),
            attempts=self._attempts_after(),
        )

    def _attempts_after(self) -> Attempts:
        if self.password_hash:
            return Attempts()
        before = self.before.attempts
        return replace(before, locked_at=self.at) if self.locks else before


class AdhesionReads(Protocol):
    """Every answer is as fresh as the last write."""

    def load(self, company: Cnpj) -> Adhesion: ...

    def load_many(self, companies: Sequence[Cnpj]) -> Mapping[Cnpj, Adhesion]: ...

    def history(self, company: Cnpj, *, cursor: str | None) -> HistoryPage: ...


class AdhesionStore(AdhesionReads, Protocol):
    def holders(self, subject_keys: Sequence[str], fingerprints: Sequence[Fingerprint]) -> Holders: ...

    def applied_request(self, request_id: str) -> AppliedRequest | None: ...

    def certificates(
        self, company: Cnpj, fingerprints: Sequence[Fingerprint]
    ) -> tuple[RegisteredCertificate, ...]:
        """Those certificates in that order, in service or not."""

    def apply(self, write: AdhesionWrite) -> None:
        """Raise `WriteLost` when the write does not hold any more."""

    def count_wrong_password(self, company: Cnpj, *, at: datetime) -> int:
        """How many there are now; raise `WriteLost` when the company is locked."""

    def clear_attempts(self, company: Cnpj) -> None:
        """Forget the attempts of a company that is not locked; raise `WriteLost` when it is."""

    def companies_in_service(self, *, ending_by: datetime | None = None) -> Iterator[Cnpj]:
        """Companies with certificates in service, soonest end first; may lag behind the last writes."""
