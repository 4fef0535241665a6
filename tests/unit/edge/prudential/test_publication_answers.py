import pytest

from aval.edge.prudential.publication_answers import asks_for_csv


@pytest.mark.parametrize(
    ("accept", "is_csv"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/csv", True),
        ("TEXT/CSV", True),
        ("text/csv; charset=utf-8", True),
        ("text/csv, application/json", False),
        ("text/csv, application/json;q=0.9", True),
        ("application/json; q=0.5 , text/csv; q=0.8", True),
        ("text/csv;q=0", False),
        ("text/csv;q=0.2, */*", True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("text/csv;q=muito", True),
        (";;,,q=1", False),
    ],
)
def test_without_a_parameter_the_header_decides(accept: str, is_csv: bool) -> None:
    assert asks_for_csv(None, accept) is is_csv


def test_the_parameter_is_stronger_than_the_header() -> None:
    assert asks_for_csv("csv", "application/json")
    assert not asks_for_csv("json", "text/csv")
