"""The daily run: certificates that ended leave service, and those about to end are announced."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from aval.adhesion.company import Adhesion, CertificateStatus, RegisteredCertificate
from aval.adhesion.history import SYSTEM, Act, HistoryEntry, describe
from aval.adhesion.store import AdhesionStore, AdhesionWrite, WriteLost
from aval.events import Event, EventBus, EventName
from aval.identifiers import Cnpj, Fingerprint
from aval.notices.schedule import WIDEST, NoticeKind, due_notice
from aval.notices.sending import Matter, Sent, Teller
from aval.notices.store import NoticeKey
from aval.notices.texts import expiring, removed

_MAX_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class ExpiryReport:
    removed: tuple[Fingerprint, ...]
    """Removed from service by this run."""
    contended: tuple[Cnpj, ...]
    """Companies whose ended certificates stay for the next run: they kept changing."""
    sent: Sent


@dataclass(frozen=True, slots=True)
class ExpiryRun:
    store: AdhesionStore
    teller: Teller
    bus: EventBus
    pause: Callable[[int], None]

    def run(self, *, at: datetime) -> ExpiryReport:
        """Harmless to repeat, to miss and to run twice at once."""
        at = at.replace(microsecond=0)
        gone: list[RegisteredCertificate] = []
        contended: list[Cnpj] = []
        for company in list(self.store.companies_in_service(ending_by=at)):
            try:
                gone += self._remove_ended(company, at)
            except WriteLost:
                contended.append(company)
        # The index may lag behind the removals of a moment ago.
        untold = {one.fingerprint: one for one in (*self.teller.notices.untold_removals(), *gone)}
        sent = self.teller.tell([*map(self._removed, untold.values()), *self._ending(at)], at=at)
        for certificate in untold.values():
            # Asked of the rows, not of this run: an earlier one may have died between the mail and here.
            if NoticeKind.REMOVED in self.teller.notices.settled(certificate.fingerprint):
                self.teller.notices.forget_removal(certificate)
        return ExpiryReport(tuple(one.fingerprint for one in gone), tuple(contended), sent)

    def _remove_ended(self, company: Cnpj, at: datetime) -> tuple[RegisteredCertificate, ...]:
        """Free subject and place; raise `WriteLost` when the company keeps changing."""
        for tried in range(_MAX_TRIES):
            before = self.store.load(company)
            ended = [one for one in before.certificates if at > one.ends]
            if not ended:
                return ()
            write = _removal(before, ended, at)
            try:
                self.store.apply(write)
            except WriteLost:
                self.pause(tried)
                continue
            self.bus.publish(*map(_event, write.expired))
            return write.expired
        raise WriteLost

    def _removed(self, certificate: RegisteredCertificate) -> Matter:
        adhesion = self.store.load(certificate.company)
        return Matter(
            _removal_key(certificate),
            certificate.company,
            lambda participant: removed(participant, certificate, adhesion),
        )

    def _ending(self, at: datetime) -> Iterator[Matter]:
        for company in self.store.companies_in_service(ending_by=at + WIDEST):
            adhesion = self.store.load(company)
            for certificate in adhesion.certificates:
                matter = self._announcement(certificate, adhesion, at)
                if matter is not None:
                    yield matter

    def _announcement(
        self, certificate: RegisteredCertificate, adhesion: Adhesion, at: datetime
    ) -> Matter | None:
        notices = self.teller.notices
        due = due_notice(certificate.ends, notices.settled(certificate.fingerprint), at=at)
        if due is None:
            return None
        for kind in due.moot:
            notices.mark_moot(NoticeKey(certificate.fingerprint, kind), at=at)
        return Matter(
            NoticeKey(certificate.fingerprint, due.kind),
            certificate.company,
            lambda participant: expiring(participant, certificate, adhesion, at=at),
        )


def _event(certificate: RegisteredCertificate) -> Event:
    detail = {"cnpj": certificate.company, "impressaoDigital": certificate.fingerprint}
    return Event(EventName.CERTIFICATE_EXPIRED, detail)


def _removal_key(certificate: RegisteredCertificate) -> NoticeKey:
    return NoticeKey(certificate.fingerprint, NoticeKind.REMOVED)


def _removal(before: Adhesion, ended: list[RegisteredCertificate], at: datetime) -> AdhesionWrite:
    return AdhesionWrite(
        before=before,
        at=at,
        expired=tuple(replace(certificate, removed_at=at) for certificate in ended),
        history=tuple(
            HistoryEntry(
                at,
                SYSTEM,
                Act.CERTIFICATE_EXPIRED,
                describe(certificate),
                certificate.status(at),
                CertificateStatus.EXCLUIDO,
            )
            for certificate in ended
        ),
    )
