from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from aval.sealing import base64url, ec_keys
from aval.sealing.readers import MOST_READERS, Reader, ReaderKeys, Readers
from aval.sealing.refusals import SealReason
from tests.support.sealing import reader, readers, refused


def test_reads_what_it_writes() -> None:
    assert Readers.from_json(readers().as_json()) == readers()


def test_the_order_in_which_readers_are_told_means_nothing() -> None:
    told = readers("ana", "bia").as_json()
    assert Readers.from_json(told[::-1]) == readers("ana", "bia")
    assert readers("bia", "ana").digest == readers("ana", "bia").digest


def test_any_change_of_the_list_changes_its_digest() -> None:
    digests = {readers("ana").digest, readers("bia").digest, readers("ana", "bia").digest}
    renamed = Readers((replace(reader("ana").public, id="ana2"),)).digest
    exchanged = Readers((replace(reader("ana").public, signature=reader("bia").public.signature),)).digest
    assert len(digests | {renamed, exchanged}) == 5


def test_one_to_eight_readers_are_taken_and_none_or_nine_refused() -> None:
    eight = tuple(reader(f"leitor-{number}").public for number in range(MOST_READERS))
    assert len(Readers(eight).listed) == 8
    for listed in ((), (*eight, reader("ana").public)):
        with refused(SealReason.READERS_INVALID):
            Readers(listed)


def test_refuses_two_readers_of_one_name() -> None:
    with refused(SealReason.READERS_INVALID):
        Readers((reader("ana").public, replace(reader("bia").public, id="ana")))


@pytest.mark.parametrize("use", ["encryption", "signature"])
def test_refuses_one_key_for_two_readers(use: str) -> None:
    ana = reader("ana").public
    other = replace(reader("bia").public, **{use: getattr(ana, use)})
    with refused(SealReason.READERS_INVALID):
        Readers((ana, other))


def test_refuses_one_key_for_both_uses() -> None:
    ana = reader("ana").public
    with refused(SealReason.READERS_INVALID):
        Readers((replace(ana, signature=ana.encryption),))


@pytest.mark.parametrize("name", ["", "a" * 65, "ana maria", "ação", "a/b", "a\n"])
def test_refuses_a_name_that_is_no_id(name: str) -> None:
    with refused(SealReason.READERS_INVALID):
        ReaderKeys.generate(name)


def other_curve() -> dict[str, str]:
    numbers = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-384", "x": str(numbers.x), "y": str(numbers.y)}


@pytest.mark.parametrize(
    "change",
    [
        {"d": "A" * 43},
        {"use": "enc"},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"x": "A" * 43},
        {"x": "A" * 42},
        {"x": "A" * 44},
        {"x": 1},
        {"y": None},
    ],
)
def test_refuses_a_key_that_is_no_public_point_of_p256(change: dict[str, Any]) -> None:
    [told] = readers("ana").as_json()
    told["enc"] = {**ec_keys.public_jwk(reader("ana").public.encryption), **change}
    with refused(SealReason.READERS_INVALID):
        Readers.from_json([told])


@pytest.mark.parametrize("place", ["x", "y"])
def test_refuses_a_coordinate_spelled_with_a_byte_more(place: str) -> None:
    """The same number again: a key spelled in two ways would have two digests."""
    [told] = readers("ana").as_json()
    jwk = ec_keys.public_jwk(reader("ana").public.encryption)
    longer = base64url.encode_text(b"\0" + base64url.decode_text(jwk[place]))
    with refused(SealReason.READERS_INVALID):
        Readers.from_json([{**told, "enc": {**jwk, place: longer}}])


def test_refuses_a_key_of_another_curve() -> None:
    [told] = readers("ana").as_json()
    with refused(SealReason.READERS_INVALID):
        Readers.from_json([{**told, "sig": other_curve()}])


@pytest.mark.parametrize("value", [None, "ana", {}, [None], [{}], [[]], [{"id": "ana"}], [1] * 9])
def test_refuses_what_is_no_list_of_readers(value: object) -> None:
    with refused(SealReason.READERS_INVALID):
        Readers.from_json(value)


def test_refuses_a_reader_with_another_member() -> None:
    with refused(SealReason.READERS_INVALID):
        Reader.from_json({**reader("ana").public.as_json(), "nome": "Ana"})


def test_who_is_not_in_the_list_has_no_key_in_it() -> None:
    assert readers()["ana"] == reader("ana").public
    with refused(SealReason.NOT_A_READER):
        readers()["caio"]


def test_private_halves_are_in_no_representation() -> None:
    ana = reader("ana")
    assert repr(ana) == "ReaderKeys(id='ana')"


def test_a_private_jwk_whose_halves_are_not_one_anothers_is_refused() -> None:
    jwk = ec_keys.private_jwk(reader("ana").encryption)
    assert ec_keys.private_key(jwk) is not None
    for change in (
        {"d": ec_keys.private_jwk(reader("bia").encryption)["d"]},
        {"d": "A" * 43},
        {"d": "_" * 43},
    ):
        with refused(SealReason.MALFORMED):
            ec_keys.private_key({**jwk, **change})
    with refused(SealReason.MALFORMED):
        ec_keys.private_key(ec_keys.public_jwk(reader("ana").public.encryption))


def test_a_thumbprint_is_that_of_rfc_7638() -> None:

    key = reader("ana").public.encryption

    assert ECKey.import_key(key).thumbprint() == base64url.encode_text(bytes.fromhex(ec_keys.thumbprint(key)))
