"""Where an agent publishes its own factor ("envio de link"): registered by who covers it, history kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, Self
from urllib.parse import SplitResult, urlsplit

from aval.errors import Fault, FaultsFound
from aval.identifiers import Cnpj
from aval.prudential.refusals import LinkContended, NothingToRead

LONGEST_ADDRESS: Final = 500
_MOST_TRIES: Final = 5
_POINTER: Final = "/endereco"
# RFC 3986, section 2: what an address is written with; whatever else it names is percent-encoded.
_WRITTEN: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
# A name of at least two labels whose last one begins with a letter, which no spelling of an IP address does.
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_HOST: Final = 253
# RFC 6761, RFC 6762, RFC 7686, and what ICANN keeps for networks of one's own: nothing public is there.
_PRIVATE: Final = ("localhost", "local", "internal", "test", "example", "invalid", "onion", "arpa")


class PublicAddress(str):
    """An https address that anybody may open."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise `FaultsFound` with everything that is wrong with it."""
        faults = tuple(_faults(text))
        if faults:
            raise FaultsFound("o endereço de divulgação não pode ser registrado", faults)
        return cls(text)


@dataclass(frozen=True, slots=True)
class Link:
    company: Cnpj
    number: int
    """How often it was registered, this time included."""
    address: PublicAddress
    at: datetime
    by: str
    """`Caller.kind:subject`."""


class Links(Protocol):
    def of(self, company: Cnpj) -> Link | None: ...

    def history(self, company: Cnpj) -> Sequence[Link]:
        """The newest first."""

    def add(self, link: Link) -> bool:
        """False when that number is there already."""

    def all(self) -> Mapping[Cnpj, str]: ...


@dataclass(frozen=True, slots=True)
class LinkBook:
    links: Links

    def register(self, company: Cnpj, address: PublicAddress, *, by: str, at: datetime) -> Link:
        """The same address again changes nothing; raise `LinkContended` when others keep being first."""
        for _ in range(_MOST_TRIES):
            before = self.links.of(company)
            if before is not None and before.address == address:
                return before
            number = before.number + 1 if before else 1
            link = Link(company, number, address, at.replace(microsecond=0), by)
            if self.links.add(link):
                return link
        raise LinkContended

    def history(self, company: Cnpj) -> Sequence[Link]:
        """The newest first; raise `NothingToRead`."""
        found = self.links.history(company)
        if not found:
            raise NothingToRead("esta empresa ainda não registrou endereço de divulgação")
        return found


def _faults(text: str) -> Iterator[Fault]:
    # (1) How it is written: what cannot be taken apart is asked nothing more.
    if len(text) > LONGEST_ADDRESS:
        yield _fault("tamanho", f"o endereço tem {len(text)} caracteres; use até {LONGEST_ADDRESS}")
        return
    parts = _taken_apart(text)
    if parts is None:
        yield _fault(
            "endereco",
            "escreva o endereço inteiro, sem espaços nem acentos, como https://www.empresa.com.br/fator",
        )
        return
    # (2) What it says, each part by itself.
    if parts.scheme != "https":
        yield _fault("https", "o endereço deve começar por https://")
    if "@" in parts.netloc:
        yield _fault("credenciais", "retire o usuário e a senha: o endereço é público")
    if not _is_public(parts.hostname or ""):
        yield _fault(
            "servidor",
            "use o nome público do servidor, como www.empresa.com.br; não um IP nem um nome de rede interna",
        )


def _taken_apart(text: str) -> SplitResult | None:
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        # Asked for here because a port that is none is refused only when it is asked for.
        has_port = parts.port is not None
    except ValueError:
        return None
    return parts if parts.netloc and (has_port or not parts.netloc.endswith(":")) else None


def _is_public(host: str) -> bool:
    labels = host.rsplit(".", 1)
    return len(host) <= _LONGEST_HOST and _HOST.fullmatch(host) is not None and labels[-1] not in _PRIVATE


def _fault(rule: str, detail: str) -> Fault:
    return Fault(rule, detail, _POINTER)
