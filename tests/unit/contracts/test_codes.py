from collections import Counter

import pytest

from aval.contracts import codes
from aval.contracts.bus import KindFilter
from aval.contracts.codes import OUR_OWN, Table, code_tables
from aval.contracts.model import (
    AmountKind,
    AmountSituation,
    ContractKind,
    ContractSituation,
    ModulationKind,
)

WORDS = {
    Table.CONTRACT_TYPE: ContractKind,
    Table.CONTRACT_SITUATION: ContractSituation,
    Table.AMOUNT_SITUATION: AmountSituation,
    Table.AMOUNT_KIND: AmountKind,
    Table.MODULATION: ModulationKind,
}


@pytest.mark.parametrize(("table", "words"), WORDS.items())
def test_every_word_of_the_model_has_its_row(table: Table, words: type[ContractKind]) -> None:
    assert set(code_tables()[table]) == {word.value for word in words}


def test_published_numbers_are_the_published_ones() -> None:
    subtype = codes.contract_subtype(ContractKind.CCEAL, 1)
    assert codes.contract_type(ContractKind.CCEAL).id == 10185
    assert codes.contract_type(ContractKind.REGULATED).id == 10186
    assert subtype is not None
    assert subtype.id == 10777
    assert codes.amount_situation(AmountSituation.INSERTED).id == 10783
    assert codes.amount_situation(AmountSituation.ADJUSTED).id == 10786
    assert (codes.modulation_modality().id, codes.modulation_modality().description) == (1, "Modulação")


def test_no_number_stands_for_two_things_and_ours_keep_to_their_own_range() -> None:
    rows = [code for table in code_tables().values() for code in table.values()]
    assert [number for number, times in Counter(row.id for row in rows).items() if times > 1] == []
    assert all((row.id >= 990_000) == (row.source == OUR_OWN) for row in rows)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (KindFilter(), True),
        (KindFilter(type_id=10185), True),
        (KindFilter(type_id=10185, subtype_id=10777), True),
        (KindFilter(type_code=" cceal "), True),
        (KindFilter(type_id=10186), False),
        (KindFilter(type_id=10185, subtype_id=10778), False),
        (KindFilter(type_code="CBR"), False),
    ],
)
def test_a_filter_names_a_type_and_perhaps_its_subtype(asked: KindFilter, *, expected: bool) -> None:
    assert codes.is_among(ContractKind.CCEAL, 1, (asked,)) is expected


def test_any_of_several_filters_is_enough_and_none_asks_for_all() -> None:
    other, own = KindFilter(type_code="CBR"), KindFilter(type_code="CCEAL")
    assert codes.is_among(ContractKind.CCEAL, 1, (other, own))
    assert codes.is_among(ContractKind.CBR, None, ())


def test_a_kind_without_subtypes_answers_no_filter_on_one() -> None:
    assert not codes.is_among(ContractKind.CBR, None, (KindFilter(subtype_id=10777),))
