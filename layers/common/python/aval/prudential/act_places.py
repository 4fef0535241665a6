"""Which act fits where an agent stands (docs/monitoring.md): asked at the door, decided in the enclave."""

from collections.abc import Callable, Mapping
from typing import Final

from aval.prudential.act_refusals import out_of_place
from aval.prudential.agent_state import AgentRow, AgentState, ParametersUsed, shown
from aval.prudential.tasks import TaskAct
from aval.sealing.refusals import SealReason

_Reason = SealReason | None


def require_place(act: TaskAct, row: AgentRow | None, in_force: ParametersUsed, *, computing: bool) -> None:
    """Raise `ActOutOfPlace`, with the state that is shown, for an act that does not fit.

    A computation that is open does not decide: what it will come to is not known before it ends.
    """
    settled = shown(row, in_force, computing=False)
    reason = _JUDGED[act](row, settled) if act in _JUDGED else None
    if reason is not None:
        raise out_of_place(reason, shown(row, in_force, computing=computing))


def _delivered(row: AgentRow | None, _: AgentState) -> _Reason:
    return None if row and row.standing.portfolio else SealReason.VERSION_UNKNOWN


def _computable(row: AgentRow | None, _: AgentState) -> _Reason:
    if row is None or row.standing.portfolio is None:
        return SealReason.VERSION_UNKNOWN
    portfolio, counterparties = row.standing.portfolio, row.standing.counterparties
    together = counterparties is not None and counterparties.readers == portfolio.readers
    return None if together else SealReason.INCOMPLETE


def _to_validate(row: AgentRow | None, settled: AgentState) -> _Reason:
    match settled:
        case AgentState.COMPUTED:
            return None
        case AgentState.VALIDATED:
            return SealReason.ALREADY_VALIDATED
        case AgentState.SENT:
            return SealReason.ALREADY_SENT
    return _uncomputed(row, settled)


def _to_cancel(row: AgentRow | None, settled: AgentState) -> _Reason:
    match settled:
        case AgentState.COMPUTED | AgentState.VALIDATED:
            return None
        case AgentState.SENT:
            return SealReason.ALREADY_SENT
    return _uncomputed(row, settled)


def _to_send(row: AgentRow | None, settled: AgentState) -> _Reason:
    match settled:
        case AgentState.VALIDATED:
            return None
        case AgentState.COMPUTED:
            return SealReason.NOT_VALIDATED
        case AgentState.SENT:
            return SealReason.ALREADY_SENT
    return _uncomputed(row, settled)


def _uncomputed(row: AgentRow | None, settled: AgentState) -> SealReason:
    """Why no calculation counts: something lacks, or none was made with the parameters in force."""
    return _computable(row, settled) or SealReason.NOT_COMPUTED


_JUDGED: Final[Mapping[TaskAct, Callable[[AgentRow | None, AgentState], _Reason]]] = {
    TaskAct.COMPUTE: _computable,
    TaskAct.APPROVE: _to_validate,
    TaskAct.CANCEL: _to_cancel,
    TaskAct.RELEASE: _to_send,
    TaskAct.READ_BACK: _delivered,
    TaskAct.SIMULATE: _delivered,
}
