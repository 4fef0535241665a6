"""Notices sent: claimed before the mail, settled after it, one mail for each person."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj
from aval.notices.mail import Mailer, MailNotSent
from aval.notices.store import Claim, ClaimLost, NoticeKey, NoticeStore
from aval.notices.texts import Item, compose
from aval.registry.model import Participant, Person
from aval.registry.queries import Registry


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that people of a company are to be told."""

    key: NoticeKey
    company: Cnpj
    word: Callable[[Participant], Item]
    people: tuple[Person, ...] | None = None
    """Who is told; the company's CCEE representatives where nobody else is named."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run did; a matter neither settled nor left to others is caught up by a later run."""

    settled: frozenset[NoticeKey]
    mails: int
    failed_mails: int
    without_representative: frozenset[Cnpj]


@dataclass(frozen=True, slots=True)
class Teller:
    """Sends every notice at most once, but for one case: a run that dies between a mail and its mark.

    Then the mail is sent again once the lease lapsed; never sending it would be worse.
    """

    notices: NoticeStore
    registry: Registry
    mailer: Mailer

    def tell(self, matters: Iterable[Matter], *, at: datetime) -> Sent:
        claims: dict[NoticeKey, _Claimed] = {}
        nobody: set[Cnpj] = set()
        for matter in matters:
            participant = self.registry.participant(matter.company)
            people = self._people(matter, at)
            if participant is None or not people:
                nobody.add(matter.company)
                continue
            claim = self.notices.claim(matter.key, at=at)
            if claim is not None:
                claims[matter.key] = _Claimed(claim, matter.word(participant), people)
        mails, failed = self._send(claims)
        settled = frozenset(self._settle(claims.values(), failed, at))
        return Sent(settled, mails, len(failed), frozenset(nobody))

    def _people(self, matter: Matter, at: datetime) -> tuple[Person, ...]:
        if matter.people is not None:
            return matter.people
        return self.registry.ccee_representatives_of(matter.company, at=at)

    def _send(self, claims: "dict[NoticeKey, _Claimed]") -> tuple[int, frozenset[Person]]:
        """How many mails went out, and to whom one did not."""
        by_person: dict[Person, list[_Claimed]] = defaultdict(list)
        for claimed in claims.values():
            for person in claimed.untold():
                by_person[person].append(claimed)
        failed: set[Person] = set()
        for person, told in by_person.items():
            try:
                self.mailer.send(compose(person, [claimed.item for claimed in told]))
            except MailNotSent:
                failed.add(person)
                continue
            for claimed in told:
                self._mark_told(claimed.claim, person)
        return len(by_person) - len(failed), frozenset(failed)

    def _mark_told(self, claim: Claim, person: Person) -> None:
        try:
            self.notices.mark_told(claim, _recipient(person))
        except ClaimLost:
            return  # the run that took the notice over settles it

    def _settle(
        self, claims: "Iterable[_Claimed]", failed: frozenset[Person], at: datetime
    ) -> Iterator[NoticeKey]:
        for claimed in claims:
            try:
                if failed.isdisjoint(claimed.untold()):
                    self.notices.mark_sent(claimed.claim, at=at)
                    yield claimed.claim.key
                else:
                    self.notices.release(claimed.claim)
            except ClaimLost:
                continue


@dataclass(frozen=True, slots=True)
class _Claimed:
    claim: Claim
    item: Item
    people: tuple[Person, ...]

    def untold(self) -> list[Person]:
        """Each address once, whoever shares it."""
        by_address = {_recipient(person): person for person in self.people}
        return [person for recipient, person in by_address.items() if recipient not in self.claim.told]


def _recipient(person: Person) -> str:
    """Who was told is remembered without the address."""
    return hashlib.sha256(person.email.encode()).hexdigest()
