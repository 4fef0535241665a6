"""What an operator is shown, and how a figure in the open would be found."""

from aval.identifiers import EventCode
from local.demo_operator import OperatorsView

EVENT = EventCode("202611001")
LOTE = {
    "pk": {"S": "LOTE#0a"},
    "sk": {"S": "REGISTRO"},
    "answer": {"B": b"sealed"},
    "rules": {"M": {"soma-fontes": {"N": "2"}}},
    "persisted": {"NS": ["0", "1"]},
    "listed": {"L": [{"S": "a"}, {"NULL": True}]},
    "long": {"S": "x" * 70},
}
STATES = [
    {"pk": {"S": f"ESTADOS#{EVENT}"}, "sk": {"S": str(number)}, "state": {"S": "ENVIADO"}}
    for number in range(5)
]


def view(*rows: object, **objects: bytes) -> OperatorsView:
    return OperatorsView(EVENT, [LOTE, *STATES, *rows], objects)  # type: ignore[list-item]


def test_lotes_and_a_few_states_are_shown_with_sizes_for_what_is_sealed() -> None:
    told = view().text()
    assert told.startswith(
        "  answer          (6 bytes selados)\n"
        "  listed          a, -\n"
        f"  long            {'x' * 60}…\n"
        "  persisted       0, 1\n"
        "  pk              LOTE#0a\n"
        "  rules           {soma-fontes: 2}\n"
        "  sk              REGISTRO\n"
    )
    assert told.count("ENVIADO") == 3
    assert told.endswith("… e mais 2 agentes como estes")


def test_a_figure_in_a_row_or_an_object_is_found_with_point_or_comma() -> None:
    assert view(lotes=b"sealed").places_of(["20007919.37"]) == []
    assert view(file=b'{"valor":"20007919.37"}').places_of(["20007919.37"]) == ["file"]
    row = {"pk": {"S": "ABERTO"}, "sk": {"S": "x"}, "value": {"S": "R$ 20007919,37"}}
    assert view(row).places_of(["1.5", "20007919.37"]) == ["ABERTO"]


def test_how_much_was_searched_is_told() -> None:
    assert view(a=b"", b=b"").size == "6 linhas e 2 objetos"
