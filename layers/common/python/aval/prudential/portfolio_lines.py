"""The standard sheet: its three sheets, their columns, and the lines that an agent may fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aval.prudential.parameters import MONTHS, EnergyType, Submarket
from aval.prudential.portfolio import DEDUCTION_ITEMS

PORTFOLIO_SHEET: Final = "Portfolio"
EQUITY_SHEET: Final = "PatrimonioLiquido"
INSTRUCTIONS_SHEET: Final = "Instrucoes"
EVENT_CELL: Final = "B1"
KEY_COLUMNS: Final = ("cnpj", "bloco", "linha")
PORTFOLIO_COLUMNS: Final = (*KEY_COLUMNS, *MONTHS)
EQUITY_COLUMNS: Final = ("cnpj", "dataBase", "valor", *DEDUCTION_ITEMS)
NO_BLOCK: Final = "geral"
"""Names the lines whose JSON path has no block before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One figure of a month, named in the sheet as its JSON path is: `recurso.mwm` for `recurso/mwm`.

    There is one of each, in `LINES`, which is equal to itself alone: a file asks for them a million times.
    """

    block: str
    name: str

    @property
    def path(self) -> str:
        name = self.name.replace(".", "/")
        return name if self.block == NO_BLOCK else f"{self.block}/{name}"


def _legs(block: str, price: str) -> tuple[Line, ...]:
    return tuple(Line(block, f"{leg}.{part}") for leg in ("recurso", "requisito") for part in ("mwm", price))


def _shares(block: str, name: str, kinds: type[Submarket] | type[EnergyType]) -> tuple[Line, ...]:
    return tuple(Line(block, f"{name}.{kind.value}") for kind in kinds)


LINES: Final = (
    *_legs("precoFixo", "preco"),
    *_shares("precoFixo", "submercados", Submarket),
    *_shares("precoFixo", "fontes", EnergyType),
    *(Line(NO_BLOCK, name) for name in ("geracao", "consumo", "mercadoRegulado")),
    *_legs("precoVariavel", "spread"),
    *_legs("derivativos", "preco"),
    *_shares("derivativos", "submercados", Submarket),
)
BLOCKS: Final = tuple(dict.fromkeys(line.block for line in LINES))
LINE_OF: Final[Mapping[tuple[object, object], Line]] = {(line.block, line.name): line for line in LINES}
