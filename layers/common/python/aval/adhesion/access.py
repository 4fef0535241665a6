"""A system proves who it is: certificate, CNPJ and password; guesses are counted before they are judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aval.adhesion.company import Adhesion
from aval.adhesion.history import SYSTEM, Act, HistoryEntry
from aval.adhesion.password import Password, PasswordKeeper
from aval.adhesion.refusals import AccessRefused, RefusalReason
from aval.adhesion.store import AdhesionStore, AdhesionWrite, WriteLost
from aval.events import Event, EventBus, EventName
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
        adhesion = self.store.load(company)
        certificate = adhesion.certificate(fingerprint)
        if certificate is None or not certificate.is_usable(at):
            self.keeper.matches(company, None, offered)
            raise AccessRefused(RefusalReason.CERTIFICATE_NOT_OF_COMPANY)
        reserved = self._reserve(adhesion, at)
        if not self.keeper.matches(company, reserved.password_hash, offered):
            if reserved.attempts.count + 1 >= MAX_ATTEMPTS:
                self._lock(company, at)
            raise AccessRefused(RefusalReason.PASSWORD_WRONG)
        try:
            self.store.clear_attempts(company)
        except WriteLost as lost:
            raise AccessRefused(RefusalReason.LOCKED) from lost

    def _reserve(self, adhesion: Adhesion, at: datetime) -> Adhesion:
        """Count the attempt first: of any number of guesses at once, only the counted ones are judged."""
        for _ in range(_MAX_TRIES):
            attempts = adhesion.attempts
            if attempts.locked_at is not None:
                raise AccessRefused(RefusalReason.LOCKED)
            if attempts.not_before is not None and at < attempts.not_before:
                raise AccessRefused(RefusalReason.DELAYED)
            if attempts.count >= MAX_ATTEMPTS:
                # A process died between counting the last attempt and locking.
                self._lock(adhesion.company, at)
                raise AccessRefused(RefusalReason.LOCKED)
            try:
                self.store.reserve_attempt(adhesion, not_before=at + delay_after(attempts.count + 1))
            except WriteLost:
                adhesion = self.store.load(adhesion.company)
            else:
                return adhesion
        raise AccessRefused(RefusalReason.DELAYED)

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
            self.bus.publish(Event(EventName.ACCESS_LOCKED, {"cnpj": company}))
            return
