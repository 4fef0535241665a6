import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.adapters.frozen_documents import reader, writer
from aval.contracts.bus import RowResult, RowStatus
from aval.contracts.model import (
    AmountSituation,
    Contract,
    ContractAct,
    ContractKind,
    ContractSituation,
    LevelUnit,
    LoadLevels,
    ModulationKind,
    Transition,
)
from tests.support.contracts import FEBRUARY, JANUARY, amount, buyer, contract, terms, transition

MOMENTS = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
QUANTITIES = st.decimals(0, 10**21, places=6, allow_nan=False, allow_infinity=False)
LEVELS = st.builds(LoadLevels, st.sampled_from(LevelUnit), QUANTITIES, QUANTITIES, QUANTITIES)
AMOUNTS = st.builds(
    amount,
    st.sampled_from([JANUARY, FEBRUARY]),
    st.sampled_from(AmountSituation),
    average_mw=QUANTITIES,
    modulation=st.sampled_from(ModulationKind),
    limits=st.none() | st.tuples(QUANTITIES, QUANTITIES),
    parcels=st.lists(st.integers(1, 999_999_999), max_size=3).map(tuple),
    hourly_mwh=st.lists(QUANTITIES, max_size=5).map(tuple),
    levels=st.none() | LEVELS,
)
CONTRACTS = st.builds(
    contract,
    st.integers(1, 10**12 - 1),
    kind=st.sampled_from(ContractKind),
    situation=st.sampled_from(ContractSituation),
    amounts=st.lists(AMOUNTS, max_size=3).map(tuple),
    terms=st.builds(terms, remark=st.text(max_size=20), relieves_exposure=st.booleans()),
    changed_at=MOMENTS,
    closing_at=st.none() | MOMENTS,
    version=st.integers(1, 10**6),
)


@given(CONTRACTS)
def test_a_contract_comes_back_from_its_document_as_it_was(made: Contract) -> None:
    document = json.loads(json.dumps(writer(Contract)(made)))
    assert reader(Contract)(document) == made


def test_a_quantity_keeps_its_digits() -> None:
    made = contract(amounts=(amount(average_mw=Decimal("10.100000")),))
    read = reader(Contract)(writer(Contract)(made))
    assert str(read.amounts[0].energy.average_mw) == "10.100000"


def test_what_has_its_default_is_left_out_and_comes_back() -> None:
    document = writer(RowResult)(RowResult(1, "7", RowStatus.DONE, "registrado"))
    assert set(document) == {"row", "sequence", "status", "description"}
    assert reader(RowResult)(document).contract is None


def test_a_transition_keeps_who_acted_and_on_what() -> None:
    made = transition(author=buyer("Ana"), act=ContractAct.AMOUNT_VALIDATED)
    assert reader(Transition)(json.loads(json.dumps(writer(Transition)(made)))) == made


def test_a_type_that_no_document_is_made_of_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        writer(complex)
