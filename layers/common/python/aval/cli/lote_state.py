"""What a lote has become, kept beside its sealed file: a command that was killed goes on as one request."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from aval.cli.expected_code import read_file
from aval.cli.outcome import CommandFailed
from aval.cli.output_file import write_over
from aval.sealing.envelope import MAX_SEALED_BYTES

_LARGEST: Final = 1_000_000
_SECRET: Final = 0o600


@dataclass(frozen=True, slots=True)
class SentLote:
    """Names as they stand in the file; an empty text is what has not come yet."""

    asked: str
    """SHA-256 over what was asked: the file and every option that goes into the seal."""
    evento: str
    remetente: str
    tipo: str
    jti: str
    identidade: str
    leitores: str
    """Digest of the reader list."""
    visto: dict[str, object] | None
    """The newest head of the week that the reader had seen when it was sealed."""
    chave: str = field(repr=False)
    """The offer of the key that it is sealed to: who signs the answers."""
    lote: str = ""
    url: str = ""
    campos: dict[str, str] = field(default_factory=dict, repr=False)
    """The form: whoever holds it may send exactly this file, for an hour."""
    enviado: bool = False

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """None where there is none; raise `CommandFailed` for one that is damaged."""
        if not path.exists():
            return None
        try:
            return cls(**json.loads(read_file(path, most=_LARGEST)))
        except (ValueError, TypeError) as failure:
            raise CommandFailed(f"{path} está danificado; apague-o para começar de novo") from failure

    def keep(self, path: Path) -> Self:
        write_over(path, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode(), mode=_SECRET)
        return self

    def announced(self, lote: str, url: str, fields: dict[str, str]) -> Self:
        return replace(self, lote=lote, url=url, campos=fields, enviado=False)

    def sent(self) -> Self:
        return replace(self, enviado=True, url="", campos={})


def digest_of_request(content: bytes, *told: str) -> str:
    parts = [hashlib.sha256(content).hexdigest(), *told]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def sealed_path(file: Path) -> Path:
    return file.with_name(f"{file.name}.selado")


def state_path(sealed: Path) -> Path:
    return sealed.with_name(f"{sealed.name}.lote.json")


def read_sealed(path: Path) -> bytes:
    return read_file(path, most=MAX_SEALED_BYTES + 1)
