"""A system proves who it is: certificate, CNPJ and password."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aval.adhesion.company import Adhesion
from aval.adhesion.history import SYSTEM, Act, HistoryEntry
from aval.adhesion.password import Password, PasswordKeeper
from aval.adhesion.refusals import AccessRefused, RefusalReason
from aval.adhesion.store import AdhesionStore, AdhesionWrite, WriteLost
from aval.events import Event, EventBus, EventName, EventsNotPublished
from aval.identifiers import Cnpj, Fingerprint

MAX_ATTEMPTS: Final = 10
_FREE_ATTEMPTS: Final = 4
_LONGEST_DELAY: Final = timedelta(minutes=1)
_MAX_TRIES: Final = 5


def delay_after(attempts: int) -> timedelta:
    """How long the next attempt waits: nothing for the first few, then twice as long each time."""
    if attempts < _FREE_ATTEMPTS:
        return timedelta(0)
    return min(timedelta(seconds=2 ** (attempts - _FREE_ATTEMPTS)), _LONGEST_DELAY)


@dataclass(frozen=True, slots=True)
class SystemAccess:
    store: AdhesionStore
    keeper: PasswordKeeper
    bus: EventBus

    def authenticate_system(
        self, company: Cnpj, password: str, fingerprint: Fingerprint, *, at: datetime
    ) -> None:
        """Return for the company's own certificate and password; raise `AccessRefused` otherwise.

        Nothing is counted before a usable certificate of that company was presented, so that an outsider can
        lock nobody out.
        """
        offered = Password.of(password)
        adhesion = self._of_certificate(company, fingerprint, at)
        if adhesion is None:
            self.keeper.matches(company, None, offered)
            raise AccessRefused(RefusalReason.CERTIFICATE_NOT_OF_COMPANY)
        self._require_open(adhesion, at)
        try:
            if not self.keeper.matches(company, adhesion.password_hash, offered):
                self._count(company, at)
                raise AccessRefused(RefusalReason.PASSWORD_WRONG)
            if adhesion.attempts.count:
                self.store.clear_attempts(company)
        except WriteLost as lost:
            raise AccessRefused(RefusalReason.LOCKED) from lost

    def _of_certificate(self, company: Cnpj, fingerprint: Fingerprint, at: datetime) -> Adhesion | None:
        # The certificate's holder is asked first: how long a foreign one takes tells nothing of the company.
        holder = self.store.holders((), (fingerprint,)).by_fingerprint.get(fingerprint)
        if holder is None or holder.company != company:
            return None
        adhesion = self.store.load(company)
        certificate = adhesion.certificate(fingerprint)
        return adhesion if certificate is not None and certificate.is_usable(at) else None

    def _require_open(self, adhesion: Adhesion, at: datetime) -> None:
        attempts = adhesion.attempts
        if attempts.locked_at is None and attempts.count >= MAX_ATTEMPTS:
            # A process died between counting the last wrong password and locking.
            self._lock(adhesion.company, at)
        if attempts.locked_at is not None:
            # Told again at each attempt: the process may have died, or the bus failed, after the lock was
            # written. Whoever mails it does so once for each lock.
            self._announce_lock(adhesion.company)
        if attempts.locked_at is not None or attempts.count >= MAX_ATTEMPTS:
            raise AccessRefused(RefusalReason.LOCKED)
        if attempts.last_at is not None and at < attempts.last_at + delay_after(attempts.count):
            raise AccessRefused(RefusalReason.DELAYED)

    def _count(self, company: Cnpj, at: datetime) -> None:
        # Counted after it was judged, so that a system may open many connections at once; whoever holds the
        # certificate and guesses in parallel gets as many guesses more as functions run at that moment.
        if self.store.count_wrong_password(company, at=at) >= MAX_ATTEMPTS:
            self._lock(company, at)

    def _lock(self, company: Cnpj, at: datetime) -> None:
        for _ in range(_MAX_TRIES):
            before = self.store.load(company)
            if before.attempts.locked_at is not None or before.attempts.count < MAX_ATTEMPTS:
                return
            entry = HistoryEntry(at, SYSTEM, Act.ACCESS_LOCKED, "", "LIBERADO", "BLOQUEADO")
            try:
                self.store.apply(AdhesionWrite(before=before, at=at, history=(entry,), locks=True))
            except WriteLost:
                continue
            self._announce_lock(company)
            return

    def _announce_lock(self, company: Cnpj) -> None:
        with suppress(EventsNotPublished):
            self.bus.publish(Event(EventName.ACCESS_LOCKED, {"cnpj": company}))
