"""Reservations that a person must be told wherever a signed thing is shown."""

from collections.abc import Mapping
from typing import Final

from aval.attestation.roots import LABEL_FOR_PEOPLE, NAO_ATESTADO_POR_HARDWARE

REMETENTE_NAO_AUTENTICADO: Final = "REMETENTE_NAO_AUTENTICADO"

FOR_PEOPLE: Final[Mapping[str, str]] = {
    NAO_ATESTADO_POR_HARDWARE: LABEL_FOR_PEOPLE,
    REMETENTE_NAO_AUTENTICADO: "REMETENTE NÃO AUTENTICADO",
}


def caveats_of(*, hardware: bool, sender_authenticated: bool) -> tuple[str, ...]:
    told = {NAO_ATESTADO_POR_HARDWARE: not hardware, REMETENTE_NAO_AUTENTICADO: not sender_authenticated}
    return tuple(code for code, holds in told.items() if holds)
