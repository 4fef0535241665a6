"""Write the measured configuration for AWS: the keys as the CDK made them, and who may vouch for KMS.

python -m enclave_app.configure --key ARN [--key ARN] [--icp-roots PEM] --signer PEM > configuration.json
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from aval.attestation.roots import AWS_ROOT
from enclave_app.enclave.addresses import ANY_CID, PARENT_CID, VsockAddress
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration, Setting

HERE: Final = Path(__file__).resolve().parent
AMAZON_ROOTS: Final = HERE / "amazon_roots.pem"
# The account and the key that AWS's documentation uses for examples: there is no such key.
EXAMPLE_KEY: Final = "arn:aws:kms:sa-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EXAMPLE_SIGNER: Final = HERE / "example_signer.pem"
TASK_PORT: Final = 5000
RELAY_PORT: Final = 5001


def for_aws(keys: Sequence[str], signer: Path, *, icp_roots: str = "") -> bytes:
    """Return the file that the image measures; raise `EnclaveRefused` when the enclave would refuse it."""
    kms_keys = tuple(KmsKey(arn, f"kms.{arn.split(':')[3]}.amazonaws.com") for arn in keys)
    configuration = MeasuredConfiguration(
        setting=Setting.AWS,
        root=AWS_ROOT,
        kms_keys=kms_keys,
        tls_roots=AMAZON_ROOTS.read_text(),
        icp_roots=icp_roots,
        nsm=None,
        listener=VsockAddress(ANY_CID, TASK_PORT),
        relay=VsockAddress(PARENT_CID, RELAY_PORT),
        signer=signer_digest(signer),
    )
    content = configuration.to_bytes()
    MeasuredConfiguration.parse(content)
    return content


def signer_digest(signer: Path) -> str:
    """SHA-384 of the certificate, as the configuration tells it and PCR8 is extended by it."""
    certificate = x509.load_pem_x509_certificate(signer.read_bytes())
    return hashlib.sha384(certificate.public_bytes(Encoding.DER)).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the measured configuration of an image for AWS.")
    parser.add_argument("--key", action="append", required=True, metavar="ARN", help="one for each region")
    parser.add_argument("--signer", type=Path, required=True, help="certificate of the signing key (PEM)")
    parser.add_argument(
        "--icp-roots", type=Path, help="ICP-Brasil's roots (PEM); without, no sender is known"
    )
    asked = parser.parse_args()
    icp_roots = asked.icp_roots.read_text() if asked.icp_roots else ""
    sys.stdout.buffer.write(for_aws(asked.key, asked.signer, icp_roots=icp_roots))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
