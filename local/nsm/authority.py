"""Certificates in the shapes of AWS's attestation hierarchy, under a root that this machine keeps.

Lifetimes, path lengths, extensions and key usages are the genuine ones. The root is on disk, because images
are built with its fingerprint; what stands below it is made by the process that attests, and lives as short.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from aval.identifiers import Fingerprint
from local.issuing import crl_points, extension, key_usage, name_of

ROOT_LIFETIME: Final = timedelta(days=365 * 30)
REGION_LIFETIME: Final = timedelta(days=20)
ZONE_LIFETIME: Final = timedelta(days=6)
INSTANCE_LIFETIME: Final = timedelta(hours=24)
LEAF_LIFETIME: Final = timedelta(hours=3, seconds=3)
REGION: Final = "sa-east-1"
# A certificate begins a little before it is asked for, as AWS's do.
_BEFORE: Final = timedelta(seconds=3)
# What is left of a certificate that is still given out: longer than anybody takes to verify it.
SHORT: Final = timedelta(minutes=15)
_ORGANISATION: Final = "Aval (simulado)"
_AUTHORITY_USAGES: Final = ("digital_signature", "key_cert_sign", "crl_sign")


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and the key that it is about."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def lasts(self, at: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc - SHORT


@dataclass(frozen=True, slots=True)
class Shape:
    """One rank of the hierarchy: lawful as it stands, so that a test replaces one thing."""

    lifetime: timedelta
    path_length: int | None = None
    is_ca: bool = True
    usages: tuple[str, ...] = _AUTHORITY_USAGES
    usage_is_critical: bool = True
    identifiers: bool = True
    extensions: tuple[x509.Extension[x509.ExtensionType], ...] = ()


_LISTS: Final = (extension(crl_points("http://lcr.nitro.example/regiao.crl")),)
ROOT: Final = Shape(ROOT_LIFETIME)
REGIONAL: Final = Shape(REGION_LIFETIME, path_length=2, extensions=_LISTS)
ZONAL: Final = Shape(ZONE_LIFETIME, path_length=1, extensions=_LISTS)
INSTANCE: Final = Shape(INSTANCE_LIFETIME, path_length=0, usages=("key_cert_sign",), identifiers=False)
LEAF: Final = Shape(
    LEAF_LIFETIME,
    is_ca=False,
    usages=("digital_signature", "content_commitment"),
    usage_is_critical=False,
    identifiers=False,
)


def issue(
    shape: Shape,
    common_name: str,
    *,
    issuer: Holder | None,
    begins: datetime,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> Holder:
    """A certificate of that shape; without an issuer it signs itself."""
    key = key or ec.generate_private_key(ec.SECP384R1())
    subject = name_of(common_name, organisation=_ORGANISATION)
    signer = issuer.key if issuer else key
    builder = x509.CertificateBuilder(
        issuer.certificate.subject if issuer else subject,
        subject,
        key.public_key(),
        x509.random_serial_number(),
        begins,
        begins + shape.lifetime,
    ).add_extension(x509.BasicConstraints(shape.is_ca, shape.path_length), critical=True)
    usage = key_usage(*shape.usages, critical=shape.usage_is_critical)
    builder = builder.add_extension(usage.value, usage.critical)
    if shape.identifiers:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        if issuer:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
            builder = builder.add_extension(identifier, False)
    for item in shape.extensions:
        builder = builder.add_extension(item.value, item.critical)
    return Holder(builder.sign(signer, hashes.SHA384()), key)


@dataclass(frozen=True, slots=True)
class NitroRoot:
    """The root of this machine, which no production image takes."""

    holder: Holder

    @classmethod
    def create(cls, at: datetime) -> Self:
        begins = at.replace(microsecond=0) - _BEFORE
        return cls(issue(ROOT, "nitro-enclaves.simulado", issuer=None, begins=begins))

    @classmethod
    def kept_in(cls, folder: Path, at: datetime) -> Self:
        """The root that lies in `folder`; one is made where there is none, or where it is about to end."""
        try:
            key = load_pem_private_key((folder / "root.key").read_bytes(), password=None)
            certificate = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
        except FileNotFoundError:
            return cls._made_in(folder, at)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("root.key is no elliptic-curve key")
        root = cls(Holder(certificate, key))
        return root if root.holder.lasts(at) else cls._made_in(folder, at)

    @classmethod
    def _made_in(cls, folder: Path, at: datetime) -> Self:
        root = cls.create(at)
        folder.mkdir(parents=True, exist_ok=True)
        secret = folder / "root.key"
        secret.touch(mode=0o600)
        secret.write_bytes(root.holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        # The certificate last: what has one has its key.
        (folder / "root.pem").write_bytes(root.holder.certificate.public_bytes(Encoding.PEM))
        return root

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.holder.certificate.fingerprint(hashes.SHA256()).hex())


@dataclass(slots=True)
class Hierarchy:
    """What stands between a root and one enclave; what runs short is issued again, with all below it."""

    root: NitroRoot
    module_id: str
    _ranks: list[Holder] = field(default_factory=list, repr=False)

    def at(self, moment: datetime) -> Sequence[Holder]:
        """Root, region, zone, instance and leaf, all of which last for a while from `moment`."""
        instance_id = self.module_id.partition("-enc")[0]
        ranks = (
            (REGIONAL, f"regiao.{REGION}.nitro-enclaves.simulado"),
            (ZONAL, f"zona.{REGION}.nitro-enclaves.simulado"),
            (INSTANCE, f"{instance_id}.{REGION}.nitro-enclaves.simulado"),
            (LEAF, f"{self.module_id}.{REGION}.simulado"),
        )
        begins = moment.replace(microsecond=0) - _BEFORE
        for place, (shape, name) in enumerate(ranks):
            if place < len(self._ranks) and self._ranks[place].lasts(moment):
                continue
            issuer = self._ranks[place - 1] if place else self.root.holder
            self._ranks[place:] = [issue(shape, name, issuer=issuer, begins=begins)]
        return (self.root.holder, *self._ranks)
