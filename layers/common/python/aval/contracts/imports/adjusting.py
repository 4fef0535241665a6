"""The seller changes a contract: stretches of energy at any time, other terms while it is a draft."""

from dataclasses import fields, replace
from typing import Final

from aval.contracts.imports.book import Change, Decision, RowRefused, Scene
from aval.contracts.imports.parties import (
    energy_faults,
    indivisible_fault,
    overlap_fault,
    party_faults,
    stretch_count_faults,
    terms_faults,
)
from aval.contracts.imports.rows import Adjustment, TermsChange
from aval.contracts.imports.windows import competence_of, registration_fault, window_fault
from aval.contracts.model import (
    END_ASKED_FOR,
    Amount,
    AmountSituation,
    Contract,
    ContractAct,
    ContractSituation,
    Energy,
    Terms,
    Transition,
)
from aval.contracts.timeline import (
    StretchesOverlap,
    StretchIndivisible,
    in_order,
    neighbours_joined,
    overlapping,
    situation_with,
    with_stretches,
)
from aval.errors import Fault
from aval.registry.model import CalendarKind

MOST_STRETCHES_TOLD: Final = 40
"""That a row may change apart from each other: each is a line of history, and all go into one transaction."""

_WHILE_DRAFT: Final = {
    "buyer": "idComprador",
    "period": "dataDeInicio",
    "delivery_submarket": "idSubMerEntrega",
    "origin_submarket": "idSubMerOrigem",
    "relieves_exposure": "dirAlivExp",
    "ballast": "partVerLastro",
}
_OPEN: Final = {
    ContractSituation.DRAFT,
    ContractSituation.NOT_VALIDATED,
    ContractSituation.VALIDATED,
    *END_ASKED_FOR,
}


def adjust(demand: Adjustment, scene: Scene) -> Decision:
    contract = scene.own_contract(demand.contract)
    _require_seller(contract, scene)
    faults: list[Fault] = []
    is_draft = contract.situation is ContractSituation.DRAFT
    terms = _changed_terms(contract.terms, demand.terms, is_draft=is_draft, faults=faults)
    faults += terms_faults(terms)
    if terms.buyer != contract.terms.buyer:
        faults += party_faults("idComprador", terms.buyer, scene)
    faults += energy_faults(contract.kind, terms, demand.energies, scene)
    new, amounts = _changed_amounts(contract, demand, is_draft=is_draft, faults=faults)
    situation = _situation_after(contract, demand, amounts, faults)
    faults += _window_faults(contract, terms, new, situation, scene)
    faults += stretch_count_faults(amounts)
    if is_draft and not all(terms.period.covers(amount.period) for amount in amounts):
        faults.append(Fault("periodo", "há montantes fora do novo período; ajuste-os também", "dataDeFim"))
    after = replace(contract, terms=terms, situation=situation, amounts=amounts)
    if not faults and after == contract:
        return Decision(None, "o contrato já é assim; nada mudou", contract.code, warns=True)
    told = _transitions(contract, after, new, scene)
    if len(told) > MOST_STRETCHES_TOLD:
        detail = f"a linha muda mais de {MOST_STRETCHES_TOLD - 1} trechos separados; divida-a em várias"
        faults.append(Fault("trechos", detail, "MontanteMedio"))
    if faults:
        raise RowRefused(faults, contract.code)
    after = replace(after, version=contract.version + 1, changed_at=scene.at)
    return Decision(Change(contract, after, told), _description(contract, after, new), contract.code)


def _require_seller(contract: Contract, scene: Scene) -> None:
    if contract.situation not in _OPEN:
        detail = f"o contrato está {contract.situation} e não aceita ajustes"
        raise RowRefused([Fault("situacao", detail, "numeroContrato")], contract.code)
    if contract.terms.seller not in scene.acting.visible:
        detail = "só o vendedor ajusta o contrato; peça a ele o ajuste"
        raise RowRefused([Fault("vendedor", detail, "numeroContrato")], contract.code)


def _changed_terms(terms: Terms, change: TermsChange | None, *, is_draft: bool, faults: list[Fault]) -> Terms:
    if change is None:
        return terms
    changed = {each.name: getattr(change, each.name) for each in fields(change)}
    told = {name: value for name, value in changed.items() if value is not None}
    if not is_draft:
        faults += [
            Fault("rascunho", "só muda enquanto o contrato é rascunho; retire-o, ou registre outro", wire)
            for name, wire in _WHILE_DRAFT.items()
            if name in told and told[name] != getattr(terms, name)
        ]
    return replace(terms, **told)


def _changed_amounts(
    contract: Contract, demand: Adjustment, *, is_draft: bool, faults: list[Fault]
) -> tuple[tuple[Energy, ...], tuple[Amount, ...]]:
    """The energies that are not there yet, in order, and the amounts with them."""
    standing = {amount.energy.period: amount.energy for amount in contract.amounts}
    situation = AmountSituation.INSERTED if is_draft else AmountSituation.ADJUSTED
    try:
        new = tuple(one for one in in_order(demand.energies) if standing.get(one.period) != one)
        return new, with_stretches(contract.amounts, new, situation)
    except StretchesOverlap as overlap:
        faults.append(overlap_fault(overlap.period))
    except StretchIndivisible as indivisible:
        faults.append(indivisible_fault(indivisible.period, "MontanteMedio"))
    return (), contract.amounts


def _situation_after(
    contract: Contract, demand: Adjustment, amounts: tuple[Amount, ...], faults: list[Fault]
) -> ContractSituation:
    if contract.situation is ContractSituation.DRAFT:
        if not demand.completes:
            return ContractSituation.DRAFT
        if not amounts:
            detail = "um contrato concluído tem montantes; informe-os antes de concluir o rascunho"
            faults.append(Fault("obrigatorio", detail, "MontanteMedio"))
        return ContractSituation.NOT_VALIDATED
    return situation_with(contract.situation, amounts)


def _window_faults(
    contract: Contract, terms: Terms, new: tuple[Energy, ...], situation: ContractSituation, scene: Scene
) -> list[Fault]:
    if situation is ContractSituation.DRAFT:
        return []
    if contract.situation is ContractSituation.DRAFT:
        fault = registration_fault(scene.book, terms.period, scene.at)
        return [fault] if fault else []
    first = competence_of(terms.period.begins)
    months = sorted({competence_of(energy.period.begins) for energy in new})
    found = (
        window_fault(scene.book, CalendarKind.AJUSTE_MONTANTE, month, at=scene.at, first_month=first)
        for month in months
    )
    return [fault for fault in found if fault]


def _transitions(
    before: Contract, after: Contract, new: tuple[Energy, ...], scene: Scene
) -> tuple[Transition, ...]:
    code = before.code
    if before.situation is ContractSituation.DRAFT:
        is_done = after.situation is not ContractSituation.DRAFT
        act = ContractAct.COMPLETED if is_done else ContractAct.UPDATED
        return (scene.transition(code, act, before.situation, after.situation),)
    runs = neighbours_joined((energy.period, _situations(before, energy)) for energy in new)
    told = [
        scene.transition(code, ContractAct.AMOUNT_ADJUSTED, situation, AmountSituation.ADJUSTED, period)
        for period, situation in runs
    ]
    if (before.situation, before.terms) != (after.situation, after.terms):
        told.append(scene.transition(code, ContractAct.UPDATED, before.situation, after.situation))
    return tuple(told)


def _situations(contract: Contract, energy: Energy) -> str:
    """Those of the amounts that stood where `energy` comes to stand; none where there were none."""
    found = {amount.situation for amount in overlapping(contract.amounts, energy.period)}
    return " ".join(sorted(found))


def _description(before: Contract, after: Contract, new: tuple[Energy, ...]) -> str:
    if after.situation is ContractSituation.DRAFT:
        return "rascunho atualizado"
    if before.situation is ContractSituation.DRAFT:
        return "rascunho concluído; falta o comprador validar os montantes"
    if not new:
        return "contrato atualizado"
    return f"montantes ajustados: {len(new)}; falta o comprador validá-los"
