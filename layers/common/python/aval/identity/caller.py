"""Who is calling, as the authorizer established it."""

from dataclasses import dataclass
from enum import StrEnum

from aval.identifiers import Cnpj, Cpf, Fingerprint


class CallerKind(StrEnum):
    PERSON = "person"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person has a login and, once bound, a CPF; a system has a CNPJ and the certificate it came with."""

    kind: CallerKind
    subject: str
    person: Cpf | None = None
    company: Cnpj | None = None
    thumbprint: Fingerprint | None = None
