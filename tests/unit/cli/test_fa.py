"""`aval fa calcular`: the numbers to the last digit from either kind of file, and how it ends."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aval.cli.main import main
from tests.support import leverage, leverage_files
from tests.support.portfolio_files import COMPANY, OTHER_COMPANY, changed
from tests.support.workbooks import book

DECAYING = [[str(cell) for cell in row] for row in leverage.decaying()]
ONE_MONTH = {
    "mes": "M+1",
    "net": "-5.000000",
    "mtm": "-818460.000000",
    "con": "666000.000000",
    "pv": "0.000000",
    "var": "358045.032261",
    "euler": "319936.576166",
    "stress": "357012.000000",
}


@dataclass(frozen=True, slots=True)
class Shown:
    code: int
    out: str
    error: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def agent(self) -> dict[str, Any]:
        (agent,) = self.document["agentes"]
        assert isinstance(agent, dict)
        return agent


Compute = Callable[..., Shown]


@pytest.fixture
def compute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Compute:
    def run(
        *portfolios: dict[str, Any],
        name: str = "X.json",
        parameters: dict[str, Any] | None = None,
        options: tuple[str, ...] = ("--json",),
    ) -> Shown:
        week = leverage_files.write(tmp_path, "P.json", parameters or leverage_files.parameters())
        path = tmp_path / name
        if portfolios:
            path = leverage_files.write(tmp_path, name, *portfolios)
        code = main(["fa", "calcular", "--parametros", str(week), "--portfolio", str(path), *options])
        told = capsys.readouterr()
        return Shown(code, told.out, told.err)

    return run


@pytest.mark.parametrize("name", ["X.json", "X.xlsx"])
@pytest.mark.parametrize(
    ("changes", "sold_at", "expected"),
    [
        ({}, leverage.SOLD_LOW, ("-843251.520000", "2231467.146437", "0.123970397024", "0.170817703691")),
        (
            {"correlacao": DECAYING},
            leverage.SOLD_LOW,
            ("-843251.520000", "1948681.387768", "0.108260077098", "0.155107383765"),
        ),
        (
            {"diasLiquidacao": 1},
            leverage.SOLD_LOW,
            ("-843251.520000", "997942.445798", "0.055441246989", "0.102288553655"),
        ),
        (
            {"indiceConfianca": "0.99"},
            leverage.SOLD_LOW,
            ("-843251.520000", "3156006.569245", "0.175333698291", "0.222181004958"),
        ),
        ({}, leverage.SOLD_HIGH, ("2631948.480000", "2231467.146437", "0.123970397024", "0.000000000000")),
    ],
)
def test_gives_the_worked_numbers_from_json_and_from_a_workbook(
    compute: Compute, name: str, changes: dict[str, Any], sold_at: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    shown = compute(
        leverage_files.portfolio(sold_at=sold_at), name=name, parameters=leverage_files.parameters(**changes)
    )
    assert shown.code == 0
    agent = shown.agent
    assert (agent["res"], agent["var"], agent["fa_risco"], agent["fa"]) == expected


def test_a_matrix_with_all_the_digits_of_decimal_arithmetic_gives_the_same_numbers(compute: Compute) -> None:
    decay = [str((Decimal("-0.15") * months).exp()) for months in range(7)]
    assert max(map(len, decay)) > 28
    matrix = [[decay[abs(row - column)] for column in range(7)] for row in range(7)]
    shown = compute(leverage_files.portfolio(), parameters=leverage_files.parameters(correlacao=matrix))
    assert (shown.agent["var"], shown.agent["fa"]) == ("1948681.387768", "0.155107383765")


def test_answers_in_the_layout_that_the_enclave_answers_in(compute: Compute) -> None:
    shown = compute(leverage_files.portfolio(), parameters=leverage_files.parameters(correlacao=DECAYING))
    assert shown.document.keys() == {"metodo", "agentes"}
    assert shown.document["metodo"] == "MP-2023.2.0"
    months = shown.agent.pop("meses")
    assert [month["mes"] for month in months] == [f"M+{number}" for number in range(7)]
    assert months[1] == ONE_MONTH
    assert {key: value for key, value in shown.agent.items() if key != "meses"} == {
        "cnpj": COMPANY,
        "fa": "0.155107383765",
        "fa_risco": "0.108260077098",
        "var": "1948681.387768",
        "res": "-843251.520000",
        "rwa": "1948681.387768",
        "pla": "18000000.000000",
    }


def test_a_workbook_and_json_give_the_same_bytes(compute: Compute) -> None:
    held = [leverage_files.portfolio(), leverage_files.portfolio(OTHER_COMPANY, sold_at=leverage.SOLD_HIGH)]
    assert compute(*held, name="X.json").out == compute(*held, name="X.xlsx").out


def test_the_order_of_the_agents_changes_only_their_order(compute: Compute) -> None:
    one, other = leverage_files.portfolio(), leverage_files.portfolio(OTHER_COMPANY)
    there, back = compute(one, other).document["agentes"], compute(other, one).document["agentes"]
    assert [agent["cnpj"] for agent in there] == [COMPANY, OTHER_COMPANY]
    assert there == back[::-1]


def test_not_computable_is_an_answer_and_says_why(compute: Compute) -> None:
    equity = "/patrimonioLiquido/valor"
    shown = compute(changed(leverage_files.portfolio(), equity, "2000000"))
    assert shown.code == 0
    assert (shown.agent["fa"], shown.agent["fa_risco"]) == (None, None)
    assert shown.agent["motivo"] == "FA não calculável: o patrimônio líquido ajustado (PLA) é zero"
    assert (shown.agent["pla"], shown.agent["var"]) == ("0.000000", "2231467.146437")
    shown = compute(changed(leverage_files.portfolio(), equity, "1"), options=())
    assert shown.code == 0
    assert "FA não calculável: o patrimônio líquido ajustado (PLA) é negativo" in shown.out


def test_shows_every_number_on_the_way(compute: Compute) -> None:
    shown = compute(
        leverage_files.portfolio(),
        parameters=leverage_files.parameters(correlacao=DECAYING),
        options=("--alvo", "0.20"),
    )
    assert shown.code == 0
    rows = {line[:42].strip(): line[42:].strip() for line in shown.out.splitlines()}
    assert rows["z = Φ⁻¹(0.95)"] == "1.6448536269514727148638489079916321"
    assert rows["√D, D = 5"] == "2.2360679774997896964091736687312762"
    assert rows["− dedução I"] == "2000000.000000"
    assert rows["PLA para FA ≤ 0.2"] == "13959664.538838"
    assert rows["FA = max(0, (RWA − RES) / PLA)"] == "0.155107383765"
    month = next(line for line in shown.out.splitlines() if line.startswith("M+1"))
    assert month.split() == [
        *("M+1", "ABR/2023", "720", "227.35", "0.11894", "-5.000000", "-818460.000000"),
        *("666000.000000", "0.000000", "0.000000", "358045.032261", "319936.576166", "357012.000000"),
    ]


def test_a_wrong_agent_is_refused_with_its_place_and_the_others_are_computed(compute: Compute) -> None:
    wrong = changed(leverage_files.portfolio(OTHER_COMPANY), "/meses/2/geracao", "-1")
    shown = compute(leverage_files.portfolio(), wrong)
    assert shown.code == 1
    assert shown.agent["cnpj"] == COMPANY
    places = {(fault["cnpj"], fault["lugar"]) for fault in shown.document["falhas"]}
    assert (OTHER_COMPANY, "/agentes/1/meses/2/geracao") in places
    shown = compute(leverage_files.portfolio(), wrong, options=())
    assert shown.code == 1
    assert f"RECUSADO  X.json {OTHER_COMPANY} /agentes/1/meses/2/geracao: " in shown.error
    assert "AGENTE 33.047.509/0001-49" in shown.out


def test_a_wrong_cell_is_named_by_its_sheet(compute: Compute, tmp_path: Path) -> None:
    held = book(leverage_files.portfolio()).put("Portfolio!D2", "trinta")
    (tmp_path / "X.xlsx").write_bytes(held.file())
    shown = compute(name="X.xlsx")
    assert shown.code == 1
    assert [fault["lugar"] for fault in shown.document["falhas"]] == ["Portfolio!D2"]
    assert shown.document["agentes"] == []


def test_lists_the_faults_of_both_files(compute: Compute) -> None:
    shown = compute(
        changed(leverage_files.portfolio(), "/meses/0/geracao", "muito"),
        parameters=leverage_files.parameters(theta="-1"),
    )
    assert shown.code == 1
    assert [(fault["arquivo"], fault["lugar"]) for fault in shown.document["falhas"]] == [
        ("P.json", "/theta"),
        ("X.json", "/meses/0/geracao"),
    ]


def test_refuses_a_portfolio_of_another_week(compute: Compute) -> None:
    shown = compute(leverage_files.portfolio(evento="202303002"))
    assert shown.code == 1
    assert [fault["lugar"] for fault in shown.document["falhas"]] == ["/evento"]


@pytest.mark.parametrize(
    ("name", "content"), [("X.json", b"{"), ("X.json", b""), ("X.xlsx", b"PK\x03\x04"), ("X.xlsx", b"")]
)
def test_a_file_that_is_not_of_its_kind_is_unreadable(
    compute: Compute, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    shown = compute(name=name)
    assert shown.code == 2
    assert shown.document["falhas"][0]["arquivo"] == name


def test_a_file_that_is_not_there_or_of_no_known_kind_is_unreadable(compute: Compute) -> None:
    missing = compute(name="Y.json")
    assert (missing.code, missing.out) == (2, "")
    assert "Y.json: não existe" in missing.error
    unknown = compute(name="X.csv")
    assert unknown.code == 2
    assert "deve terminar em .json ou .xlsx" in unknown.error


def test_an_old_base_date_is_a_warning_beside_the_answer(compute: Compute) -> None:
    shown = compute(leverage_files.portfolio())
    assert shown.code == 0
    assert f"atenção   {COMPANY}: a data-base do patrimônio líquido, 31/12/2022, tem " in shown.error


@pytest.mark.parametrize("target", ["0", "-1", "muito", "1e3"])
def test_a_target_is_a_decimal_above_zero(compute: Compute, target: str) -> None:
    with pytest.raises(SystemExit) as ended:
        compute(leverage_files.portfolio(), options=(f"--alvo={target}",))
    assert ended.value.code == 2
