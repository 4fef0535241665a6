"""The demo's files, as the product's own readers judge them."""

import json
from pathlib import Path

from aval.identifiers import Cnpj, EventCode
from aval.prudential.counterparties import read_many
from aval.prudential.portfolio_xlsx import read_portfolio_workbook
from local import demo_files

EVENT = EventCode("202611001")


def test_the_week_has_37_agents_of_whom_three_are_wrong_each_in_its_cell(tmp_path: Path) -> None:
    demo_files.write(tmp_path, EVENT)
    read = read_portfolio_workbook((tmp_path / "carteiras.xlsx").read_bytes(), event=EVENT)
    agents = demo_files.represented()
    assert len(agents) == 37
    assert [one.company for one in read.taken] == [
        one for number, one in enumerate(agents) if number not in {4, 16, 28}
    ]
    wrong = {one.company: {fault.pointer for fault in one.faults} for one in read.refused}
    assert {company: min(places) for company, places in wrong.items()} == {
        agents[4]: "Portfolio!F31",
        agents[16]: "Portfolio!H100",
        agents[28]: "Portfolio!E171",
    }


def test_the_correction_is_of_those_three_and_is_taken(tmp_path: Path) -> None:
    demo_files.write(tmp_path, EVENT)
    read = read_portfolio_workbook((tmp_path / "correcao.xlsx").read_bytes(), event=EVENT)
    agents = demo_files.represented()
    assert [one.company for one in read.taken] == [agents[4], agents[16], agents[28]]
    assert read.refused == ()


def test_the_counterparties_of_all_are_taken(tmp_path: Path) -> None:
    demo_files.write(tmp_path, EVENT)
    read = read_many((tmp_path / "contrapartes.json").read_bytes(), event=EVENT)
    assert tuple(one.company for one in read.taken) == demo_files.represented()
    assert read.refused == ()


def test_what_is_looked_for_is_each_agents_own(tmp_path: Path) -> None:
    demo_files.write(tmp_path, EVENT)
    figures = [demo_files.planted(one) for one in demo_files.represented()]
    assert len(set(figures)) == len(figures)
    assert demo_files.planted(Cnpj("90000117000168")) == "20926523.37"
    assert "20926523.37" not in json.dumps((tmp_path / "contrapartes.json").read_text())
