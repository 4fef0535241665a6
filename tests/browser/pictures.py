"""What a page looks like, in every way in which people look at it, as files for a person to judge."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import CDPSession, Page

from local.places import DEFAULT_STATE
from tests.browser.visits import DESK, PHONE

FOLDER: Final = DEFAULT_STATE / "screenshots"


@dataclass(frozen=True, slots=True)
class Look:
    """`scale` is a zoom as a browser does it: so many fewer CSS pixels, each drawn so much larger."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    scale: int = 1


LOOKS: Final = (
    Look("claro", DESK["width"], DESK["height"]),
    Look("escuro", DESK["width"], DESK["height"], scheme="dark"),
    Look("celular", PHONE["width"], PHONE["height"]),
    Look("200", DESK["width"] // 2, DESK["height"] // 2, scale=2),
)
# Tables may scroll inside themselves; the page may not (WCAG 2.2, 1.4.10).
_SIDEWAYS: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def take(page: Page, name: str) -> None:
    """Keep a picture of `page` in every look; fail when it has to be scrolled sideways in one of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sideways: dict[str, int] = {}
    for look in LOOKS:
        with looking(page, look) as session:
            (FOLDER / f"{name}-{look.name}.png").write_bytes(_pixels(page, session, look))
            if over := page.evaluate(_SIDEWAYS):
                sideways[look.name] = over
    assert sideways == {}, f"{name} is wider than the window by so many pixels: {sideways}"


@contextmanager
def looking(page: Page, look: Look) -> Iterator[CDPSession]:
    """See `page` that way, then as before."""
    before = page.viewport_size
    session = page.context.new_cdp_session(page)
    page.emulate_media(color_scheme=look.scheme)
    _resize(page, session, look)
    # What sticks to the top of the window would else stand in the middle of a picture of all of the page.
    page.evaluate("scrollTo(0, 0)")
    try:
        yield session
    finally:
        # Not detached: that would undo what others emulate, too, as that there is no connection.
        session.send("Emulation.clearDeviceMetricsOverride")
        page.emulate_media(color_scheme="null")
        if before:
            page.set_viewport_size(before)


def _resize(page: Page, session: CDPSession, look: Look) -> None:
    page.set_viewport_size({"width": look.width, "height": look.height})
    if look.scale != 1:
        metrics = {
            "width": look.width,
            "height": look.height,
            "deviceScaleFactor": look.scale,
            "mobile": False,
        }
        session.send("Emulation.setDeviceMetricsOverride", metrics)


def _pixels(page: Page, session: CDPSession, look: Look) -> bytes:
    """The whole page as PNG; Playwright's own picture undoes a scale that it did not set."""
    if look.scale == 1:
        return page.screenshot(full_page=True, animations="disabled")
    taken = session.send("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
    return base64.b64decode(taken["data"])
