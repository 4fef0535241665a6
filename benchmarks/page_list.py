"""A list of 5 000 agents in the page's own publication, against a table in which all of them simply stand.

The list is answered here in the platform's place; the code that shows it is the page's.
The table is the least that any page could do: elements made once, no framework, the page's own style sheet.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import CDPSession, Page, Route

from benchmarks.page_list_watch import PLAIN, WATCH
from benchmarks.page_window import AS_IT_IS, Desk, slowed, spread
from tests.browser.published import EVENT, publication

ROWS: Final = 5_000
RUNS: Final = 3
_TYPED: Final = "agente 49"
_SCROLLED: Final = 400_000
_PIXELS_PER_SECOND: Final = 20_000
_PATH: Final = f"/publicacao/{EVENT}"
_PLAIN_PATH: Final = "/tabela-simples"


@dataclass(frozen=True, slots=True)
class Side:
    """One way to show the list: how to come to it and where its parts are."""

    name: str
    frame: str
    row: str
    last: str
    open: Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """Milliseconds, but for counts; `*_work` is the main thread's own, which no other program lengthens."""

    first_row: float
    open_work: float
    frame_work: float
    elements: int
    rows: int
    wheel: dict[str, float]
    end: float
    page_down: float
    typing: float


def report(desk: Desk) -> None:
    print(f"\nP10 a list of {ROWS} agents, least / median / most of {RUNS}; table: all rows, no framework")
    ours, plain = ([_shown(desk, side) for _ in range(RUNS)] for side in (LIST, TABLE))
    for name, shown in (("list", ours), ("table", plain)):
        _print(name, shown)
    for what in ("open_work", "first_row", "end", "page_down", "typing"):
        ratio = min(getattr(one, what) for one in ours) / max(1, min(getattr(one, what) for one in plain))
        print(f"      {what.replace('_', ' ')}: list/table {ratio:.2f}")


def _print(what: str, shown: list[Shown]) -> None:
    def of(name: str) -> str:
        return spread([getattr(one, name) for one in shown])

    def scrolled(name: str) -> float:
        return min(one.wheel[name] for one in shown)

    print(
        f"    {what}: {of('open_work')} of the processor to open; "
        f"first row {of('first_row')} after the answer; "
        f"at most {max(one.rows for one in shown)} rows, {max(one.elements for one in shown)} elements; "
        f"End {of('end')}, PageDown {of('page_down')}, a letter {of('typing')}"
    )
    print(
        f"      wheel at {_PIXELS_PER_SECOND} px/s: {min(one.frame_work for one in shown):.1f} ms of the "
        f"processor a frame; best run: frames {scrolled('frames'):.0f}, "
        f"median {scrolled('median'):.1f} ms, p95 {scrolled('p95'):.1f} ms, "
        f"longest {scrolled('longest'):.0f} ms, over 50 ms: {scrolled('slow'):.0f}, "
        f"long tasks {scrolled('tasks'):.0f}, "
        f"frames with rows missing {max(one.wheel['bare'] for one in shown):.0f} at the worst"
    )


def _shown(desk: Desk, side: Side) -> Shown:
    with desk.window(signed_in=True) as page:
        page.add_init_script(WATCH % json.dumps([side.frame, side.row]))
        page.route(re.compile(rf"{_PATH}$"), _answer)
        page.goto("/")
        page.get_by_role("heading", level=1, name="Início").wait_for()
        session = slowed(page, AS_IT_IS)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        begun = _worked(session)
        side.open(page)
        page.locator(side.row).first.wait_for()
        told = page.evaluate("listing.told()")
        opened = _worked(session)
        with _scrolling(page):
            _wheel(page, session, side)
        scrolled = _worked(session) - opened
        wheel = page.evaluate("listing.frames()")
        page.locator(side.frame).focus()
        page_down = max(_key(page, "PageDown") for _ in range(5))
        end = _key(page, "End", until=side.last)
        rows = page.evaluate("listing.most")
        work = (opened - begun, scrolled / wheel["frames"])
        return Shown(told["first"], *work, told["elements"], rows, wheel, end, page_down, _typing(page))


def _worked(session: CDPSession) -> float:
    """Milliseconds of the processor that the page's main thread has taken so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "ThreadTime") * 1000)


@contextmanager
def _scrolling(page: Page) -> Iterator[None]:
    page.evaluate("listing.begin()")
    yield
    page.evaluate("listing.end()")


def _wheel(page: Page, session: CDPSession, side: Side) -> None:
    page.locator(side.frame).scroll_into_view_if_needed()
    box = page.locator(side.frame).bounding_box()
    assert box is not None
    gesture = {
        "x": box["x"] + 200,
        "y": box["y"] + 200,
        "yDistance": -_SCROLLED,
        "gestureSourceType": "mouse",
    }
    session.send("Input.synthesizeScrollGesture", {**gesture, "speed": _PIXELS_PER_SECOND})


def _key(page: Page, key: str, until: str | None = None) -> float:
    """Milliseconds from the key to a frame in which it did its work and nothing moves any more."""
    page.evaluate("listing.key()")
    page.keyboard.press(key)
    if until is not None:
        page.locator(until).wait_for()
    return float(page.evaluate("listing.settled()"))


def _typing(page: Page) -> float:
    """Milliseconds from a letter to the frame that shows what it left, at the worst of a word."""
    page.get_by_role("searchbox").focus()
    worst = 0.0
    for letter in _TYPED:
        page.evaluate("listing.letter()")
        page.keyboard.press(letter)
        worst = max(worst, float(page.evaluate("listing.painted")))
    return worst


def _answer(route: Route) -> None:
    route.fulfill(json=publication(ROWS))


def _open_list(page: Page) -> None:
    page.evaluate("(path) => { location.hash = path; }", _PATH)


def _open_table(page: Page) -> None:
    style = page.locator("link[rel=stylesheet]").get_attribute("href")
    html = (
        f'<!doctype html><html lang="pt-BR"><link rel="stylesheet" href="{style}"><title>Tabela</title><body>'
    )
    page.route(
        re.compile(rf"{_PLAIN_PATH}$"), lambda route: route.fulfill(body=html, content_type="text/html")
    )
    page.goto(_PLAIN_PATH)
    page.evaluate(PLAIN, _PATH)


LIST: Final = Side(
    "list", ".long-list", ".long-list .rows > [role=row]", f'[aria-rowindex="{ROWS + 1}"]', _open_list
)
TABLE: Final = Side(
    "table", "#frame", "#frame tbody > tr", f"#frame tbody > tr:nth-child({ROWS})", _open_table
)
