from io import BytesIO

import pytest
from python_calamine import load_workbook

from aval.identifiers import Cnpj
from aval.prudential.coverage import Coverage
from aval.prudential.parameters import MONTHS
from aval.prudential.portfolio_lines import EQUITY_SHEET, INSTRUCTIONS_SHEET
from aval.prudential.portfolio_template import MOST_AGENTS, TemplateTooLarge
from aval.prudential.refusals import NothingToRead
from aval.prudential.template_choice import AGENTS_IN_PART, sender_template
from tests.support.monitored import AURORA, BOLT, MOINHO, OPERATES, VENTO, MonitoredRegistry, agent, holds
from tests.support.weeks import EVENT, NOW, week_version

PARAMETERS = week_version().parameters
# What a function may answer is 6 MB, the base64 of this and what is around it.
LARGEST_ANSWER = 4_400_000


def companies(count: int) -> list[Cnpj]:
    told = (f"{number:012d}" for number in range(1, count + 1))
    return [Cnpj(twelve + Cnpj.check_digits(twelve)) for twelve in told]


def of_many(count: int) -> Coverage:
    """BOLT and so many less one that it represents."""
    others = companies(count - 1)
    return Coverage(
        MonitoredRegistry(
            [agent(BOLT, "BOLT"), *(agent(one, f"AGENTE {one}") for one in others)],
            [holds(BOLT, one, OPERATES) for one in others],
        )
    )


def template(coverage: Coverage, sender: Cnpj = BOLT, part: int | None = None) -> bytes:
    return sender_template(coverage, PARAMETERS, sender, part=part, at=NOW)


def listed(written: bytes) -> list[str]:
    rows = load_workbook(BytesIO(written)).get_sheet_by_name(EQUITY_SHEET).to_python()
    return [str(row[0]) for row in rows[1:]]


def test_a_senders_template_has_its_eligible_agents_and_the_weeks_labels() -> None:
    coverage = Coverage(MonitoredRegistry())
    written = template(coverage)
    assert listed(written) == sorted((BOLT, AURORA, VENTO))
    rows = load_workbook(BytesIO(written)).get_sheet_by_name(INSTRUCTIONS_SHEET).to_python()
    assert rows[0][1] == EVENT
    assert [row[:2] for row in rows[3:10]] == [[month, f"MÊS {month[-1]}"] for month in MONTHS]
    assert template(coverage) == written


def test_who_is_not_eligible_has_no_lines() -> None:
    assert listed(template(Coverage(MonitoredRegistry()), MOINHO)) == []


def test_more_agents_than_a_file_may_have_come_in_parts() -> None:
    coverage = of_many(MOST_AGENTS + 1)
    with pytest.raises(TemplateTooLarge, match="demais"):
        template(coverage)
    first, second = template(coverage, part=1), template(coverage, part=2)
    assert len(first) < LARGEST_ANSWER
    assert [len(listed(one)) for one in (first, second)] == [
        AGENTS_IN_PART,
        MOST_AGENTS + 1 - AGENTS_IN_PART,
    ]
    with pytest.raises(NothingToRead, match="não há parte 3"):
        template(coverage, part=3)


def test_as_many_agents_as_a_file_may_have_fit_an_answer() -> None:
    assert len(template(of_many(MOST_AGENTS))) < LARGEST_ANSWER


def test_a_first_part_is_there_even_of_nothing() -> None:
    assert listed(template(Coverage(MonitoredRegistry()), MOINHO, part=1)) == []
