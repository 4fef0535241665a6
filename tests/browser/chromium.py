"""Debian's own Chromium, driven by Playwright's library for Python; nothing here brings a browser along."""

import base64
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, expect, sync_playwright

PROGRAM: Final = "chromium"
# A page that waits longer than this is stuck, even on a machine that does much else.
PATIENCE_SECONDS: Final = 30.0


@contextmanager
def launched(certificates: Iterable[Path]) -> Iterator[Browser]:
    """A browser that takes servers with the keys of `certificates`, and else what it always takes.

    Chromium trusts what NSS knows, and a local authority would have to be written into the user's own store.
    Naming the keys is narrower than Playwright's `ignore_https_errors`: any other server that the page could
    be led to is still refused.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        pytest.fail(f"{PROGRAM} is not on this machine: python -m local.test_tools says what is missing")
    keys = ",".join(pin_of(certificate) for certificate in certificates)
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=[f"--ignore-certificate-errors-spki-list={keys}"]
        )
        try:
            yield browser
        finally:
            browser.close()


def pin_of(certificate: Path) -> str:
    """SHA-256 of the public key, as RFC 7469, section 2.4, writes it."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return base64.b64encode(digest.finalize()).decode()
