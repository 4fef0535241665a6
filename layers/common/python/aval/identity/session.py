"""What a caller is told about itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aval.identifiers import Cnpj, Fingerprint
from aval.identity.caller import Caller, CallerKind
from aval.registry.model import Participant, Role
from aval.registry.queries import MonitoringRegistry


class Ability(StrEnum):
    """What a caller may do for a company, as the doors decide it anew at each call."""

    SEE_ADHESION = "ADESAO_VER"
    CHANGE_ADHESION = "ADESAO_ALTERAR"
    SEE_CONTRACTS = "CONTRATOS_VER"
    ACT_ON_CONTRACTS = "CONTRATOS_AGIR"
    MONITOR = "PRUDENCIAL"


_OF_ANY_ROLE = frozenset({Ability.SEE_ADHESION, Ability.SEE_CONTRACTS})
_OF_A_CCEE_REPRESENTATIVE = frozenset({Ability.CHANGE_ADHESION, Ability.ACT_ON_CONTRACTS})
_OF_A_SYSTEM = frozenset({Ability.SEE_CONTRACTS, Ability.ACT_ON_CONTRACTS, Ability.MONITOR})


@dataclass(frozen=True, slots=True)
class CompanyStanding:
    company: Participant
    roles: frozenset[Role]
    abilities: frozenset[Ability]


@dataclass(frozen=True, slots=True)
class Session:
    kind: CallerKind
    name: str | None
    company: Cnpj | None
    thumbprint: Fingerprint | None
    companies: tuple[CompanyStanding, ...]


@dataclass(frozen=True, slots=True)
class SessionReader:
    registry: MonitoringRegistry

    def read(self, caller: Caller, *, at: datetime) -> Session:
        """A login that the registry does not know has neither name nor companies."""
        person = self.registry.person(caller.person) if caller.person else None
        return Session(
            kind=caller.kind,
            name=person.name if person else None,
            company=caller.company,
            thumbprint=caller.thumbprint,
            companies=self._of_person(caller, at) if person else self._of_system(caller),
        )

    def _of_person(self, caller: Caller, at: datetime) -> tuple[CompanyStanding, ...]:
        """By sigla: where the person has a role, and where it answers for the monitoring."""
        if caller.person is None:
            return ()
        held = self.registry.companies_of(caller.person, at=at)
        monitored = self.registry.companies_monitored_by(caller.person, at=at)
        known = {one.cnpj: one for one in (*monitored, *(company for company, _ in held))}
        roles = {company.cnpj: of_company for company, of_company in held}
        watched = {one.cnpj for one in monitored}
        return tuple(
            _standing(one, roles.get(one.cnpj, frozenset()), monitors=one.cnpj in watched)
            for one in sorted(known.values(), key=lambda one: one.sigla)
        )

    def _of_system(self, caller: Caller) -> tuple[CompanyStanding, ...]:
        own = self.registry.participant(caller.company) if caller.company else None
        return (CompanyStanding(own, frozenset(), _OF_A_SYSTEM),) if own else ()


def _standing(company: Participant, roles: frozenset[Role], *, monitors: bool) -> CompanyStanding:
    abilities: set[Ability] = set()
    if roles:
        abilities |= _OF_ANY_ROLE
    if Role.REPRESENTANTE_CCEE in roles:
        abilities |= _OF_A_CCEE_REPRESENTATIVE
    if monitors:
        abilities.add(Ability.MONITOR)
    return CompanyStanding(company, roles, frozenset(abilities))
