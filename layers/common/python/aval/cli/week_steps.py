"""What each weekly command does for one agent, and for which states of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aval.cli.factor_read import read_factor
from aval.cli.week_desk import ActNotDone, WeekDesk
from aval.cli.week_rows import AgentListed
from aval.prudential.agent_state import AgentState
from aval.sealing.receipts import verify_receipt
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.release import Released
from aval.sealing.statements import Act

_NOTHING_TO_DO: Final = "nada a fazer"


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one agent; a figure is in no `repr`."""

    agent: AgentListed
    state: str
    result: str = field(repr=False)
    failed: bool = False
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    caveats: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        told = {"cnpj": self.agent.company, "sigla": self.agent.sigla, "estado": self.state}
        return {**told, **({"erro": self.result} if self.failed else {}), **self.document}


@dataclass(frozen=True, slots=True)
class WeekStep:
    """`fitting` None is any agent with a portfolio; in a state of `done` nothing is left to do."""

    name: str
    told: str
    run: Callable[[WeekDesk, AgentListed, bytes], Line]
    fitting: frozenset[AgentState] | None = None
    done: frozenset[AgentState] = frozenset()
    is_sealed: bool = False
    """Whether it names the readers that the data came with, so that it must be told all of them."""

    def fits(self, agent: AgentListed) -> bool:
        return bool(agent.portfolio) if self.fitting is None else agent.state in self.fitting

    def chosen(self, agents: Sequence[AgentListed], *, by_name: bool) -> tuple[list[AgentListed], list[Line]]:
        """Whom to act for, and a line for each of the others: an agent that was named must fit."""
        acting: list[AgentListed] = []
        others: list[Line] = []
        for agent in agents:
            if agent.state in self.done:
                others.append(Line(agent, agent.state, _NOTHING_TO_DO))
            elif self.fits(agent):
                acting.append(agent)
            else:
                detail = f"neste estado não cabe {self.name}"
                others.append(Line(agent, agent.state, detail, failed=by_name))
        return acting, others


def listed(desk: WeekDesk, agent: AgentListed, _: bytes = b"") -> Line:
    if not agent.portfolio:
        return Line(agent, agent.state, "")
    read = read_factor(desk, agent)
    document = {"fa": read.number, "calculo": read.calculation or None}
    if read.number is None:
        document["motivo"] = read.reason
    return Line(agent, agent.state, read.shown, document=document, caveats=read.caveats)


def _validated(desk: WeekDesk, agent: AgentListed, _: bytes) -> Line:
    read = read_factor(desk, agent)
    if not read.calculation:
        raise ActNotDone("não há cálculo com os parâmetros em vigor; use aval fa recalcular")
    answer = desk.stated(Act.VALIDAR, agent, read.calculation)
    document = {"calculo": read.calculation, **read.released}
    return Line(agent, str(answer.payload["estado"]), read.shown, document=document, caveats=answer.caveats)


def _cancelled(desk: WeekDesk, agent: AgentListed, _: bytes) -> Line:
    answer = desk.stated(Act.CANCELAR, agent, agent.calculation)
    return Line(agent, str(answer.payload["estado"]), "cancelado", caveats=answer.caveats)


def _recomputed(desk: WeekDesk, agent: AgentListed, _: bytes) -> Line:
    answer = desk.stated(Act.RECALCULAR, agent, agent.portfolio)
    told: Mapping[str, Any] = answer.payload
    figures = told["agente"]
    shown = figures["fa"] if isinstance(figures["fa"], str) else str(figures["motivo"])
    document = {"calculo": told["calculo"], "fa": figures["fa"]}
    return Line(agent, str(told["estado"]), shown, document=document, caveats=answer.caveats)


def _sent(desk: WeekDesk, agent: AgentListed, _: bytes) -> Line:
    read = read_factor(desk, agent)
    if not read.calculation:
        raise ActNotDone("o que foi validado não vale mais; confira o fator e valide de novo")
    answer = desk.sealed(Act.ENVIAR, agent, read.calculation, read.released)
    receipt = str(answer.payload["recibo"])
    signed = verify_receipt(receipt, root=desk.code.root, accepted=desk.code.accepted).receipt
    if (signed.company, signed.released) != (agent.company, Released(read.number, read.reason)):
        raise SealRefused(SealReason.NUMBER_MISMATCH, "o recibo do envio não é deste agente e número")
    document = {"calculo": read.calculation, **read.released, "recibo": receipt}
    return Line(agent, str(answer.payload["estado"]), read.shown, document=document, caveats=signed.caveats)


def _read(desk: WeekDesk, agent: AgentListed, _: bytes) -> Line:
    read = read_factor(desk, agent)
    return Line(
        agent, agent.state, read.shown, document={"conteudo": dict(read.payload)}, caveats=read.caveats
    )


def _simulated(desk: WeekDesk, agent: AgentListed, changes: bytes) -> Line:
    try:
        text = changes.decode()
    except UnicodeDecodeError as failure:
        raise ActNotDone("o arquivo de mudanças não é texto em UTF-8") from failure
    answer = desk.sealed(Act.SIMULAR, agent, agent.portfolio, {"conteudo": text})
    told: Mapping[str, Any] = answer.payload
    before, after = (_factor_of(told[name]) for name in ("declarado", "simulado"))
    return Line(
        agent,
        agent.state,
        f"SIMULAÇÃO  {before} → {after}",
        document={"conteudo": dict(told)},
        caveats=answer.caveats,
    )


def _factor_of(figures: Mapping[str, Any]) -> str:
    return str(figures["fa"]) if figures["fa"] is not None else str(figures["motivo"])


STEPS: Final = (
    WeekStep(
        "validar",
        "confere e valida o fator calculado",
        _validated,
        fitting=frozenset({AgentState.COMPUTED}),
        done=frozenset({AgentState.VALIDATED, AgentState.SENT}),
    ),
    WeekStep(
        "enviar",
        "envia o fator validado, que se torna público",
        _sent,
        fitting=frozenset({AgentState.VALIDATED}),
        done=frozenset({AgentState.SENT}),
        is_sealed=True,
    ),
    WeekStep(
        "cancelar",
        "cancela o cálculo, validado ou não",
        _cancelled,
        fitting=frozenset({AgentState.COMPUTED, AgentState.VALIDATED}),
    ),
    WeekStep(
        "recalcular",
        "calcula de novo, com os parâmetros em vigor",
        _recomputed,
        fitting=frozenset({AgentState.COMPLETE, AgentState.FILLING}),
        done=frozenset({AgentState.COMPUTED, AgentState.VALIDATED, AgentState.SENT}),
    ),
    WeekStep("ler", "lê de volta o que foi entregue e o fator, abertos", _read),
    WeekStep("simular", "simula mudanças no portfólio, sem guardar nada", _simulated, is_sealed=True),
)
