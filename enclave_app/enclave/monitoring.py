"""The acts of a week on one agent's data: who may ask for each, and what is asked (docs/monitoring.md)."""

from dataclasses import dataclass, field
from typing import Final

from aval.prudential.tasks import TaskAct
from aval.sealing.refusals import SealRefused
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.decision import Decision
from enclave_app.enclave.deliveries import Deliveries
from enclave_app.enclave.factor_acts import FactorActs
from enclave_app.enclave.week_desk import WeekDesk
from enclave_app.enclave.week_engine import week_engine
from enclave_app.enclave.workbench import Workbench

REHEARSED: Final = frozenset({TaskAct.DELIVER, TaskAct.READ, TaskAct.VALIDATE, TaskAct.SEND})


@dataclass(frozen=True, slots=True)
class Monitoring:
    bench: Workbench
    roots: str = field(repr=False)

    def decide(self, asked: AskedTask) -> Decision:
        """Raise `RecordNeeded`, and `SealRefused` while an entry of this enclave waits to be shown."""
        try:
            week = week_engine(asked.parameters, asked.event)
        except SealRefused as refusal:
            return Decision(reason=refusal.reason)
        desk = WeekDesk(self.bench, week, self.roots)
        deliveries, acts = Deliveries(desk), FactorActs(desk)
        match asked.act:
            case TaskAct.PORTFOLIO:
                who_asks, what_is_asked = deliveries.portfolio_from, deliveries.portfolio
            case TaskAct.COUNTERPARTIES:
                who_asks, what_is_asked = deliveries.counterparties_from, deliveries.counterparties
            case _:
                return self.bench.decide(
                    asked.act, lambda: acts.who_asks(asked), lambda reader: acts.decided(asked, reader)
                )
        return self.bench.decide(
            asked.act, lambda: who_asks(asked), lambda deliverer: what_is_asked(asked, deliverer)
        )
