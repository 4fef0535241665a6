"""Which free contracts and amounts a query of a caller asks for."""

from typing import Final

from aval.contracts.bus import AmountQuery, ContractQuery, Viewer
from aval.contracts.codes import is_among
from aval.contracts.model import Amount, AmountKind, Contract, ContractKind, ModulationKind
from aval.contracts.store import Selection, Shape

_CCEAL_TYPES: Final = (None, 1, 2, 3, 4)


def selection_of(query: ContractQuery, acting: Viewer) -> Selection:
    named = query.profiles & acting.visible if query.profiles else acting.visible
    return Selection(
        profiles=named,
        period=query.period,
        side=query.side,
        shapes=_shapes(query),
        only_not_validated=query.only_not_validated,
    )


def _shapes(query: ContractQuery) -> frozenset[Shape] | None:
    if not query.kinds:
        return None
    every = [(ContractKind.CCEAL, cceal_type) for cceal_type in _CCEAL_TYPES] + [(ContractKind.CBR, None)]
    return frozenset(shape for shape in every if is_among(*shape, query.kinds))


def is_party(contract: Contract, acting: Viewer) -> bool:
    return not acting.visible.isdisjoint(contract.parties)


def answers(contract: Contract, amount: Amount, query: AmountQuery) -> bool:
    return (
        amount.period.overlaps(query.period)
        and not (query.only_not_validated and (amount.is_validated or contract.is_sellers_alone))
        and (query.kind is AmountKind.AVERAGE or amount.energy.modulation is ModulationKind.DECLARED)
    )
