"""Contracts, and what changes them, lawful as they stand: a test overrides one thing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aval.contracts.imports.rows import Registration
from aval.contracts.model import (
    Amount,
    AmountSituation,
    Author,
    Contract,
    ContractAct,
    ContractCode,
    ContractKind,
    ContractSituation,
    Energy,
    Period,
    ProfileCode,
    RegulatedContract,
    Terms,
    Transition,
    local_hour,
)
from aval.identifiers import Cnpj
from aval.registry.model import Submarket

NOW = datetime(2026, 1, 5, 13, tzinfo=UTC)
SELLER, BUYER, STRANGER = ProfileCode(10020), ProfileCode(10010), ProfileCode(10030)
SELLING, BUYING = Cnpj("12ABC34501DE35"), Cnpj("33047509000149")
JANUARY = Period(local_hour(2026, 1, 1), local_hour(2026, 2, 1))
FEBRUARY = Period(local_hour(2026, 2, 1), local_hour(2026, 3, 1))
YEAR = Period(local_hour(2026, 1, 1), local_hour(2027, 1, 1))


def energy(period: Period = YEAR, average: str = "10.000000", **changes: Any) -> Energy:
    return replace(Energy(period, Decimal(average)), **changes)


def amount(
    period: Period = YEAR,
    situation: AmountSituation = AmountSituation.INSERTED,
    *,
    average: str = "10.000000",
    **changes: Any,
) -> Amount:
    return Amount(energy(period, average, **changes), situation)


def terms(**changes: Any) -> Terms:
    """Of a firm CCEAL between `SELLER` and `BUYER` for the year 2026."""
    return replace(Terms(SELLER, BUYER, YEAR, Submarket.SE, cceal_type=1), **changes)


def contract(code: int = 1, **changes: Any) -> Contract:
    """Registered, and still to be validated."""
    made = Contract(
        code=ContractCode(code),
        kind=ContractKind.CCEAL,
        terms=terms(),
        situation=ContractSituation.NOT_VALIDATED,
        amounts=(amount(),),
        registered_at=NOW,
        changed_at=NOW,
    )
    return replace(made, **changes)


def regulated(code: int = 900, **changes: Any) -> RegulatedContract:
    """Public; between parties whose profiles are nobody's here."""
    made = RegulatedContract(
        ContractCode(code), ProfileCode(90010), ProfileCode(90020), YEAR, Submarket.SE, "LEILÃO 1"
    )
    return replace(made, **changes)


def registration(*energies: Energy, **changes: Any) -> Registration:
    return replace(Registration(ContractKind.CCEAL, terms(), energies or (energy(),)), **changes)


def seller(person_name: str | None = None) -> Author:
    return Author(SELLING, SELLER, person_name)


def buyer(person_name: str | None = None) -> Author:
    return Author(BUYING, BUYER, person_name)


def transition(**changes: Any) -> Transition:
    """The buyer's validation of the year's amount."""
    made = Transition(
        contract=ContractCode(1),
        at=NOW,
        act=ContractAct.AMOUNT_VALIDATED,
        author=buyer(),
        before=AmountSituation.INSERTED,
        after=AmountSituation.VALIDATED,
        period=YEAR,
    )
    return replace(made, **changes)


# Rows as a file has them


def contract_xml(sequence: int = 1, *, amounts: str | None = None, **changes: Any) -> str:
    """A `Contrato` that registers 2026; `changes` set attributes, or take away those set to None."""
    attributes = {
        "sequencialControle": sequence,
        "tipoGravacao": "C",
        "dataDeInicio": "01/01/2026 00",
        "dataDeFim": "31/12/2026 23",
        "idComprador": BUYER,
        "idVendedor": SELLER,
        "idSubMerEntrega": 1,
        **changes,
    }
    return f"<Contrato {_attributes(attributes)}>{amount_xml() if amounts is None else amounts}</Contrato>"


def amount_xml(average: str = "10.000000", modulation: str = "F", **changes: Any) -> str:
    """A `MontanteMedio` of the whole year 2026."""
    attributes = {"dataDeInicio": "01/01/2026 00", "dataDeFim": "31/12/2026 23", **changes}
    return (
        f"<MontanteMedio {_attributes(attributes)}>"
        f'<MontanteMedioContratoCCEALFirme montanteMedio="{average}"/>'
        f'<TipoModulacao tipoModulacao="{modulation}"/></MontanteMedio>'
    )


def validation_xml(code: int, begins: str = "01/01/2026 00", *, sequence: int = 1) -> str:
    return (
        f'<Contrato sequencialControle="{sequence}" numeroContrato="{code}">'
        f'<MontanteMedio vigenciaDeInicio="{begins}" validarMontante="X"/></Contrato>'
    )


def file_xml(
    rows: Iterable[str], *, generation: int = 4, root: str = "ContratosCCEAL", cceal_type: int | None = 1
) -> str:
    kind = "" if cceal_type is None else f' tipoCCEAL="{cceal_type}"'
    return f'<{root} tipoGeracao="{generation}"{kind}>{"".join(rows)}</{root}>'


def _attributes(told: Mapping[str, Any]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in told.items() if value is not None)
