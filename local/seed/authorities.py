"""The test hierarchy of this stack, and its publication as the truststore."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from botocore.exceptions import ClientError

from aval.adapters.s3_truststore import S3Truststore
from aval.certificates.generation import build_generation
from aval.certificates.truststore import TruststoreRefused, certificates_in
from local.aws import Emulator
from local.hierarchy import Hierarchy


def make(folder: Path) -> Hierarchy:
    """Return the hierarchy kept in `folder`, made now when there is none."""
    if (folder / "truststore.pem").exists():
        return Hierarchy.load(folder)
    hierarchy = Hierarchy.create(datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))
    hierarchy.save(folder)
    return hierarchy


def publish(emulator: Emulator, bucket: str, hierarchy: Hierarchy) -> None:
    pins = frozenset({hierarchy.root_fingerprint})
    store = S3Truststore(emulator.client("s3"), bucket, pins)
    if not _is_published(store):
        authorities = certificates_in(hierarchy.truststore_pem())
        store.publish(build_generation(authorities, pins=pins, at=datetime.now(UTC)))


def _is_published(store: S3Truststore) -> bool:
    try:
        store.current()
    except (TruststoreRefused, ClientError):
        return False
    return True
