"""What the emulator is told by its environment. Imports nothing of it, so that whoever starts it need not."""

from collections.abc import Mapping
from pathlib import Path

from local.aws import REGION
from local.places import CACHE, Places
from local.ports import HOST

SNAPSHOT_SECONDS = 1.5
SNAPSHOT_BEGINNING = "last-snapshot"
"""The file that says when the last whole snapshot began: what was there before outlives a kill."""
LAMBDA_WORKERS = 3


def environment(places: Places, port: int, edge_secret: str) -> Mapping[str, str]:
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(places.emulator),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(places.emulator / "s3"),
        "TMPDIR": str(_made(places.emulator / "tmp")),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # It would reap containers that are none of its own.
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        "AVAL_LAMBDA_POOL": str(LAMBDA_WORKERS),
        "AVAL_LAMBDA_UNPACKED": str(_made(CACHE / "unpacked")),
        "AVAL_LOGS": str(places.logs),
        "AVAL_EDGE_SECRET": edge_secret,
        "AVAL_ATTESTATION_ROOT": str(places.attestation_root),
        "AVAL_SNAPSHOT_SECONDS": str(SNAPSHOT_SECONDS),
    }


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
