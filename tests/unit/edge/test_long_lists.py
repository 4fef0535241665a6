from typing import Any

import pytest
from pydantic import ValidationError

from aval.edge.contracts.imports import ImportRequest
from aval.edge.long_lists import AT_ONCE

MONTHS = [{"vigenciaDeInicio": "2026-01-01T00:00"}]
ROW = {"numeroContrato": 123, "montantes": MONTHS}


def findings(rows: list[Any], form: str = "validar") -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as refused:
        ImportRequest.model_validate({"perfil": 10010, form: rows})
    return [finding["loc"] for finding in refused.value.errors()]


@pytest.mark.parametrize("count", [1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE, 3 * AT_ONCE + 7])
def test_a_list_of_any_length_is_read_whole_and_in_order(count: int) -> None:
    rows = [{**ROW, "numeroContrato": number + 1} for number in range(count)]
    request = ImportRequest.model_validate({"perfil": 10010, "validar": rows})
    assert request.validations is not None
    assert [row.contract for row in request.validations] == list(range(1, count + 1))


def test_whatever_is_wrong_far_down_a_list_is_told_at_its_own_place() -> None:
    rows = [ROW] * 500
    wrong = {place: {**ROW, "numeroContrato": 0} for place in (310, 311, 349, 350)}
    assert findings([wrong.get(place, row) for place, row in enumerate(rows)]) == [
        ("validar", place, "numeroContrato") for place in (310, 311, 349)
    ]


def test_what_is_wrong_in_lists_in_lists_in_lists_stays_bounded() -> None:
    amount = {"montantesHorarios": [0] * 200}
    told = findings([{"montantes": [amount] * 200}] * 200, "registrar")
    assert len(told) < 2 * AT_ONCE**3


def test_a_short_list_is_told_whole() -> None:
    assert len(findings([{}] * AT_ONCE)) == 2 * AT_ONCE


def test_what_is_no_list_is_told_as_that() -> None:
    assert findings({"0": ROW}) == [("validar",)]  # type: ignore[arg-type]
