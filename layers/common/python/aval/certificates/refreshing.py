"""Bringing revocation lists in: fetched by address, or dropped by an operator where there is no way out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from aval.certificates.revocation import RevocationListRefused, RevocationLists, read_revocation_list
from aval.certificates.truststore import Truststore
from aval.errors import DomainError

# Half a million entries take some 20 MB; nothing longer is read.
MAX_LIST_BYTES: Final = 64 * 1024 * 1024


class RevocationListUnreachable(DomainError):
    """No list came from this address: not allowed, out of reach, too long or not answered with a list."""


class RevocationFetcher(Protocol):
    def fetch(self, url: str) -> bytes:
        """The bytes behind `url`; raise `RevocationListUnreachable`."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one list; `kept` is false also when one at least as new was there."""

    source: str
    kept: bool
    fault: str


@dataclass(frozen=True, slots=True)
class RevocationIntake:
    lists: RevocationLists
    truststore: Truststore

    def take(self, content: bytes, *, source: str, at: datetime) -> Outcome:
        """Verify and keep one list; what is wrong with it is told, not raised."""
        if len(content) > MAX_LIST_BYTES:
            return Outcome(source, False, "a lista de revogados é grande demais")
        try:
            verified = read_revocation_list(content, truststore=self.truststore, at=at)
        except RevocationListRefused as refusal:
            return Outcome(source, False, refusal.detail)
        return Outcome(source, self.lists.store(verified), "")

    def refresh(
        self, urls: Iterable[str], *, fetcher: RevocationFetcher, at: datetime
    ) -> tuple[Outcome, ...]:
        """Fetch each address once; one that fails keeps none of the others back.

        Every hour another address comes first, so that slow ones do not always keep the same others waiting.
        """
        ordered = sorted(set(urls))
        first = at.hour % len(ordered) if ordered else 0
        return tuple(self._refresh_one(url, fetcher, at) for url in ordered[first:] + ordered[:first])

    def _refresh_one(self, url: str, fetcher: RevocationFetcher, at: datetime) -> Outcome:
        try:
            content = fetcher.fetch(url)
        except RevocationListUnreachable as failure:
            return Outcome(url, False, failure.detail)
        return self.take(content, source=url, at=at)
