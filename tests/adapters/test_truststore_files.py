from pathlib import Path

import pytest

from aval.adapters.truststore_files import FolderTruststore
from aval.certificates.generation import build_generation
from aval.certificates.truststore import TruststoreRefused, certificates_in
from tests.support import pki


def published(folder: Path) -> FolderTruststore:
    store = FolderTruststore(folder)
    pins = frozenset({pki.hierarchy().root_fingerprint})
    store.publish(
        build_generation(certificates_in(pki.hierarchy().truststore_pem()), pins=pins, at=pki.START)
    )
    return store


def test_what_was_published_is_in_force_and_leaves_no_drafts(tmp_path: Path) -> None:
    assert len(published(tmp_path / "new" / "folder").current().authorities) == 5
    assert not list(tmp_path.rglob(".*"))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TruststoreRefused, match="não há conjunto"):
        FolderTruststore(tmp_path).current()


def test_a_generation_changed_by_hand_is_refused(tmp_path: Path) -> None:
    store = published(tmp_path)
    pem = next(tmp_path.glob("*.pem"))
    pem.write_bytes(pem.read_bytes() + b"\n")
    with pytest.raises(TruststoreRefused, match="não confere"):
        store.current()
