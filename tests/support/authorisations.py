"""Reader lists signed by a company of the test hierarchy; a test changes one thing of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from aval.sealing.authorisation import sign_addition, sign_authorisation
from aval.sealing.readers import Readers
from tests.support import pki
from tests.support.sealing import reader, readers

AT: Final = pki.START
COMPANY: Final = pki.COMPANY


def roots_pem() -> str:
    """The root alone, as the measured configuration has it."""
    return pki.hierarchy().root.certificate.public_bytes(Encoding.PEM).decode()


def above() -> tuple[bytes, ...]:
    """The authorities between a holder and the root."""
    tree = pki.hierarchy()
    return tuple(
        one.certificate.public_bytes(Encoding.DER) for one in (tree.issuing, tree.second, tree.first)
    )


def chain(**changes: Any) -> tuple[bytes, ...]:
    return (pki.leaf(**changes), *above())


def authorisation(
    listed: Readers | None = None,
    *,
    company: Any = COMPANY,
    certificates: Sequence[bytes] | None = None,
    key: Any = None,
    at: datetime = AT,
) -> str:
    return sign_authorisation(
        listed or readers(), company, certificates or chain(), key or pki.rsa_key("leaf"), at=at
    )


def addition(listed: Readers, former: Readers, *, by: str = "ana", company: Any = COMPANY) -> str:
    return sign_addition(listed, company, former.digest, reader(by), at=AT)
