"""ICP-Brasil's kinds of certificate, by policy, root and day of issue."""

from datetime import UTC, datetime, timedelta

import pytest

from aval.certificates.profiles import PROFILES, profiles_of
from aval.certificates.truststore import ICP_BRASIL_ROOTS

V5 = "caa53fc6091c6951887c976e378f6ef89aa6377c55d97b6475422b71ed7e9b17"
V10 = "6e0bff069a26994c15de2c4888cc54af84882e5495b7fbf66be9ccffec7489f6"
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("root", "first_moment_after"),
    [
        (V10, datetime(2027, 1, 1, 3, tzinfo=UTC)),
        (V5, datetime(2029, 3, 3, 3, tzinfo=UTC)),
    ],
)
def test_the_last_day_of_issue_ends_at_midnight_in_sao_paulo(root: str, first_moment_after: datetime) -> None:
    (profile,) = profiles_of(["2.16.76.1.2.1.7"], root)
    assert profile.was_open(first_moment_after - SECOND)
    assert not profile.was_open(first_moment_after)


def test_an_arc_covers_what_is_under_it_and_not_what_begins_alike() -> None:
    assert [profile.name for profile in profiles_of(["2.16.76.1.2.1"], V5)] == ["A1"]
    assert profiles_of(["2.16.76.1.2.19"], V5) == []
    assert [profile.name for profile in profiles_of(["2.16.76.1.2.203.1"], "")] == ["AE-S"]


def test_a_kind_bound_to_a_root_is_unknown_under_another() -> None:
    assert profiles_of(["2.16.76.1.2.2.1"], V10) == []


def test_the_table_names_pinned_roots_alone_and_no_row_twice() -> None:
    assert {profile.root for profile in PROFILES} - {None} <= ICP_BRASIL_ROOTS
    rows = [(profile.policy, profile.root) for profile in PROFILES]
    assert len(rows) == len(set(rows))
