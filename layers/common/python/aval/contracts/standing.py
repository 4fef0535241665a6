"""For whom a caller looks or acts: profiles that its company owns, and those of companies it operates for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aval.contracts.bus import Acting, Onlooker, Viewer
from aval.contracts.model import Author, ProfileCode
from aval.contracts.refusals import ProfileForbidden
from aval.identifiers import Cnpj, Cpf
from aval.registry.directory import Directory
from aval.registry.model import Participant, Profile, Role
from aval.registry.queries import Registry


@dataclass(frozen=True, slots=True)
class OpenProfile:
    """A profile through which a caller sees contracts, and whether it may also act by it."""

    profile: Profile
    owner: Participant
    may_act: bool

    @property
    def code(self) -> ProfileCode:
        return ProfileCode(self.profile.code)


@dataclass(frozen=True, slots=True)
class _Reach:
    """The profiles that a caller's companies open to it, and for which of these companies it may act."""

    opened: Mapping[Cnpj, tuple[Profile, ...]]
    writing: Collection[Cnpj]

    @property
    def visible(self) -> frozenset[ProfileCode]:
        return _codes(profile for profiles in self.opened.values() for profile in profiles)

    def acting_by(self) -> Mapping[ProfileCode, list[Cnpj]]:
        """By profile, the companies for which the caller may act by it, in the order of `writing`."""
        found: defaultdict[ProfileCode, list[Cnpj]] = defaultdict(list)
        for company in self.writing:
            for code in _codes(self.opened[company]):
                found[code].append(company)
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """Asked at each call: what ended yesterday opens nothing today."""

    registry: Registry
    directory: Directory

    def system_acting(self, company: Cnpj, profile: ProfileCode, *, at: datetime) -> Acting:
        """Raise `ProfileForbidden` unless `company` owns or represents `profile`."""
        visible = self._system_reach(company, at).visible
        _require_visible(profile, visible)
        return Acting(Author(company, profile), visible)

    def system_viewing(self, company: Cnpj, profile: ProfileCode | None, *, at: datetime) -> Viewer:
        """Raise `ProfileForbidden` unless `company` owns or represents `profile`, where it names one."""
        if profile is not None:
            return self.system_acting(company, profile, at=at)
        return Onlooker(self._system_reach(company, at).visible, frozenset({company}))

    def system_profiles(self, company: Cnpj, *, at: datetime) -> tuple[OpenProfile, ...]:
        """By code: whatever a system sees it may act by."""
        return self._told(self._system_reach(company, at))

    def person_viewing(self, person: Cpf | None, profile: ProfileCode | None, *, at: datetime) -> Viewer:
        """Any role opens a company's profiles to the eye, and whoever has none sees none.

        Raise `ProfileForbidden` where `profile` is named and not one of them.
        """
        reach = self._persons_reach(person, at)
        if profile is not None:
            _require_visible(profile, reach.visible)
        return Onlooker(reach.visible, frozenset(reach.opened), profile)

    def person_acting(self, person: Cpf | None, profile: ProfileCode, *, at: datetime) -> Acting:
        """Act for the company that owns `profile`, else for the first by sigla that operates for its owner.

        Raise `ProfileForbidden` unless `person` is CCEE representative of such a company.
        """
        reach = self._persons_reach(person, at)
        _require_visible(profile, reach.visible)
        writing = reach.acting_by().get(profile)
        if not writing:
            raise ProfileForbidden(
                f"só o representante CCEE de quem possui ou representa o perfil {profile} "
                "pode registrar, ajustar e validar contratos por ele"
            )
        owner = next(one.participant for one in reach.opened[writing[0]] if one.code == profile)
        company = owner if owner in writing else writing[0]
        known = self.registry.person(person) if person else None
        name = known.name if known else None
        return Acting(Author(company, profile, name), _codes(reach.opened[company]))

    def person_profiles(self, person: Cpf | None, *, at: datetime) -> tuple[OpenProfile, ...]:
        """By code: what `person_viewing` opens, marked where `person_acting` would let her act by it."""
        return self._told(self._persons_reach(person, at))

    def _system_reach(self, company: Cnpj, at: datetime) -> _Reach:
        return _Reach(self._open_to({company}, at), writing=[company])

    def _persons_reach(self, person: Cpf | None, at: datetime) -> _Reach:
        held = self.registry.companies_of(person, at=at) if person else ()
        writing = [company.cnpj for company, roles in held if Role.REPRESENTANTE_CCEE in roles]
        return _Reach(self._open_to([company.cnpj for company, _ in held], at), writing)

    def _told(self, reach: _Reach) -> tuple[OpenProfile, ...]:
        if not reach.visible:
            return ()
        each = {profile.code: profile for profiles in reach.opened.values() for profile in profiles}
        acting = reach.acting_by()
        owners = {owner.cnpj: owner for owner in self.directory.all_participants()}
        # Where a load came between, a profile may have no owner yet, and waits, as in the public lists.
        return tuple(
            OpenProfile(profile, owners[profile.participant], ProfileCode(code) in acting)
            for code, profile in sorted(each.items())
            if profile.participant in owners
        )

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
