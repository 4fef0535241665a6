"""The seller registers a contract, or keeps a draft of one."""

from collections.abc import Callable
from typing import Final

from aval.contracts.imports.book import Change, Decision, RowRefused, Scene
from aval.contracts.imports.parties import (
    energy_faults,
    overlap_fault,
    reference_faults,
    stretch_count_faults,
    terms_faults,
)
from aval.contracts.imports.rows import Registration
from aval.contracts.imports.windows import registration_fault
from aval.contracts.model import (
    Amount,
    AmountSituation,
    Contract,
    ContractAct,
    ContractCode,
    ContractSituation,
)
from aval.contracts.timeline import StretchesOverlap, in_order
from aval.errors import Fault

_DRAFTED: Final = (
    ContractSituation.DRAFT,
    "rascunho gravado; conclua-o para que o comprador possa validar",
)
_REGISTERED: Final = (
    ContractSituation.NOT_VALIDATED,
    "contrato registrado; falta o comprador validar os montantes",
)


def register(demand: Registration, scene: Scene, new_code: Callable[[], ContractCode]) -> Decision:
    terms = demand.terms
    faults: list[Fault] = []
    if terms.seller not in scene.acting.visible:
        detail = f"só o vendedor registra, e a empresa não possui nem representa o perfil {terms.seller}"
        faults.append(Fault("vendedor", detail, "idVendedor"))
    faults += terms_faults(terms)
    faults += reference_faults(terms, scene)
    faults += energy_faults(demand.kind, terms, demand.energies, scene)
    try:
        energies = in_order(demand.energies)
    except StretchesOverlap as overlap:
        energies = ()
        faults.append(overlap_fault(overlap.period))
    # A draft binds nobody: the window is asked for when it is completed.
    if not demand.is_draft and (fault := registration_fault(scene.book, terms.period, scene.at)):
        faults.append(fault)
    amounts = tuple([Amount(energy, AmountSituation.INSERTED) for energy in energies])
    faults += stretch_count_faults(amounts)
    if faults:
        raise RowRefused(faults)
    situation, description = _DRAFTED if demand.is_draft else _REGISTERED
    code = new_code()
    contract = Contract(code, demand.kind, terms, situation, amounts, scene.at, scene.at)
    told = scene.transition(code, ContractAct.REGISTERED, "", situation)
    return Decision(Change(None, contract, (told,)), description, code)
