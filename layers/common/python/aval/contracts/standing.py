"""For whom a caller looks or acts: profiles that its company owns, and those of companies it operates for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from aval.contracts.bus import Acting, Onlooker, Viewer
from aval.contracts.model import Author, ProfileCode
from aval.contracts.refusals import ProfileForbidden
from aval.identifiers import Cnpj, Cpf
from aval.registry.directory import Directory
from aval.registry.model import Profile, Role
from aval.registry.queries import Registry


@dataclass(frozen=True, slots=True)
class Standing:
    """Asked at each call: what ended yesterday opens nothing today."""

    registry: Registry
    directory: Directory

    def system_acting(self, company: Cnpj, profile: ProfileCode, *, at: datetime) -> Acting:
        """Raise `ProfileForbidden` unless `company` owns or represents `profile`."""
        visible = _codes(self._open_to({company}, at)[company])
        _require_visible(profile, visible)
        return Acting(Author(company, profile), visible)

    def system_viewing(self, company: Cnpj, profile: ProfileCode | None, *, at: datetime) -> Viewer:
        """Raise `ProfileForbidden` unless `company` owns or represents `profile`, where it names one."""
        if profile is not None:
            return self.system_acting(company, profile, at=at)
        return Onlooker(_codes(self._open_to({company}, at)[company]), frozenset({company}))

    def person_viewing(self, person: Cpf | None, profile: ProfileCode | None, *, at: datetime) -> Viewer:
        """Any role opens a company's profiles to the eye, and whoever has none sees none.

        Raise `ProfileForbidden` where `profile` is named and not one of them.
        """
        held = self.registry.companies_of(person, at=at) if person else ()
        companies = frozenset(company.cnpj for company, _ in held)
        opened = self._open_to(companies, at)
        visible = _codes(one for profiles in opened.values() for one in profiles)
        if profile is not None:
            _require_visible(profile, visible)
        return Onlooker(visible, companies, profile)

    def person_acting(self, person: Cpf | None, profile: ProfileCode, *, at: datetime) -> Acting:
        """Act for the company that owns `profile`, else for the first by sigla that operates for its owner.

        Raise `ProfileForbidden` unless `person` is CCEE representative of such a company.
        """
        held = self.registry.companies_of(person, at=at) if person else ()
        opened = self._open_to([company.cnpj for company, _ in held], at)
        reaching = [
            (company.cnpj, roles) for company, roles in held if profile in _codes(opened[company.cnpj])
        ]
        if not reaching:
            raise _not_visible(profile)
        writing = [company for company, roles in reaching if Role.REPRESENTANTE_CCEE in roles]
        if not writing:
            raise ProfileForbidden(
                f"só o representante CCEE de quem possui ou representa o perfil {profile} "
                "pode registrar, ajustar e validar contratos por ele"
            )
        owner = next(one.participant for one in opened[writing[0]] if one.code == profile)
        company = owner if owner in writing else writing[0]
        known = self.registry.person(person) if person else None
        name = known.name if known else None
        return Acting(Author(company, profile, name), _codes(opened[company]))

    def _open_to(self, companies: Collection[Cnpj], at: datetime) -> dict[Cnpj, tuple[Profile, ...]]:
        """Of each company, its own profiles and those of the companies for which it operates; no others'."""
        represented = self.directory.represented_companies(companies, at=at)
        owners = {company: {company, *represented.get(company, ())} for company in companies}
        profiles = self.directory.profiles_of(frozenset().union(*owners.values()))
        return {
            company: tuple(profile for profile in profiles if profile.participant in owned)
            for company, owned in owners.items()
        }


def _codes(profiles: Iterable[Profile]) -> frozenset[ProfileCode]:
    return frozenset(ProfileCode(profile.code) for profile in profiles)


def _require_visible(profile: ProfileCode, visible: frozenset[ProfileCode]) -> None:
    if profile not in visible:
        raise _not_visible(profile)


def _not_visible(profile: ProfileCode) -> ProfileForbidden:
    # One sentence for a profile of others and for none at all: neither is the caller's to learn here.
    return ProfileForbidden(
        f"o perfil {profile} não é da empresa nem de quem ela representa; confira o código do perfil"
    )
