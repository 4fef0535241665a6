"""The truststore in the trust bucket: `truststore/atual.json` points at one generation."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.certificates.generation import Generation
from aval.certificates.pointer import POINTER_NAME, Pointer
from aval.certificates.truststore import Truststore, TruststoreRefused, require_pinned

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

PREFIX: Final = "truststore/"
_NOT_MODIFIED: Final = "304"


@dataclass(slots=True)
class S3Truststore:
    """`pins` are the roots that this deployment trusts; a generation with any other is refused whole."""

    client: "S3Client"
    bucket: str
    pins: frozenset[str]
    _etag: str = field(default="", init=False)
    _current: Truststore | None = field(default=None, init=False, repr=False)

    def current(self) -> Truststore:
        """The generation in force, read again only when the pointer changed; raise `TruststoreRefused`."""
        if self._current is None:
            return self._load(*self._pointer(""))
        try:
            document, etag = self._pointer(self._etag)
        except _PointerUnchanged:
            return self._current
        # Not every store of S3's kind answers a condition.
        return self._current if etag == self._etag else self._load(document, etag)

    def publish(self, generation: Generation) -> None:
        """Put the PEM and the manifest first: a pointer never names what is not there yet."""
        require_pinned(Truststore.from_pem(generation.pem), self.pins)
        pointer = Pointer.to(generation)
        self._put(pointer.pem_name, generation.pem, "application/x-pem-file")
        self._put(pointer.manifest_name, generation.manifest, "application/json")
        self._put(POINTER_NAME, pointer.document, "application/json")

    def _load(self, document: bytes, etag: str) -> Truststore:
        pointer = Pointer.parse(document)
        pem = self._get(pointer.pem_name)
        pointer.require_intact(pem)
        loaded = Truststore.from_pem(pem)
        require_pinned(loaded, self.pins)
        self._current, self._etag = loaded, etag
        return loaded

    def _pointer(self, known_etag: str) -> tuple[bytes, str]:
        request: GetObjectRequestTypeDef = {"Bucket": self.bucket, "Key": PREFIX + POINTER_NAME}
        if known_etag:
            request["IfNoneMatch"] = known_etag
        try:
            answer = self.client.get_object(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == _NOT_MODIFIED:
                raise _PointerUnchanged from error
            raise _absent(error) from error
        with answer["Body"] as body:
            return body.read(), answer["ETag"]

    def _get(self, name: str) -> bytes:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=PREFIX + name)
        except ClientError as error:
            raise _absent(error) from error
        with answer["Body"] as body:
            return body.read()

    def _put(self, name: str, content: bytes, kind: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=PREFIX + name, Body=content, ContentType=kind)


class _PointerUnchanged(Exception):
    """The pointer is the one that was read last."""


def _absent(error: ClientError) -> Exception:
    if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
        return TruststoreRefused("nenhum conjunto de autoridades foi publicado")
    return error
