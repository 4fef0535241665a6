"""Identities of sealed objects: SHA-256 in hex, one spelling."""

import re
from typing import Final

from aval.sealing.refusals import SealReason, SealRefused

_IDENTITY: Final = re.compile(r"[0-9a-f]{64}")


def require_identity(text: str) -> None:
    if not _IDENTITY.fullmatch(text):
        raise SealRefused(SealReason.MALFORMED, "uma identidade tem 64 algarismos hexadecimais minúsculos")
