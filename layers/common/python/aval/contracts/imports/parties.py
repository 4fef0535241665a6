"""Profiles, parcels and stretches that a row names: whether they exist and are fit for their place."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from aval.contracts.imports.book import Book, Scene
from aval.contracts.model import (
    Amount,
    ContractKind,
    Energy,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    Terms,
)
from aval.errors import Fault
from aval.moments import SAO_PAULO

LONGEST_CONTRACT: Final = timedelta(days=50 * 366)
MOST_STRETCHES_IN_A_YEAR: Final = 366
LAW_13182: Final = 8
"""tipoCBR of contracts whose amounts are ceilings."""
_BY_SELLER: Final = {ModulationKind.GENERATION}
_BY_BUYER: Final = {ModulationKind.LOAD, ModulationKind.CEILING}


def hour_told(moment: datetime) -> str:
    """As files write it."""
    return f"{moment.astimezone(SAO_PAULO):%d/%m/%Y %H}"


def party_faults(name: str, code: ProfileCode, scene: Scene) -> list[Fault]:
    if _stands(code, scene.book, scene.at):
        return []
    detail = f"não há perfil {code} vigente no cadastro; consulte os perfis do participante"
    return [Fault("perfil", detail, name)]


def _stands(code: ProfileCode, book: Book, at: datetime) -> bool:
    try:
        return book.standing[code, at]
    except KeyError:
        profile = book.profiles.get(code)
        stands = book.standing[code, at] = profile is not None and profile.validity.covers(at)
        return stands


def terms_faults(terms: Terms) -> list[Fault]:
    faults: list[Fault] = []
    if terms.seller == terms.buyer:
        faults.append(Fault("partes", "comprador e vendedor devem ser perfis diferentes", "idComprador"))
    if terms.period.ends - terms.period.begins > LONGEST_CONTRACT:
        faults.append(Fault("periodo", "um contrato dura no máximo 50 anos; encurte-o", "dataDeFim"))
    return faults


def reference_faults(terms: Terms, scene: Scene) -> list[Fault]:
    """What of the terms can only be seen beside the registry and other contracts."""
    faults = party_faults("idVendedor", terms.seller, scene)
    faults += party_faults("idComprador", terms.buyer, scene)
    for parcel in terms.ballast_parcels:
        faults += _parcel_faults(parcel, None, scene, "idAtivoAssociadoLastro")
    if terms.assigned_from is not None:
        origin = scene.book.contracts.get(terms.assigned_from)
        if origin is None or scene.acting.visible.isdisjoint(origin.parties):
            detail = f"não há contrato {terms.assigned_from} da empresa a ceder; confira o número"
            faults.append(Fault("cessao", detail, "idContratoCessao"))
    return faults


def energy_faults(kind: ContractKind, terms: Terms, energies: Sequence[Energy], scene: Scene) -> list[Fault]:
    faults: list[Fault] = []
    has_ceilings = kind is ContractKind.CBR and terms.cbr_type == LAW_13182
    for energy in energies:
        if energy.period is not terms.period and not terms.period.covers(energy.period):
            detail = "fica fora do período do contrato; corrija as datas"
            faults.append(_of_stretch("periodo", energy.period, detail))
        if (energy.modulation is ModulationKind.CEILING) is not has_ceilings:
            detail = "MontanteMaximoModulacao é só, e sempre, de um CBR da Lei 13.182/2015 (tipoCBR 8)"
            faults.append(_of_stretch("tipo", energy.period, detail))
        if energy.parcels:
            owner = _owner(energy.modulation, terms)
            for parcel in energy.parcels:
                faults += _parcel_faults(parcel, owner, scene, "idAtivoAssociadoModulacao")
    return faults


def _owner(modulation: ModulationKind, terms: Terms) -> ProfileCode | None:
    if modulation in _BY_SELLER:
        return terms.seller
    return terms.buyer if modulation in _BY_BUYER else None


def _parcel_faults(code: ParcelCode, owner: ProfileCode | None, scene: Scene, name: str) -> Iterable[Fault]:
    parcel = scene.book.parcels.get(code)
    if parcel is None or not parcel.validity.covers(scene.at):
        detail = f"não há parcela de ativo {code} vigente no cadastro; consulte as parcelas"
        yield Fault("parcela", detail, name)
    elif owner is not None and parcel.profile != owner:
        detail = (
            f"a parcela {code} não é do perfil {owner}: por geração modula uma parcela do vendedor,"
            " por carga uma do comprador"
        )
        yield Fault("parcela", detail, name)


def stretch_count_faults(amounts: Sequence[Amount]) -> list[Fault]:
    if len(amounts) <= MOST_STRETCHES_IN_A_YEAR:
        return []
    counted = Counter(amount.period.begins.astimezone(SAO_PAULO).year for amount in amounts)
    return [
        Fault(
            "trechos",
            f"o contrato teria {count} trechos em {year}, e o máximo é {MOST_STRETCHES_IN_A_YEAR};"
            " junte trechos, ou declare por hora",
            "MontanteMedio",
        )
        for year, count in sorted(counted.items())
        if count > MOST_STRETCHES_IN_A_YEAR
    ]


def _of_stretch(rule: str, period: Period, detail: str) -> Fault:
    return Fault(rule, f"o montante que começa em {hour_told(period.begins)} {detail}", "MontanteMedio")


def overlap_fault(period: Period) -> Fault:
    return _of_stretch("periodo", period, "coincide com outro da mesma linha; corrija as datas")


def indivisible_fault(period: Period, name: str) -> Fault:
    detail = (
        "foi declarado em MWh por patamar e não pode ser cortado no meio;"
        " ajuste-o antes em dois montantes, ou use datas que o contenham inteiro"
    )
    return Fault("patamares", f"o montante que começa em {hour_told(period.begins)} {detail}", name)
