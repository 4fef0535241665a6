import pytest

from aval.registry.model import Participant
from aval.registry.searching import search_participants
from tests.support.monitored import AURORA, BOLT, MOINHO, VENTO, agent

ROWS = (
    agent(BOLT, "BOLT", code=1001, legal_name="BOLT ENERGIA LTDA."),
    agent(AURORA, "AURORA GERACAO", code=1002, legal_name="AURORA GERAÇÃO DE ENERGIA S.A."),
    agent(VENTO, "VENTO BOLT", code=1003, legal_name="VENTO LESTE PARQUES EÓLICOS LTDA."),
    agent(MOINHO, "BOLT NORTE", code=1004, legal_name="MOINHO AZUL ALIMENTOS S.A."),
)


def found(text: str, most: int = 10, rows: tuple[Participant, ...] = ROWS) -> list[str]:
    return [one.sigla for one in search_participants(rows, text, most=most)]


def test_the_sigla_itself_comes_first_then_those_that_begin_so_then_a_word_of_it() -> None:
    assert found("bolt") == ["BOLT", "BOLT NORTE", "VENTO BOLT"]


def test_as_many_as_were_asked_for_and_the_likeliest_of_them() -> None:
    assert found("bolt", most=1) == ["BOLT"]


@pytest.mark.parametrize("typed", ["33047509000149", "33.047.509/0001-49", "33.047.5", "33"])
def test_a_cnpj_is_found_from_its_beginning_with_its_mask_or_without(typed: str) -> None:
    assert found(typed) == ["BOLT"]


def test_a_cnpj_of_letters_is_found_in_either_case() -> None:
    assert found("12abc345") == found("12.ABC.345/01DE") == ["AURORA GERACAO"]


def test_names_are_found_by_their_words_without_accents_and_by_what_is_amid_them_last() -> None:
    assert found("eolicos") == ["VENTO BOLT"]
    assert found("geração") == ["AURORA GERACAO"]
    assert found("nergia") == ["AURORA GERACAO", "BOLT"]


@pytest.mark.parametrize("typed", ["", "  ", "zzz", "(", "[a", "*"])
def test_what_nobody_is_called_finds_nobody(typed: str) -> None:
    assert found(typed) == []
