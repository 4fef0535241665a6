"""The namespaces of a message: CCEE's come in two versions, which no message mixes."""

from dataclasses import dataclass
from typing import Final

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12: Final = "http://www.w3.org/2003/05/soap-envelope"
SECURITY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PASSWORD_TEXT: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
)
FAULTS: Final = "http://xmlns.energia.org.br/FM/v2"
_OF_THE_BUS: Final = "http://xmlns.energia.org.br"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of header (MH), messages (BM) and objects (BO)."""

    header: str
    messages: str
    objects: str

    @classmethod
    def of_version(cls, version: str) -> "Dialect":
        return cls(*(f"{_OF_THE_BUS}/{part}/{version}" for part in ("MH", "BM", "BO")))


V1: Final = Dialect.of_version("v1")
V2: Final = Dialect.of_version("v2")
