import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from aval.sealing.cms import (
    MOST_BYTES,
    OAEP_SHA256,
    open_enveloped_data,
    read_enveloped_data,
    subject_key_identifier,
)
from aval.sealing.refusals import SealReason, SealRefused
from local.emulator.cms import Shape, make_enveloped_data
from tests.support import openssl, pki

KEY = pki.rsa_key("kms recipient")
DATA_KEY = bytes(range(32))


def envelope(plaintext: bytes = DATA_KEY, shape: Shape = Shape.PIECES, piece: int = 4096) -> bytes:
    return make_enveloped_data(plaintext, KEY.public_key(), shape=shape, piece=piece)


def reason_of(message: bytes) -> SealReason:
    with pytest.raises(SealRefused) as caught:
        open_enveloped_data(message, KEY)
    return caught.value.reason


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key, and a certificate that names it as KMS names a recipient."""
    folder = tmp_path_factory.mktemp("cms")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "recipient")])
    certificate = (
        x509.CertificateBuilder(name, name, KEY.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectKeyIdentifier(subject_key_identifier(KEY.public_key())), critical=False)
        .sign(KEY, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return folder


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("size", [0, 15, 16, 32, 4096])
def test_opens_either_shape_that_kms_answers_in(shape: Shape, size: int) -> None:
    assert open_enveloped_data(envelope(bytes(size), shape, piece=48), KEY) == bytes(size)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("recipient", [["-recip", "certificate.pem"], []])
def test_openssl_opens_what_our_kms_answers(folder: Path, shape: Shape, recipient: list[str]) -> None:
    (folder / "answer.ber").write_bytes(envelope(shape=shape, piece=16))
    told = ["-inform", "DER", "-binary", "-in", "answer.ber", "-inkey", "key.pem", "-out", "opened"]
    openssl.run("cms", "-decrypt", *told, *recipient, cwd=folder)
    assert (folder / "opened").read_bytes() == DATA_KEY


@pytest.mark.parametrize("streaming", [[], ["-stream"]])
def test_opens_what_openssl_encrypts(folder: Path, streaming: list[str]) -> None:
    (folder / "plain").write_bytes(DATA_KEY)
    told = ["-binary", "-in", "plain", "-outform", "DER", "-out", "sealed.der", "-aes-256-cbc", "-keyid"]
    padding = ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"]
    openssl.run("cms", "-encrypt", *told, *streaming, "-recip", "certificate.pem", *padding, cwd=folder)
    assert open_enveloped_data((folder / "sealed.der").read_bytes(), KEY) == DATA_KEY


def test_refuses_openssls_default_padding(folder: Path) -> None:
    (folder / "plain").write_bytes(DATA_KEY)
    told = ["-binary", "-in", "plain", "-outform", "DER", "-out", "old.der", "-aes-256-cbc", "-keyid"]
    openssl.run("cms", "-encrypt", *told, "-recip", "certificate.pem", cwd=folder)
    assert reason_of((folder / "old.der").read_bytes()) is SealReason.CMS_ALGORITHM


@pytest.mark.parametrize("cipher", ["-aes-128-cbc", "-aes-256-gcm", "-des3"])
def test_refuses_another_cipher(folder: Path, cipher: str) -> None:
    (folder / "plain").write_bytes(DATA_KEY)
    told = ["-binary", "-in", "plain", "-outform", "DER", "-out", "other.der", cipher, "-keyid"]
    padding = ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"]
    openssl.run("cms", "-encrypt", *told, "-recip", "certificate.pem", *padding, cwd=folder)
    # AES-GCM comes as another content type (RFC 5083), the rest with another algorithm.
    assert reason_of((folder / "other.der").read_bytes()) in {
        SealReason.CMS_ALGORITHM,
        SealReason.CMS_MALFORMED,
    }


def test_refuses_a_recipient_named_by_issuer_and_number(folder: Path) -> None:
    (folder / "plain").write_bytes(DATA_KEY)
    told = ["-binary", "-in", "plain", "-outform", "DER", "-out", "named.der", "-aes-256-cbc"]
    padding = ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"]
    openssl.run("cms", "-encrypt", *told, "-recip", "certificate.pem", *padding, cwd=folder)
    assert reason_of((folder / "named.der").read_bytes()) in {
        SealReason.CMS_MALFORMED,  # the version of the whole is another then
        SealReason.CMS_RECIPIENT,
    }


def test_refuses_an_envelope_for_another_key() -> None:
    other = make_enveloped_data(DATA_KEY, pki.rsa_key("somebody else").public_key())
    assert reason_of(other) is SealReason.CMS_RECIPIENT


def test_refuses_our_name_over_another_keys_ciphertext() -> None:
    other = pki.rsa_key("somebody else").public_key()
    message = make_enveloped_data(DATA_KEY, other)
    ours = subject_key_identifier(KEY.public_key())
    assert reason_of(message.replace(subject_key_identifier(other), ours)) is SealReason.CMS_UNOPENED


def altered(change: Callable[[cms.EnvelopedData, cms.KeyTransRecipientInfo], None]) -> bytes:
    """An envelope for our key, otherwise lawful, with one thing changed in its structure."""
    message = cms.ContentInfo.load(envelope())
    enveloped = message["content"]
    change(enveloped, enveloped["recipient_infos"][0].chosen)
    return bytes(message.dump(force=True))


def _second_recipient(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    enveloped["recipient_infos"].append(cms.RecipientInfo("ktri", recipient.copy()))


def _no_recipient(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    enveloped["recipient_infos"] = []


def _recipient_by_password(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    by_password = {
        "version": "v0",
        "key_encryption_algorithm": {"algorithm": "aes256_wrap"},
        "encrypted_key": bytes(40),
    }
    enveloped["recipient_infos"] = [cms.RecipientInfo("pwri", cms.PasswordRecipientInfo(by_password))]


def _recipient_by_number(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    number = cms.IssuerAndSerialNumber({"issuer": cms.Name.build({"common_name": "x"}), "serial_number": 1})
    recipient["rid"] = cms.RecipientIdentifier("issuer_and_serial_number", number)


def _recipient_of_version_0(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    recipient["version"] = "v0"


def _of_version_3(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    enveloped["version"] = "v3"


def _with_an_originator(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    enveloped["originator_info"] = {"certs": []}


def _with_attributes(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    enveloped["unprotected_attrs"] = []


def _signed_content(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    enveloped["encrypted_content_info"]["content_type"] = "signed_data"


def _without_content(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    del enveloped["encrypted_content_info"]["encrypted_content"]


def _with_a_short_vector(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    algorithm = enveloped["encrypted_content_info"]["content_encryption_algorithm"]
    algorithm["parameters"] = core.OctetString(bytes(15))


def _with_a_key_of_128_bits(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    padding = OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), label=None)
    recipient["encrypted_key"] = KEY.public_key().encrypt(bytes(16), padding)


def _with_a_label(enveloped: cms.EnvelopedData, recipient: cms.KeyTransRecipientInfo) -> None:
    padding = OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), label=b"x")
    recipient["encrypted_key"] = KEY.public_key().encrypt(bytes(32), padding)


def test_an_envelope_with_nothing_changed_opens() -> None:
    assert open_enveloped_data(altered(lambda *_: None), KEY) == DATA_KEY


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_second_recipient, SealReason.CMS_RECIPIENT),
        (_no_recipient, SealReason.CMS_RECIPIENT),
        (_recipient_by_password, SealReason.CMS_RECIPIENT),
        (_recipient_by_number, SealReason.CMS_RECIPIENT),
        (_recipient_of_version_0, SealReason.CMS_RECIPIENT),
        (_of_version_3, SealReason.CMS_MALFORMED),
        (_with_an_originator, SealReason.CMS_MALFORMED),
        (_with_attributes, SealReason.CMS_MALFORMED),
        (_signed_content, SealReason.CMS_ALGORITHM),
        (_without_content, SealReason.CMS_MALFORMED),
        (_with_a_short_vector, SealReason.CMS_MALFORMED),
        (_with_a_key_of_128_bits, SealReason.CMS_UNOPENED),
        (_with_a_label, SealReason.CMS_UNOPENED),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)).strip("_"),
)
def test_refuses_every_other_form_of_an_envelope(
    change: Callable[[cms.EnvelopedData, cms.KeyTransRecipientInfo], None], reason: SealReason
) -> None:
    assert reason_of(altered(change)) is reason


@pytest.mark.parametrize("place", [0, 1], ids=["of the label", "of the mask"])
def test_refuses_oaep_by_another_hash(place: int) -> None:
    # SHA-384 in the place of SHA-256: the same lengths, the last octet of the object identifier another.
    sha256 = bytes.fromhex("0609608648016503040201")
    parts = OAEP_SHA256.split(sha256)
    altered = parts[0] + b"".join(
        sha256[:-1] + (b"\x02" if index == place else b"\x01") + part for index, part in enumerate(parts[1:])
    )
    assert reason_of(envelope().replace(OAEP_SHA256, altered)) is SealReason.CMS_ALGORITHM


@pytest.mark.parametrize("shape", Shape)
def test_refuses_bytes_after_the_end(shape: Shape) -> None:
    assert reason_of(envelope(shape=shape) + b"\x00") is SealReason.CMS_MALFORMED


def test_refuses_padding_that_is_none() -> None:
    message = envelope(bytes(31), Shape.ONE)
    content = read_enveloped_data(message).content
    # The last block becomes padding by way of the one before it: one bit of that breaks it.
    tampered = content[:-17] + bytes([content[-17] ^ 0x40]) + content[-16:]
    assert reason_of(message.replace(content, tampered)) is SealReason.CMS_UNOPENED


@pytest.mark.parametrize("opening", [b"\x30\x80", b"\xa0\x80", b"\x24\x80"])
def test_refuses_nesting_without_end(opening: bytes) -> None:
    assert reason_of(opening * 30_000) is SealReason.CMS_MALFORMED


@pytest.mark.parametrize("message", [b"", b"\x30\x80", b"\x05\x00", b"{}", bytes(MOST_BYTES + 1)])
def test_refuses_what_is_no_message(message: bytes) -> None:
    assert reason_of(message) is SealReason.CMS_MALFORMED


def test_refuses_a_message_larger_than_any_answer() -> None:
    assert reason_of(envelope(bytes(MOST_BYTES))) is SealReason.CMS_MALFORMED


def test_a_broken_message_is_read_or_refused_and_never_crashes() -> None:
    draw = random.Random(1)
    message = envelope()
    for _ in range(5_000):
        broken = bytearray(message)
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(broken))
            match draw.randrange(3):
                case 0:
                    broken[place] ^= 1 << draw.randrange(8)
                case 1:
                    del broken[place]
                case _:
                    broken.insert(place, draw.randrange(256))
        try:
            read_enveloped_data(bytes(broken))
        except SealRefused:
            continue
