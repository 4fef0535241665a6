"""A checked workbook's sheets as rows of values, and where in them a value stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final, TypeVar

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from aval.errors import Fault, FaultsFound
from aval.prudential.json_document import told
from aval.prudential.workbook_cells import CellRefused, Value, cell_name, is_blank, read_label
from aval.prudential.workbook_gate import CheckedWorkbook
from aval.prudential.workbook_parts import Mute, refused

Read = TypeVar("Read")

_HEADINGS_REFUSED: Final = "a planilha não tem a forma do modelo"
_UNPARSED: Final = Fault("formato", "o conteúdo não é o de uma planilha .xlsx; abra, confira e salve de novo")
_MUTE: Final[Mapping[Mute, str]] = {
    Mute.UNSAVED_FORMULA: "a fórmula está sem resultado salvo; abra o arquivo no Excel e salve de novo",
    Mute.ERROR: "a célula traz um erro, como #DIV/0! ou #N/D; corrija a fórmula ou escreva o valor",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: Sequence[Sequence[Value]] = field(repr=False)
    mute: Mapping[str, Mute] = field(repr=False)

    def place(self, row: int, column: int) -> str:
        return f"{self.name}!{cell_name(row, column)}"

    def value(self, row: int, column: int) -> Value:
        """The value, or an empty text where the sheet ends before."""
        try:
            return self.rows[row][column]
        except IndexError:
            return ""

    def read(self, row: int, column: int, parse: Callable[[Value], Read], faults: list[Fault]) -> Read | None:
        """None where the cell cannot be read, and then `faults` says why."""
        why = self.mute.get(cell_name(row, column)) if self.mute else None
        if why is not None:
            faults.append(Fault(why.value, _MUTE[why], self.place(row, column)))
            return None
        try:
            return parse(self.value(row, column))
        except CellRefused as refusal:
            faults.append(Fault(refusal.rule, refusal.detail, self.place(row, column)))
        return None

    def is_empty(self, row: int, column: int) -> bool:
        """Whether nothing was written there: a cell that is mute is not empty."""
        value = self.value(row, column)
        blank = value == "" or is_blank(value)
        return blank and not (self.mute and cell_name(row, column) in self.mute)

    def mute_rows(self) -> frozenset[int]:
        """Rows with a cell that holds something and reads as if it were empty."""
        return frozenset(int(cell[1:]) - 1 for cell in self.mute)

    def filled_rows(self) -> Iterator[int]:
        """Rows below the headings that say anything."""
        rows, mute = self.rows, self.mute_rows()
        for row in range(1, max(len(rows), *mute, 0) + 1):
            if (row < len(rows) and rows[row].count("") < len(rows[row])) or row in mute:
                yield row

    def columns(self, wanted: Iterable[str], faults: list[Fault]) -> dict[str, int]:
        """Where each heading stands in row 1, whatever their order; what lacks or is unknown is noted."""
        known = {name.lower(): name for name in wanted}
        columns: dict[str, int] = {}
        for column, value in enumerate(self.rows[0] if self.rows else ()):
            name = known.get(read_label(value).lower(), "")
            if not name and not is_blank(value):
                detail = f"não se conhece a coluna {told(read_label(value))}; retire-a ou corrija o título"
                faults.append(Fault("desconhecido", detail, self.place(0, column)))
            elif name in columns:
                detail = f"a coluna {name} aparece duas vezes; deixe uma só"
                faults.append(Fault("repetido", detail, self.place(0, column)))
            elif name:
                columns[name] = column
        missing = [name for name in known.values() if name not in columns]
        faults += [
            Fault("obrigatorio", f"falta a coluna {name} na linha 1; acrescente-a", self.place(0, 0))
            for name in missing
        ]
        return columns


def open_sheets(checked: CheckedWorkbook, names: Sequence[str]) -> tuple[Sheet, ...]:
    """The sheets of those names; raise `FaultsFound` with each that is not there."""
    return _unpanicked(lambda: _sheets(checked, names))


def _sheets(checked: CheckedWorkbook, names: Sequence[str]) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(checked.content)) as workbook:
            missing = [name for name in names if name not in workbook.sheet_names]
            if missing:
                faults = [
                    Fault("planilha", f"falta a planilha {name}; use o modelo, com os nomes dele", name)
                    for name in missing
                ]
                raise FaultsFound(_HEADINGS_REFUSED, faults)
            if not set(names) <= set(checked.mute):
                raise refused(_UNPARSED)
            return tuple(
                Sheet(name, _rows(workbook.get_sheet_by_name(name)), checked.mute[name]) for name in names
            )
    except (CalamineError, ValueError, OSError) as failure:
        raise refused(_UNPARSED) from failure


def _rows(sheet: CalamineSheet) -> list[list[Value]]:
    return sheet.to_python(skip_empty_area=False)


def _unpanicked(read: Callable[[], Read]) -> Read:
    """A panic in calamine is a `BaseException` whose class cannot be imported; it is the file's fault."""
    try:
        return read()
    except BaseException as failure:
        if type(failure).__name__ == "PanicException":
            raise refused(_UNPARSED) from failure
        raise
