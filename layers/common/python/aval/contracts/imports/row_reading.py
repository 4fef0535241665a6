"""One Contrato element: what it asks for is told by its shape; tipoGeracao must not contradict it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aval.contracts.imports import values
from aval.contracts.imports.ceilings import LAW_13182, read_ceilings
from aval.contracts.imports.documents import Node
from aval.contracts.imports.findings import Findings, Readers, told_faults
from aval.contracts.imports.rows import (
    Adjustment,
    Closing,
    Closure,
    Demand,
    Header,
    Registration,
    Row,
    TermsChange,
    Unreadable,
    Validation,
)
from aval.contracts.imports.stretches import parcels_told, read_stretch
from aval.contracts.imports.values import Misread
from aval.contracts.model import ContractCode, ContractKind, ParcelCode, Period, Terms
from aval.errors import Fault

MOST_STRETCHES: Final = 3_000
"""In a row: fifty years of weeks."""

_CONTRACT: Final[Readers] = {
    "sequencialControle": ("sequence", values.bare(values.words(30))),
    "numeroContrato": ("contract", values.bare(values.contract_number)),
    "tipoGravacao": ("saving", values.remembered(values.one_of(R="R", C="C"))),
    "tipoCBR": ("cbr_type", values.remembered(values.whole_number(1, 9))),
    "dataDeInicio": ("begins", values.remembered(values.begin)),
    "dataDeFim": ("ends", values.remembered(values.end)),
    "idComprador": ("buyer", values.remembered(values.code)),
    "idVendedor": ("seller", values.remembered(values.code)),
    "idSubMerEntrega": ("delivery_submarket", values.remembered(values.submarket)),
    "idSubMerOrigem": ("origin_submarket", values.remembered(values.submarket)),
    "referencia": ("reference", values.bare(values.words(30))),
    "observacao": ("remark", values.bare(values.words(255))),
    "dirAlivExp": ("relieves_exposure", values.remembered(values.one_of(**{"0": False, "1": True}))),
    "partVerLastro": ("ballast", values.remembered(values.one_of(G="G", E="E", D="D"))),
    "contratoCessao": ("is_assignment", values.remembered(values.mark)),
    "idContratoCessao": ("assigned_from", values.remembered(values.contract_number)),
    "dataFinalizacao": ("finishes_at", values.remembered(values.end)),
    "validarFinalizacao": ("validates_finish", values.remembered(values.mark)),
    "cancelarContrato": ("cancels", values.remembered(values.mark)),
    "validarCancelamento": ("validates_cancellation", values.remembered(values.mark)),
    "retirarPedido": ("withdraws", values.remembered(values.mark)),
}
_BALLAST: Final[Readers] = {
    "idAtivoAssociadoLastro": ("parcel", values.remembered(values.code)),
    "excluirAtivoAssociadoLastro": ("leaves", values.remembered(values.mark)),
}
_REQUIRED: Final = frozenset({"buyer", "seller", "begins", "ends", "delivery_submarket"})
_CLOSING: Final = frozenset(
    {"finishes_at", "validates_finish", "cancels", "validates_cancellation", "withdraws"}
)
_ONLY_CCEAL: Final = frozenset(
    {"origin_submarket", "relieves_exposure", "ballast", "is_assignment", "assigned_from"}
)
_WIRE_NAMES: Final = {key: name for name, (key, _) in _CONTRACT.items()}

# tipoGeracao of each act. The published examples of CBR stand one too high from 12 on, and no number is given
# for validating amounts of a CBR but those of editing them.
_CBR_EDITS: Final = frozenset({7, 8, 9, 10, 11, 15, 16, 17})
_CCEAL_GENERATIONS: Final[Mapping[type[Demand], frozenset[int]]] = {
    Registration: frozenset(range(1, 7)),
    Adjustment: frozenset(range(13, 18)),
    Validation: frozenset({24}),
    Closure: frozenset({25}),
}
_CBR_GENERATIONS: Final[Mapping[type[Demand], frozenset[int]]] = {
    Registration: frozenset({1, 2, 3, 4, 5, 6, 13, 14, 15}),
    Adjustment: _CBR_EDITS,
    Validation: _CBR_EDITS | {24},
    Closure: frozenset({12, 13}),
}
_ACTS: Final[Mapping[type[Demand], str]] = {
    Registration: "um registro",
    Adjustment: "uma edição",
    Validation: "uma validação",
    Closure: "uma finalização ou um cancelamento",
}


def read_row(number: int, node: Node, header: Header) -> Row:
    name, attributes, _ = node
    found = Findings()
    told = found.attributes(attributes, _CONTRACT, "Contrato")
    demand: Demand | None = None
    if header.kind is None:
        found.faults = [Fault("tipo", f"linhas de {header.root} não são aceitas por este serviço", name)]
    elif name != "Contrato":
        found.faults = [Fault("estrutura", f"cada linha deve ser um elemento Contrato, e não {name}", name)]
    else:
        demand = _demand(node, told, header.kind, header, found)
    if len(found.energies) + len(found.validated) > MOST_STRETCHES:
        found.complain("trechos", name, f"uma linha tem no máximo {MOST_STRETCHES} montantes; divida-a")
    if found.faults:
        demand = Unreadable(told_faults(found.faults))
    return Row(number, str(told.get("sequence", "")), demand or _nothing_asked(), tuple(found.remarks))


def _nothing_asked() -> Unreadable:
    detail = "a linha não pede nada: informe montantes, validarMontante, dataFinalizacao ou cancelarContrato"
    return Unreadable((Fault("estrutura", detail, "Contrato"),))


def _demand(
    node: Node, told: dict[str, Any], kind: ContractKind, header: Header, found: Findings
) -> Demand | None:
    period = _period(told, found)
    _read_children(node, period, found)
    demand: Demand | None
    if "contract" not in told:
        demand = _registration(told, period, kind, header, found)
    elif not _CLOSING.isdisjoint(told):
        demand = _closure(told, found)
    elif found.validated and not found.energies:
        demand = Validation(ContractCode(told["contract"]), tuple(found.validated))
    else:
        demand = _adjustment(told, period, found)
    if demand is not None and header.generation is not None:
        _require_generation(demand, kind, header.generation, found)
    if found.asks_for_validation:
        found.remark("validarMontante foi ignorado: quem valida é o comprador, numa linha só de validação")
    return demand


def _period(told: dict[str, Any], found: Findings) -> Period | None:
    begins, ends = told.get("begins"), told.get("ends")
    if not isinstance(begins, datetime) or not isinstance(ends, datetime):
        return None
    try:
        return values.period(begins, ends)
    except Misread as misread:
        found.complain("periodo", "Contrato/dataDeFim", misread.detail)
        return None


def _read_children(node: Node, period: Period | None, found: Findings) -> None:
    for number, child in enumerate(node[2], 1):
        name = child[0]
        if name == "MontanteMedio":
            read_stretch(child, f"MontanteMedio[{number}]", period, found)
        elif name == "MontanteMaximoModulacao":
            read_ceilings(child, f"MontanteMaximoModulacao[{number}]", period, found)
        elif name == "AtivoAssociadoLastro":
            ballast = found.attributes(child[1], _BALLAST, "AtivoAssociadoLastro")
            parcel = ballast.get("parcel")
            if isinstance(parcel, int) and "leaves" not in ballast:
                found.ballast_parcels.append(ParcelCode(parcel))
        else:
            found.ignore_element(name, "Contrato")


def _registration(
    told: dict[str, Any], period: Period | None, kind: ContractKind, header: Header, found: Findings
) -> Registration | None:
    for key in () if told.keys() >= _REQUIRED else sorted(_REQUIRED.difference(told)):
        if not _has_fault_at(found, _WIRE_NAMES[key]):
            found.complain("obrigatorio", f"Contrato/{_WIRE_NAMES[key]}", "informe este atributo")
    if found.validated or not _CLOSING.isdisjoint(told):
        found.complain(
            "obrigatorio", "Contrato/numeroContrato", "informe o contrato a validar, finalizar ou cancelar"
        )
    _require_lawful_terms(told, kind, header, found)
    is_draft = told.get("saving", "R" if header.generation == 1 or not found.energies else "C") == "R"
    if not is_draft and not found.energies and not found.faults:
        found.complain(
            "obrigatorio",
            "Contrato/MontanteMedio",
            'um contrato concluído (C) tem montantes; informe-os, ou grave um rascunho (tipoGravacao="R")',
        )
    ballast_parcels = parcels_told(found.ballast_parcels, "AtivoAssociadoLastro", found)
    if found.faults or period is None:
        return None
    is_cceal = kind is ContractKind.CCEAL
    terms = Terms(
        told["seller"],
        told["buyer"],
        period,
        told["delivery_submarket"],
        told.get("origin_submarket"),
        1 if is_cceal else None,
        None if is_cceal else told.get("cbr_type", LAW_13182 if found.has_ceilings else None),
        told.get("reference", ""),
        told.get("remark", ""),
        told.get("relieves_exposure", False),
        told.get("ballast", ""),
        ballast_parcels,
        told.get("assigned_from"),
    )
    return Registration(kind, terms, tuple(found.energies), is_draft)


def _has_fault_at(found: Findings, name: str) -> bool:
    return any(fault.pointer == f"Contrato/{name}" for fault in found.faults)


def _require_lawful_terms(told: dict[str, Any], kind: ContractKind, header: Header, found: Findings) -> None:
    """What one attribute says of another; whether profiles and parcels are fit is judged later."""
    if kind is ContractKind.CCEAL:
        if header.cceal_type not in (None, 1):
            detail = f"CCEAL do tipo {header.cceal_type} não é aceito por este serviço; só o firme (1)"
            found.complain("tipo", f"{header.root}/tipoCCEAL", detail)
        if found.has_cbr_elements or found.ballast_parcels or "cbr_type" in told:
            detail = "a linha tem atributos ou elementos de CBR; envie-a num arquivo ContratosCBR"
            found.complain("tipo", "Contrato", detail)
    else:
        for key in sorted(_ONLY_CCEAL & told.keys()):
            found.complain("tipo", f"Contrato/{_WIRE_NAMES[key]}", "só existe em CCEAL; retire-o")
    if _ONLY_CCEAL.isdisjoint(told):
        return
    if told.get("relieves_exposure") and "origin_submarket" not in told:
        detail = 'informe o submercado de origem, que dirAlivExp="1" pede'
        found.complain("obrigatorio", "Contrato/idSubMerOrigem", detail)
    if ("is_assignment" in told) != ("assigned_from" in told):
        detail = 'uma cessão tem contratoCessao="X" e idContratoCessao; informe os dois, ou nenhum'
        found.complain("obrigatorio", "Contrato/idContratoCessao", detail)


def _closure(told: dict[str, Any], found: Findings) -> Closure | None:
    acts = {
        Closing.FINISH: "finishes_at" in told,
        Closing.VALIDATE_FINISH: "validates_finish" in told,
        Closing.CANCEL: "cancels" in told,
        Closing.VALIDATE_CANCELLATION: "validates_cancellation" in told,
        Closing.WITHDRAW: "withdraws" in told,
    }
    if acts[Closing.VALIDATE_FINISH]:
        # The published example carries the date beside the validation: it is the date that is agreed to.
        acts[Closing.FINISH] = False
    asked = [act for act, is_asked in acts.items() if is_asked]
    if len(asked) > 1 or found.energies or found.validated:
        found.complain(
            "estrutura",
            "Contrato",
            "uma linha pede uma coisa só: finalize, cancele, edite ou valide em separado",
        )
        return None
    return Closure(ContractCode(told["contract"]), asked[0], told.get("finishes_at"))


def _adjustment(told: dict[str, Any], period: Period | None, found: Findings) -> Adjustment | None:
    if found.validated:
        found.complain("estrutura", "Contrato", "uma linha edita montantes ou valida montantes; separe-as")
    if ("begins" in told) != ("ends" in told):
        found.complain("obrigatorio", "Contrato", "informe dataDeInicio e dataDeFim juntas, ou nenhuma")
    for key in ("seller", "cbr_type", "assigned_from"):
        if key in told:
            found.remark(f"{_WIRE_NAMES[key]} foi ignorado: não muda depois do registro")
    change = TermsChange(
        told.get("buyer"),
        period,
        told.get("delivery_submarket"),
        told.get("origin_submarket"),
        told.get("reference"),
        told.get("remark"),
        told.get("relieves_exposure"),
        told.get("ballast"),
    )
    terms = None if change == TermsChange() else change
    completes = told.get("saving") == "C"
    if not found.energies and terms is None and not completes:
        return None
    return Adjustment(ContractCode(told["contract"]), tuple(found.energies), terms, completes)


def _require_generation(demand: Demand, kind: ContractKind, generation: int, found: Findings) -> None:
    generations = _CCEAL_GENERATIONS if kind is ContractKind.CCEAL else _CBR_GENERATIONS
    allowed = generations[type(demand)]
    if generation not in allowed:
        found.complain(
            "tipoGeracao",
            "Contrato",
            f"a linha tem a forma de {_ACTS[type(demand)]}, e o arquivo diz tipoGeracao={generation};"
            f" para isso use {', '.join(str(one) for one in sorted(allowed))}",
        )
