"""Fields of contracts on the wire: hours, days, decimals and codes, each with its pattern published."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from aval.contracts.model import HOUR
from aval.edge.shape_faults import OWN_WORDS
from aval.moments import SAO_PAULO

Value = TypeVar("Value")

# Twelve digits: more than any of the chamber's codes, and exact in every JSON reader.
LARGEST_CODE: Final = 999_999_999_999
NO_SUCH_DAY: Final = "o dia não existe no calendário"
_CENTURY: Final = "(19|20|21)[0-9]{2}"
_DAY: Final = rf"^{_CENTURY}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_HOUR: Final = (
    rf"^{_CENTURY}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):00(:00)?"
    r"(Z|[+-](0[0-9]|1[0-2]):00)?$"
)
# The file's decimal(28,6).
_DECIMAL: Final = r"^[0-9]{1,22}(\.[0-9]{1,6})?$"


def _read_as(
    parse: Callable[[str], Value], pattern: str, *, otherwise: str, refused: str
) -> Callable[[object], Value]:
    shape = re.compile(pattern.removesuffix("$"), re.ASCII)

    def read(value: object) -> Value:
        if not isinstance(value, str) or not shape.fullmatch(value):
            raise PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": otherwise})
        try:
            return parse(value)
        except ValueError as error:
            raise PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": refused}) from error

    return read


def _text(pattern: str, description: str, example: str) -> WithJsonSchema:
    schema: dict[str, Any] = {
        "type": "string",
        "pattern": pattern,
        "description": description,
        "examples": [example],
    }
    return WithJsonSchema(schema)


def _hour(text: str) -> datetime:
    """An hour without an offset is one of São Paulo's clocks."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SAO_PAULO)).astimezone(UTC)


def end_of(last_hour: datetime) -> datetime:
    """The instant at which a period ends whose end was written as in the import file: its last hour (23),
    or midnight of the day after (00)."""
    return last_hour if last_hour.astimezone(SAO_PAULO).hour == 0 else last_hour + HOUR


def plain(number: Decimal) -> str:
    """A decimal as text, never in powers of ten."""
    return f"{number:f}"


Hour = Annotated[
    datetime,
    PlainValidator(
        _read_as(
            _hour,
            _HOUR,
            otherwise="deve ser uma hora cheia no formato AAAA-MM-DDTHH:00, com ou sem deslocamento (-03:00)",
            refused=NO_SUCH_DAY,
        )
    ),
    _text(
        _HOUR,
        "Uma hora cheia; sem deslocamento, no horário de São Paulo",
        "2026-01-01T00:00:00-03:00",
    ),
]
LastHour = Annotated[
    datetime,
    PlainValidator(
        _read_as(
            lambda text: end_of(_hour(text)),
            _HOUR,
            otherwise="deve ser uma hora cheia no formato AAAA-MM-DDTHH:00, com ou sem deslocamento (-03:00)",
            refused=NO_SUCH_DAY,
        )
    ),
    _text(
        _HOUR,
        "A última hora, incluída, como no arquivo de importação (23), ou a meia-noite seguinte (00)",
        "2026-12-31T23:00:00-03:00",
    ),
]
Day = Annotated[
    date,
    PlainValidator(
        _read_as(
            date.fromisoformat,
            _DAY,
            otherwise="deve ser um dia no formato AAAA-MM-DD",
            refused=NO_SUCH_DAY,
        )
    ),
    _text(_DAY, "Um dia em São Paulo, incluído", "2026-01-01"),
]
Amount = Annotated[
    Decimal,
    PlainValidator(
        _read_as(
            Decimal,
            _DECIMAL,
            otherwise="deve ser um texto com até 22 algarismos, ponto e até 6 decimais, como 10.000000",
            refused="deve ser um número decimal",
        )
    ),
    _text(_DECIMAL, "Decimal como texto: até 22 algarismos e até 6 decimais, com ponto", "10.000000"),
]
MomentTold = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
AmountTold = Annotated[str, Field(json_schema_extra={"pattern": r"^[0-9]+(\.[0-9]+)?$"})]


def require_number(value: object) -> object:
    """JSON's numbers alone: pydantic would read a text or a truth value as one, too."""
    if isinstance(value, bool | str):
        raise PydanticKnownError("int_type")
    return value


_NUMBER = BeforeValidator(require_number)
ContractNumber = Annotated[int, Field(ge=1, le=LARGEST_CODE, examples=[1]), _NUMBER]
ProfileNumber = Annotated[int, Field(ge=1, le=LARGEST_CODE, examples=[10010]), _NUMBER]
ParcelNumber = Annotated[int, Field(ge=1, le=LARGEST_CODE, examples=[7001]), _NUMBER]
Size = Annotated[int, Field(ge=1, examples=[35_000_000]), _NUMBER]
