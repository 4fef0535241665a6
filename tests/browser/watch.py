"""What a page does wrong while a test looks elsewhere: each is a fault of the test unless it was expected."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_BINDING: Final = "avalTestViolation"
# The document tells of each violation, also of one that a report-only policy let pass.
_TELL_VIOLATIONS: Final = f"""
addEventListener("securitypolicyviolation", (event) => {{
  const place = `${{event.sourceFile}}:${{event.lineNumber}}`;
  window.{_BINDING}(`${{event.effectiveDirective}} of ${{event.blockedURI || "inline"}} at ${{place}}`);
}});
"""
# What the console says of a request is told by the request itself, with its status.
_OF_A_REQUEST: Final = "Failed to load resource"
# The page itself gave it up, or was left.
_GIVEN_UP: Final = "net::ERR_ABORTED"
_NO_NETWORK: Final = frozenset({"data", "blob", "about"})


# No slots: Playwright keeps something of its own on whoever listens.
@dataclass
class Watch:
    """`origins` are those that the page may ask."""

    origins: Iterable[str]
    faults: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """The origins that were asked."""
    _expected: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.expose_binding(_BINDING, lambda _, told: self.faults.append(f"policy: {told}"))
        context.add_init_script(_TELL_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_exception)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def expect(self, pattern: str) -> None:
        """Let faults pass in which `pattern` is found; that none came is a fault, too."""
        self._expected.append(pattern)

    def expect_status(self, status: int, path: str) -> None:
        """Let answers of that status pass, to requests for `path` (a pattern)."""
        self.expect(rf"^answer: {status} \S+ \S*{path}")

    def unexpected(self) -> list[str]:
        """What nobody expected, and what was expected in vain."""
        found = [fault for fault in self.faults if not any(re.search(each, fault) for each in self._expected)]
        vain = (each for each in self._expected if not any(re.search(each, fault) for fault in self.faults))
        return [*found, *(f"expected, and did not come: {each}" for each in vain)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_OF_A_REQUEST):
            self.faults.append(f"console: {message.text}")

    def _on_exception(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in _NO_NETWORK:
            return
        origin = f"{parts.scheme}://{parts.netloc}"
        self.asked.add(origin)
        if origin not in self.origins:
            self.faults.append(f"another origin: {request.method} {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != _GIVEN_UP:
            self.faults.append(f"failed: {request.method} {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            request = response.request
            self.faults.append(f"answer: {response.status} {request.method} {response.url}")
