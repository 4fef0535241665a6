"""The truststore, its pins and its generations."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.generation import Generation, build_generation
from aval.certificates.truststore import (
    ICP_BRASIL_ROOTS,
    Truststore,
    TruststoreRefused,
    certificates_in,
    require_pinned,
    trusted_roots,
)
from local.issuing import REVOCATION_HOST, Authority, new_root
from tests.support import pki

PINS = frozenset({pki.hierarchy().root_fingerprint})

FRAME = b"-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"


def der(*authorities: Authority) -> list[bytes]:
    return [authority.certificate.public_bytes(Encoding.DER) for authority in authorities]


def built(*added: Authority, pins: frozenset[str] = PINS) -> Generation:
    everything = [*certificates_in(pki.hierarchy().truststore_pem()), *der(*added)]
    return build_generation(everything, pins=pins, at=pki.START)


def stranger(name: str = "Raiz Alheia") -> Authority:
    return new_root(name, pki.rsa_key("stranger"), pki.AUTHORITIES_BEGIN)


def test_self_signed_certificates_are_the_anchors() -> None:
    truststore = pki.truststore()
    assert [anchor.parsed.fingerprint for anchor in truststore.anchors] == [pki.hierarchy().root_fingerprint]
    assert len(truststore.authorities) == 5


def test_one_certificate_alone_is_a_truststore_in_pem_or_in_der() -> None:
    for authority in pki.hierarchy().authorities.values():
        for encoding in (Encoding.PEM, Encoding.DER):
            content = authority.certificate.public_bytes(encoding)
            assert len(Truststore.from_pem(content).authorities) == 1


@pytest.mark.parametrize(
    "content", [b"", b"text", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(TruststoreRefused):
        Truststore.from_pem(content)


def test_the_hosts_to_fetch_from_are_those_that_the_authorities_name() -> None:
    assert pki.truststore().allowed_revocation_hosts() == {REVOCATION_HOST}


def test_only_pinned_anchors_are_let_in() -> None:
    require_pinned(pki.truststore(), PINS)
    with pytest.raises(TruststoreRefused, match="não está entre as raízes fixadas"):
        require_pinned(pki.truststore(), ICP_BRASIL_ROOTS)
    with pytest.raises(TruststoreRefused, match="Raiz Alheia"):
        require_pinned(pki.truststore_with(stranger()), PINS)
    with pytest.raises(TruststoreRefused, match="nenhuma raiz"):
        require_pinned(Truststore.of([]), PINS)


def test_pins_are_icp_brasils_unless_a_deployment_names_its_own() -> None:
    assert trusted_roots("") == ICP_BRASIL_ROOTS
    assert trusted_roots(" AA:BB , cc") == {"aabb", "cc"}


def test_a_generation_holds_every_authority_and_says_so() -> None:
    generation = built()
    assert len(Truststore.from_pem(generation.pem).authorities) == generation.count == 5
    manifest = json.loads(generation.manifest)
    assert {item["raiz"] for item in manifest["certificados"]} == PINS
    assert manifest["deixadosDeFora"] == []


def test_the_same_authorities_in_any_order_give_the_same_generation() -> None:
    everything = certificates_in(pki.hierarchy().truststore_pem())
    mirrored = build_generation([*reversed(everything), everything[0]], pins=PINS, at=pki.START)
    assert mirrored == built()


def test_a_root_that_nobody_pinned_refuses_the_whole_set_by_name() -> None:
    with pytest.raises(TruststoreRefused, match="Raiz Alheia"):
        built(stranger())
    below = pki.authority(stranger(), "AC Alheia")
    with pytest.raises(TruststoreRefused, match="AC Alheia"):
        built(below)
    with pytest.raises(TruststoreRefused):
        built(pins=ICP_BRASIL_ROOTS)


def test_a_root_that_bears_the_name_of_a_pinned_one_is_refused() -> None:
    with pytest.raises(TruststoreRefused):
        built(stranger("Autoridade Certificadora Raiz de Teste v1"))


def test_an_authority_whose_signature_is_broken_refuses_the_whole_set() -> None:
    everything = certificates_in(pki.hierarchy().truststore_pem())
    broken = bytearray(everything[1])
    broken[-1] ^= 1
    with pytest.raises(TruststoreRefused, match="AC Principal de Teste"):
        build_generation([everything[0], bytes(broken)], pins=PINS, at=pki.START)


def test_authorities_outside_their_dates_are_left_out_and_told() -> None:
    over = pki.authority(pki.hierarchy().root, "AC Vencida", lifetime=timedelta(days=30))
    later = pki.authority(pki.hierarchy().root, "AC Futura", begins=pki.START + timedelta(days=1))
    generation = built(over, later)
    assert [item.reason for item in generation.left_out] == ["vencido", "ainda não válido"]
    assert generation.count == 5


def test_what_stands_under_a_root_not_for_this_use_is_left_out_and_told() -> None:
    root = stranger("Autoridade Certificadora Raiz Brasileira v7")
    below = pki.authority(root, "AC de Curvas")
    for added in ([root, below], [below]):
        generation = built(*added)
        assert {item.reason for item in generation.left_out} == {"sua raiz da ICP-Brasil não é para este uso"}
        assert generation.count == 5


def test_nothing_left_is_refused() -> None:
    with pytest.raises(TruststoreRefused, match="nenhuma raiz"):
        build_generation([], pins=PINS, at=pki.START)
