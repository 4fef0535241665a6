"""What readers are told of a factor, and the receipt of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from aval.moments import SAO_PAULO
from aval.prudential.counterparties import Counterparties
from aval.prudential.factor_standing import Facts
from aval.prudential.leverage import Leverage
from aval.prudential.leverage_json import agent_document, explanation_document, factor, money
from aval.prudential.portfolio import Portfolio
from aval.prudential.portfolio_document import counterparties_document
from aval.prudential.portfolio_rules import warnings_of
from aval.prudential.what_if import USUAL_TARGET
from aval.sealing.envelope import SealedKind
from aval.sealing.head import Head
from aval.sealing.journal import Step
from aval.sealing.journal_entry import COUNTERPARTIES, PORTFOLIO
from aval.sealing.receipt_content import Receipt
from aval.sealing.release import Released, Result
from enclave_app.enclave.signing import Audience
from enclave_app.enclave.week_engine import WeekEngine
from enclave_app.enclave.workbench import fault_told


@dataclass(frozen=True, slots=True)
class Computed:
    """One agent's factor by one week's engine; never stored."""

    held: Portfolio = field(repr=False)
    found: Leverage = field(repr=False)

    @property
    def document(self) -> dict[str, object]:
        """What a receipt commits to, and what the number that is sent is compared with."""
        return agent_document(self.found)

    def told(self, *, at: datetime, target: Decimal = USUAL_TARGET) -> dict[str, object]:
        """The factor, why it is what it is, and what the agent should look at."""
        warnings = warnings_of(self.held, lambda _, path: f"/{path}", today=at.astimezone(SAO_PAULO).date())
        return {
            "agente": self.document,
            "explicacao": explanation_document(self.held, self.found, target),
            "avisos": [fault_told(one) for one in warnings],
        }

    def result(self, calculation: str) -> Result:
        number = self.document["fa"]
        return Result(calculation, number if isinstance(number, str) else None, self.found.reason)


def computed(week: WeekEngine, held: Portfolio) -> Computed:
    """Compute one agent."""
    return Computed(held, week.engine.compute(held))


def counterparties_told(held: Counterparties, equity: Decimal | None) -> dict[str, object]:
    """The file as it was taken, and beside it what no mitigator covers; shares where the PLA is known."""
    exposures = []
    for order, one in enumerate(held.listed, start=1):
        share = one.share_of(equity) if equity is not None else None
        told = {"ordem": order, "exposicao": money(one.exposure)}
        exposures.append({**told, "participacao": None if share is None else factor(share)})
    return {"contrapartes": counterparties_document(held), "exposicoes": exposures}


@dataclass(frozen=True, slots=True)
class ReceiptOf:
    """What a receipt is about, whatever it says of it."""

    week: WeekEngine
    audience: Audience
    kind: SealedKind
    facts: Facts
    at: datetime
    head: Head
    caveats: tuple[str, ...]

    def computed(self, commitment: str) -> Receipt:
        return self._receipt(self.week.used.digest, self.week.switches, commitment=commitment)

    def released(self, released: Released, *, parameters: str, switches: Mapping[str, object]) -> Receipt:
        return self._receipt(parameters, switches, released=released)

    def _receipt(
        self,
        parameters: str,
        switches: Mapping[str, object],
        *,
        commitment: str | None = None,
        released: Released | None = None,
    ) -> Receipt:
        inputs = inputs_of(self.facts)
        return Receipt(
            event=self.audience.event,
            company=self.audience.company,
            kind=self.kind,
            request_id=self.audience.request_id,
            issued_at=self.at,
            inputs={name: step.identity for name, step in inputs.items()},
            versions={name: step.version for name, step in inputs.items()},
            parameters=parameters,
            head=self.head,
            caveats=self.caveats,
            switches=switches,
            commitment=commitment,
            released=released,
        )


def inputs_of(facts: Facts) -> dict[str, Step]:
    """The portfolio and, where they are for the same readers, its counterparties."""
    told = {PORTFOLIO: facts.portfolio, COUNTERPARTIES: facts.counterparties if facts.calculation else None}
    return {name: step for name, step in told.items() if step}
