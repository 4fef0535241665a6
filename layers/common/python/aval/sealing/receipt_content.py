"""What a receipt says, and its one form in JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid
from aval.sealing.caveats import REMETENTE_NAO_AUTENTICADO
from aval.sealing.decimals import require_decimal
from aval.sealing.envelope import SealedKind, bare_cnpj, moment_of, require_request_id
from aval.sealing.head import Head
from aval.sealing.identities import require_identity
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.release import Released

MEMBERS: Final = frozenset(
    {
        "evento",
        "cnpj",
        "tipo",
        "jti",
        "iat",
        "entradas",
        "versoes",
        "parametros",
        "opcoes",
        "cabeca",
        "ressalvas",
        "compromisso",
        "liberado",
    }
)
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_OF_EACH: Final = 256


@dataclass(frozen=True, slots=True)
class Receipt:
    """One computation: its inputs by identity, what it was computed with, and where the journal stood."""

    event: EventCode
    company: Cnpj
    kind: SealedKind
    request_id: str
    issued_at: datetime
    inputs: Mapping[str, str]
    """Name of each input and its identity: the SHA-256 of the sealed object, hex."""
    versions: Mapping[str, int]
    """Version of each record that was used."""
    parameters: str
    """SHA-256 of the canonical parameters, hex; the method's is in the declaration."""
    head: Head
    caveats: tuple[str, ...]
    switches: Mapping[str, object] = field(default_factory=dict)
    """How the method was set."""
    commitment: str | None = None
    """Salted digest of the result (`commit`), which tells nothing to who has not the salt."""
    released: Released | None = None
    """The number, once its agent has sent it."""

    def __post_init__(self) -> None:
        require_request_id(self.request_id)
        if not self.inputs:
            raise _malformed("um recibo tem ao menos uma entrada")
        committed = () if self.commitment is None else (self.commitment,)
        for identity in (*self.inputs.values(), self.parameters, *committed):
            require_identity(identity)
        if not all(type(version) is int and version > 0 for version in self.versions.values()):
            raise _malformed("uma versão é um número inteiro a partir de 1")
        told = (self.inputs, self.versions, self.switches, dict.fromkeys(self.caveats))
        if not all(_named(members) for members in told):
            raise _malformed("um nome do recibo não pode ser um")

    @property
    def sender_authenticated(self) -> bool:
        return REMETENTE_NAO_AUTENTICADO not in self.caveats

    def as_json(self) -> dict[str, object]:
        return {
            "evento": self.event,
            "cnpj": self.company,
            "tipo": self.kind,
            "jti": self.request_id,
            "iat": int(self.issued_at.timestamp()),
            "entradas": dict(self.inputs),
            "versoes": dict(self.versions),
            "parametros": self.parameters,
            "opcoes": dict(self.switches),
            "cabeca": self.head.as_json(),
            "ressalvas": sorted(self.caveats),
            "compromisso": self.commitment,
            "liberado": self.released.as_json() if self.released else None,
        }

    @classmethod
    def from_json(cls, members: Mapping[str, object]) -> Self:
        """Raise `SealRefused` for another member, or a value that cannot be one."""
        if members.keys() != MEMBERS:
            raise _malformed(f"o recibo deve ter exatamente {', '.join(sorted(MEMBERS))}")
        try:
            return cls(
                event=EventCode.parse(_text(members["evento"])),
                company=bare_cnpj(members["cnpj"]),
                kind=SealedKind(_text(members["tipo"])),
                request_id=_text(members["jti"]),
                issued_at=moment_of(members["iat"]),
                inputs={name: _text(one) for name, one in _members(members["entradas"]).items()},
                versions={name: _whole(one) for name, one in _members(members["versoes"]).items()},
                parameters=_text(members["parametros"]),
                head=Head.from_json(members["cabeca"]),
                caveats=_texts(members["ressalvas"]),
                switches=_members(members["opcoes"]),
                commitment=None if members["compromisso"] is None else _text(members["compromisso"]),
                released=_released(members["liberado"]),
            )
        except IdentifierInvalid as failure:
            raise _malformed(f"recibo: {failure.detail}") from failure
        except ValueError as failure:
            raise _malformed("recibo: o tipo não é conhecido") from failure


def _released(value: object) -> Released | None:
    match value:
        case None:
            return None
        case {"fa": str(number), **more} if not more:
            require_decimal(number)
            return Released(number, "")
        case {"fa": None, "motivo": str(reason), **more} if reason and not more:
            return Released(None, reason)
    raise _malformed("liberado leva fa, ou fa nulo com motivo")


def _named(members: Mapping[str, object]) -> bool:
    return len(members) <= _MOST_OF_EACH and all(_NAME.fullmatch(name) for name in members)


def _members(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _malformed("um membro do recibo deve ser um objeto")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _malformed("ressalvas deve ser uma lista")
    return tuple(_text(one) for one in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _malformed("um membro do recibo deve ser texto")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise _malformed("uma versão é um número inteiro a partir de 1")
    return value


def _malformed(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
