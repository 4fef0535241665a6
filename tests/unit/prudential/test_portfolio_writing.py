import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from aval.prudential.figures import MOST_PLACES
from aval.prudential.parameters import MONTHS
from aval.prudential.portfolio import NetEquity, Portfolio
from aval.prudential.portfolio_json import read_portfolio
from aval.prudential.portfolio_writing import write_portfolio
from tests.support import portfolio_files
from tests.support.any_portfolio import PORTFOLIOS


def test_what_was_read_is_written_and_read_again() -> None:
    read = read_portfolio(json.dumps(portfolio_files.portfolio()).encode())
    assert read_portfolio(write_portfolio(read)) == read


def test_what_is_written_has_the_members_of_the_file_and_nothing_else() -> None:
    file = portfolio_files.portfolio()
    read = read_portfolio(json.dumps(file).encode())
    # The zeros of the file have places of their own.
    file["meses"] = [month | {"mercadoRegulado": "0"} for month in file["meses"]]
    written = json.loads(write_portfolio(read))
    assert [month | {"mercadoRegulado": "0"} for month in written["meses"]] == file["meses"]
    assert {name: written[name] for name in ("evento", "cnpj", "patrimonioLiquido")} == {
        name: file[name] for name in ("evento", "cnpj", "patrimonioLiquido")
    }


def test_the_smallest_figure_is_written_without_an_exponent() -> None:
    read = read_portfolio(json.dumps(portfolio_files.portfolio()).encode())
    smallest = Decimal(1).scaleb(-MOST_PLACES)
    small = replace(read, equity=NetEquity(read.equity.base_date, smallest))
    assert json.loads(write_portfolio(small))["patrimonioLiquido"]["valor"] == f"0.{'0' * 11}1"


@settings(max_examples=50)
@given(portfolio=PORTFOLIOS)
def test_every_figure_of_any_portfolio_is_in_its_place(portfolio: Portfolio) -> None:
    written = json.loads(write_portfolio(portfolio))
    assert [month["mes"] for month in written["meses"]] == list(MONTHS)
    for month, told in zip(portfolio.months, written["meses"], strict=True):
        fixed, derived, variable = told["precoFixo"], told["derivativos"], told["precoVariavel"]
        assert _values(fixed["submercados"]) == _by_name(month.fixed.submarkets)
        assert _values(fixed["fontes"]) == _by_name(month.fixed.sources)
        assert _values(derived["submercados"]) == _by_name(month.derivatives.submarkets)
        assert Decimal(fixed["recurso"]["preco"]) == month.fixed.resource.price
        assert Decimal(fixed["requisito"]["mwm"]) == month.fixed.requirement.amount
        assert Decimal(derived["requisito"]["preco"]) == month.derivatives.requirement.price
        assert Decimal(variable["recurso"]["spread"]) == month.variable.resource.price
        assert Decimal(variable["requisito"]["mwm"]) == month.variable.requirement.amount
        told_alone = [Decimal(told[name]) for name in ("geracao", "consumo", "mercadoRegulado")]
        assert told_alone == [month.generation, month.consumption, month.regulated]


def _values(told: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in told.items()}


def _by_name(shares: object) -> dict[str, Decimal]:
    assert isinstance(shares, dict)
    return {str(name): value for name, value in shares.items()}
