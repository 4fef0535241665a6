"""Whether a matrix can be one of correlations, decided in whole numbers: nothing is rounded on the way."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from aval.errors import Fault
from aval.prudential.figures import CONTEXT, spelled

PLACES: Final = 40
"""Of each coefficient: a matrix cut to few may lose more than the tolerance on its smallest eigenvalue, and
who computes one in decimal writes 28 or 34."""
SMALLEST_EIGENVALUE: Final = Decimal("-1e-12")
_TOLD: Final = Decimal("1e-20")

Matrix = Sequence[Sequence[Decimal]]


def faults_of_correlation(matrix: Matrix, pointer: str) -> tuple[Fault, ...]:
    """Every rule that the square `matrix` breaks; `pointer` is where it stands."""
    found = (*_diagonal(matrix, pointer), *_pairs(matrix, pointer))
    # The eigenvalues of a matrix that is not symmetric would say nothing to who mends it.
    return found or tuple(_eigenvalues(matrix, pointer))


def _diagonal(matrix: Matrix, pointer: str) -> Iterator[Fault]:
    for index, row in enumerate(matrix):
        if row[index] != 1:
            detail = f"a diagonal da matriz deve ser 1, e veio {spelled(row[index])}"
            yield Fault("correlacao-diagonal", detail, f"{pointer}/{index}/{index}")


def _pairs(matrix: Matrix, pointer: str) -> Iterator[Fault]:
    for row, cells in enumerate(matrix):
        for column in range(row):
            value, mirrored = cells[column], matrix[column][row]
            if value != mirrored:
                detail = (
                    f"a matriz deve ser simétrica, e veio {spelled(value)} aqui e {spelled(mirrored)} "
                    f"em {pointer}/{column}/{row}; informe o mesmo valor nos dois lugares"
                )
                yield Fault("correlacao-simetria", detail, f"{pointer}/{row}/{column}")
            elif value.copy_abs() > 1:
                detail = f"uma correlação vai de -1 a 1, e veio {spelled(value)}"
                yield Fault("correlacao-intervalo", detail, f"{pointer}/{row}/{column}")


def _eigenvalues(matrix: Matrix, pointer: str) -> Iterator[Fault]:
    whole = [[_scaled(one) for one in row] for row in matrix]
    if not _has_none_below(whole, _scaled(SMALLEST_EIGENVALUE)):
        detail = (
            f"o menor autovalor da matriz, perto de {_smallest(whole):.6e}, fica abaixo de -1e-12: "
            "nenhuma série tem correlações assim; estime a matriz inteira dos mesmos dias"
        )
        yield Fault("correlacao-autovalor", detail, pointer)


def _scaled(value: Decimal) -> int:
    return int(value.scaleb(PLACES, context=CONTEXT))


def _has_none_below(matrix: Sequence[Sequence[int]], limit: int) -> bool:
    """Whether no eigenvalue of the symmetric `matrix` is below `limit`.

    `matrix` less `limit` on its diagonal has none below zero just where its characteristic polynomial,
    whose roots are all real, changes sign at every coefficient (Descartes). Faddeev and LeVerrier's
    recurrence gives the coefficients, and its divisions are exact.
    """
    size = len(matrix)
    shifted = [
        [cell - limit * (row == column) for column, cell in enumerate(cells)]
        for row, cells in enumerate(matrix)
    ]
    product = [[0] * size for _ in range(size)]
    coefficient, sign = 1, 1
    for order in range(1, size + 1):
        for index in range(size):
            product[index][index] += coefficient
        product = [
            [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*product, strict=True)]
            for row in shifted
        ]
        coefficient = -sum(product[index][index] for index in range(size)) // order
        sign = -sign
        if sign * coefficient < 0:
            return False
    return True


def _smallest(matrix: Sequence[Sequence[int]]) -> Decimal:
    """To twenty places, for its sentence; every eigenvalue of such a matrix is above minus its size."""
    below, above = _scaled(Decimal(-len(matrix))), _scaled(SMALLEST_EIGENVALUE)
    while above - below > _scaled(_TOLD):
        middle = (below + above) // 2
        below, above = (middle, above) if _has_none_below(matrix, middle) else (below, middle)
    return Decimal(below).scaleb(-PLACES, context=CONTEXT)
