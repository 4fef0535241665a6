"""Windows of Debian's Chromium to measure in: slowed as Lighthouse's mobile preset does, or as they are."""

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from local.places import Places
from tests.browser.signing_in import sign_in
from tests.support.stack import Stack, free_port_base

PERSON: Final = "fabio@demo.aval.example"
_DESK: Final = {"width": 1280, "height": 800}
_PUT_BACK: Final = """
if (location.protocol === "https:" && sessionStorage.length === 0) {
  for (const [name, value] of Object.entries(%s)) sessionStorage.setItem(name, value);
}
"""


@dataclass(frozen=True, slots=True)
class Slowness:
    """What stands between a page and the person; zero is nothing at all."""

    name: str
    processor: int = 1
    latency_ms: float = 0
    bytes_per_second: float = -1


AS_IT_IS: Final = Slowness("as it is")
# Lighthouse's "mobile slow 4G" of 150 ms and 1.6 Mbit/s as it applies it in DevTools
# (core/config/constants.js): a request waits 3.75 round trips, because the throttle knows nothing of TCP and
# TLS, and 0.9 of the rate is left.
MOBILE: Final = Slowness("mobile", 4, 150 * 3.75, 1.6 * 1024 * 1024 / 8 * 0.9)


@dataclass(frozen=True, slots=True)
class Desk:
    """Opens windows that remember nothing of each other; `login` is what a person's login leaves in a tab."""

    browser: Browser
    stack: Stack
    login: Mapping[str, str]

    @classmethod
    def of(cls, browser: Browser, stack: Stack) -> "Desk":
        context = _context(browser, stack)
        page = context.new_page()
        page.goto("/")
        sign_in(page, PERSON, stack.passwords[PERSON])
        login = page.evaluate("({...sessionStorage})")
        context.close()
        return cls(browser, stack, login)

    @contextmanager
    def window(self, *, signed_in: bool = False) -> Iterator[Page]:
        context = _context(self.browser, self.stack)
        if signed_in:
            context.add_init_script(_PUT_BACK % json.dumps(dict(self.login)))
        try:
            yield context.new_page()
        finally:
            context.close()


def slowed(page: Page, slowness: Slowness) -> CDPSession:
    """The session is to be kept: with it the slowness goes."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    rate = slowness.bytes_per_second
    conditions = {"latency": slowness.latency_ms, "downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowness.processor})
    return session


@contextmanager
def stack_at(state: Path | None) -> Iterator[Stack]:
    """The stack that runs on `state`, or one of its own that goes when all is measured."""
    if state is not None:
        yield Stack.that_runs(Places(state.resolve()))
        return
    with TemporaryDirectory(prefix="aval-page-") as folder:
        stack = Stack(Places(Path(folder)), free_port_base())
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """Least, median and most: on a shared machine the least says most."""
    least, middle, most = min(values), statistics.median(values), max(values)
    return f"{least:.0f} / {middle:.0f} / {most:.0f} {unit}"


def _context(browser: Browser, stack: Stack) -> BrowserContext:
    told: dict[str, Any] = {"base_url": stack.people_url, "locale": "pt-BR", "viewport": _DESK}
    context = browser.new_context(**told, timezone_id="America/Sao_Paulo")
    context.set_default_timeout(120_000)
    return context
