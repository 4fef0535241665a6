"""Participants as somebody begins to type them: a sigla, a CNPJ or a name, the likeliest first."""

import re
from collections.abc import Iterable
from heapq import nsmallest
from typing import Final

from aval.registry.model import Participant
from aval.registry.names import folded

_MASK: Final = str.maketrans("", "", "./-")
# Shorter ones are as likely a word.
_LEAST_OF_A_CNPJ: Final = 2
_NOWHERE: Final = 9


def search_participants(rows: Iterable[Participant], text: str, *, most: int) -> tuple[Participant, ...]:
    """At most so many; of equally likely ones by sigla."""
    typed = folded(text)
    if not typed:
        return ()
    ranked = ((_rank(row, typed), folded(row.sigla), row.code, row) for row in rows)
    found = (one for one in ranked if one[0] < _NOWHERE)
    return tuple(row for *_, row in nsmallest(most, found))


def _rank(row: Participant, typed: str) -> int:
    sigla, name, cnpj = folded(row.sigla), folded(row.legal_name), typed.translate(_MASK)
    begins_a_word = re.compile(rf"\b{re.escape(typed)}")
    likely = (
        sigla == typed,
        len(cnpj) >= _LEAST_OF_A_CNPJ and folded(row.cnpj).startswith(cnpj),
        sigla.startswith(typed),
        begins_a_word.search(sigla) is not None,
        begins_a_word.search(name) is not None,
        typed in sigla or typed in name,
    )
    return next((rank for rank, holds in enumerate(likely) if holds), _NOWHERE)
