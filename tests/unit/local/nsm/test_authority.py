"""The simulated hierarchy: lifetimes as AWS's, a root that is kept, nothing given that is about to end."""

import itertools
import stat
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import load_pem_x509_certificate

from local.nsm.authority import LEAF_LIFETIME, SHORT, Hierarchy, NitroRoot
from tests.support import nitro

SECOND = timedelta(seconds=1)


def lifetimes(hierarchy: Hierarchy) -> list[timedelta]:
    certificates = [holder.certificate for holder in hierarchy.at(nitro.START)]
    return [one.not_valid_after_utc - one.not_valid_before_utc for one in certificates]


def test_lifetimes_are_the_genuine_ones() -> None:
    assert lifetimes(Hierarchy(NitroRoot.create(nitro.START), nitro.MODULE_ID)) == [
        timedelta(days=365 * 30),
        timedelta(days=20),
        timedelta(days=6),
        timedelta(hours=24),
        timedelta(hours=3, seconds=3),
    ]


def test_the_root_is_kept_and_its_key_is_the_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "nsm"
    made = NitroRoot.kept_in(folder, nitro.START)
    again = NitroRoot.kept_in(folder, nitro.START + timedelta(days=3650))
    assert again.fingerprint == made.fingerprint
    assert again.holder.key.private_numbers() == made.holder.key.private_numbers()
    assert stat.S_IMODE((folder / "root.key").stat().st_mode) == 0o600
    kept = load_pem_x509_certificate((folder / "root.pem").read_bytes())
    assert kept.fingerprint(hashes.SHA256()).hex() == made.fingerprint


def test_a_root_that_is_about_to_end_is_made_anew(tmp_path: Path) -> None:
    made = NitroRoot.kept_in(tmp_path, nitro.START)
    ends = made.holder.certificate.not_valid_after_utc
    assert NitroRoot.kept_in(tmp_path, ends - SHORT).fingerprint == made.fingerprint
    later = NitroRoot.kept_in(tmp_path, ends - SHORT + SECOND)
    assert later.fingerprint != made.fingerprint


def test_what_lasts_is_given_again_and_what_runs_short_is_issued_again() -> None:
    hierarchy = Hierarchy(nitro.root(), nitro.MODULE_ID)
    first = hierarchy.at(nitro.START)
    leaf_ends = first[-1].certificate.not_valid_after_utc
    assert hierarchy.at(leaf_ends - SHORT) == first
    second = hierarchy.at(leaf_ends - SHORT + SECOND)
    assert second[:-1] == first[:-1]
    assert second[-1] != first[-1]
    assert second[-1].certificate.not_valid_after_utc - (leaf_ends - SHORT) > LEAF_LIFETIME - timedelta(
        minutes=1
    )


def test_below_what_is_issued_again_everything_is() -> None:
    hierarchy = Hierarchy(nitro.root(), nitro.MODULE_ID)
    first = hierarchy.at(nitro.START)
    later = hierarchy.at(nitro.START + timedelta(days=6))
    assert later[:2] == first[:2]
    assert not set(later[2:]) & set(first[2:])
    for issuer, issued in itertools.pairwise(later):
        issued.certificate.verify_directly_issued_by(issuer.certificate)


def test_nothing_of_a_key_is_in_a_representation() -> None:
    assert "PrivateKey" not in repr(Hierarchy(nitro.root(), nitro.MODULE_ID))
    assert "PrivateKey" not in repr(nitro.chain())
