"""Build the image for this machine: the same code as for AWS, another measured configuration."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from enclave_app import image
from enclave_app.configure import signer_digest
from enclave_app.enclave.addresses import UnixAddress
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration, Setting
from local.enclave.places import EnclavePlaces
from local.files import digest_of_files, digest_of_text, write_json, write_whole
from local.nsm.authority import NitroRoot
from local.places import ROOT
from local.ports import Ports
from local.synth import layer_builder

SOURCES = ("layers/common/python/aval", "enclave_app", "layers/dependencies/build.py", "uv.lock")
SIGNER_LIFETIME = timedelta(days=3650)


def configuration(places: EnclavePlaces, ports: Ports, key_arn: str, root: NitroRoot) -> bytes:
    """What differs from AWS: the root, the key, who vouches for KMS, and sockets instead of vsock."""
    return MeasuredConfiguration(
        setting=Setting.DESK,
        root=root.fingerprint,
        kms_keys=(KmsKey(key_arn, "localhost", ports.kms),),
        tls_roots=(places.stack.tls / "ca.pem").read_text(),
        icp_roots=(places.stack.hierarchy / "root.pem").read_text(),
        nsm=UnixAddress(str(places.nsm_socket)),
        listener=UnixAddress(str(places.enclave_socket)),
        relay=UnixAddress(str(places.relay_socket)),
        signer=signer_digest(places.signer),
    ).to_bytes()


def built(places: EnclavePlaces, measured_configuration: bytes) -> dict[int, bytes]:
    """Return what the image measured, built now or earlier from the very same files.

    An image that somebody edited since is not built again: it measures otherwise, and KMS refuses it.
    """
    platform = layer_builder().local_platform()
    sources = digest_of_text(
        digest_of_files(ROOT / name for name in SOURCES), measured_configuration.decode(), platform
    )
    if places.built.exists() and places.image.exists():
        told = json.loads(places.built.read_text())
        if told["sources"] == sources:
            return {int(index): bytes.fromhex(value) for index, value in told["registers"].items()}
    registers = image.build(places.image, image.Image(platform, measured_configuration, places.signer))
    told = {str(index): value.hex() for index, value in registers.items()}
    write_json(places.built, {"sources": sources, "registers": told})
    return registers


def make_signer(certificate: Path) -> None:
    """Make a certificate that signs images here, once; its key has nothing to sign, there being no EIF."""
    if certificate.exists():
        return
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Aval, imagens desta maquina")])
    now = datetime.now(UTC).replace(microsecond=0)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + SIGNER_LIFETIME)
        .sign(key, hashes.SHA384())
    )
    write_whole(certificate, made.public_bytes(Encoding.PEM).decode())
