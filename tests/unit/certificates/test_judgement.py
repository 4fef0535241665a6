"""Each rule on both sides of its limit, and all violations together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates.criteria import MAX_LIFETIME
from aval.certificates.judgement import MAX_UPLOAD_BYTES, Judgement, judge
from aval.certificates.rules import Rule
from aval.certificates.truststore import Truststore
from aval.identifiers import Cnpj
from local.issuing import CLIENT_AUTH, SERVER_AUTH, authority_extensions, extension, name_of
from tests.support import pki

SECOND = timedelta(seconds=1)
ANY_USAGE = x509.ObjectIdentifier("2.5.29.37.0")
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")


def judged(
    upload: bytes,
    *,
    truststore: Truststore | None = None,
    at: datetime = pki.START,
    cnpj: Cnpj | None = pki.COMPANY,
    demand_full_cnpj: bool = False,
) -> Judgement:
    chosen = truststore or pki.truststore()
    return judge(upload, truststore=chosen, at=at, cnpj=cnpj, demand_full_cnpj=demand_full_cnpj)


def refused(judgement: Judgement) -> set[Rule]:
    assert judgement.accepted == (not judgement.refusals)
    return {verdict.rule for verdict in judgement.refusals}


def test_accepts_the_lawful_certificate_and_answers_every_rule_of_one_file() -> None:
    judgement = judged(pki.leaf())
    assert judgement.accepted
    assert [verdict.rule for verdict in judgement.verdicts] == [
        Rule.TAMANHO,
        Rule.FORMATO,
        Rule.CADEIA,
        Rule.USO,
        Rule.CHAVE,
        Rule.VALIDADE,
        Rule.ASSINATURA,
        Rule.CNPJ,
    ]


def test_without_a_company_the_rule_cnpj_is_not_answered() -> None:
    assert Rule.CNPJ not in {verdict.rule for verdict in judged(pki.leaf(), cnpj=None).verdicts}


def test_no_verdicts_are_no_acceptance() -> None:
    certificate = pki.certificate()
    assert not Judgement(certificate, (), ()).accepted
    assert not Judgement(None, judged(pki.leaf()).verdicts, ()).accepted


def test_five_faults_are_reported_as_five() -> None:
    upload = pki.leaf(
        key=pki.rsa_key("large", 4096),
        digest=hashes.SHA384(),
        lifetime=MAX_LIFETIME,
        usages=(SERVER_AUTH,),
        cnpj=pki.OLD_COMPANY,
    )
    assert refused(judged(upload)) == {Rule.CHAVE, Rule.ASSINATURA, Rule.VALIDADE, Rule.USO, Rule.CNPJ}


@pytest.mark.parametrize(
    ("size", "rules"), [(MAX_UPLOAD_BYTES, {Rule.FORMATO}), (MAX_UPLOAD_BYTES + 1, {Rule.TAMANHO})]
)
def test_size_is_refused_one_byte_past_the_limit_before_parsing(size: int, rules: set[Rule]) -> None:
    judgement = judged(pki.leaf().ljust(size, b"\0"))
    assert refused(judgement) == rules
    assert judgement.verdicts[-1].rule in rules


@pytest.mark.parametrize(
    ("lifetime", "accepted"),
    [(MAX_LIFETIME - SECOND, True), (MAX_LIFETIME, False), (MAX_LIFETIME + SECOND, False)],
)
def test_a_lifetime_is_strictly_less_than_395_days(lifetime: timedelta, accepted: bool) -> None:
    assert refused(judged(pki.leaf(lifetime=lifetime))) == (set() if accepted else {Rule.VALIDADE})


@pytest.mark.parametrize(
    ("at", "accepted"),
    [
        (pki.START, True),
        (pki.START - SECOND, False),
        (pki.START + timedelta(days=30), True),
        (pki.START + timedelta(days=30) + SECOND, False),
    ],
)
def test_both_ends_of_the_validity_are_inside_it(at: datetime, accepted: bool) -> None:
    upload = pki.leaf(begins=pki.START, lifetime=timedelta(days=30))
    assert refused(judged(upload, at=at)) == (set() if accepted else {Rule.VALIDADE})


@pytest.mark.parametrize(
    ("key", "rules"),
    [
        (lambda: pki.rsa_key("leaf"), set()),
        (lambda: pki.rsa_key("smaller", 2040), {Rule.CHAVE}),
        (lambda: pki.rsa_key("larger", 2056), {Rule.CHAVE}),
        (lambda: pki.rsa_key("large", 4096), {Rule.CHAVE}),
        (pki.ec_key, {Rule.CHAVE}),
        (pki.ed448_key, {Rule.CHAVE}),
    ],
)
def test_the_key_is_rsa_of_exactly_2048_bits(key: Callable[[], Any], rules: set[Rule]) -> None:
    assert refused(judged(pki.leaf(key=key()))) == rules


def pss(digest: hashes.HashAlgorithm, mask: hashes.HashAlgorithm, salt: int) -> dict[str, Any]:
    return {"digest": digest, "rsa_padding": padding.PSS(padding.MGF1(mask), salt)}


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"digest": hashes.SHA256()}, set()),
        ({"digest": hashes.SHA512()}, set()),
        ({"digest": hashes.SHA384()}, {Rule.ASSINATURA}),
        ({"digest": hashes.SHA224()}, {Rule.ASSINATURA}),
        (pss(hashes.SHA256(), hashes.SHA256(), 32), set()),
        (pss(hashes.SHA512(), hashes.SHA512(), 64), set()),
        (pss(hashes.SHA256(), hashes.SHA256(), 20), {Rule.ASSINATURA}),
        (pss(hashes.SHA256(), hashes.SHA512(), 32), {Rule.ASSINATURA}),
        (pss(hashes.SHA384(), hashes.SHA384(), 48), {Rule.ASSINATURA}),
    ],
)
def test_the_signature_hash_is_sha_256_or_512(changes: dict[str, Any], rules: set[Rule]) -> None:
    assert refused(judged(pki.leaf(**changes))) == rules


@pytest.mark.parametrize(
    ("usages", "rules"),
    [
        ((CLIENT_AUTH,), set()),
        ((SERVER_AUTH, CLIENT_AUTH), set()),
        ((SERVER_AUTH,), {Rule.USO}),
        ((ANY_USAGE,), {Rule.USO}),
        ((), {Rule.USO}),
    ],
)
def test_the_extended_key_usage_names_client_authentication(
    usages: tuple[x509.ObjectIdentifier, ...], rules: set[Rule]
) -> None:
    assert refused(judged(pki.leaf(usages=usages))) == rules


@pytest.mark.parametrize(
    ("key_usages", "rules"), [(("digital_signature",), set()), (("key_encipherment",), {Rule.USO})]
)
def test_the_key_usage_lets_the_client_sign(key_usages: tuple[str, ...], rules: set[Rule]) -> None:
    assert refused(judged(pki.leaf(key_usages=key_usages))) == rules


@pytest.mark.parametrize(("is_ca", "rules"), [(False, set()), (True, {Rule.USO})])
def test_an_authority_is_not_a_client(is_ca: bool, rules: set[Rule]) -> None:
    request = pki.leaf_request()
    constraints = extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    request = replace(request, extensions=(*request.extensions, constraints))
    upload = pki.hierarchy().second.issue(request).public_bytes(Encoding.DER)
    assert refused(judged(upload)) == rules


def test_an_authority_above_that_serves_web_servers_alone_is_a_fault_of_use_not_of_the_path() -> None:
    assert refused(judged(pki.leaf(issuer=pki.hierarchy().server_only))) == {Rule.USO}
    both = pki.authority(
        pki.hierarchy().second, "AC Ambos", extensions=authority_extensions(usages=(SERVER_AUTH, CLIENT_AUTH))
    )
    assert refused(judged(pki.leaf(issuer=both), truststore=pki.truststore_with(both))) == set()


@pytest.mark.parametrize(
    ("policy", "rules"),
    [("2.16.76.1.2.1.12", set()), ("2.16.76.1.2.101.3", {Rule.USO}), ("2.16.76.1.2.10", set())],
)
def test_kinds_of_icp_brasil_that_are_for_secrecy_do_not_authenticate(policy: str, rules: set[Rule]) -> None:
    request = pki.leaf_request()
    information = x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
    policies = extension(x509.CertificatePolicies([information]))
    request = replace(request, extensions=(*request.extensions, policies))
    upload = pki.hierarchy().issuing.issue(request).public_bytes(Encoding.DER)
    assert refused(judged(upload)) == rules


@pytest.mark.parametrize(
    ("cnpj", "demand_full", "rules"),
    [
        (pki.COMPANY, False, set()),
        (pki.COMPANY, True, set()),
        (pki.BRANCH, False, set()),
        (pki.BRANCH, True, {Rule.CNPJ}),
        (pki.OLD_COMPANY, False, {Rule.CNPJ}),
    ],
)
def test_the_company_is_told_by_the_root_of_its_cnpj_or_by_all_of_it(
    cnpj: Cnpj, demand_full: bool, rules: set[Rule]
) -> None:
    assert refused(judged(pki.leaf(cnpj=cnpj), demand_full_cnpj=demand_full)) == rules


@pytest.mark.parametrize("tag", [0x04, 0x13, 0x0C], ids=["octets", "printable", "utf8"])
@pytest.mark.parametrize("serial_number", [None, "52998224725"], ids=["no serialNumber", "a CPF there"])
@pytest.mark.parametrize(("cnpj", "rules"), [(pki.COMPANY, set()), (pki.OLD_COMPANY, {Rule.CNPJ})])
def test_the_cnpj_may_lie_in_an_other_name(
    tag: int, serial_number: str | None, cnpj: Cnpj, rules: set[Rule]
) -> None:
    upload = pki.leaf(cnpj=serial_number, other_names=pki.cnpj_in_san(cnpj, tag))
    judgement = judged(upload)
    assert judgement.certificate is not None
    assert judgement.certificate.holder_cnpj == cnpj
    assert refused(judgement) == rules


def test_the_subject_serial_number_goes_before_the_other_name() -> None:
    upload = pki.leaf(cnpj=pki.COMPANY, other_names=pki.cnpj_in_san(pki.OLD_COMPANY, 0x04))
    assert judged(upload).accepted


def test_a_certificate_without_cnpj_is_accepted_with_a_warning() -> None:
    judgement = judged(pki.leaf(cnpj=None))
    assert judgement.accepted
    assert judgement.warnings == ("o certificado não informa CNPJ; a empresa não pôde ser conferida",)


def test_a_critical_extension_that_nobody_understands_is_a_fault_of_the_path() -> None:
    for critical, rules in ((False, set[Rule]()), (True, {Rule.CADEIA})):
        request = pki.leaf_request()
        request = replace(request, extensions=(*request.extensions, extension(UNKNOWN, critical=critical)))
        upload = pki.hierarchy().issuing.issue(request).public_bytes(Encoding.DER)
        assert refused(judged(upload)) == rules


def test_the_representation_holds_nothing_of_the_holder() -> None:
    subject = name_of("MARIA DA SILVA:52998224725", serial_number="52998224725", organisation="MARIA")
    for issuer in (None, subject):
        judgement = judged(pki.leaf(subject=subject, issuer_name=issuer))
        assert judgement.certificate is not None
        assert "MARIA" not in repr(judgement)
        assert "52998224725" not in repr(judgement)


def test_names_that_differ_in_type_case_and_spaces_have_one_subject_key() -> None:
    first = pki.certificate(subject=name_of("Agente  de teste"))
    second = pki.certificate(subject=name_of(" AGENTE DE TESTE ", string_type=pki.PRINTABLE))
    other = pki.certificate(subject=name_of("Agente de testes"))
    assert first.subject_key == second.subject_key != other.subject_key
    assert first.fingerprint != second.fingerprint
