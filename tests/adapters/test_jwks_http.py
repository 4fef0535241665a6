import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey

from aval.adapters.jwks_http import HttpUserPoolKeys, KeysUnavailable
from aval.identity.tokens import TokenRefused


def document(*key_ids: str) -> str:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = [RSAKey.import_key(private, {"kid": key_id}).as_dict(private=False) for key_id in key_ids]
    return json.dumps({"keys": keys})


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_unknown_key_is_looked_for_again_only_after_a_pause(tmp_path: Path) -> None:
    published, clock = tmp_path / "jwks.json", Clock()
    published.write_text(document("first"))
    keys = HttpUserPoolKeys(published.as_uri(), clock)
    assert keys.key_set("first").keys
    published.write_text(document("first", "second"))
    clock.now = 59
    with pytest.raises(TokenRefused):
        keys.key_set("second")
    clock.now = 60
    assert keys.key_set("second").keys


@pytest.mark.parametrize("text", ["", "[]", '{"keys": [{"kid": "x"}]}', "{"])
def test_a_document_that_cannot_be_read_is_a_failure_not_a_refusal(tmp_path: Path, text: str) -> None:
    published = tmp_path / "jwks.json"
    published.write_text(text)
    with pytest.raises(KeysUnavailable):
        HttpUserPoolKeys(published.as_uri()).key_set("any")


def test_a_missing_document_is_a_failure_not_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(KeysUnavailable):
        HttpUserPoolKeys((tmp_path / "none").as_uri()).key_set("any")
