"""What the parent asks of a lote, read once: after this, each thing has its type."""

import json
from dataclasses import dataclass, field
from typing import Final, Self

from aval.identifiers import Cnpj, EventCode, IdentifierInvalid
from aval.prudential.lotes import LoteId, LoteKind
from enclave_app.enclave import asked as reading
from enclave_app.protocol import Message

ACT: Final = "LOTE"
_ELIGIBLE: Final = "elegiveis"


@dataclass(frozen=True, slots=True)
class AskedLote:
    event: EventCode
    sender: Cnpj
    lote: LoteId
    kind: LoteKind
    all_or_nothing: bool
    body: bytes = field(repr=False)
    parameters: bytes = field(repr=False)
    eligible: frozenset[str] = field(repr=False)
    """CNPJs of the registry's own list for the week, as it was when the file came."""
    authorisations: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, message: Message) -> Self:
        """Raise `ProtocolRefused` for anything but a lote with its body, parameters and eligible list."""
        fields, parts = message.fields, reading.named_parts(message)
        all_or_nothing = fields.get("tudoOuNada")
        if not isinstance(all_or_nothing, bool) or not parts.keys() >= {reading.PARAMETERS, _ELIGIBLE}:
            raise reading.malformed()
        try:
            return cls(
                event=reading.event(fields),
                sender=Cnpj.parse(reading.text(fields, "remetente")),
                lote=LoteId.parse(reading.text(fields, "lote")),
                kind=LoteKind(reading.text(fields, "tipo")),
                all_or_nothing=all_or_nothing,
                body=parts[reading.BODY],
                parameters=parts[reading.PARAMETERS],
                eligible=_companies(parts[_ELIGIBLE]),
                authorisations=reading.authorisations(parts),
            )
        except (IdentifierInvalid, ValueError) as error:
            raise reading.malformed() from error


def _companies(listed: bytes) -> frozenset[str]:
    """Raise `ProtocolRefused` for what is no JSON object."""
    try:
        told = json.loads(listed)
    except (ValueError, RecursionError) as error:
        raise reading.malformed() from error
    if not isinstance(told, dict):
        raise reading.malformed()
    return frozenset(told)
