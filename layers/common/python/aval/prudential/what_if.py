"""The changes of a what-if: some figures of a stored portfolio, and the factor that its agent aims at."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aval.errors import Fault, FaultsFound
from aval.prudential.figures import spelled
from aval.prudential.json_document import Node, read_document

MOST_CHANGES: Final = 1000
USUAL_TARGET: Final = Decimal("0.20")
_LONGEST_PATH: Final = 200
_LONGEST_VALUE: Final = 100
# Another agent's or week's portfolio is no what-if about this one.
_FIXED: Final = frozenset({"/cnpj", "/evento"})


@dataclass(frozen=True, slots=True)
class Change:
    """`path` is a JSON pointer (RFC 6901) into the stored portfolio, to a text that takes another's place."""

    path: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WhatIf:
    changes: tuple[Change, ...] = field(repr=False)
    target: Decimal = USUAL_TARGET


def read_what_if(data: bytes) -> WhatIf:
    """`{"mudancas": [{"caminho", "valor"}], "alvo"}`; raise `FaultsFound` for every rule that it breaks."""
    document = read_document(data)
    told = document.members(("mudancas",), ("alvo",))
    changes = tuple(_change(one) for one in told["mudancas"].items(0, MOST_CHANGES))
    target = told["alvo"].decimal() if told["alvo"].is_there else USUAL_TARGET
    if told["alvo"].is_sound and target <= 0:
        told["alvo"].refuse("alvo", f"o alvo deve ser maior que zero, e veio {spelled(target)}")
    if document.faults:
        raise FaultsFound("a simulação tem faltas", document.faults)
    return WhatIf(changes, target)


def changed_document(stored: Mapping[str, object], asked: WhatIf) -> dict[str, object]:
    """The document with the changes, `stored` as it was; raise `FaultsFound` for a path that leads nowhere.

    Whether the values make a portfolio is not asked here: read it with the rules of any portfolio.
    """
    made: dict[str, object] = copy.deepcopy(dict(stored))
    faults = []
    for index, change in enumerate(asked.changes):
        if change.path in _FIXED or not _put(made, change):
            detail = (
                "o caminho não leva a um texto do portfólio que se possa mudar; confira-o na leitura dele"
            )
            faults.append(Fault("caminho", detail, f"/mudancas/{index}/caminho"))
    if faults:
        raise FaultsFound("a simulação muda o que não há", faults)
    return made


def _change(node: Node) -> Change:
    members = node.members(("caminho", "valor"))
    path = members["caminho"].text(_LONGEST_PATH, shortest=1)
    return Change(path, members["valor"].text(_LONGEST_VALUE))


def _put(document: dict[str, object], change: Change) -> bool:
    """Whether there was a text at that path, whose place the value took."""
    if not change.path.startswith("/"):
        return False
    *above, last = [part.replace("~1", "/").replace("~0", "~") for part in change.path[1:].split("/")]
    place: object = document
    for part in above:
        place = _below(place, part)
    if not isinstance(_below(place, last), str):
        return False
    if isinstance(place, dict):
        place[last] = change.value
    elif isinstance(place, list):
        place[int(last)] = change.value
    return True


def _below(place: object, part: str) -> object:
    if isinstance(place, Mapping):
        return place.get(part)
    # RFC 6901, section 4: an index is 0, or digits that do not begin with it.
    if isinstance(place, Sequence) and not isinstance(place, str) and part.isascii() and part.isdigit():
        index = int(part) if len(part) < 4 and str(int(part)) == part else len(place)
        return place[index] if index < len(place) else None
    return None
