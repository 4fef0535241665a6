"""One entry of an event's journal: what it says of one company's act (docs/confidential.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from aval.errors import DomainError
from aval.identifiers import Cnpj
from aval.moments import from_storage, to_storage
from aval.sealing.canonical import canonical, read_object
from aval.sealing.parameters_used import ParametersUsed
from aval.sealing.refusals import SealReason, SealRefused

_MOST_BYTES: Final = 4096
_KIND: Final = re.compile(r"[A-Z][A-Z_]{0,31}")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
REQUEST: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")

PORTFOLIO: Final = "PORTFOLIO"
COUNTERPARTIES: Final = "CONTRAPARTES"
FACTOR: Final = "FATOR"
DELIVERED_KINDS: Final = frozenset({PORTFOLIO, COUNTERPARTIES})
"""What an agent of a week delivers; acts about both together have the kind `FACTOR`."""

_SENTENCES: Final = {
    SealReason.JOURNAL_MALFORMED: "um lançamento do diário não tem a forma de um lançamento",
    SealReason.JOURNAL_EVENT: "um lançamento do diário é de outro evento",
    SealReason.JOURNAL_GAP: "um lançamento do diário não é o seguinte ao último conhecido",
    SealReason.JOURNAL_FORK: "um lançamento do diário contradiz outro que este enclave já conhece",
    SealReason.JOURNAL_EDITED: "um lançamento do diário foi alterado ou não foi escrito por um enclave",
    SealReason.JOURNAL_PENDING: "um lançamento anterior ainda não foi mostrado de volta ao enclave",
    SealReason.HEAD_OLDER: "o diário deste enclave não chega até onde o leitor já o viu",
    SealReason.HEAD_FORKED: "o diário deste enclave não é a continuação do que o leitor já viu",
    SealReason.REPLAYED: "o identificador do pedido (jti) já foi usado em outro pedido",
    SealReason.VERSION_UNKNOWN: "o ato não se refere à última versão entregue",
    SealReason.PARAMETERS_OLDER: "os parâmetros são de uma versão anterior a outra já usada neste evento",
    SealReason.PARAMETERS_DIVERGE: "os parâmetros são outros que os já usados com este número de versão",
}


class EntryAct(StrEnum):
    """What an entry records; only a delivery makes a version."""

    DELIVER = "ENTREGAR"
    COMPUTE = "CALCULAR"
    VALIDATE = "VALIDAR"
    CANCEL = "CANCELAR"
    SEND = "ENVIAR"


@dataclass(frozen=True, slots=True)
class Entry:
    act: EntryAct
    sender: Cnpj
    company: Cnpj
    kind: str
    version: int
    """The version that a delivery makes; otherwise the one that the act is about (of the factor: of the
    portfolio)."""
    request_id: str
    identity: str
    """SHA-256 of the body that asked for it, hex."""
    readers: str
    """Digest of the reader list that came with the data."""
    subject: str
    """Identity of what the act is about (of the factor: the calculation); of a delivery, its own."""
    at: datetime
    parameters: ParametersUsed | None = None
    """What was in force then; a rehearsal has none."""

    def __post_init__(self) -> None:
        told = (self.identity, self.readers, self.subject)
        if not all(DIGEST.fullmatch(digest) for digest in told) or not REQUEST.fullmatch(self.request_id):
            raise ValueError("an entry's digests have 64 hexadecimal digits, its request 16 to 64 characters")
        if not _KIND.fullmatch(self.kind) or self.version < 1:
            raise ValueError("an entry tells a kind and a version from 1")
        if self.act is EntryAct.DELIVER and self.subject != self.identity:
            raise ValueError("a delivery is about itself")
        if (self.kind in DELIVERED_KINDS | {FACTOR}) != (self.parameters is not None):
            raise ValueError("an entry of a week tells its parameters, and no other does")
        if self.kind in DELIVERED_KINDS and self.act is not EntryAct.DELIVER:
            raise ValueError("an entry about what was delivered in a week is about the factor")
        if self.kind == FACTOR and self.act is EntryAct.DELIVER:
            raise ValueError("an entry delivers no factor")

    def to_bytes(self) -> bytes:
        return canonical(
            {
                "ato": self.act.value,
                "remetente": self.sender,
                "cnpj": self.company,
                "tipo": self.kind,
                "versao": self.version,
                "jti": self.request_id,
                "identidade": self.identity,
                "leitores": self.readers,
                "sobre": self.subject,
                "em": to_storage(self.at),
                **({"parametros": self.parameters.as_json()} if self.parameters else {}),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raise `SealRefused` for anything that `to_bytes` would not write."""
        told = read_object(data, largest=_MOST_BYTES)
        try:
            entry = cls(
                act=EntryAct(text_of(told, "ato")),
                sender=Cnpj.parse(text_of(told, "remetente")),
                company=Cnpj.parse(text_of(told, "cnpj")),
                kind=text_of(told, "tipo"),
                version=_whole(told, "versao"),
                request_id=text_of(told, "jti"),
                identity=text_of(told, "identidade"),
                readers=text_of(told, "leitores"),
                subject=text_of(told, "sobre"),
                at=from_storage(text_of(told, "em")),
                parameters=parameters_of(told),
            )
        except (KeyError, TypeError, ValueError, DomainError) as error:
            raise refused(SealReason.JOURNAL_MALFORMED) from error
        if entry.to_bytes() != data:
            raise refused(SealReason.JOURNAL_MALFORMED)
        return entry


def refused(reason: SealReason) -> SealRefused:
    return SealRefused(reason, _SENTENCES[reason])


def parameters_of(told: Mapping[str, object]) -> ParametersUsed | None:
    """Raise `ValueError` for what no entry tells of them."""
    match told.get("parametros"):
        case None if "parametros" not in told:
            return None
        case {"versao": int(version), "resumo": str(digest)} if _is_set(version, digest):
            return ParametersUsed(version, digest)
    raise ValueError("parametros")


def text_of(told: Mapping[str, object], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _whole(told: Mapping[str, object], name: str) -> int:
    value = told[name]
    if type(value) is not int:
        raise TypeError(name)
    return value


def _is_set(version: int, digest: str) -> bool:
    # JSON's true is an int to Python.
    return version is not True and version > 0 and DIGEST.fullmatch(digest) is not None
