"""Revocation lists: what is taken, and what they say of a certificate."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.certificate import Certificate
from aval.certificates.refreshing import RevocationIntake, RevocationListUnreachable
from aval.certificates.revocation import (
    RevocationList,
    RevocationListRefused,
    RevocationStanding,
    judge_revocation,
    read_revocation_list,
    standing_by,
)
from local.issuing import REVOCATION_HOST, Authority, authority_extensions, name_of, new_root
from tests.support import pki

WEEK = timedelta(days=7)
URL = f"http://{REVOCATION_HOST}/titulares.crl"
REVOKED, GOOD = 0x5A5A, 0x5A5B


def made(
    *serials: int,
    issuer: Authority | None = None,
    begins: datetime = pki.START - timedelta(days=1),
    extensions: tuple[x509.ExtensionType, ...] = (),
    critical: bool = True,
) -> bytes:
    authority = issuer or pki.hierarchy().issuing
    if not extensions:
        return authority.revoke(serials, begins=begins, lifetime=WEEK)
    builder = x509.CertificateRevocationListBuilder(authority.certificate.subject, begins, begins + WEEK)
    for value in extensions:
        builder = builder.add_extension(value, critical)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def read(content: bytes, at: datetime = pki.START) -> RevocationList:
    return read_revocation_list(content, truststore=pki.truststore(), at=at)


def distribution_point(**told: object) -> x509.IssuingDistributionPoint:
    lawful: dict[str, object] = {
        "full_name": [x509.UniformResourceIdentifier(URL)],
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(lawful | told))  # type: ignore[arg-type]


def test_a_listed_serial_is_revoked_and_its_neighbours_are_not() -> None:
    listed = read(made(*range(2, 4000, 2), REVOKED, 2**158))
    for serial, revoked in (
        (2, True),
        (3, False),
        (3998, True),
        (2**158, True),
        (2**158 + 1, False),
        (0, False),
    ):
        assert listed.holds(serial) == revoked


def made_with_entry(extension: x509.ExtensionType, *, critical: bool) -> bytes:
    begins = pki.START - timedelta(days=1)
    entry = (
        x509.RevokedCertificateBuilder(REVOKED, begins).add_extension(extension, critical=critical).build()
    )
    authority = pki.hierarchy().issuing
    builder = x509.CertificateRevocationListBuilder(authority.certificate.subject, begins, begins + WEEK)
    signed = builder.add_revoked_certificate(entry).sign(authority.key, hashes.SHA256())
    return signed.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    "extension",
    [
        x509.CertificateIssuer([x509.DirectoryName(name_of("OUTRA AC"))]),
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"),
    ],
    ids=["certificateIssuer", "unknown"],
)
def test_refuses_a_list_with_an_entry_that_may_mean_something_else(extension: x509.ExtensionType) -> None:
    with pytest.raises(RevocationListRefused, match="extensão crítica"):
        read(made_with_entry(extension, critical=True))


def test_a_reason_is_read_past_whether_or_not_it_is_critical() -> None:
    for critical in (True, False):
        reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
        assert read(made_with_entry(reason, critical=critical)).holds(REVOKED)


def test_the_standing_of_a_certificate() -> None:
    lists = [read(made(REVOKED))]
    assert standing_by(lists, pki.certificate(serial=REVOKED), pki.START) is RevocationStanding.REVOGADO
    assert standing_by(lists, pki.certificate(serial=GOOD), pki.START) is RevocationStanding.NAO_REVOGADO
    assert standing_by([], pki.certificate(), pki.START) is RevocationStanding.REVOGACAO_DESCONHECIDA


def test_silence_of_a_stale_list_means_nothing_but_its_word_stands() -> None:
    listed = read(made(REVOKED))
    ends = listed.next_update
    for at, expected in (
        (ends, RevocationStanding.NAO_REVOGADO),
        (ends + timedelta(seconds=1), RevocationStanding.REVOGACAO_DESCONHECIDA),
    ):
        assert standing_by([listed], pki.certificate(serial=GOOD), at) is expected
        assert standing_by([listed], pki.certificate(serial=REVOKED), at) is RevocationStanding.REVOGADO


def test_the_list_of_another_issuer_or_key_says_nothing() -> None:
    certificate = pki.certificate(serial=REVOKED)
    other = read(made(REVOKED, issuer=pki.hierarchy().second))
    assert standing_by([other], certificate, pki.START) is RevocationStanding.REVOGACAO_DESCONHECIDA
    rekeyed = replace(read(made(REVOKED)), signer_key="00")
    assert standing_by([rekeyed], certificate, pki.START) is RevocationStanding.REVOGACAO_DESCONHECIDA


def test_a_list_for_a_part_speaks_of_the_certificates_that_name_it() -> None:
    listed = read(made(extensions=(distribution_point(),)))
    assert listed.scope == (URL,)
    named = pki.certificate(serial=GOOD)
    assert standing_by([listed], named, pki.START) is RevocationStanding.NAO_REVOGADO
    elsewhere = replace(named, crl_urls=())
    assert standing_by([listed], elsewhere, pki.START) is RevocationStanding.REVOGACAO_DESCONHECIDA


@pytest.mark.parametrize("offset", [timedelta(0), WEEK])
def test_a_list_is_taken_from_its_first_second_to_its_last(offset: timedelta) -> None:
    content = made(REVOKED, begins=pki.START)
    assert read(content, pki.START + offset).holds(REVOKED)
    late = timedelta(seconds=1) if offset else timedelta(seconds=-1)
    with pytest.raises(RevocationListRefused, match="não é atual"):
        read(content, pki.START + offset + late)


def broken_signature() -> bytes:
    content = bytearray(made(REVOKED))
    content[-1] ^= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "não é uma lista"),
        (b"<html>", "não é uma lista"),
        (broken_signature(), "nenhuma autoridade"),
        (
            made(issuer=new_root("Alheia", pki.rsa_key("stranger"), pki.AUTHORITIES_BEGIN)),
            "nenhuma autoridade",
        ),
        (made(extensions=(x509.DeltaCRLIndicator(1),)), "parcial"),
        (made(extensions=(distribution_point(indirect_crl=True),)), "parcial ou indireta"),
        (made(extensions=(distribution_point(only_contains_ca_certs=True),)), "parcial ou indireta"),
        (made(extensions=(x509.IssuerAlternativeName([x509.DNSName("x")]),)), "crítica desconhecida"),
    ],
    ids=["empty", "html", "broken", "stranger", "delta", "indirect", "authorities", "unknown critical"],
)
def test_what_is_no_whole_list_of_a_trusted_authority_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(RevocationListRefused, match=reason):
        read(content)


@pytest.mark.parametrize(
    ("bits", "taken"), [(("key_cert_sign", "crl_sign"), True), (("key_cert_sign",), False)]
)
def test_the_signer_may_sign_lists(bits: tuple[str, ...], taken: bool) -> None:
    signer = pki.authority(
        pki.hierarchy().second, "AC Lista", extensions=authority_extensions(key_usages=bits)
    )
    content = made(REVOKED, issuer=signer)
    truststore = pki.truststore_with(signer)
    if taken:
        assert read_revocation_list(content, truststore=truststore, at=pki.START).holds(REVOKED)
    else:
        with pytest.raises(RevocationListRefused):
            read_revocation_list(content, truststore=truststore, at=pki.START)


def test_half_a_million_entries_are_read_flat_and_looked_up_at_once() -> None:
    count = 500_000
    width = 17
    records = b"".join((2 * index + 2**120).to_bytes(width, "big") for index in range(count))
    listed = replace(read(made(REVOKED)), width=width, serials=records)
    started = time.perf_counter()
    for index in range(0, count, 5000):
        assert listed.holds(2**120 + 2 * index)
        assert not listed.holds(2**120 + 2 * index + 1)
    assert (time.perf_counter() - started) / 200 < 0.001
    assert len(listed.serials) == count * width


def test_an_unknown_standing_does_not_keep_a_company_out() -> None:
    answers = {standing: judge_revocation(standing).ok for standing in RevocationStanding}
    assert answers == {
        RevocationStanding.NAO_REVOGADO: True,
        RevocationStanding.REVOGADO: False,
        RevocationStanding.REVOGACAO_DESCONHECIDA: True,
    }


class Shelf:
    """Lists in memory."""

    def __init__(self) -> None:
        self.kept: list[RevocationList] = []

    def standing(self, certificate: Certificate, at: datetime) -> RevocationStanding:
        return standing_by(self.kept, certificate, at)

    def store(self, verified: RevocationList) -> bool:
        self.kept.append(verified)
        return True


class Web:
    def __init__(self, **pages: bytes) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.pages:
            raise RevocationListUnreachable("fora do ar")
        return self.pages[url]


def test_refreshing_asks_each_address_once_and_one_that_fails_keeps_none_back() -> None:
    shelf, web = Shelf(), Web(a=made(REVOKED), b=b"<html>")
    intake = RevocationIntake(shelf, pki.truststore())
    outcomes = intake.refresh(["b", "a", "c", "a"], fetcher=web, at=pki.START)
    assert web.asked == ["a", "b", "c"]
    assert [(outcome.source, outcome.kept, bool(outcome.fault)) for outcome in outcomes] == [
        ("a", True, False),
        ("b", False, True),
        ("c", False, True),
    ]
    assert shelf.standing(pki.certificate(serial=REVOKED), pki.START) is RevocationStanding.REVOGADO


def test_each_hour_another_address_comes_first() -> None:
    intake, firsts = RevocationIntake(Shelf(), pki.truststore()), []
    for hour in range(3):
        web = Web()
        intake.refresh(["a", "b", "c"], fetcher=web, at=pki.START + timedelta(hours=hour))
        firsts.append(web.asked[0])
        assert sorted(web.asked) == ["a", "b", "c"]
    assert firsts == ["a", "b", "c"]
