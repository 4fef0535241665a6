"""Numbers that are compared as text: one spelling each is not demanded, only that it is one."""

import re
from typing import Final

from aval.sealing.refusals import SealReason, SealRefused

_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?")


def require_decimal(text: str) -> None:
    """Raise `SealRefused` unless `text` is a plain decimal number with a point, as 0.17 is."""
    if not _DECIMAL.fullmatch(text):
        raise SealRefused(SealReason.MALFORMED, "o número deve ser um texto decimal com ponto, como 0.17")
