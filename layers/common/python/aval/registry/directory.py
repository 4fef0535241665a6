"""What the contract services ask of the registry: profiles, parcels, the calendar, and whole lists."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cnpj
from aval.registry.model import Asset, CalendarEntry, CalendarKind, Parcel, Participant, Profile
from aval.registry.regulated import RegulatedAmount, RegulatedContract


class Directory(Protocol):
    """Each answer comes from one moment of the registry, never from the middle of a load."""

    def profiles(self, codes: Collection[int]) -> dict[int, Profile]:
        """Those that exist, by code; a read by key, fit for every request."""

    def profiles_of(self, companies: Collection[Cnpj]) -> tuple[Profile, ...]:
        """By code; a read by key."""

    def parcels(self, codes: Collection[int]) -> dict[int, Parcel]: ...

    def calendar(self) -> Mapping[tuple[CalendarKind, str], CalendarEntry]:
        """The whole operational calendar, by what it opens and month (YYYY-MM)."""

    def represented_companies(
        self, companies: Collection[Cnpj], *, at: datetime
    ) -> dict[Cnpj, tuple[Cnpj, ...]]:
        """Those for which each operates (REPRESENTACAO_OPERACIONAL_TOTAL) at that moment."""

    def all_participants(self) -> tuple[Participant, ...]:
        """By code. This and the lists below are kept by generation: read once, then as fast as memory."""

    def all_profiles(self) -> tuple[Profile, ...]: ...

    def all_assets(self) -> tuple[Asset, ...]: ...

    def all_parcels(self) -> tuple[Parcel, ...]: ...

    def all_regulated_contracts(self) -> tuple[RegulatedContract, ...]: ...

    def all_regulated_amounts(self) -> tuple[RegulatedAmount, ...]:
        """By contract, kind and beginning."""
