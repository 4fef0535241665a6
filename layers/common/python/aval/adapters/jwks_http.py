"""The user pool's public keys, fetched once and again only for a key id never seen."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.request import Request, urlopen

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from aval.identity.tokens import TokenRefused

_TIMEOUT_SECONDS: Final = 3
_MAX_DOCUMENT_BYTES: Final = 64 * 1024
# Unknown key ids come from outside: without this pause each forged token would cost a fetch.
_REFRESH_SECONDS: Final = 60


class KeysUnavailable(Exception):
    """The user pool's key document could not be fetched or read."""


@dataclass(slots=True)
class HttpUserPoolKeys:
    url: str
    monotonic: Callable[[], float] = time.monotonic
    _known: dict[str, KeySet] = field(default_factory=dict)
    _fetched_at: float | None = None

    def key_set(self, key_id: str) -> KeySet:
        """The one key of `key_id`; raise `TokenRefused` when the pool has none of that name."""
        if key_id not in self._known and self._may_fetch():
            self._known = self._fetch()
            self._fetched_at = self.monotonic()
        if key_id not in self._known:
            raise TokenRefused("token assinado por uma chave desconhecida")
        return self._known[key_id]

    def _may_fetch(self) -> bool:
        return self._fetched_at is None or self.monotonic() - self._fetched_at >= _REFRESH_SECONDS

    def _fetch(self) -> dict[str, KeySet]:
        request = Request(self.url, headers={"Accept": "application/json"})  # noqa: S310 - the deployment's own URL
        try:
            with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                document = json.loads(answer.read(_MAX_DOCUMENT_BYTES))
            return {key["kid"]: KeySet.import_key_set({"keys": [key]}) for key in document["keys"]}
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            raise KeysUnavailable(self.url) from error
