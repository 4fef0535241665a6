"""Either party asks for an end, the other agrees: finishing keeps what lies before, cancelling nothing."""

from dataclasses import replace
from datetime import datetime

from aval.contracts.imports.book import Change, Decision, RowRefused, Scene
from aval.contracts.imports.parties import hour_told, indivisible_fault
from aval.contracts.imports.rows import Closing, Closure
from aval.contracts.imports.windows import competence_of, last_competence_before, window_fault
from aval.contracts.model import (
    END_ASKED_FOR,
    Amount,
    Contract,
    ContractAct,
    ContractSituation,
    Period,
    Side,
)
from aval.contracts.timeline import StretchIndivisible, situation_of, until
from aval.errors import Fault
from aval.registry.model import CalendarKind

_STANDING = {ContractSituation.NOT_VALIDATED, ContractSituation.VALIDATED}


def close(demand: Closure, scene: Scene) -> Decision:
    contract = scene.own_contract(demand.contract)
    match demand.act:
        case Closing.FINISH:
            return _finish(contract, demand.at, scene)
        case Closing.VALIDATE_FINISH:
            return _validate_finish(contract, demand.at, scene)
        case Closing.CANCEL:
            return _cancel(contract, scene)
        case Closing.VALIDATE_CANCELLATION:
            return _validate_cancellation(contract, scene)
        case Closing.WITHDRAW:
            return _withdraw(contract, scene)


def _finish(contract: Contract, at: datetime | None, scene: Scene) -> Decision:
    if at is None:
        raise _refused(contract, "obrigatorio", "informe a data em que o contrato acaba", "dataFinalizacao")
    side = _asking_side(contract, scene)
    if contract.situation is ContractSituation.FINISHING:
        if contract.closing_asked_by is not side:
            raise _refused(
                contract,
                "situacao",
                f"a outra parte já pediu a finalização em {_end_told(contract.closing_at)};"
                " valide-a com validarFinalizacao",
                "dataFinalizacao",
            )
        if contract.closing_at == at:
            return _nothing(contract, "a finalização já estava pedida; falta a outra parte validá-la")
    elif contract.situation not in _STANDING:
        raise _not_taken(contract, "finalização")
    if not contract.terms.period.begins < at < contract.terms.period.ends:
        raise _refused(
            contract,
            "periodo",
            "a data deve ficar dentro do período do contrato; para desfazê-lo todo, use cancelarContrato",
            "dataFinalizacao",
        )
    _require_window(contract, last_competence_before(at), scene)
    _amounts_until(contract, at)
    return _asked(contract, ContractAct.FINISHED, ContractSituation.FINISHING, at, scene)


def _validate_finish(contract: Contract, at: datetime | None, scene: Scene) -> Decision:
    asked = contract.closing_at
    if contract.situation is ContractSituation.FINISHED and at in (None, asked):
        return _nothing(contract, "o contrato já estava finalizado")
    if contract.situation in _STANDING and at is not None:
        return _finish(contract, at, scene)
    if contract.situation is not ContractSituation.FINISHING or asked is None:
        raise _refused(
            contract,
            "situacao",
            f"não há finalização a validar: o contrato está {contract.situation}",
            "validarFinalizacao",
        )
    if at not in (None, asked):
        raise _refused(
            contract,
            "periodo",
            f"a finalização pedida é em {_end_told(asked)}; use essa data, ou não informe data",
            "dataFinalizacao",
        )
    _require_other_side(contract, scene)
    _require_window(contract, last_competence_before(asked), scene)
    after = replace(
        contract,
        situation=ContractSituation.FINISHED,
        amounts=_amounts_until(contract, asked),
        version=contract.version + 1,
        changed_at=scene.at,
    )
    return _taken(contract, after, ContractAct.FINISH_VALIDATED, "contrato finalizado", scene, until=asked)


def _cancel(contract: Contract, scene: Scene) -> Decision:
    side = _asking_side(contract, scene)
    if contract.situation is ContractSituation.CANCELLING and contract.closing_asked_by is side:
        return _nothing(contract, "o cancelamento já estava pedido; falta a outra parte validá-lo")
    if contract.situation is ContractSituation.CANCELLING:
        detail = "a outra parte já pediu o cancelamento; valide-o com validarCancelamento"
        raise _refused(contract, "situacao", detail, "cancelarContrato")
    if contract.situation is ContractSituation.DRAFT:
        return _discard(contract, side, scene)
    if contract.situation not in _STANDING:
        raise _not_taken(contract, "cancelamento")
    begins = contract.terms.period.begins
    _require_window(contract, competence_of(begins), scene)
    return _asked(contract, ContractAct.CANCELLED, ContractSituation.CANCELLING, begins, scene)


def _discard(contract: Contract, side: Side, scene: Scene) -> Decision:
    """A draft is its seller's alone: nobody has to agree."""
    if side is not Side.SELLER:
        raise _refused(contract, "vendedor", "só o vendedor cancela um rascunho", "cancelarContrato")
    after = replace(
        contract,
        situation=ContractSituation.CANCELLED,
        closing_at=contract.terms.period.begins,
        closing_asked_by=side,
        discarded=True,
        version=contract.version + 1,
        changed_at=scene.at,
    )
    return _taken(contract, after, ContractAct.CANCELLED, "rascunho cancelado", scene)


def _validate_cancellation(contract: Contract, scene: Scene) -> Decision:
    if contract.situation is ContractSituation.CANCELLED:
        return _nothing(contract, "o contrato já estava cancelado")
    if contract.situation is not ContractSituation.CANCELLING:
        detail = f"não há cancelamento a validar: o contrato está {contract.situation}"
        raise _refused(contract, "situacao", detail, "validarCancelamento")
    _require_other_side(contract, scene)
    _require_window(contract, competence_of(contract.terms.period.begins), scene)
    after = replace(
        contract,
        situation=ContractSituation.CANCELLED,
        version=contract.version + 1,
        changed_at=scene.at,
    )
    return _taken(contract, after, ContractAct.CANCELLATION_VALIDATED, "contrato cancelado", scene)


def _withdraw(contract: Contract, scene: Scene) -> Decision:
    """At any time, for it only leaves the contract as it would be without the request."""
    if contract.situation not in END_ASKED_FOR:
        if contract.situation in _STANDING:
            return _nothing(contract, "não há pedido a retirar; nada mudou")
        detail = f"não há pedido a retirar: o contrato está {contract.situation}"
        raise _refused(contract, "situacao", detail, "retirarPedido")
    terms = contract.terms
    asker = terms.seller if contract.closing_asked_by is Side.SELLER else terms.buyer
    if asker not in scene.acting.visible:
        detail = "só quem pediu retira o pedido; enquanto ele espera, os montantes seguem como antes"
        raise _refused(contract, "contraparte", detail, "retirarPedido")
    after = replace(
        contract,
        situation=situation_of(contract.amounts),
        closing_at=None,
        closing_asked_by=None,
        version=contract.version + 1,
        changed_at=scene.at,
    )
    return _taken(contract, after, ContractAct.UPDATED, "pedido retirado", scene)


def _asking_side(contract: Contract, scene: Scene) -> Side:
    """The side that the caller acts through; who holds both sides asks as seller unless it says otherwise."""
    named = contract.side_of(scene.acting.author.profile)
    if named is not None:
        return named
    return Side.SELLER if contract.terms.seller in scene.acting.visible else Side.BUYER


def _require_other_side(contract: Contract, scene: Scene) -> None:
    terms = contract.terms
    other = terms.buyer if contract.closing_asked_by is Side.SELLER else terms.seller
    if other not in scene.acting.visible:
        detail = "quem pediu não valida: a validação é da outra parte"
        raise _refused(contract, "contraparte", detail, "numeroContrato")


def _require_window(contract: Contract, month: str, scene: Scene) -> None:
    fault = window_fault(scene.book, CalendarKind.FINALIZACAO_CONTRATO, month, at=scene.at)
    if fault is not None:
        raise RowRefused([fault], contract.code)


def _amounts_until(contract: Contract, moment: datetime) -> tuple[Amount, ...]:
    try:
        return until(contract.amounts, moment)
    except StretchIndivisible as indivisible:
        fault = indivisible_fault(indivisible.period, "dataFinalizacao")
        raise RowRefused([fault], contract.code) from indivisible


def _asked(
    contract: Contract, act: ContractAct, situation: ContractSituation, closing_at: datetime, scene: Scene
) -> Decision:
    after = replace(
        contract,
        situation=situation,
        closing_at=closing_at,
        closing_asked_by=_asking_side(contract, scene),
        version=contract.version + 1,
        changed_at=scene.at,
    )
    asked = "finalização pedida" if situation is ContractSituation.FINISHING else "cancelamento pedido"
    until = closing_at if situation is ContractSituation.FINISHING else None
    return _taken(contract, after, act, f"{asked}; falta a outra parte validar", scene, until=until)


def _taken(  # noqa: PLR0913 - what stood, what stands, and what is told of it
    before: Contract,
    after: Contract,
    act: ContractAct,
    description: str,
    scene: Scene,
    *,
    until: datetime | None = None,
) -> Decision:
    """`until` is when a finish ends the contract: one date after another is told apart by it alone."""
    period = None if until is None else Period(before.terms.period.begins, until)
    told = scene.transition(before.code, act, before.situation, after.situation, period)
    return Decision(Change(before, after, (told,)), description, before.code)


def _nothing(contract: Contract, description: str) -> Decision:
    return Decision(None, description, contract.code, warns=True)


def _not_taken(contract: Contract, act: str) -> RowRefused:
    detail = f"o contrato está {contract.situation} e não aceita {act}"
    if contract.situation in END_ASKED_FOR:
        detail += "; valide o pedido pendente, ou peça a quem o fez que o retire com retirarPedido"
    return _refused(contract, "situacao", detail, "numeroContrato")


def _refused(contract: Contract, rule: str, detail: str, name: str) -> RowRefused:
    return RowRefused([Fault(rule, detail, name)], contract.code)


def _end_told(moment: datetime | None) -> str:
    return hour_told(moment) if moment is not None else "data desconhecida"
