import json
from typing import Any

import pytest

from aval.sealing import base64url, ec_keys
from aval.sealing.canonical import canonical
from aval.sealing.reader_file import FEWEST_ITERATIONS, ITERATIONS, protect, unprotect
from aval.sealing.refusals import SealReason
from tests.support.sealing import reader, refused

PASSPHRASE = "senha-comprida"


def file() -> bytes:
    return protect(reader(), PASSPHRASE, iterations=FEWEST_ITERATIONS)


def with_header(**changes: Any) -> bytes:
    encoded, _, rest = file().partition(b".")
    members = {**json.loads(base64url.decode(encoded)), **changes}
    told = {name: value for name, value in members.items() if value is not None}
    return base64url.encode(canonical(told)) + b"." + rest


def test_opens_with_the_same_passphrase_to_the_same_keys() -> None:
    opened = unprotect(file(), PASSPHRASE)
    assert opened.public == reader().public
    assert ec_keys.private_jwk(opened.encryption) == ec_keys.private_jwk(reader().encryption)
    assert ec_keys.private_jwk(opened.signature) == ec_keys.private_jwk(reader().signature)


def test_is_made_slow_to_guess() -> None:
    header = json.loads(base64url.decode(protect(reader(), PASSPHRASE).partition(b".")[0]))
    assert header["p2c"] == ITERATIONS == 600_000
    assert len(base64url.decode_text(header["p2s"])) == 16


def test_two_files_of_one_reader_share_neither_salt_nor_key() -> None:
    one, other = file().split(b"."), file().split(b".")
    assert not set(one) & set(other)


def test_a_letter_typed_in_other_code_points_is_the_same_letter() -> None:
    composed, decomposed = "senha da Conceição", "senha da Conceic\u0327a\u0303o"
    assert composed != decomposed
    sealed = protect(reader(), decomposed, iterations=FEWEST_ITERATIONS)
    assert unprotect(sealed, composed).public == reader().public


@pytest.mark.parametrize("passphrase", ["senha-comprid", "Senha-comprida", "", "senha-comprida "])
def test_refuses_another_passphrase(passphrase: str) -> None:
    with refused(SealReason.PASSPHRASE):
        unprotect(file(), passphrase)


def test_refuses_a_short_passphrase_when_it_is_chosen() -> None:
    protect(reader(), "a" * 12, iterations=FEWEST_ITERATIONS)
    with refused(SealReason.PASSPHRASE):
        protect(reader(), "a" * 11, iterations=FEWEST_ITERATIONS)


@pytest.mark.parametrize("place", [1, 3, 4])
def test_a_bit_changed_anywhere_does_not_open(place: int) -> None:
    parts = file().strip().split(b".")
    data = bytearray(base64url.decode(parts[place]))
    data[0] ^= 1
    parts[place] = base64url.encode(bytes(data))
    with refused(SealReason.PASSPHRASE):
        unprotect(b".".join(parts), PASSPHRASE)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"alg": "dir"}, SealReason.ALGORITHM),
        ({"alg": "PBES2-HS256+A128KW"}, SealReason.ALGORITHM),
        ({"enc": "A128GCM"}, SealReason.ALGORITHM),
        ({"p2c": FEWEST_ITERATIONS - 1}, SealReason.ALGORITHM),
        ({"p2c": 10_000_001}, SealReason.ALGORITHM),
        ({"zip": "DEF"}, SealReason.HEADER_MEMBER),
        ({"typ": "JWE"}, SealReason.HEADER_MEMBER),
        ({"p2s": None}, SealReason.HEADER_MEMBER),
        ({"p2s": 1}, SealReason.MALFORMED),
        ({"p2c": "600000"}, SealReason.MALFORMED),
        ({"p2s": "QQ"}, SealReason.PASSPHRASE),
        ({"p2c": FEWEST_ITERATIONS + 1}, SealReason.PASSPHRASE),
    ],
    ids=str,
)
def test_refuses_another_header(change: dict[str, object], reason: SealReason) -> None:
    with refused(reason):
        unprotect(with_header(**change), PASSPHRASE)


@pytest.mark.parametrize("bad", [b"", b"a.b", b"{}", b"-----BEGIN PRIVATE KEY-----", b"." * 9000])
def test_refuses_what_is_no_readers_file(bad: bytes) -> None:
    with refused(SealReason.MALFORMED):
        unprotect(bad, PASSPHRASE)


def test_neither_keys_nor_passphrase_are_in_the_file_or_in_a_refusal() -> None:
    text = file().decode()
    assert ec_keys.private_jwk(reader().signature)["d"] not in text
    with pytest.raises(Exception, match="senha") as told:
        unprotect(file(), "uma-senha-qualquer")
    assert "uma-senha-qualquer" not in repr(told.value) + repr(told.value.__cause__)
