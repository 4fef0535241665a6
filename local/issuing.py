"""Certificates and revocation lists made here: builders that are lawful as they stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificateIssuerPrivateKeyTypes,
    CertificatePublicKeyTypes,
)
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SigningKey: TypeAlias = CertificateIssuerPrivateKeyTypes
PublicKey: TypeAlias = CertificatePublicKeyTypes
StringType: TypeAlias = _ASN1Type

CLIENT_AUTH: Final = ExtendedKeyUsageOID.CLIENT_AUTH
SERVER_AUTH: Final = ExtendedKeyUsageOID.SERVER_AUTH
CNPJ_OTHER_NAME: Final = x509.ObjectIdentifier("2.16.76.1.3.3")
REVOCATION_HOST: Final = "lcr.ac-teste.example"
AUTHORITY_LIFETIME: Final = timedelta(days=3650)
LEAF_LIFETIME: Final = timedelta(days=365)
_KEY_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def new_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def name_of(
    common_name: str,
    *,
    organisation: str = "ICP-Teste",
    serial_number: str | None = None,
    string_type: StringType = StringType.UTF8String,
) -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "BR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation, string_type),
    ]
    if serial_number is not None:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number))
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common_name, string_type)])


def key_usage(*bits: str, critical: bool = True) -> x509.Extension[x509.KeyUsage]:
    usage = x509.KeyUsage(**{name: name in bits for name in _KEY_USAGES})
    return x509.Extension(x509.KeyUsage.oid, critical, usage)


def extension(value: x509.ExtensionType, *, critical: bool = False) -> x509.Extension[x509.ExtensionType]:
    return x509.Extension(value.oid, critical, value)


def crl_points(*urls: str) -> x509.CRLDistributionPoints:
    return x509.CRLDistributionPoints(
        [x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None) for url in urls]
    )


@dataclass(frozen=True, slots=True)
class Request:
    """What a certificate is to say; lawful as it stands, so that a caller replaces one thing."""

    subject: x509.Name
    key: PublicKey = field(repr=False)
    begins: datetime
    lifetime: timedelta = LEAF_LIFETIME
    extensions: tuple[x509.Extension[x509.ExtensionType], ...] = ()
    digest: hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None = field(
        default_factory=hashes.SHA256
    )
    rsa_padding: padding.PSS | padding.PKCS1v15 | None = None
    issuer_name: x509.Name | None = None
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: SigningKey = field(repr=False)

    def issue(self, request: Request) -> x509.Certificate:
        issuer = request.issuer_name or self.certificate.subject
        return sign(request, issuer=issuer, signer=self.key, authority_key=self.key.public_key())

    def revoke(self, serials: Iterable[int], *, begins: datetime, lifetime: timedelta) -> bytes:
        """A revocation list in DER."""
        builder = x509.CertificateRevocationListBuilder(
            self.certificate.subject, begins, begins + lifetime
        ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
        for serial in serials:
            entry = x509.RevokedCertificateBuilder(serial, begins)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def sign(
    request: Request, *, issuer: x509.Name, signer: SigningKey, authority_key: PublicKey
) -> x509.Certificate:
    # A lifetime is notAfter minus notBefore, as the rule `validade` measures it.
    builder = x509.CertificateBuilder(
        issuer,
        request.subject,
        request.key,
        request.serial or x509.random_serial_number(),
        request.begins,
        request.begins + request.lifetime,
    )
    identifiers = (
        x509.SubjectKeyIdentifier.from_public_key(request.key),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key),  # type: ignore[arg-type]
    )
    for identifier in identifiers:
        builder = builder.add_extension(identifier, critical=False)
    for item in request.extensions:
        builder = builder.add_extension(item.value, item.critical)
    return builder.sign(signer, request.digest, rsa_padding=request.rsa_padding)


def authority_extensions(
    *,
    path_length: int | None = None,
    critical: bool = True,
    usages: tuple[x509.ObjectIdentifier, ...] = (),
    key_usages: tuple[str, ...] = ("key_cert_sign", "crl_sign"),
    is_ca: bool = True,
) -> tuple[x509.Extension[x509.ExtensionType], ...]:
    constraints = x509.BasicConstraints(ca=is_ca, path_length=path_length if is_ca else None)
    extensions: list[x509.Extension[x509.ExtensionType]] = [
        extension(constraints, critical=critical),
        key_usage(*key_usages),
        extension(crl_points(f"http://{REVOCATION_HOST}/ac.crl")),
    ]
    if usages:
        extensions.append(extension(x509.ExtendedKeyUsage(usages)))
    return tuple(extensions)


def client_extensions(
    *,
    usages: tuple[x509.ObjectIdentifier, ...] = (CLIENT_AUTH, SERVER_AUTH),
    other_names: tuple[x509.GeneralName, ...] = (),
    key_usages: tuple[str, ...] = ("digital_signature", "key_encipherment"),
) -> tuple[x509.Extension[x509.ExtensionType], ...]:
    extensions: list[x509.Extension[x509.ExtensionType]] = [
        key_usage(*key_usages),
        extension(crl_points(f"http://{REVOCATION_HOST}/titulares.crl")),
    ]
    if usages:
        extensions.append(extension(x509.ExtendedKeyUsage(usages)))
    if other_names:
        extensions.append(extension(x509.SubjectAlternativeName(other_names)))
    return tuple(extensions)


def authority_request(common_name: str, key: SigningKey, begins: datetime) -> Request:
    return Request(
        subject=name_of(common_name),
        key=key.public_key(),
        begins=begins,
        lifetime=AUTHORITY_LIFETIME,
        extensions=authority_extensions(),
    )


def new_root(common_name: str, key: SigningKey, begins: datetime) -> Authority:
    request = authority_request(common_name, key, begins)
    certificate = sign(request, issuer=request.subject, signer=key, authority_key=key.public_key())
    return Authority(certificate, key)


def new_authority(parent: Authority, key: SigningKey, request: Request) -> Authority:
    return Authority(parent.issue(request), key)
