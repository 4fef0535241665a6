"""The machinery itself: what a page does wrong is a fault, and what is expected in vain is one, too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import made_pages
from tests.browser.made_pages import ORIGIN
from tests.browser.watch import Watch

_DIRECTIVES = "default-src 'none'; connect-src *; require-trusted-types-for 'script'"
POLICY = {"content-security-policy": _DIRECTIVES}


@pytest.fixture
def watched() -> Watch:
    """Judged by the test, and by nothing else."""
    return Watch([ORIGIN])


@pytest.fixture
def window(browser: Browser, watched: Watch) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        watched.follow(context)
        yield context


def faults_of(window: BrowserContext, watched: Watch, script: str) -> list[str]:
    page = made_pages.serve(window, made_pages.EMPTY, headers=POLICY)
    page.evaluate(script)
    page.wait_for_timeout(100)
    return watched.unexpected()


def test_finds_nothing_where_nothing_is_wrong(window: BrowserContext, watched: Watch) -> None:
    assert faults_of(window, watched, "console.warn('only a warning')") == []
    assert watched.asked == {ORIGIN}


@pytest.mark.parametrize(
    ("script", "begins"),
    [
        ("console.error('something broke')", "console: something broke"),
        ("setTimeout(() => { throw new Error('nobody caught it') })", "uncaught: nobody caught it"),
        ("void Promise.reject(new Error('nobody waited'))", "uncaught: nobody waited"),
        (
            "document.body.setAttribute('style', 'color: red')",
            "policy: style-src",
        ),
        (
            "document.body.append(Object.assign(document.createElement('img'), {src: '/x.png'}))",
            "policy: img-src",
        ),
        ("try { document.body.innerHTML = '<p>' } catch {}", "policy: require-trusted-types-for"),
        ("fetch('/nothing')", f"answer: 404 GET {ORIGIN}/nothing"),
        (
            "void fetch('https://elsewhere.example/').catch(() => 0)",
            "another origin: GET https://elsewhere.example/",
        ),
        (
            "void fetch('https://elsewhere.example/').catch(() => 0)",
            "failed: GET https://elsewhere.example/ net::",
        ),
    ],
)
def test_tells_what_a_page_did(window: BrowserContext, watched: Watch, script: str, begins: str) -> None:
    faults = faults_of(window, watched, script)
    assert [fault for fault in faults if fault.startswith(begins)], faults


def test_lets_pass_what_was_expected_and_nothing_else(window: BrowserContext, watched: Watch) -> None:
    watched.expect_status(404, "/nothing")
    faults = faults_of(window, watched, "Promise.all([fetch('/nothing'), fetch('/else')])")
    assert faults == [f"answer: 404 GET {ORIGIN}/else"]


def test_what_was_expected_in_vain_is_a_fault(window: BrowserContext, watched: Watch) -> None:
    watched.expect("uncaught: never")
    assert faults_of(window, watched, "0") == ["expected, and did not come: uncaught: never"]


def test_a_request_that_the_page_gave_up_is_none(window: BrowserContext, watched: Watch) -> None:
    script = "void fetch('/nothing', {signal: AbortSignal.abort()}).catch(() => 0)"
    assert faults_of(window, watched, script) == []
