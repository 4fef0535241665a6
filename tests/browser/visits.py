"""Windows that a test opens: each a context of its own, watched, signed in by the page's own form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import PATIENCE_SECONDS
from tests.browser.recorder import Recorder
from tests.browser.signing_in import sign_in
from tests.browser.watch import Watch
from tests.support.stack import Stack

DESK: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 390, "height": 844}

Kept = Mapping[str, str]
"""What a login leaves in `sessionStorage`, where the page keeps it."""

_PUT_BACK: Final = """
if (location.protocol === "https:" && sessionStorage.length === 0) {
  for (const [name, value] of Object.entries(%s)) sessionStorage.setItem(name, value);
}
"""


@dataclass(slots=True)
class Visits:
    """`logins` outlives a test: a person signs in once a module."""

    browser: Browser
    stack: Stack
    watch: Watch
    logins: dict[str, Kept]
    recorder: Recorder | None = None
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, **options: Any) -> BrowserContext:
        """A context that has seen nothing yet; `options` are Playwright's."""
        told: dict[str, Any] = {
            "base_url": self.stack.people_url,
            "locale": "pt-BR",
            "timezone_id": "America/Sao_Paulo",
            "viewport": DESK,
            # The page has none, and what one did would be out of sight here.
            "service_workers": "block",
            **({"proxy": {"server": self.recorder.address}} if self.recorder else {}),
            **options,
        }
        context = self.browser.new_context(**told)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.watch.follow(context)
        self.contexts.append(context)
        return context

    def entrance(self, path: str = "/", **options: Any) -> Page:
        """A page on which nobody is signed in, at `path` behind the `#`."""
        page = self.window(**options).new_page()
        page.goto(f"/#{path}")
        return page

    def signed_in(self, email: str, path: str = "/", *, anew: bool = False, **options: Any) -> Page:
        """The page of `email`, who signs in once a module; `anew` is for tests that end the login."""
        context = self.window(**options)
        if anew or email not in self.logins:
            page = context.new_page()
            page.goto("/")
            sign_in(page, email, self.stack.passwords[email])
            if not anew:
                self.logins[email] = page.evaluate("({...sessionStorage})")
            page.goto(f"/#{path}")
            return page
        context.add_init_script(_PUT_BACK % json.dumps(dict(self.logins[email])))
        page = context.new_page()
        page.goto(f"/#{path}")
        return page

    def pages(self) -> list[Page]:
        return [page for context in self.contexts for page in context.pages]

    def settle(self) -> None:
        """Take the events that came since the last call: Playwright hands them out while it is called."""
        for page in self.pages():
            page.wait_for_timeout(1)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


SignedIn = Callable[..., Page]
Look = Callable[[Page, str], None]
"""A state judged by axe and kept as pictures, under that name."""
