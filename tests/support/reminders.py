"""A week whose deadline comes near, and who is told of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aval.identifiers import Cnpj, Cpf
from aval.notices.deadlines import DeadlineRun
from aval.notices.sending import Teller
from aval.registry.model import CompanyRelation, Email, Person
from tests.support.adhesion import MemoryAdhesions
from tests.support.monitored import FABIO, MonitoredRegistry
from tests.support.notices import Mailbox, MemoryNotices
from tests.support.weeks import EVENT, AgentsInMemory, WeeksInMemory, week_version

GISELE: Final = Cpf("77788899920")
FABIO_MAIL: Final = "fabio@demo.aval.example"
GISELE_MAIL: Final = "gisele@demo.aval.example"


@dataclass
class RemindedInMemory(MonitoredRegistry):
    """Beside Fabio there is Gisele, who answers for nobody yet."""

    people: list[Person] = field(
        default_factory=lambda: [
            Person(FABIO, "Fabio", Email.parse(FABIO_MAIL)),
            Person(GISELE, "Gisele", Email.parse(GISELE_MAIL)),
        ]
    )

    def acting_for(self, companies: Collection[Cnpj], *, at: datetime) -> Mapping[Cnpj, tuple[Cnpj, ...]]:
        return {
            company: tuple(
                sorted(
                    one.representative
                    for one in self.representations
                    if one.represented == company
                    and isinstance(one.capacity, CompanyRelation)
                    and isinstance(one.representative, Cnpj)
                    and one.validity.covers(at)
                )
            )
            for company in companies
        }


@dataclass
class ReminderHouse:
    weeks: WeeksInMemory = field(default_factory=lambda: WeeksInMemory({EVENT: [week_version()]}))
    agents: AgentsInMemory = field(default_factory=AgentsInMemory)
    registry: RemindedInMemory = field(default_factory=RemindedInMemory)
    mailbox: Mailbox = field(default_factory=Mailbox)
    notices: MemoryNotices = field(default_factory=lambda: MemoryNotices(MemoryAdhesions()))

    @property
    def reminding(self) -> DeadlineRun:
        teller = Teller(self.notices, self.registry, self.mailbox)
        return DeadlineRun(self.weeks, self.agents, self.registry, teller)
