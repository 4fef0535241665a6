"""Files of contracts as a seller chooses them, with rows that are lawful today and rows that never are."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.support.contract_agents import Month
from tests.support.contracts import amount_xml, contract_xml, file_xml

SELLER, BUYER, NOBODY = 10030, 10050, 99999
SELLER_SIGLA, BUYER_SIGLA = "VENTO LESTE", "CAMPO CLARO"
MONTHS: Final = 12
BEGINS, ENDS = Month.ahead(1), Month.ahead(1 + MONTHS)


def first_hour(month: Month) -> str:
    return f"{month.instant:%d/%m/%Y %H}"


def last_hour(month: Month) -> str:
    """The hour before `month` begins, as files write an end."""
    return f"{month.instant - timedelta(hours=1):%d/%m/%Y %H}"


def row(sequence: int, **changes: object) -> str:
    """A year from next month on, whose calendar is open."""
    period = {"dataDeInicio": first_hour(BEGINS), "dataDeFim": last_hour(ENDS)}
    told = {"idComprador": BUYER, "idVendedor": SELLER, **period, **changes}
    return contract_xml(sequence, amounts=amount_xml(**period), **told)


@dataclass(frozen=True, slots=True)
class ContractFiles:
    folder: Path

    def with_wrong_rows(self, reference: str) -> Path:
        """Three rows that can be registered, and two that cannot: the third and the fifth."""
        rows = [row(number, referencia=reference) for number in range(1, 6)]
        rows[2] = row(3, idComprador=NOBODY)
        rows[4] = row(5, idComprador=BUYER, idVendedor=NOBODY)
        return self._written("contratos.xml", file_xml(rows))

    def large(self, reference: str) -> Path:
        """One row in more bytes than go within a request."""
        padding = f"<!-- {'x' * 700_000} -->"
        return self._written("grande.xml", file_xml([padding, row(1, referencia=reference)]))

    def spreadsheet(self) -> Path:
        return self._written("contratos.csv", "vendedor;comprador\r\n10030;10050\r\n")

    def _written(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path
