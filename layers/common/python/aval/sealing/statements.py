"""What a reader says about stored data: one signed act, about one thing, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid
from aval.sealing import signatures
from aval.sealing.canonical import canonical, read_object
from aval.sealing.decimals import require_decimal
from aval.sealing.envelope import MAX_PLAINTEXT_BYTES, bare_cnpj, moment_of, require_request_id
from aval.sealing.head import Head
from aval.sealing.identities import require_identity
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.refusals import SealReason, SealRefused

KIND: Final = "aval-ato"
MAX_STATEMENT_CHARACTERS: Final = 16_384
MAX_CARRIED_CHARACTERS: Final = MAX_PLAINTEXT_BYTES
"""Of a statement that carries a file: it travels inside the seal, whose limit is its own."""
_MEMBERS: Final = frozenset({"ato", "evento", "cnpj", "objeto", "jti", "iat"})
_SEEN: Final = "visto"
_LONGEST_REASON: Final = 2000


class Act(StrEnum):
    """What may be done with stored data, by its readers alone."""

    LER = "LER"
    VALIDAR = "VALIDAR"
    ENVIAR = "ENVIAR"
    SIMULAR = "SIMULAR"
    CONTRAPARTES = "CONTRAPARTES"
    RECALCULAR = "RECALCULAR"
    CANCELAR = "CANCELAR"


# What a statement says beyond its object. `conteudo` is the text of the file that its reader brings, so that
# nobody else puts one beside stored data. A validation tells no number: it would be in clear.
_BEYOND: Final[Mapping[Act, frozenset[str]]] = {
    Act.LER: frozenset(),
    Act.VALIDAR: frozenset(),
    Act.ENVIAR: frozenset({"fa", "motivo"}),
    Act.SIMULAR: frozenset({"conteudo"}),
    Act.CONTRAPARTES: frozenset({"conteudo"}),
    Act.RECALCULAR: frozenset(),
    Act.CANCELAR: frozenset(),
}
_CARRYING: Final = frozenset({Act.SIMULAR, Act.CONTRAPARTES})


@dataclass(frozen=True, slots=True)
class Statement:
    """`subject` is the identity (SHA-256, hex) of the stored object that the act is about."""

    act: Act
    event: EventCode
    company: Cnpj
    subject: str
    request_id: str
    issued_at: datetime
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)
    """For ENVIAR `fa` and, where it is null, `motivo`; for what brings a file its text, `conteudo`."""
    seen: Head | None = None
    """How far its reader saw the journal: an enclave whose journal never was there does nothing."""

    def __post_init__(self) -> None:
        require_identity(self.subject)
        require_request_id(self.request_id)
        _require_extra(self.act, self.extra)

    def as_json(self) -> dict[str, object]:
        return {
            "ato": self.act,
            "evento": self.event,
            "cnpj": self.company,
            "objeto": self.subject,
            "jti": self.request_id,
            "iat": int(self.issued_at.timestamp()),
            **({_SEEN: self.seen.as_json()} if self.seen else {}),
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class ExpectedStatement:
    act: Act
    event: EventCode
    company: Cnpj
    subject: str


def sign_statement(statement: Statement, reader: ReaderKeys) -> str:
    return signatures.sign(canonical(statement.as_json()), kind=KIND, key_id=reader.id, key=reader.signature)


def read_statement(jws: str, *, carrying: bool = False) -> Statement:
    """What a statement says, before anybody knows who signed it; raise `SealRefused` for its form.

    Only one that came sealed may carry a file: `carrying` is for those.
    """
    largest = MAX_CARRIED_CHARACTERS if carrying else MAX_STATEMENT_CHARACTERS
    return _statement(_unverified(jws, largest).payload, largest)


def verify_statement(jws: str, readers: Readers, expected: ExpectedStatement) -> Statement:
    """Raise `SealRefused` unless one of `readers` signed exactly what is expected."""
    # (1) Who: a reader of the stored data, by the key that came with them.
    largest = MAX_CARRIED_CHARACTERS if expected.act in _CARRYING else MAX_STATEMENT_CHARACTERS
    unverified = _unverified(jws, largest)
    payload = signatures.verify(unverified, readers[unverified.key_id].signature)
    # (2) What: each thing with a refusal of its own.
    statement = _statement(payload, largest)
    if statement.act is not expected.act:
        raise SealRefused(SealReason.ACT_MISMATCH, "a assinatura é de outro ato")
    if statement.event != expected.event:
        raise SealRefused(SealReason.EVENT_MISMATCH, "a assinatura é de outro evento")
    if statement.company != expected.company:
        raise SealRefused(SealReason.COMPANY_MISMATCH, "a assinatura é sobre outra empresa")
    if statement.subject != expected.subject:
        raise SealRefused(SealReason.SUBJECT_MISMATCH, "a assinatura é sobre outro objeto")
    return statement


def _unverified(jws: str, largest: int) -> signatures.Unverified:
    return signatures.read(jws, kind=KIND, largest=largest)


def _statement(payload: bytes, largest: int) -> Statement:
    members = read_object(payload, largest=largest)
    if not members.keys() >= _MEMBERS:
        raise _malformed(f"o ato deve ter {', '.join(sorted(_MEMBERS))}")
    try:
        return Statement(
            act=Act(_text(members["ato"])),
            event=EventCode.parse(_text(members["evento"])),
            company=bare_cnpj(members["cnpj"]),
            subject=_text(members["objeto"]),
            request_id=_text(members["jti"]),
            issued_at=moment_of(members["iat"]),
            extra={name: value for name, value in members.items() if name not in _MEMBERS | {_SEEN}},
            seen=Head.from_json(members[_SEEN]) if _SEEN in members else None,
        )
    except IdentifierInvalid as failure:
        raise _malformed(f"ato: {failure.detail}") from failure
    except ValueError as failure:
        raise _malformed("o ato não é conhecido") from failure


def _require_extra(act: Act, extra: Mapping[str, object]) -> None:
    if not extra.keys() <= _BEYOND[act]:
        raise _malformed(f"o ato {act} não leva outros membros")
    match act:
        case Act.ENVIAR:
            _require_number_or_reason(extra)
        case Act.SIMULAR | Act.CONTRAPARTES:
            if not _text(extra.get("conteudo")):
                raise _malformed(f"o ato {act} leva em conteudo o texto do arquivo")


def _require_number_or_reason(extra: Mapping[str, object]) -> None:
    """A number alone, or null with the text of the case that has none: never both, never neither."""
    match extra:
        case {"fa": None, "motivo": str(reason)} if 0 < len(reason) <= _LONGEST_REASON:
            return
        case {"fa": str(number)} if "motivo" not in extra:
            require_decimal(number)
            return
    raise _malformed("ENVIAR leva fa em texto decimal, ou fa nulo com motivo")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _malformed("um membro do ato deve ser texto")
    return value


def _malformed(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
