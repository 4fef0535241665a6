"""How a truststore lies in a folder or a bucket: generations, and a pointer to the one in force."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Final, Self

from aval.certificates.generation import Generation
from aval.certificates.truststore import TruststoreRefused

POINTER_NAME: Final = "atual.json"
_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Pointer:
    generation: str
    sha256: str

    @classmethod
    def to(cls, generation: Generation) -> Self:
        return cls(generation.name, hashlib.sha256(generation.pem).hexdigest())

    @classmethod
    def parse(cls, document: bytes) -> Self:
        """Raise `TruststoreRefused` unless the document names a generation and its digest."""
        try:
            told = json.loads(document)
            name, digest = str(told["geracao"]), str(told["sha256"])
        except (ValueError, KeyError, TypeError) as failure:
            raise TruststoreRefused("o ponteiro do conjunto de autoridades é ilegível") from failure
        if not _NAME.fullmatch(name):
            raise TruststoreRefused("o ponteiro do conjunto de autoridades é ilegível")
        return cls(name, digest)

    @property
    def document(self) -> bytes:
        return json.dumps({"geracao": self.generation, "sha256": self.sha256}).encode() + b"\n"

    @property
    def pem_name(self) -> str:
        return f"{self.generation}.pem"

    @property
    def manifest_name(self) -> str:
        return f"{self.generation}.json"

    def require_intact(self, pem: bytes) -> None:
        """Raise `TruststoreRefused` when the generation is not the one that was published."""
        if not hmac.compare_digest(hashlib.sha256(pem).hexdigest(), self.sha256):
            raise TruststoreRefused("o conjunto de autoridades não confere com seu ponteiro")
