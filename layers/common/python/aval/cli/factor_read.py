"""A factor read back: opened, of the calculation that it says, and reckoned again here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aval.cli.week_desk import ActNotDone, WeekDesk, require_own
from aval.cli.week_rows import AgentListed
from aval.errors import FaultsFound
from aval.identifiers import Cnpj
from aval.prudential.factor_standing import InForce, calculation_name
from aval.prudential.leverage_json import agent_document
from aval.prudential.portfolio_json import read_portfolio
from aval.sealing.canonical import canonical
from aval.sealing.parameters_used import ParametersUsed
from aval.sealing.receipts import commitment_of, verify_receipt
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act

_COUNTERPARTIES: Final = "CONTRAPARTES"
_PORTFOLIO: Final = "PORTFOLIO"


@dataclass(frozen=True, slots=True)
class FactorRead:
    company: Cnpj
    number: str | None = field(repr=False)
    reason: str = field(repr=False)
    calculation: str
    """Empty where none stands that may be validated or sent."""
    payload: Mapping[str, Any] = field(repr=False)
    """All that the enclave told: portfolio, counterparties, factor, warnings, receipt."""
    caveats: tuple[str, ...]

    @property
    def shown(self) -> str:
        return self.number if self.number is not None else self.reason

    @property
    def released(self) -> dict[str, object]:
        """What a sending tells."""
        return {"fa": self.number} if self.number is not None else {"fa": None, "motivo": self.reason}


def read_factor(desk: WeekDesk, agent: AgentListed) -> FactorRead:
    """Raise `ActNotDone`, or `SealRefused` where anything that was told does not fit together."""
    if not agent.portfolio:
        raise ActNotDone("sem portfólio")
    answer = desk.stated(Act.LER, agent, agent.portfolio)
    told: Mapping[str, Any] = answer.payload
    # (1) Whose data: those that were sealed here, where the command was told them.
    inputs = _inputs(desk, agent, told)
    require_own(desk, inputs[_PORTFOLIO], "o portfólio")
    if _COUNTERPARTIES in inputs:
        require_own(desk, inputs[_COUNTERPARTIES], "o arquivo de contrapartes")
    # (2) Of which calculation: its name follows from what went into it.
    calculation = str(told["calculo"] or "")
    if calculation:
        _require_calculation(desk, agent, inputs, told)
    # (3) Of exactly these figures, whether a calculation stands or not.
    _require_same_figures(desk, told)
    figures = told["agente"]
    number = figures["fa"]
    return FactorRead(
        company=agent.company,
        number=number if isinstance(number, str) else None,
        reason=str(figures.get("motivo", "")),
        calculation=calculation,
        payload=told,
        caveats=answer.caveats,
    )


def _inputs(desk: WeekDesk, agent: AgentListed, told: Mapping[str, Any]) -> Mapping[str, str]:
    """What was computed of, by the receipt: signed by attested code over exactly these figures."""
    verified = verify_receipt(told["recibo"], root=desk.code.root, accepted=desk.code.accepted).receipt
    if (verified.event, verified.company) != (desk.event, agent.company):
        raise _mismatch("o recibo é de outro agente ou evento")
    if verified.commitment != commitment_of(told["agente"], bytes.fromhex(told["sal"])):
        raise _mismatch("o recibo não é destes números")
    if verified.inputs.get(_PORTFOLIO) != agent.portfolio:
        raise _mismatch("o recibo é de outro portfólio que o da lista")
    return verified.inputs


def _require_calculation(
    desk: WeekDesk, agent: AgentListed, inputs: Mapping[str, str], told: Mapping[str, Any]
) -> None:
    week = desk.engine.parameters
    in_force = InForce(desk.event, ParametersUsed(week.version, desk.engine.digest), desk.engine.method)
    counterparties = inputs.get(_COUNTERPARTIES, "")
    cycle = int(told["ciclo"])
    name = calculation_name(agent.company, inputs[_PORTFOLIO], counterparties, in_force, cycle=cycle)
    if not name == told["calculo"] == agent.calculation or counterparties != agent.counterparties:
        raise _mismatch("o cálculo não é o dos dados, parâmetros e método que valem; repita o comando")


def _require_same_figures(desk: WeekDesk, told: Mapping[str, Any]) -> None:
    """The same engine runs here: the portfolio that was read back gives the same figures, or is refused."""
    try:
        held = read_portfolio(json.dumps(told["portfolio"]).encode(), event=desk.event)
    except FaultsFound as failure:
        raise _mismatch("o portfólio lido de volta não é um portfólio deste evento") from failure
    if canonical(agent_document(desk.engine.compute(held))) != canonical(told["agente"]):
        raise _mismatch("o fator calculado aqui é outro; atualize o comando, ou informe o atendimento")


def _mismatch(detail: str) -> SealRefused:
    return SealRefused(SealReason.SUBJECT_MISMATCH, detail)
