"""What is found in one row as it is read: energies, validations, and everything that is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from aval.contracts.imports.names import attribute_name
from aval.contracts.imports.values import Misread
from aval.contracts.model import Energy, ParcelCode
from aval.errors import Fault

MOST_FAULTS: Final = 20
"""Of a row; what is left over is counted, since one mistake repeated by the hour would fill a result."""
MOST_REMARKS: Final = 20

Readers = Mapping[str, tuple[str, Callable[[str], object]]]
"""By the attribute's name: the key under which its value is kept, and how it is read; None where blank."""


class Findings:
    """One for each row: a plain class, since a dataclass that makes five lists takes thrice the time."""

    __slots__ = (
        "asks_for_validation",
        "ballast_parcels",
        "energies",
        "faults",
        "has_cbr_elements",
        "has_ceilings",
        "remarks",
        "validated",
    )

    def __init__(self) -> None:
        self.energies: list[Energy] = []
        self.validated: list[datetime] = []
        self.ballast_parcels: list[ParcelCode] = []
        self.faults: list[Fault] = []
        self.remarks: list[str] = []
        self.has_cbr_elements = self.has_ceilings = self.asks_for_validation = False

    def complain(self, rule: str, where: str, detail: str) -> None:
        self.faults.append(Fault(rule, detail, where))

    def remark(self, text: str) -> None:
        if len(self.remarks) < MOST_REMARKS and text not in self.remarks:
            self.remarks.append(text)

    def attributes(self, attributes: Mapping[str, str], readers: Readers, where: str) -> dict[str, object]:
        """Every value that could be read and is not blank; a name that is none of ours is remarked on."""
        values: dict[str, object] = {}
        for name, text in attributes.items():
            try:
                key, read = readers[name]
            except KeyError:
                if (known := attribute_name(name)) not in readers:
                    self.remark(f"o atributo {known} de {_last(where)} não é conhecido e foi ignorado")
                    continue
                key, read = readers[known]
            try:
                value = read(text)
            except Misread as misread:
                self.complain("formato", f"{where}/{attribute_name(name)}", misread.detail)
            else:
                if value is None:
                    continue
                if values.setdefault(key, value) != value:
                    # To XML these are two: names that differ in case, accents or namespace.
                    place = f"{where}/{attribute_name(name)}"
                    self.complain("repetido", place, "aparece duas vezes com valores diferentes; deixe um só")
        return values

    def ignore_element(self, name: str, where: str) -> None:
        self.remark(f"o elemento {name} de {_last(where)} não é conhecido e foi ignorado")


def _last(where: str) -> str:
    return where.rpartition("/")[2].partition("[")[0]


def told_faults(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The first of them, and how many more there are."""
    if len(faults) <= MOST_FAULTS:
        return tuple(faults)
    left_over = Fault("excesso", f"e mais {len(faults) - MOST_FAULTS} falhas nesta linha")
    return (*faults[:MOST_FAULTS], left_over)
