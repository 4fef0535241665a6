"""From the pinned root to the key that signs: every rule of the path, with a refusal of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from aval.attestation.chain import LEEWAY, verify_chain
from aval.attestation.refusals import AttestationRefused, Reason
from aval.identifiers import Fingerprint
from local.issuing import extension
from local.nsm.authority import INSTANCE, LEAF, REGIONAL, ROOT, ZONAL, Holder, NitroRoot, Shape, issue
from tests.support import nitro
from tests.support.nitro import Chain, chain, shapes

SECOND = timedelta(seconds=1)


def verify(given: Chain, *, at: datetime = nitro.START, **changed: Any) -> ec.EllipticCurvePublicKey:
    told: dict[str, Any] = {"root": nitro.FINGERPRINT, "at": at, **changed}
    return verify_chain(given.bundle, given.leaf.der, **told)


def reason_for(given: Chain, **changed: Any) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        verify(given, **changed)
    return refused.value.reason


def reason_for_certificates(bundle: list[bytes], leaf: bytes) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        verify_chain(bundle, leaf, root=nitro.FINGERPRINT, at=nitro.START)
    return refused.value.reason


def test_gives_the_key_of_the_leaf() -> None:
    assert verify(chain()) == chain().leaf.key.public_key()


def test_the_simulated_shapes_are_the_genuine_ones() -> None:
    assert [shape.lifetime for shape in (REGIONAL, ZONAL, INSTANCE, LEAF)] == [
        timedelta(days=20),
        timedelta(days=6),
        timedelta(hours=24),
        timedelta(hours=3, seconds=3),
    ]
    assert [shape.path_length for shape in (REGIONAL, ZONAL, INSTANCE)] == [2, 1, 0]
    leaf = chain().leaf.certificate
    assert leaf.extensions.get_extension_for_class(x509.BasicConstraints).critical
    assert {one.oid for one in leaf.extensions} == {x509.BasicConstraints.oid, x509.KeyUsage.oid}


def test_refuses_a_wrong_root() -> None:
    assert reason_for(chain(), root=Fingerprint("00" * 32)) is Reason.ROOT


def test_refuses_a_root_that_is_there_but_is_not_the_pinned_one() -> None:
    other = NitroRoot.create(nitro.START)
    bundle = [other.holder.der, *chain().bundle]
    with pytest.raises(AttestationRefused) as refused:
        verify_chain(bundle, chain().leaf.der, root=nitro.FINGERPRINT, at=nitro.START)
    assert refused.value.reason is Reason.ROOT


def test_refuses_a_root_of_the_same_name_and_another_key() -> None:
    namesake = NitroRoot.create(nitro.START)
    [_, *below] = chain().bundle
    with pytest.raises(AttestationRefused) as refused:
        verify_chain([namesake.holder.der, *below], chain().leaf.der, root=nitro.FINGERPRINT, at=nitro.START)
    assert refused.value.reason is Reason.ROOT


@pytest.mark.parametrize("swapped", [(1, 2), (2, 3), (1, 3)])
def test_refuses_a_chain_out_of_order(swapped: tuple[int, int]) -> None:
    bundle, (one, other) = chain().bundle, swapped
    bundle[one], bundle[other] = bundle[other], bundle[one]
    assert reason_for_certificates(bundle, chain().leaf.der) is Reason.CHAIN_ORDER


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_refuses_a_chain_with_a_gap(missing: int) -> None:
    bundle = chain().bundle
    del bundle[missing]
    assert reason_for_certificates(bundle, chain().leaf.der) is Reason.CHAIN_ORDER


def test_refuses_the_root_alone_above_the_leaf() -> None:
    assert reason_for_certificates(chain().bundle[:1], chain().leaf.der) is Reason.CHAIN_ORDER


def test_refuses_a_chain_that_tells_a_certificate_twice() -> None:
    bundle = chain().bundle
    assert reason_for_certificates([*bundle, bundle[-1]], chain().leaf.der) is Reason.CHAIN_ORDER


@pytest.mark.parametrize(
    "changed",
    [
        {"regiao": {"path_length": 1}},
        {"zona": {"path_length": 0}},
        {"regiao": {"path_length": 0}, "zona": {"path_length": None}},
    ],
    ids=str,
)
def test_refuses_more_authorities_than_a_path_length_allows(changed: dict[str, Any]) -> None:
    assert reason_for(Chain.of(shapes(**changed))) is Reason.PATH_LENGTH


def test_an_authority_under_the_instance_exceeds_its_path_length() -> None:
    ranks = shapes()
    below = Shape(LEAF.lifetime, usages=("key_cert_sign",), identifiers=False)
    assert reason_for(Chain.of([*ranks[:-1], below, ranks[-1]])) is Reason.PATH_LENGTH


def test_takes_path_lengths_with_room_to_spare() -> None:
    assert verify(Chain.of(shapes(regiao={"path_length": 5}, zona={"path_length": None})))


def test_refuses_a_leaf_that_is_an_authority() -> None:
    authority = {"is_ca": True, "path_length": None, "usages": ("digital_signature", "key_cert_sign")}
    assert reason_for(Chain.of(shapes(folha=authority))) is Reason.LEAF_IS_AUTHORITY


def test_refuses_a_leaf_in_the_place_of_an_authority() -> None:
    ranks = shapes()
    assert reason_for(Chain.of([*ranks, LEAF])) is Reason.NOT_AN_AUTHORITY


@pytest.mark.parametrize("rank", ["regiao", "zona", "instancia"])
def test_refuses_a_chain_through_what_is_no_authority(rank: str) -> None:
    assert (
        reason_for(Chain.of(shapes(**{rank: {"is_ca": False, "path_length": None}})))
        is Reason.NOT_AN_AUTHORITY
    )


@pytest.mark.parametrize("rank", ["regiao", "zona", "instancia"])
def test_refuses_an_authority_that_may_not_sign_certificates(rank: str) -> None:
    assert reason_for(Chain.of(shapes(**{rank: {"usages": ("digital_signature",)}}))) is Reason.KEY_USAGE


def test_refuses_a_leaf_that_may_not_sign() -> None:
    assert reason_for(Chain.of(shapes(folha={"usages": ("key_agreement",)}))) is Reason.KEY_USAGE


def test_refuses_a_leaf_on_another_curve() -> None:
    def keys(name: str) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1()) if name == "folha" else nitro.key_of(name)

    assert reason_for(Chain.of(keys=keys)) is Reason.LEAF_KEY


@pytest.mark.parametrize("rank", ["regiao", "folha"])
def test_refuses_a_critical_extension_that_it_does_not_know(rank: str) -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    marked = {"extensions": (extension(unknown, critical=True),)}
    assert reason_for(Chain.of(shapes(**{rank: marked}))) is Reason.CRITICAL_EXTENSION
    assert verify(Chain.of(shapes(**{rank: {"extensions": (extension(unknown),)}})))


def test_both_ends_of_the_validity_are_inside_it() -> None:
    begins = nitro.START
    ends = begins + LEAF.lifetime
    assert verify(chain(), at=begins)
    assert verify(chain(), at=ends)
    assert reason_for(chain(), at=begins - SECOND) is Reason.NOT_YET_VALID
    assert reason_for(chain(), at=ends + SECOND) is Reason.EXPIRED


@pytest.mark.parametrize("rank", ["regiao", "zona", "instancia"])
def test_refuses_a_chain_of_which_an_authority_has_expired(rank: str) -> None:
    short = Chain.of(shapes(**{rank: {"lifetime": timedelta(hours=1)}}))
    assert verify(short, at=nitro.START + timedelta(hours=1))
    assert reason_for(short, at=nitro.START + timedelta(hours=1) + SECOND) is Reason.EXPIRED


def test_a_clock_may_be_behind_by_the_leeway_and_no_more() -> None:
    assert verify(chain(), at=nitro.START - LEEWAY, leeway=LEEWAY)
    assert reason_for(chain(), at=nitro.START - LEEWAY - SECOND, leeway=LEEWAY) is Reason.NOT_YET_VALID


def test_says_that_the_clock_is_off_when_it_is_behind() -> None:
    with pytest.raises(AttestationRefused, match="o relógio está atrasado"):
        verify(chain(), at=nitro.START - timedelta(days=1))


def test_the_leeway_is_no_excuse_for_what_has_expired() -> None:
    late = nitro.START + LEAF.lifetime + SECOND
    assert reason_for(chain(), at=late, leeway=LEEWAY) is Reason.EXPIRED


@pytest.mark.parametrize("rank", range(1, 5))
def test_refuses_a_certificate_that_its_issuer_did_not_sign(rank: int) -> None:
    """The same names all the way, and another key above."""

    begins = nitro.START - timedelta(days=1)
    namesake = issue(ROOT, "raiz", issuer=None, begins=begins)
    forged = Chain.of(top=namesake, keys=lambda _: ec.generate_private_key(ec.SECP384R1()))
    assert namesake.certificate.subject == chain().holders[0].certificate.subject
    certificates = [*chain().bundle[:rank], *(holder.der for holder in forged.holders[rank:])]
    assert reason_for_certificates(certificates[:-1], certificates[-1]) is Reason.CHAIN_SIGNATURE


def test_refuses_a_certificate_with_one_bit_of_its_signature_changed() -> None:
    leaf = bytearray(chain().leaf.der)
    leaf[-1] ^= 1
    assert reason_for_certificates(chain().bundle, bytes(leaf)) is Reason.CHAIN_SIGNATURE


def test_refuses_a_chain_in_which_names_hide_who_signed() -> None:
    """Two authorities of one name: the order of names holds, and the second of them signed nothing."""
    top = chain().holders[0]
    first = issue(REGIONAL, "zona", issuer=top, begins=nitro.START, key=nitro.key_of("regiao"))
    second = issue(ZONAL, "zona", issuer=first, begins=nitro.START, key=nitro.key_of("zona"))
    leaf = issue(LEAF, "folha", issuer=Holder(second.certificate, first.key), begins=nitro.START)
    shown = Chain((top, first, second, leaf))
    assert reason_for(shown) is Reason.CHAIN_ORDER


@pytest.mark.parametrize("junk", [b"x", b"\x30\x00", chain().leaf.certificate.public_bytes(Encoding.PEM)])
def test_refuses_what_is_no_certificate(junk: bytes) -> None:
    assert reason_for_certificates(chain().bundle, junk) is Reason.CERTIFICATE
    assert reason_for_certificates([*chain().bundle[:-1], junk], chain().leaf.der) is Reason.CERTIFICATE


def test_refuses_bytes_after_a_certificate() -> None:
    assert reason_for_certificates(chain().bundle, chain().leaf.der + b"\x00") is Reason.CERTIFICATE
