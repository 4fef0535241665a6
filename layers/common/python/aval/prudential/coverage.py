"""Who acts for whom in the monitoring: asked of the registry at each call, for the day of the call."""

from dataclasses import dataclass
from datetime import datetime

from aval.identifiers import Cnpj
from aval.identity.caller import Caller, CallerKind
from aval.prudential.refusals import CompanyNotCovered
from aval.registry.model import CompanyRelation, Participant
from aval.registry.queries import MonitoringRegistry


@dataclass(frozen=True, slots=True)
class Coverage:
    registry: MonitoringRegistry

    def require(self, caller: Caller, company: Cnpj, *, at: datetime) -> None:
        """Raise `CompanyNotCovered` unless one of the caller's companies covers `company`."""
        self.sender_for(caller, company, at=at)

    def sender_for(self, caller: Caller, company: Cnpj, *, at: datetime) -> Participant:
        """The caller's company that acts for `company`, itself before others; raise `CompanyNotCovered`."""
        senders = self.senders_of(caller, at=at)
        for sender in senders:
            if sender.cnpj == company:
                return sender
        for sender in senders:
            if any(one.cnpj == company for one in self.covered_by(sender.cnpj, at=at)):
                return sender
        raise CompanyNotCovered

    def require_sender(self, caller: Caller, sender: Cnpj, *, at: datetime) -> None:
        """Raise `CompanyNotCovered` unless the caller answers for `sender` itself."""
        if all(one.cnpj != sender for one in self.senders_of(caller, at=at)):
            raise CompanyNotCovered

    def senders_of(self, caller: Caller, *, at: datetime) -> tuple[Participant, ...]:
        """The companies that the caller answers for, by sigla: a system for its own alone."""
        if caller.kind is CallerKind.PERSON:
            return self.registry.companies_monitored_by(caller.person, at=at) if caller.person else ()
        own = self.registry.participant(caller.company) if caller.company else None
        return (own,) if own else ()

    def covered_by(self, sender: Cnpj, *, at: datetime) -> tuple[Participant, ...]:
        """The company itself and those that it represents or controls at that moment, by sigla."""
        own = self.registry.participant(sender)
        found = {own.cnpj: own} if own else {}
        for relation in CompanyRelation:
            found |= {one.cnpj: one for one in self.registry.represented_by(sender, relation, at=at)}
        return tuple(sorted(found.values(), key=lambda one: one.sigla))
