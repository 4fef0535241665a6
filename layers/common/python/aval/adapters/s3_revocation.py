"""Verified revocation lists in the trust bucket, one flat object each, under their issuer's name key."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from aval.certificates.certificate import Certificate
from aval.certificates.refreshing import MAX_LIST_BYTES
from aval.certificates.revocation import RevocationList, RevocationStanding, standing_by
from aval.moments import from_storage, to_storage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef

INCOMING: Final = "lcr/entrada/"
_LISTS: Final = "lcr/listas/"
_LOST_RACE: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})


@dataclass(slots=True)
class S3RevocationLists:
    client: "S3Client"
    bucket: str
    _known: dict[str, tuple[str, RevocationList]] = field(default_factory=dict, init=False, repr=False)

    def standing(self, certificate: Certificate, at: datetime) -> RevocationStanding:
        lists = [self._read(key, etag) for key, etag in self._keys(f"{_LISTS}{certificate.issuer_key}/")]
        return standing_by(lists, certificate, at)

    def store(self, verified: RevocationList) -> bool:
        """An older list never replaces a newer one, also when two functions store at once."""
        key = f"{_LISTS}{verified.issuer_key}/{verified.identity}.lcr"
        request: PutObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key, "Body": encode(verified)}
        kept = dict(self._keys(key))
        if key in kept:
            if self._read(key, kept[key]).this_update >= verified.this_update:
                return False
            request["IfMatch"] = kept[key]
        else:
            request["IfNoneMatch"] = "*"
        try:
            self.client.put_object(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _LOST_RACE:
                return self.store(verified)
            raise
        return True

    def fetch_dropped(self, key: str) -> bytes:
        """What an operator laid under `lcr/entrada/`, cut one byte past the longest list taken."""
        with self.client.get_object(Bucket=self.bucket, Key=key)["Body"] as body:
            return body.read(MAX_LIST_BYTES + 1)

    def _keys(self, prefix: str) -> list[tuple[str, str]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", [])]

    def _read(self, key: str, etag: str) -> RevocationList:
        known = self._known.get(key)
        if known is not None and known[0] == etag:
            return known[1]
        answer = self.client.get_object(Bucket=self.bucket, Key=key)
        with answer["Body"] as body:
            decoded = decode(body.read())
        self._known[key] = (answer["ETag"], decoded)
        return decoded


def encode(verified: RevocationList) -> bytes:
    """A line of JSON, then the serials as they lie in memory."""
    header = {
        "emissor": verified.issuer_key,
        "chave": verified.signer_key,
        "escopo": verified.scope,
        "emitidaEm": to_storage(verified.this_update),
        "proximaEm": to_storage(verified.next_update),
        "largura": verified.width,
    }
    return json.dumps(header).encode() + b"\n" + verified.serials


def decode(content: bytes) -> RevocationList:
    header, _, serials = content.partition(b"\n")
    told = json.loads(header)
    return RevocationList(
        issuer_key=told["emissor"],
        signer_key=told["chave"],
        scope=tuple(told["escopo"]),
        this_update=from_storage(told["emitidaEm"]),
        next_update=from_storage(told["proximaEm"]),
        width=told["largura"],
        serials=serials,
    )
