"""The page's host: what CloudFront does in AWS, from the distribution's own template and the built files."""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from local.edge.upstream import Headers, Request, Response
from local.page_files import DOCUMENT, TRUST_DOCUMENT, PageFile, files_of
from local.page_template import Behaviour, Distribution

DISTRIBUTION = "distribution.json"
# As S3 answers, less its numbers of the request.
NOT_THERE = b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
METHOD_REFUSED = (
    b"<html><body><h1>403 ERROR</h1><p>This distribution does not take this method.</p></body></html>"
)


@dataclass(slots=True)
class Page:
    """`files` is where the page is built to; `told` holds what is this stack's own."""

    files: Path
    told: Path
    distribution: Distribution
    _loaded: Mapping[str, PageFile] = field(default_factory=dict)
    _version: int = 0

    @classmethod
    def read(cls, files: Path, told: Path) -> Self:
        return cls(files, told, Distribution.read(told / DISTRIBUTION))

    def behaviour_of(self, target: bytes) -> Behaviour:
        path = target.split(b"?", 1)[0].decode("latin-1")
        return self.distribution.behaviour_of(path)

    def answer(self, request: Request, behaviour: Behaviour) -> Response:
        if request.method.decode("latin-1") not in behaviour.methods:
            return _response(403, b"text/html", METHOD_REFUSED)
        path = urllib.parse.unquote(request.target.split(b"?", 1)[0].decode("latin-1"))
        found = self._current().get(path.removeprefix("/") or self.distribution.root_document)
        if found is None:
            return _response(404, b"application/xml", NOT_THERE)
        told = _of_file(found, dict(request.headers))
        if request.method == b"HEAD":
            length = (b"content-length", b"%d" % len(told.body))
            return Response(told.status, [*told.headers, length], b"")
        return told

    def _current(self) -> Mapping[str, PageFile]:
        """The files as they are now: a build puts a whole new folder in the place of the old one."""
        try:
            version = (self.files / DOCUMENT).stat().st_mtime_ns
            if version != self._version:
                trust = PageFile.of(TRUST_DOCUMENT, (self.told / TRUST_DOCUMENT).read_bytes())
                self._loaded = {**files_of(self.files), TRUST_DOCUMENT: trust}
                self._version = version
        except FileNotFoundError:
            # Between two folders: the old files, once more.
            return self._loaded
        return self._loaded


def with_headers(response: Response, told: Mapping[str, str]) -> Response:
    """Return the response with the headers of its behaviour in the place of its own of that name."""
    names = {name.encode() for name in told}
    kept = [(name, value) for name, value in response.headers if name.lower() not in names]
    added = [(name.encode(), value.encode()) for name, value in told.items()]
    return Response(response.status, [*kept, *added], response.body)


def _response(status: int, media_type: bytes, body: bytes) -> Response:
    return Response(status, [(b"content-type", media_type)], body)


def _of_file(file: PageFile, asked: Mapping[bytes, bytes]) -> Response:
    packed = file.compressed if _takes_gzip(asked.get(b"accept-encoding", b"")) else None
    # What is compressed on the way is no longer the same byte for byte: RFC 9110, section 8.8.1.
    etag = file.etag if packed is None else f"W/{file.etag}"
    headers: Headers = [(b"etag", etag.encode()), (b"cache-control", file.cache_control.encode())]
    if file.compressed is not None:
        headers = [*headers, (b"vary", b"accept-encoding")]
    if _is_known(file.etag, asked.get(b"if-none-match", b"").decode("latin-1")):
        return Response(304, headers, b"")
    headers = [*headers, (b"content-type", file.media_type.encode())]
    if packed is None:
        return Response(200, headers, file.content)
    return Response(200, [*headers, (b"content-encoding", b"gzip")], packed)


def _takes_gzip(accepted: bytes) -> bool:
    for choice in accepted.decode("latin-1").lower().split(","):
        coding, *parameters = (part.strip() for part in choice.split(";"))
        if coding == "gzip":
            return not any(
                one.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for one in parameters
            )
    return False


def _is_known(etag: str, known: str) -> bool:
    """Weak comparison: RFC 9110, section 13.1.2."""
    return known.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in known.split(","))
