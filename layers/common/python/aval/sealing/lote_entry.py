"""The one entry of a lote: with it the whole lote is taken, and before it nothing of it is."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from aval.errors import DomainError
from aval.identifiers import Cnpj
from aval.moments import from_storage, to_storage
from aval.sealing.canonical import canonical, read_object
from aval.sealing.journal_entry import (
    DELIVERED_KINDS,
    DIGEST,
    REQUEST,
    parameters_of,
    refused,
    text_of,
)
from aval.sealing.parameters_used import ParametersUsed
from aval.sealing.refusals import SealReason

ACT: Final = "LOTE"
MOST_AGENTS: Final = 20_000
MOST_LOTE_BYTES: Final = 384 * 1024
"""An entry is one row of a table, and a row takes 400 KB."""
_LOTE: Final = re.compile(r"[0-9a-f]{32}")
_CNPJ_CHARACTERS: Final = 14


@dataclass(frozen=True, slots=True)
class LoteEntry:
    """As many deliveries as it has agents, by one request: the triple (`request_id`, `identity`, `lote`)."""

    sender: Cnpj
    kind: str
    request_id: str
    identity: str
    """SHA-256 of the sealed file, hex."""
    readers: str
    lote: str
    parameters: ParametersUsed
    agents: tuple[tuple[Cnpj, int], ...] = field(repr=False)
    """Who was taken, and the version that it made of each; by CNPJ."""
    at: datetime

    def __post_init__(self) -> None:
        told = (self.identity, self.readers, self.parameters.digest)
        if not all(DIGEST.fullmatch(digest) for digest in told) or not REQUEST.fullmatch(self.request_id):
            raise ValueError("an entry's digests have 64 hexadecimal digits, its request 16 to 64 characters")
        if self.kind not in DELIVERED_KINDS or not _LOTE.fullmatch(self.lote) or self.parameters.version < 1:
            raise ValueError(
                "a lote is of portfolios or counterparties, has a code, and parameters from 1 on"
            )
        if not 1 <= len(self.agents) <= MOST_AGENTS or min(version for _, version in self.agents) < 1:
            raise ValueError("a lote has 1 to 20 000 agents, each with a version from 1")
        if len({company for company, _ in self.agents}) != len(self.agents):
            raise ValueError("a lote has each agent once")
        object.__setattr__(self, "agents", tuple(sorted(self.agents)))

    def to_bytes(self) -> bytes:
        written = canonical(
            {
                "ato": ACT,
                "remetente": self.sender,
                "tipo": self.kind,
                "jti": self.request_id,
                "identidade": self.identity,
                "leitores": self.readers,
                "lote": self.lote,
                "parametros": self.parameters.as_json(),
                "agentes": self._by_version(),
                "em": to_storage(self.at),
            }
        )
        if len(written) > MOST_LOTE_BYTES:
            raise ValueError("the versions of a lote's agents are too many for one entry")
        return written

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raise `SealRefused` for anything that `to_bytes` would not write."""
        told = read_object(data, largest=MOST_LOTE_BYTES)
        try:
            parameters = parameters_of(told)
            if told["ato"] != ACT or parameters is None:
                raise refused(SealReason.JOURNAL_MALFORMED)
            entry = cls(
                sender=Cnpj.parse(text_of(told, "remetente")),
                kind=text_of(told, "tipo"),
                request_id=text_of(told, "jti"),
                identity=text_of(told, "identidade"),
                readers=text_of(told, "leitores"),
                lote=text_of(told, "lote"),
                parameters=parameters,
                agents=_agents(told["agentes"]),
                at=from_storage(text_of(told, "em")),
            )
        except (KeyError, TypeError, ValueError, DomainError) as error:
            raise refused(SealReason.JOURNAL_MALFORMED) from error
        if entry.to_bytes() != data:
            raise refused(SealReason.JOURNAL_MALFORMED)
        return entry

    def _by_version(self) -> dict[str, str]:
        """The agents of each version without a mark between them: 20 000 make some 280 KB."""
        listed: defaultdict[int, list[str]] = defaultdict(list)
        for company, version in self.agents:
            listed[version].append(company)
        return {str(version): "".join(companies) for version, companies in listed.items()}


def _agents(told: object) -> tuple[tuple[Cnpj, int], ...]:
    if not isinstance(told, Mapping):
        raise TypeError("agentes")
    return tuple(
        (Cnpj.parse(companies[begins : begins + _CNPJ_CHARACTERS]), int(version))
        for version, companies in told.items()
        for begins in range(0, len(companies), _CNPJ_CHARACTERS)
    )
