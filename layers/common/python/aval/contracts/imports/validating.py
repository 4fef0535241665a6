"""The buyer agrees to amounts; what it has agreed to already is no transition."""

from collections.abc import Sequence
from dataclasses import replace

from aval.contracts.imports.adjusting import MOST_STRETCHES_TOLD
from aval.contracts.imports.book import Change, Decision, RowRefused, Scene
from aval.contracts.imports.parties import hour_told
from aval.contracts.imports.rows import Validation
from aval.contracts.imports.windows import competence_of, window_fault
from aval.contracts.model import (
    END_ASKED_FOR,
    Amount,
    AmountSituation,
    Contract,
    ContractAct,
    ContractSituation,
    Transition,
)
from aval.contracts.timeline import neighbours_joined, situation_with
from aval.errors import Fault
from aval.registry.model import CalendarKind

# While an end waits, too: else one party could keep the other's amounts from ever counting by asking for it.
_OPEN = {ContractSituation.NOT_VALIDATED, ContractSituation.VALIDATED, *END_ASKED_FOR}


def validate(demand: Validation, scene: Scene) -> Decision:
    contract = scene.own_contract(demand.contract)
    _require_buyer(contract, scene)
    begins = set(demand.begins)
    named = [amount for amount in contract.amounts if amount.period.begins in begins]
    pending = [amount for amount in named if not amount.is_validated]
    told = _transitions(contract, pending, scene)
    faults = _faults(contract, demand, pending, scene)
    if len(told) > MOST_STRETCHES_TOLD:
        detail = f"a linha valida mais de {MOST_STRETCHES_TOLD - 1} trechos separados; divida-a em várias"
        faults.append(Fault("trechos", detail, "MontanteMedio"))
    if faults:
        raise RowRefused(faults, contract.code)
    if not pending:
        return Decision(None, "os montantes já estavam validados; nada mudou", contract.code, warns=True)
    agreed = {amount.period for amount in pending}
    amounts = tuple(
        replace(amount, situation=AmountSituation.VALIDATED) if amount.period in agreed else amount
        for amount in contract.amounts
    )
    after = replace(
        contract,
        amounts=amounts,
        situation=situation_with(contract.situation, amounts),
        version=contract.version + 1,
        changed_at=scene.at,
    )
    if after.situation is not contract.situation:
        told = (
            *told,
            scene.transition(contract.code, ContractAct.VALIDATED, contract.situation, after.situation),
        )
    repeated = len(named) - len(pending)
    description = f"montantes validados: {len(pending)}" + (
        f"; já estavam validados: {repeated}" if repeated else ""
    )
    return Decision(Change(contract, after, told), description, contract.code, warns=repeated > 0)


def _require_buyer(contract: Contract, scene: Scene) -> None:
    if contract.situation is ContractSituation.DRAFT:
        detail = "o contrato é um rascunho; o vendedor o conclui antes da validação"
        raise RowRefused([Fault("situacao", detail, "numeroContrato")], contract.code)
    if contract.situation not in _OPEN:
        detail = f"o contrato está {contract.situation} e não aceita validação de montantes"
        raise RowRefused([Fault("situacao", detail, "numeroContrato")], contract.code)
    if contract.terms.buyer not in scene.acting.visible:
        detail = "só o comprador valida os montantes; peça a ele a validação"
        raise RowRefused([Fault("comprador", detail, "numeroContrato")], contract.code)


def _faults(contract: Contract, demand: Validation, pending: Sequence[Amount], scene: Scene) -> list[Fault]:
    known = {amount.period.begins for amount in contract.amounts}
    faults = [
        Fault(
            "montante",
            f"não há montante que comece em {hour_told(begin)}; use o início de um montante do contrato",
            "vigenciaDeInicio",
        )
        for begin in sorted(set(demand.begins) - known)
    ]
    first = competence_of(contract.terms.period.begins)
    for month in sorted({competence_of(amount.period.begins) for amount in pending}):
        fault = window_fault(
            scene.book, CalendarKind.VALIDACAO_MONTANTE, month, at=scene.at, first_month=first
        )
        faults += [fault] if fault else []
    return faults


def _transitions(contract: Contract, pending: Sequence[Amount], scene: Scene) -> tuple[Transition, ...]:
    runs = neighbours_joined((amount.period, amount.situation) for amount in pending)
    return tuple(
        scene.transition(
            contract.code, ContractAct.AMOUNT_VALIDATED, situation, AmountSituation.VALIDATED, period
        )
        for period, situation in runs
    )
