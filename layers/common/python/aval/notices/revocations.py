"""Every day the issuers' lists are asked again: what was revoked is blocked, and its company told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from aval.adhesion.company import Adhesion, RegisteredCertificate
from aval.adhesion.history import SYSTEM, Act, HistoryEntry, describe
from aval.adhesion.store import AdhesionStore, AdhesionWrite, WriteLost
from aval.certificates.revocation import RevocationLists, RevocationStanding
from aval.events import Event, EventBus, EventName
from aval.identifiers import Cnpj, Fingerprint
from aval.notices.schedule import NoticeKind
from aval.notices.sending import Matter, Sent, Teller
from aval.notices.store import NoticeKey
from aval.notices.texts import revoked

_MAX_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class RevocationReport:
    asked: int
    revoked: tuple[Fingerprint, ...]
    """Found revoked by this run."""
    contended: tuple[Cnpj, ...]
    sent: Sent


@dataclass(frozen=True, slots=True)
class RevocationRun:
    store: AdhesionStore
    lists: RevocationLists
    teller: Teller
    bus: EventBus
    pause: Callable[[int], None]

    def run(self, *, at: datetime) -> RevocationReport:
        """Harmless to repeat; who was told once is not told again."""
        at = at.replace(microsecond=0)
        asked, contended = 0, []
        found: list[Fingerprint] = []
        matters: list[Matter] = []
        for company in self.store.companies_in_service():
            try:
                after, newly = self._ask(company, at)
            except WriteLost:
                contended.append(company)
                continue
            asked += len(after.certificates)
            found += newly
            # Also those found before: their mail may not have gone out.
            matters += [
                _matter(one) for one in after.certificates if one.standing is RevocationStanding.REVOGADO
            ]
        return RevocationReport(asked, tuple(found), tuple(contended), self.teller.tell(matters, at=at))

    def _ask(self, company: Cnpj, at: datetime) -> tuple[Adhesion, list[Fingerprint]]:
        """Write down what the lists say now; raise `WriteLost` when the company keeps changing."""
        for tried in range(_MAX_TRIES):
            before = self.store.load(company)
            restated = tuple(self._restated(before, at))
            if not restated:
                return before, []
            newly = [one for one in restated if one.standing is RevocationStanding.REVOGADO]
            write = AdhesionWrite(
                before=before, at=at, restated=restated, history=tuple(_entry(one, at) for one in newly)
            )
            try:
                self.store.apply(write)
            except WriteLost:
                self.pause(tried)
                continue
            self.bus.publish(*map(_event, newly))
            return write.after, [one.fingerprint for one in newly]
        raise WriteLost

    def _restated(self, before: Adhesion, at: datetime) -> list[RegisteredCertificate]:
        """Nothing un-revokes: a certificate once found revoked is not asked about again."""
        restated = []
        for certificate in before.certificates:
            if certificate.standing is RevocationStanding.REVOGADO:
                continue
            standing = self.lists.standing(certificate.facts, at)
            if standing is not certificate.standing:
                restated.append(replace(certificate, standing=standing))
        return restated


def _event(certificate: RegisteredCertificate) -> Event:
    detail = {"cnpj": certificate.company, "impressaoDigital": certificate.fingerprint}
    return Event(EventName.CERTIFICATE_REVOKED, detail)


def _matter(certificate: RegisteredCertificate) -> Matter:
    return Matter(
        NoticeKey(certificate.fingerprint, NoticeKind.REVOKED),
        certificate.company,
        lambda participant: revoked(participant, certificate),
    )


def _entry(certificate: RegisteredCertificate, at: datetime) -> HistoryEntry:
    before = replace(certificate, standing=RevocationStanding.NAO_REVOGADO).status(at)
    return HistoryEntry(
        at, SYSTEM, Act.CERTIFICATE_REVOKED, describe(certificate), before, certificate.status(at)
    )
