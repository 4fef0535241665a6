"""Files that the real `openssl` made, each kind with its own sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates import recognition
from aval.certificates.judgement import Judgement, judge
from aval.certificates.rules import Rule
from tests.support import openssl, pki

# openssl dates what it signs by the clock of the machine.
NOW = datetime.now(UTC) + timedelta(hours=1)


def judged(upload: bytes, *, company: bool = True) -> Judgement:
    cnpj = pki.COMPANY if company else pki.OLD_COMPANY
    return judge(upload, truststore=pki.truststore(), at=NOW, cnpj=cnpj)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("openssl")
    openssl.lay_out(made, pki.hierarchy())
    openssl.issue(made)
    return made


@pytest.mark.parametrize("kind", ["UTF8", "PRINTABLE", "OCT"])
@pytest.mark.parametrize("digest", ["-sha256", "-sha512"])
def test_accepts_what_openssl_issues(folder: Path, kind: str, digest: str) -> None:
    judgement = judged(openssl.issue(folder, digest, kind=kind).read_bytes())
    assert judgement.refusals == ()
    assert judgement.certificate is not None
    assert judgement.certificate.holder_cnpj == pki.COMPANY


@pytest.mark.parametrize("digest", ["-sha1", "-sha384"])
def test_refuses_other_hashes_although_the_path_stands(folder: Path, digest: str) -> None:
    judgement = judged(openssl.issue(folder, digest).read_bytes())
    assert [verdict.rule for verdict in judgement.refusals] == [Rule.ASSINATURA]


def test_a_hash_too_weak_to_be_checked_leaves_no_path_either(folder: Path) -> None:
    judgement = judged(openssl.issue(folder, "-md5").read_bytes())
    assert [verdict.rule for verdict in judgement.refusals] == [Rule.CADEIA, Rule.ASSINATURA]


def test_refuses_five_faults_of_one_file_as_five(folder: Path) -> None:
    options = ("-sha384", "-set_serial", "1")
    upload = bytearray(openssl.issue(folder, *options, usages="serverAuth", days=395).read_bytes())
    upload[-1] ^= 1
    judgement = judged(bytes(upload), company=False)
    assert {verdict.rule for verdict in judgement.refusals} == {
        Rule.CADEIA,
        Rule.USO,
        Rule.VALIDADE,
        Rule.ASSINATURA,
        Rule.CNPJ,
    }


def test_a_request_signed_with_pss_is_judged_by_its_parameters(folder: Path) -> None:
    plain = ("-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1")
    assert judged(openssl.issue(folder, *plain).read_bytes()).accepted
    longest = ("-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-2")
    refusals = judged(openssl.issue(folder, *longest).read_bytes()).refusals
    assert [verdict.rule for verdict in refusals] == [Rule.ASSINATURA]


FILES = {
    "certificate in PEM": (("x509", "-in", "leaf.pem"), recognition.PEM),
    "PKCS#7 in DER": (("crl2pkcs7", "-nocrl", "-certfile", "leaf.pem", "-outform", "DER"), recognition.PKCS7),
    "PKCS#7 in PEM": (("crl2pkcs7", "-nocrl", "-certfile", "leaf.pem"), recognition.PKCS7),
    "PKCS#12": (
        ("pkcs12", "-export", "-in", "leaf.pem", "-inkey", "leaf.key", "-passout", "pass:x"),
        recognition.PKCS12,
    ),
    "request in DER": (("req", "-in", "leaf.csr", "-outform", "DER"), recognition.CSR),
    "request in PEM": (("req", "-in", "leaf.csr"), recognition.CSR),
    "PKCS#8 in DER": (
        ("pkcs8", "-topk8", "-nocrypt", "-in", "leaf.key", "-outform", "DER"),
        recognition.PRIVATE_KEY,
    ),
    "encrypted PKCS#8": (
        ("pkcs8", "-topk8", "-in", "leaf.key", "-passout", "pass:x", "-outform", "DER"),
        recognition.PRIVATE_KEY,
    ),
    "PKCS#1 in DER": (
        ("rsa", "-traditional", "-in", "leaf.key", "-outform", "DER"),
        recognition.PRIVATE_KEY,
    ),
    "key in PEM": (("pkey", "-in", "leaf.key"), recognition.PRIVATE_KEY),
    "public key in DER": (("pkey", "-in", "leaf.key", "-pubout", "-outform", "DER"), recognition.PUBLIC_KEY),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_certificate_in_der_has_its_own_sentence(folder: Path, kind: str) -> None:
    command, sentence = FILES[kind]
    openssl.run(*command, "-out", "made", cwd=folder)
    assert format_refusal((folder / "made").read_bytes()) == sentence


def test_a_revocation_list_has_its_own_sentence(folder: Path) -> None:
    openssl.revocation_list(folder)
    for name in ("list.pem", "list.der"):
        assert format_refusal((folder / name).read_bytes()) == recognition.CRL


def format_refusal(upload: bytes) -> str:
    judgement = judged(upload)
    assert judgement.certificate is None
    assert [(verdict.rule, verdict.ok) for verdict in judgement.verdicts] == [
        (Rule.TAMANHO, True),
        (Rule.FORMATO, False),
    ]
    return judgement.refusals[0].detail


def test_openssl_agrees_that_the_path_stands(folder: Path) -> None:
    openssl.issue(folder)
    (folder / "root.pem").write_bytes(pki.hierarchy().root.certificate.public_bytes(Encoding.PEM))
    (folder / "all.pem").write_bytes(pki.hierarchy().truststore_pem())
    openssl.run(
        "verify",
        "-purpose",
        "sslclient",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "all.pem",
        "leaf.pem",
        cwd=folder,
    )
