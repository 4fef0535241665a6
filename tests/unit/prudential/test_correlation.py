import itertools
import math
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.prudential.correlation import faults_of_correlation

SIZE: Final = 7
Rows = list[list[Decimal]]


def identity() -> Rows:
    return [[Decimal(row == column) for column in range(SIZE)] for row in range(SIZE)]


def with_pair(row: int, column: int, value: str) -> Rows:
    matrix = identity()
    matrix[row][column] = matrix[column][row] = Decimal(value)
    return matrix


def rules(matrix: Rows) -> list[tuple[str, str]]:
    return [(fault.rule, fault.pointer) for fault in faults_of_correlation(matrix, "/correlacao")]


def test_takes_ones_everywhere_whose_smallest_eigenvalue_is_zero() -> None:
    assert rules([[Decimal(1)] * SIZE for _ in range(SIZE)]) == []


@pytest.mark.parametrize("value", ["1", "-1", "0.99999999999999999999", "0"])
def test_takes_a_pair_up_to_one_either_way(value: str) -> None:
    assert rules(with_pair(0, 6, value)) == []


def test_takes_correlations_that_fade_with_the_months_between() -> None:
    fading = [
        [(Decimal("-0.15") * abs(row - column)).exp().quantize(Decimal("1e-12")) for column in range(SIZE)]
        for row in range(SIZE)
    ]
    assert rules(fading) == []


def test_refuses_a_diagonal_that_is_not_one() -> None:
    matrix = identity()
    matrix[2][2] = Decimal("0.999999999999")
    assert rules(matrix) == [("correlacao-diagonal", "/correlacao/2/2")]


def test_refuses_two_values_for_one_pair_and_tells_both_places() -> None:
    matrix = identity()
    matrix[4][1] = Decimal("0.3")
    matrix[1][4] = Decimal("0.30000000000000000001")
    [fault] = faults_of_correlation(matrix, "/correlacao")
    assert (fault.rule, fault.pointer) == ("correlacao-simetria", "/correlacao/4/1")
    assert "0.3 aqui e 0.30000000000000000001 em /correlacao/1/4" in fault.detail


def test_refuses_a_pair_above_one() -> None:
    assert rules(with_pair(0, 1, "1.00000000000000000001")) == [("correlacao-intervalo", "/correlacao/1/0")]


def test_every_fault_is_told() -> None:
    matrix = with_pair(0, 1, "-2")
    matrix[6][6] = Decimal(0)
    matrix[5][4] = Decimal("0.5")
    assert {rule for rule, _ in rules(matrix)} == {
        "correlacao-diagonal",
        "correlacao-intervalo",
        "correlacao-simetria",
    }


def block_of_three(value: Decimal) -> Rows:
    """Three months correlated alike have 1 + 2·value for an eigenvalue, the smallest below zero."""
    matrix = identity()
    for row, column in ((0, 1), (0, 2), (1, 2)):
        matrix[row][column] = matrix[column][row] = value
    return matrix


def test_takes_a_smallest_eigenvalue_of_exactly_the_limit_and_refuses_the_next() -> None:
    at_the_limit = Decimal("-0.5") - Decimal("5e-13")
    assert rules(block_of_three(at_the_limit)) == []
    assert rules(block_of_three(at_the_limit - Decimal("1e-20"))) == [("correlacao-autovalor", "/correlacao")]


def test_tells_the_eigenvalue_that_it_found() -> None:
    [fault] = faults_of_correlation(block_of_three(Decimal("-0.75")), "/correlacao")
    assert "perto de -5.000000e-1," in fault.detail


def smallest_by_rotations(matrix: list[list[float]]) -> float:
    """Jacobi's method in floats: another road to the same number."""
    for _ in range(8):
        for p, q in itertools.combinations(range(SIZE), 2):
            if abs(matrix[p][q]) < 1e-15:
                continue
            angle = math.atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]) / 2
            cos, sin = math.cos(angle), math.sin(angle)
            for row in matrix:
                row[p], row[q] = cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]
            first, second = matrix[p], matrix[q]
            matrix[p] = [cos * a - sin * b for a, b in zip(first, second, strict=True)]
            matrix[q] = [sin * a + cos * b for a, b in zip(first, second, strict=True)]
    return min(matrix[index][index] for index in range(SIZE))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-100, 100), min_size=21, max_size=21))
def test_says_of_any_matrix_what_an_independent_eigensolver_says(hundredths: list[int]) -> None:
    matrix, given_values = identity(), iter(hundredths)
    for row in range(SIZE):
        for column in range(row):
            matrix[row][column] = matrix[column][row] = Decimal(next(given_values)).scaleb(-2)
    smallest = smallest_by_rotations([[float(cell) for cell in row] for row in matrix])
    # So near to the limit the peer itself is not sure.
    if abs(smallest) > 1e-9:
        assert bool(rules(matrix)) == (smallest < 0)
        for fault in faults_of_correlation(matrix, ""):
            told = float(fault.detail.partition("perto de ")[2].partition(",")[0])
            assert told == pytest.approx(smallest, rel=1e-5)
