"""The strict form of an import file, written from what its rows ask for; `reading` reads the same back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aval.contracts.imports.rows import (
    Adjustment,
    Closing,
    Closure,
    Demand,
    Registration,
    TermsChange,
    Validation,
)
from aval.contracts.imports.writing_energies import (
    NotWritable,
    begin_told,
    ceilings_xml,
    element,
    end_told,
    stretch_xml,
)
from aval.contracts.model import ContractKind, Energy, ModulationKind, Period, Terms
from aval.errors import Fault, FaultsFound

_ROOTS: Final = {ContractKind.CCEAL: "ContratosCCEAL", ContractKind.CBR: "ContratosCBR"}
_GENERATIONS: Final[Mapping[ContractKind, Mapping[type[Demand], int]]] = {
    ContractKind.CCEAL: {Registration: 4, Adjustment: 15, Validation: 24, Closure: 25},
    ContractKind.CBR: {Registration: 4, Adjustment: 9, Validation: 9, Closure: 12},
}
_FLAGS: Final = {
    Closing.VALIDATE_FINISH: "validarFinalizacao",
    Closing.CANCEL: "cancelarContrato",
    Closing.VALIDATE_CANCELLATION: "validarCancelamento",
    Closing.WITHDRAW: "retirarPedido",
}


def write(rows: Sequence[tuple[str, Demand]], *, kind: ContractKind = ContractKind.CCEAL) -> str:
    """The file that asks for `rows` (each with its sequencialControle); raise `FaultsFound`, by row.

    `kind` names the contracts where no row registers one. Rows of several acts make a file without
    tipoGeracao, which this service reads by their shape; another may not.
    """
    faults: list[Fault] = []
    kind, cceal_type = _kind_of(rows, kind, faults)
    texts: list[str] = []
    for index, (sequence, demand) in enumerate(rows):
        try:
            texts.append(_row(sequence, demand, kind))
        except NotWritable as refusal:
            faults.append(Fault("linha", refusal.detail, f"/{index}{refusal.pointer}"))
    if not rows:
        faults.append(Fault("linha", "informe ao menos uma linha"))
    if faults:
        raise FaultsFound("as linhas não cabem num arquivo de importação", faults)
    root = _ROOTS[kind]
    header = {"tipoGeracao": _generation(rows, kind), "tipoCCEAL": str(cceal_type) if cceal_type else ""}
    return element(root, header, "\n" + "\n".join(texts) + "\n") + "\n"


def _kind_of(
    rows: Sequence[tuple[str, Demand]], kind: ContractKind, faults: list[Fault]
) -> tuple[ContractKind, int | None]:
    registered = {
        (demand.kind, demand.terms.cceal_type) for _, demand in rows if isinstance(demand, Registration)
    }
    if len(registered) > 1:
        detail = "registre CCEAL e CBR, e tipos diferentes de CCEAL, em arquivos separados"
        faults.append(Fault("linha", detail))
    if registered:
        return min(registered, key=str)
    return kind, 1 if kind is ContractKind.CCEAL else None


def _generation(rows: Sequence[tuple[str, Demand]], kind: ContractKind) -> str:
    acts = {type(demand) for _, demand in rows}
    if len(acts) > 1:
        return ""
    if all(isinstance(demand, Registration) and demand.is_draft for _, demand in rows):
        return "1"
    energies = [energy for _, demand in rows for energy in _energies_of(demand)]
    if energies and all(energy.modulation is ModulationKind.DECLARED for energy in energies):
        return str(_declared_generation(energies, kind, is_new=acts == {Registration}))
    return str(_GENERATIONS[kind][acts.pop()])


def _declared_generation(energies: Sequence[Energy], kind: ContractKind, *, is_new: bool) -> int:
    by_hour = all(energy.hourly_mwh for energy in energies)
    hourly = 5 if is_new else {ContractKind.CCEAL: 16, ContractKind.CBR: 10}[kind]
    return hourly if by_hour else hourly + 1


def _energies_of(demand: Demand) -> Sequence[Energy]:
    return demand.energies if isinstance(demand, Registration | Adjustment) else ()


def _row(sequence: str, demand: Demand, kind: ContractKind) -> str:
    attributes: dict[str, str] = {"sequencialControle": sequence}
    match demand:
        case Registration(terms=terms):
            attributes |= {"tipoGravacao": "R" if demand.is_draft else "C", **_terms(terms)}
            return element("Contrato", attributes, "".join(_registered(demand)))
        case Adjustment(energies=energies):
            attributes |= {
                "numeroContrato": str(demand.contract),
                "tipoGravacao": "C" if demand.completes else "R",
                **_changed_terms(demand.terms),
            }
            period = demand.terms.period if demand.terms is not None else None
            return element("Contrato", attributes, "".join(_stretches(energies, kind, period)))
        case Validation(begins=begins):
            attributes["numeroContrato"] = str(demand.contract)
            agreed = (
                element("MontanteMedio", {"vigenciaDeInicio": begin_told(begin), "validarMontante": "X"})
                for begin in begins
            )
            return element("Contrato", attributes, "".join(agreed))
        case Closure(act=act, at=at):
            attributes["numeroContrato"] = str(demand.contract)
            attributes["dataFinalizacao"] = end_told(at) if at is not None else ""
            if act in _FLAGS:
                attributes[_FLAGS[act]] = "X"
            return element("Contrato", attributes)
    raise NotWritable("uma linha que não pôde ser lida não pode ser escrita")


def _registered(demand: Registration) -> Iterator[str]:
    for parcel in demand.terms.ballast_parcels:
        yield element("AtivoAssociadoLastro", {"idAtivoAssociadoLastro": str(parcel)})
    yield from _stretches(demand.energies, demand.kind, demand.terms.period)


def _stretches(energies: Sequence[Energy], kind: ContractKind, contract: Period | None) -> Iterator[str]:
    ceilings = [energy for energy in energies if energy.modulation is ModulationKind.CEILING]
    if ceilings:
        if len(ceilings) < len(energies):
            raise NotWritable(
                "limites da Lei 13.182 e outros montantes não cabem na mesma linha", "/montantes"
            )
        yield ceilings_xml(ceilings, contract)
        return
    for index, energy in enumerate(energies):
        yield stretch_xml(energy, kind, f"/montantes/{index}")


def _terms(terms: Terms) -> dict[str, str]:
    return {
        "tipoCBR": _number(terms.cbr_type),
        "dataDeInicio": begin_told(terms.period.begins),
        "dataDeFim": end_told(terms.period.ends),
        "idComprador": str(terms.buyer),
        "idVendedor": str(terms.seller),
        "idSubMerEntrega": str(terms.delivery_submarket.value),
        "idSubMerOrigem": _number(terms.origin_submarket),
        "referencia": terms.reference,
        "observacao": terms.remark,
        "dirAlivExp": "1" if terms.relieves_exposure else "",
        "partVerLastro": terms.ballast,
        "contratoCessao": "X" if terms.assigned_from is not None else "",
        "idContratoCessao": _number(terms.assigned_from),
    }


def _changed_terms(change: TermsChange | None) -> dict[str, str]:
    if change is None:
        return {}
    texts = {"referencia": change.reference, "observacao": change.remark, "partVerLastro": change.ballast}
    for name, text in texts.items():
        if text == "":
            raise NotWritable("um texto em branco não apaga o que está escrito; informe outro", f"/{name}")
    relief = {None: "", False: "0", True: "1"}[change.relieves_exposure]
    return {
        "dataDeInicio": begin_told(change.period.begins) if change.period else "",
        "dataDeFim": end_told(change.period.ends) if change.period else "",
        "idComprador": _number(change.buyer),
        "idSubMerEntrega": _number(change.delivery_submarket),
        "idSubMerOrigem": _number(change.origin_submarket),
        "dirAlivExp": relief,
        **{name: text or "" for name, text in texts.items()},
    }


def _number(value: int | None) -> str:
    return "" if value is None else str(int(value))
