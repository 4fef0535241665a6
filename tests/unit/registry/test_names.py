import pytest

from aval.registry.names import folded


@pytest.mark.parametrize("text", ["São João", "SAO JOAO", "  são joão\n", "sa\u0303o joa\u0303o"])
def test_case_accents_and_spaces_at_the_ends_do_not_count(text: str) -> None:
    assert folded(text) == "sao joao"


def test_what_is_another_letter_stays_another() -> None:
    assert folded("ação 2") == "acao 2"
    assert folded("Straße") == "strasse"
