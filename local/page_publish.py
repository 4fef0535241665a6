"""Put the built page into the bucket of AWS that the distribution reads: `python -m local.page_publish`.

The operator's own, with the operator's credentials; the CDK's way would be a function that is not ours.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from aval.attestation.roots import AWS_ROOT
from local import page_build
from local.page_files import ASSETS, DOCUMENT, TRUST_DOCUMENT, PageFile, files_of
from local.page_template import STACK
from local.page_tools import PageFailed
from local.page_trust import trust_document

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BUCKET_OUTPUT: Final = "PageBucketName"


class NotPublished(Exception):
    """What was given, or what the account has, is not enough to publish the page."""


def keeper_key(file: Path) -> str:
    """Return the public key (PEM) of the keeper of the log. Raises `NotPublished` for anything but P-384."""
    try:
        text = file.read_text()
        key = load_pem_public_key(text.encode())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise NotPublished(f"{file} holds no public key (PEM): {error}") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP384R1):
        raise NotPublished(f"{file}: the log of measurements is signed by a key on P-384, which this is not")
    return text


def in_order(names: Iterator[str]) -> list[str]:
    """Return assets first and the document last: whoever opens the page finds whole what it names."""
    return sorted(names, key=lambda name: (name == DOCUMENT, not name.startswith(ASSETS), name))


def publish(s3: "S3Client", bucket: str, folder: Path, trust: str) -> int:
    """Put every file, with its type and age, and return how many; files of earlier builds stay.

    A page that somebody opened before asks for its own assets once more, so that nothing is deleted here.
    """
    files = {**files_of(folder), TRUST_DOCUMENT: PageFile.of(TRUST_DOCUMENT, trust.encode())}
    for name in in_order(iter(files)):
        file = files[name]
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=file.content,
            ContentType=file.media_type,
            CacheControl=file.cache_control,
        )
    return len(files)


def bucket_of(stack: str) -> str:
    """Return the name that the deployed stack tells. Raises `NotPublished`."""
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
    if _BUCKET_OUTPUT not in outputs:
        raise NotPublished(f"the stack {stack} tells no {_BUCKET_OUTPUT}: deploy it first")
    return outputs[_BUCKET_OUTPUT]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.page_publish", description=__doc__)
    parser.add_argument(
        "--keeper-key",
        type=Path,
        required=True,
        help="public key (PEM, P-384) that signs the measurements' log",
    )
    parser.add_argument(
        "--bucket", help=f"the page's bucket; without it, the one that the stack {STACK} tells"
    )
    given = parser.parse_args()
    try:
        trust = trust_document(AWS_ROOT, keeper_key(given.keeper_key))
        folder = page_build.built()
        bucket = given.bucket or bucket_of(STACK)
        count = publish(boto3.client("s3"), bucket, folder, trust)
    except (BotoCoreError, ClientError, NotPublished, PageFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} files are in {bucket}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
