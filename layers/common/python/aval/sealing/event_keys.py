"""What is derived from the data key of an event, and kept nowhere (docs/confidential.md, section Keys)."""

from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from aval.identifiers import EventCode

_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class EventKeys:
    event: EventCode
    record: bytes = field(repr=False)
    journal: bytes = field(repr=False)

    @classmethod
    def derive(cls, event: EventCode, data_key: bytes) -> Self:
        """Raise `ValueError` unless `data_key` has 256 bits."""
        if len(data_key) != _KEY_BYTES:
            raise ValueError("an event's data key has 256 bits")
        return cls(event, record=_derived(data_key, b"registro"), journal=_derived(data_key, b"diario"))


def _derived(data_key: bytes, purpose: bytes) -> bytes:
    """RFC 5869; no salt is needed, for a data key of KMS is uniform already (its section 3.1)."""
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(data_key)
