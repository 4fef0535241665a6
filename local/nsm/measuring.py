"""What the hardware would measure of an image, of the role of its parent and of its instance."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from enclave_app.measurement import measure

PCR_BYTES: Final = 48
_INSTANCE: Final = re.compile(r"i-[0-9a-f]{17}")


def extended(register: bytes, data: bytes) -> bytes:
    """What a register holds after it was extended by `data`."""
    return hashlib.sha384(register + data).digest()


def measure_all(image: Path, *, role_arn: str, instance_id: str) -> Mapping[int, bytes]:
    """PCR0, 1, 2 and 8 from the files, 3 and 4 from where they run."""
    zero = bytes(PCR_BYTES)
    return {
        **measure(image),
        3: extended(zero, role_arn.encode()),
        4: extended(zero, instance_id.encode()),
    }


def instance_kept_in(folder: Path) -> str:
    """The id of this machine as an instance: drawn once, as an instance keeps its own."""
    file = folder / "instance-id"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"i-{secrets.token_hex(9)[:17]}\n", encoding="ascii")
    instance_id = file.read_text(encoding="ascii").strip()
    if not _INSTANCE.fullmatch(instance_id):
        raise ValueError(f"{file} holds no instance id")
    return instance_id


def new_module_id(instance_id: str, at: datetime) -> str:
    """An enclave's name as AWS forms it: its instance, the milliseconds of its start, two bytes drawn."""
    return f"{instance_id}-enc{int(at.timestamp() * 1000):012x}{secrets.token_hex(2)}"
