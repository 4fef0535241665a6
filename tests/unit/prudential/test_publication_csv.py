from pathlib import Path

import pytest

from aval.prudential.publication import PublishedList
from aval.prudential.publication_csv import csv_of
from tests.support.monitored import AURORA, BOLT, VENTO, agent
from tests.support.publication import NEGATIVE, ZERO, published_list, released
from tests.support.weeks import week_version

GOLDEN = Path(__file__).with_name("published_list.csv")
MARK = b"\xef\xbb\xbf"


def row(name: str = "Nome", sigla: str = "SIGLA") -> str:
    only = [agent(BOLT, sigla, legal_name=name)]
    text = csv_of(PublishedList.of(week_version().parameters, only, {BOLT: released(BOLT)}))
    return text.decode("utf-8-sig").splitlines()[1]


def test_the_file_is_the_one_that_was_looked_at_in_a_spreadsheet() -> None:
    """Written anew by `python -m tests.unit.prudential.test_publication_csv`."""
    assert csv_of(published_list()) == GOLDEN.read_bytes()


def test_a_spreadsheet_takes_the_file_for_utf_8_and_its_columns_for_columns() -> None:
    content = csv_of(published_list())
    assert content.startswith(MARK)
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[0] == (
        "Código do agente;Nome empresarial;Sigla;CNPJ;Código da classe;Classe;Evento;FA;Observação"
    )
    assert lines[-1] == ""


def test_a_factor_has_a_decimal_comma_and_a_cnpj_its_mask() -> None:
    assert row() == "1000;Nome;SIGLA;33.047.509/0001-49;2;Comercializador;202611003;0,170817703691;"


def test_each_of_the_three_remarks_stands_where_there_is_no_factor() -> None:
    agents = [agent(AURORA, "A"), agent(BOLT, "B"), agent(VENTO, "C")]
    sent = {AURORA: released(AURORA, None, ZERO), BOLT: released(BOLT, None, NEGATIVE)}
    lines = csv_of(PublishedList.of(week_version().parameters, agents, sent)).decode("utf-8-sig").splitlines()
    assert [line.split(";")[7:] for line in lines[1:]] == [
        ["", ZERO],
        ["", NEGATIVE],
        ["", "FA não enviado até o prazo"],
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_computed_by_the_spreadsheet(begins: str) -> None:
    told = row(sigla=f"{begins}HYPERLINK(1)")
    assert f"'{begins}HYPERLINK(1)" in told if begins.isprintable() else "'" in told


def test_a_name_with_a_separator_a_quote_or_a_sign_inside_stays_one_cell() -> None:
    assert row(name='A; B "C" -1').startswith('1000;"A; B ""C"" -1";SIGLA;')


if __name__ == "__main__":
    GOLDEN.write_bytes(csv_of(published_list()))
