"""Which agents a sender's standard workbook has lines for."""

from datetime import UTC, datetime
from typing import Final

from aval.identifiers import Cnpj
from aval.prudential.coverage import Coverage
from aval.prudential.eligibility import is_eligible
from aval.prudential.parameters import ParameterSet
from aval.prudential.portfolio_template import TemplateAgent, portfolio_template
from aval.prudential.refusals import NothingToRead

AGENTS_IN_PART: Final = 3_000
"""Each with every line: under the cells that one file may have (docs/portfolio-file.md)."""


def sender_template(
    coverage: Coverage, parameters: ParameterSet, sender: Cnpj, *, part: int | None, at: datetime
) -> bytes:
    """The workbook of the sender's eligible agents, by CNPJ, or of one part of them.

    Raise `NothingToRead` for a part that there is not, `TemplateTooLarge` where a whole does not fit.
    """
    covered = coverage.covered_by(sender, at=at)
    eligible = sorted((one for one in covered if is_eligible(one, parameters)), key=lambda one: one.cnpj)
    agents = [TemplateAgent(one.cnpj, one.sigla) for one in eligible]
    if part is not None:
        begins = (part - 1) * AGENTS_IN_PART
        if part > 1 and begins >= len(agents):
            raise NothingToRead(f"são {len(agents)} agentes elegíveis, e não há parte {part}")
        agents = agents[begins : begins + AGENTS_IN_PART]
    names = [month.name for month in parameters.months]
    return portfolio_template(parameters.event, names, agents, at=parameters.updated_at.astimezone(UTC))
