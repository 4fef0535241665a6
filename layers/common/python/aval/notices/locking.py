"""A lock after too many wrong passwords is told at once: someone holds the company's certificate."""

from dataclasses import dataclass
from datetime import datetime

from aval.adhesion.store import AdhesionReads
from aval.identifiers import Cnpj
from aval.moments import to_storage
from aval.notices.schedule import NoticeKind
from aval.notices.sending import Matter, Sent, Teller
from aval.notices.store import NoticeKey
from aval.notices.texts import locked


class LockNotTold(Exception):
    """A representative was not reached, or there is none: no later run would catch this up by itself."""


@dataclass(frozen=True, slots=True)
class LockNotice:
    store: AdhesionReads
    teller: Teller

    def tell(self, company: Cnpj, *, at: datetime) -> Sent:
        """Each lock once, however often its event comes; nothing when the lock has ended meanwhile.

        Raise `LockNotTold` so that the event comes again: those who were reached are not told twice.
        """
        since = self.store.load(company).attempts.locked_at
        matters = () if since is None else (_matter(company, since),)
        sent = self.teller.tell(matters, at=at)
        if sent.failed_mails or sent.without_representative:
            raise LockNotTold
        return sent


def _matter(company: Cnpj, since: datetime) -> Matter:
    key = NoticeKey(company, NoticeKind.LOCKED, to_storage(since))
    return Matter(key, company, lambda participant: locked(participant, since=since))
