"""One request to change a company's access: the whole change, as it was asked for."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Final

from aval.adhesion.examination import OfferedFile
from aval.adhesion.password import Password, Pepper
from aval.identifiers import Cnpj, Fingerprint


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """`expected_versions` is what the caller read, if it said so; `request_id` identifies a repetition."""

    company: Cnpj
    password: Password | None = None
    additions: tuple[OfferedFile, ...] = ()
    deletions: frozenset[Fingerprint] = field(default=frozenset())
    expected_versions: frozenset[int] | None = None
    request_id: str | None = None

    def digest(self, pepper: Pepper) -> str:
        """A keyed digest: the request holds a password, so a plain hash of it could be searched."""
        content = [
            self.company,
            self.password.text if self.password else None,
            [[offered.name, hashlib.sha256(offered.content).hexdigest()] for offered in self.additions],
            sorted(self.deletions),
        ]
        summary = hashlib.sha256(json.dumps(content).encode()).digest()
        return pepper.mac(_DIGEST_PURPOSE + summary).hex()


_DIGEST_PURPOSE: Final = b"aval/pedido/1\x00"


def request_id(*, requester: str, key: str) -> str:
    """One caller's key never meets another caller's."""
    return hashlib.sha256(json.dumps([requester, key]).encode()).hexdigest()
