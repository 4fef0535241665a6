"""Policies see the loopback as the secure transport that it stands for.

Bucket policies of the templates deny `aws:SecureTransport: false`, as they must. Locally nothing leaves the
machine and the emulator speaks plain HTTP, so the condition would deny everything.
"""

from collections.abc import Callable

from ministack import app

from local.emulator.upstream import replace


def install() -> None:
    replace(app, "pin_request_origin", still_has="_request_origin.set", by=_as_secure)


def _as_secure(original: Callable[[str, bool], None]) -> Callable[[str, bool], None]:
    return lambda source_address, _secure: original(source_address, True)
