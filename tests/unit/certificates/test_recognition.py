"""Files that are no certificate in DER, made byte by byte."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from aval.certificates import recognition
from aval.certificates.der import is_ber
from aval.certificates.judgement import judge
from tests.support import pki


def refusal(upload: bytes) -> str:
    judgement = judge(upload, truststore=pki.truststore(), at=pki.START, cnpj=None)
    return judgement.refusals[0].detail


def pem() -> bytes:
    return x509.load_der_x509_certificate(pki.leaf()).public_bytes(Encoding.PEM)


def with_indefinite_length(der: bytes) -> bytes:
    return b"\x30\x80" + der[4:] + b"\x00\x00"


def with_a_longer_length(der: bytes) -> bytes:
    return b"\x30\x83\x00" + der[2:]


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (b"", recognition.EMPTY),
        (b" \r\n", recognition.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", recognition.PDF),
        (b"PK\x03\x04\x14\x00", recognition.ZIP),
        (b"Prezados, segue o certificado.", recognition.TEXT),
        (b"\x89PNG\r\n\x1a\n\x00\x00", recognition.UNKNOWN),
        (b"\x30\x82", recognition.UNKNOWN),
        (b"\x30\x03\x02\x01\x05", recognition.DAMAGED),
    ],
)
def test_says_what_a_strange_file_is(upload: bytes, sentence: str) -> None:
    assert refusal(upload) == sentence


def test_text_forms_of_a_certificate_are_told_apart() -> None:
    text = pem()
    assert refusal(text) == recognition.PEM
    assert refusal(b"\xef\xbb\xbf" + text) == recognition.PEM
    assert refusal(b"\xff\xfe" + text.decode().encode("utf-16-le")) == recognition.PEM
    assert refusal(b"Bag Attributes\n" + text) == recognition.PEM
    assert refusal(base64.b64encode(pki.leaf())) == recognition.BASE64
    assert refusal(base64.encodebytes(pki.leaf())) == recognition.BASE64


def test_a_key_beside_the_certificate_is_told_first() -> None:
    assert refusal(pem() + b"-----BEGIN PRIVATE KEY-----\n") == recognition.PRIVATE_KEY


def test_the_private_key_is_said_to_stay_at_home() -> None:
    assert "chave privada" in recognition.PKCS12
    assert "não deve ser enviado" in recognition.PKCS12


def test_bytes_after_the_end_and_bytes_that_lack_are_told_apart() -> None:
    assert refusal(pki.leaf() + b"\n") == recognition.TRAILING
    assert refusal(pki.leaf() * 2) == recognition.TRAILING
    assert refusal(pki.leaf()[:-1]) == recognition.TRUNCATED


@pytest.mark.parametrize("written", [with_indefinite_length, with_a_longer_length])
def test_ber_is_told_from_der(written: object) -> None:
    assert callable(written)
    assert refusal(written(pki.leaf())) == recognition.BER
    assert not is_ber(pki.leaf())


def test_every_sentence_is_another() -> None:
    told = {name: value for name, value in vars(recognition).items() if name[0] != "_" and name[0].isupper()}
    sentences = [value for value in told.values() if isinstance(value, str)]
    assert len(sentences) == len(set(sentences)) == 17
    assert all(";" in sentence for sentence in sentences)
