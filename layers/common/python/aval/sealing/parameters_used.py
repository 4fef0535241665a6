"""Which immutable parameter set something was computed with: its number, and the digest of what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class ParametersUsed:
    version: int
    digest: str

    def as_json(self) -> dict[str, object]:
        return {"versao": self.version, "resumo": self.digest}

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> Self:
        return cls(int(str(told["versao"])), str(told["resumo"]))
