"""The rule `cadeia`: which authorities may stand above a certificate."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.judgement import judge
from aval.certificates.rules import Rule, Verdict
from aval.certificates.truststore import Truststore
from local.issuing import Authority, StringType, authority_extensions, extension, name_of, new_root
from tests.support import pki


def chain(upload: bytes, truststore: Truststore) -> Verdict:
    verdicts = judge(upload, truststore=truststore, at=pki.START, cnpj=None).verdicts
    return next(verdict for verdict in verdicts if verdict.rule is Rule.CADEIA)


def stands(upload: bytes, *authorities: Authority) -> bool:
    return chain(upload, pki.truststore_with(*authorities)).ok


def test_a_path_leads_over_three_authorities_to_the_root() -> None:
    assert chain(pki.leaf(), pki.truststore()).ok
    hierarchy = pki.hierarchy()
    for missing in ("root", "first", "second", "issuing"):
        kept = [item for name, item in hierarchy.authorities.items() if name != missing]
        pem = b"".join(item.certificate.public_bytes(Encoding.PEM) for item in kept)
        assert not chain(pki.leaf(), Truststore.from_pem(pem)).ok, missing


def test_the_issuer_may_be_written_in_another_string_type_than_the_parents_subject() -> None:
    second = pki.hierarchy().second.certificate
    assert second.issuer.public_bytes() != pki.hierarchy().first.certificate.subject.public_bytes()
    printable = name_of("AC Titulares de Teste", string_type=StringType.PrintableString)
    assert chain(pki.leaf(issuer_name=printable), pki.truststore()).ok


def test_another_root_of_the_same_name_is_not_the_root() -> None:
    key = pki.rsa_key("impostor")
    name = pki.hierarchy().root.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    impostor = new_root(str(name[0].value), key, pki.AUTHORITIES_BEGIN)
    upload = pki.leaf(issuer=impostor)
    assert not chain(upload, pki.truststore()).ok
    assert chain(upload, pki.truststore_with(impostor)).ok


def test_a_broken_signature_is_a_fault_of_the_path_and_of_nothing_else() -> None:
    upload = bytearray(pki.leaf())
    upload[-1] ^= 1
    judgement = judge(bytes(upload), truststore=pki.truststore(), at=pki.START, cnpj=pki.COMPANY)
    assert [verdict.rule for verdict in judgement.refusals] == [Rule.CADEIA]


def test_a_signature_by_another_key_of_the_same_authority_is_found() -> None:
    renewed = pki.authority(
        pki.hierarchy().second,
        "AC Titulares de Teste",
        key=pki.rsa_key("renewed"),
        extensions=authority_extensions(path_length=0),
    )
    assert not stands(pki.leaf(issuer=renewed))
    assert stands(pki.leaf(issuer=renewed), renewed)
    assert stands(pki.leaf(), renewed)


@pytest.mark.parametrize(
    ("extensions", "ok"),
    [
        (authority_extensions(), True),
        (authority_extensions(critical=False), True),
        (authority_extensions(is_ca=False), False),
        (authority_extensions(key_usages=("crl_sign",)), False),
        ((), False),
        ((*authority_extensions(), extension(x509.OCSPNoCheck(), critical=True)), False),
        ((*authority_extensions(), extension(x509.OCSPNoCheck())), True),
    ],
    ids=["lawful", "not critical", "no CA", "may not sign", "nothing", "unknown critical", "unknown"],
)
def test_what_stands_above_is_an_authority_that_may_sign(
    extensions: tuple[x509.Extension[x509.ExtensionType], ...], ok: bool
) -> None:
    between = pki.authority(pki.hierarchy().second, "AC Entre", extensions=extensions)
    assert stands(pki.leaf(issuer=between), between) == ok


@pytest.mark.parametrize(("path_length", "ok"), [(None, True), (1, True), (0, False)])
def test_the_path_length_bounds_the_authorities_below(path_length: int | None, ok: bool) -> None:
    upper = pki.authority(
        pki.hierarchy().first, "AC Superior", extensions=authority_extensions(path_length=path_length)
    )
    lower = pki.authority(upper, "AC Inferior")
    assert stands(pki.leaf(issuer=lower), upper, lower) == ok


def test_the_path_length_does_not_count_an_authority_that_renews_itself() -> None:
    upper = pki.authority(
        pki.hierarchy().first, "AC Superior", extensions=authority_extensions(path_length=0)
    )
    renewed = pki.authority(upper, "AC Superior", key=pki.rsa_key("upper renewed"))
    assert stands(pki.leaf(issuer=renewed), upper, renewed)


@pytest.mark.parametrize(
    ("changes", "ok"),
    [
        ({"begins": pki.START, "lifetime": timedelta(days=1)}, True),
        ({"begins": pki.START + timedelta(seconds=1)}, False),
        ({"begins": pki.START - timedelta(days=1), "lifetime": timedelta(days=1)}, True),
        ({"begins": pki.START - timedelta(days=1, seconds=1), "lifetime": timedelta(days=1)}, False),
        ({"digest": hashes.SHA384()}, True),
        ({"digest": hashes.SHA224()}, False),
    ],
)
def test_each_authority_is_valid_and_soundly_signed_at_the_moment(changes: dict[str, Any], ok: bool) -> None:
    between = pki.authority(pki.hierarchy().second, "AC Entre", **changes)
    assert stands(pki.leaf(issuer=between), between) == ok


def test_a_path_that_lets_clients_through_is_preferred_to_one_that_does_not() -> None:
    key = pki.rsa_key("authority 4")
    twin = pki.authority(pki.hierarchy().second, "AC Servidores de Teste", key=key)
    judgement = judge(
        pki.leaf(issuer=pki.hierarchy().server_only),
        truststore=pki.truststore_with(twin),
        at=pki.START,
        cnpj=pki.COMPANY,
    )
    assert judgement.accepted


def test_authorities_that_sign_each_other_end_the_search() -> None:
    named = {
        side: pki.authority(pki.hierarchy().root, f"AC Laço {side}", key=pki.rsa_key(f"loop {side}"))
        for side in "ab"
    }
    one = pki.authority(named["b"], "AC Laço a", key=pki.rsa_key("loop a"))
    two = pki.authority(named["a"], "AC Laço b", key=pki.rsa_key("loop b"))
    verdict = chain(pki.leaf(issuer=one), pki.truststore_with(one, two))
    assert not verdict.ok
    assert verdict.detail


def test_a_self_signed_certificate_is_trusted_by_nobody() -> None:
    key = pki.rsa_key("leaf")
    own = new_root("Autoassinado", key, pki.AUTHORITIES_BEGIN)
    assert not chain(own.certificate.public_bytes(Encoding.DER), pki.truststore()).ok
