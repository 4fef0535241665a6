"""A book in which rows are judged: three profiles, their parcels, a calendar whose January 2026 is open."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from aval.contracts.bus import Acting
from aval.contracts.imports.judging import Book, Judged, judge
from aval.contracts.imports.rows import Demand, Row
from aval.contracts.model import Author, Contract, ContractCode, ParcelCode, ProfileCode
from aval.identifiers import Cnpj
from aval.registry.model import (
    CalendarEntry,
    CalendarKind,
    Parcel,
    ParticipantClass,
    Profile,
    Situation,
    Submarket,
    Validity,
)
from tests.support.contracts import BUYER, BUYING, NOW, SELLER, SELLING, STRANGER

PLANT, LOAD = ParcelCode(7001), ParcelCode(7002)
NEW_CODE = ContractCode(5001)
_SINCE_2020 = Validity(date(2020, 1, 1))


def acting(*profiles: ProfileCode, company: Cnpj = SELLING) -> Acting:
    """Through the first of `profiles`; all of them are visible."""
    return Acting(Author(company, profiles[0]), frozenset(profiles))


AS_SELLER = acting(SELLER)
AS_BUYER = acting(BUYER, company=BUYING)
AS_STRANGER = acting(STRANGER)
AS_BOTH = acting(SELLER, BUYER)


def profile(code: ProfileCode, *, validity: Validity = _SINCE_2020) -> Profile:
    return Profile(
        code=code,
        participant=SELLING,
        sigla=f"P{code}",
        participant_class=ParticipantClass.COMERCIALIZADOR,
        submarket=Submarket.SE,
        situation=Situation(1, "ATIVO"),
        validity=validity,
        is_main=True,
        is_retailer=False,
        has_quotas=False,
    )


def parcel(code: ParcelCode, owner: ProfileCode, *, validity: Validity = _SINCE_2020) -> Parcel:
    return Parcel(
        code=code,
        asset=5001,
        profile=owner,
        cnpj=SELLING,
        name="UHE AURORA",
        short_name="AURORA",
        submarket=Submarket.SE,
        capacity_mw=Decimal(100),
        physical_guarantee_mwm=None,
        situation=Situation(1, "ATIVO"),
        validity=validity,
    )


def window(kind: CalendarKind, month: str) -> CalendarEntry:
    """Open from the first of `month` to the ninth of the next, 20:00 in São Paulo."""
    year, number = int(month[:4]), int(month[5:])
    following = (year, number + 1) if number < 12 else (year + 1, 1)
    opening, deadline = datetime(year, number, 1, 3, tzinfo=UTC), datetime(*following, 9, 23, tzinfo=UTC)
    return CalendarEntry(kind, month, opening, deadline)


def calendar(*months: str) -> dict[tuple[CalendarKind, str], CalendarEntry]:
    return {(kind, month): window(kind, month) for kind in CalendarKind for month in months}


def book(*contracts: Contract, months: Iterable[str] = ("2025-11", "2026-01", "2026-02")) -> Book:
    return Book(
        contracts={contract.code: contract for contract in contracts},
        profiles={code: profile(code) for code in (SELLER, BUYER, STRANGER)},
        parcels={PLANT: parcel(PLANT, SELLER), LOAD: parcel(LOAD, BUYER)},
        calendar=calendar(*months),
    )


def judged(
    demand: Demand,
    standing: Book,
    who: Acting = AS_SELLER,
    *,
    at: datetime = NOW,
    remarks: tuple[str, ...] = (),
) -> Judged:
    codes = count(NEW_CODE)
    row = Row(1, "A", demand, remarks)
    return judge(row, standing, who, at=at, new_code=lambda: ContractCode(next(codes)))
