"""What whoever administers a stack can see of a week: rows, objects and sizes, with every right there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aval.identifiers import EventCode
from local.aws import Emulator

_LONGEST: Final = 60
_SHOWN_STATES: Final = 3


@dataclass(frozen=True, slots=True)
class OperatorsView:
    event: EventCode
    rows: Sequence[Mapping[str, Any]] = field(repr=False)
    objects: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of(cls, running: Mapping[str, Any], event: EventCode) -> "OperatorsView":
        """All of the confidential table and of both buckets."""
        emulator, outputs = Emulator(running["emulator_url"]), running["outputs"]
        pages = emulator.client("dynamodb").get_paginator("scan")
        rows = [
            item
            for page in pages.paginate(TableName=outputs["ConfidentialTableName"])
            for item in page["Items"]
        ]
        s3 = emulator.client("s3")
        buckets = (outputs["ConfidentialBucketName"], outputs["PrudentialBucketName"])
        return cls(event, rows, {key: body for bucket in buckets for key, body in _objects(s3, bucket)})

    @property
    def size(self) -> str:
        return f"{len(self.rows)} linhas e {len(self.objects)} objetos"

    def text(self) -> str:
        lotes = [row for row in self.rows if row["pk"]["S"].startswith("LOTE#")]
        states = [row for row in self.rows if row["pk"]["S"] == f"ESTADOS#{self.event}"]
        shown = [*lotes, *states[:_SHOWN_STATES]]
        more = f"… e mais {len(states) - _SHOWN_STATES} agentes como estes"
        return "\n\n".join([*map(_row, shown), more])

    def places_of(self, figures: Sequence[str]) -> list[str]:
        """Names of rows and objects that hold any of them, however it is spelt."""
        spelt = [form.encode() for figure in figures for form in (figure, figure.replace(".", ","))]
        held = [(row["pk"]["S"], repr(row).encode()) for row in self.rows]
        return [name for name, body in (*held, *self.objects.items()) if any(one in body for one in spelt)]


def _row(row: Mapping[str, Any]) -> str:
    return "\n".join(f"  {name:<16}{_value(told)}" for name, told in sorted(row.items()))


def _value(told: Mapping[str, Any]) -> str:
    ((kind, value),) = told.items()
    match kind:
        case "B":
            return f"({len(bytes(value))} bytes selados)"
        case "M":
            return "{" + ", ".join(f"{name}: {_value(one)}" for name, one in sorted(value.items())) + "}"
        case "L" | "SS" | "NS":
            return ", ".join(_value(one) if isinstance(one, Mapping) else str(one) for one in value)
        case "NULL":
            return "-"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _objects(s3: Any, bucket: str) -> Iterator[tuple[str, bytes]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            yield item["Key"], s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
