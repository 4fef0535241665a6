"""What tests in a browser are given: windows that are watched, people signed in, the wire, pictures.

A test fails by whatever its pages did wrong on the side: an error in the console, an exception, a violation
of the policy, a request to somebody else, an answer from 400 on, unless it told `watch.expect` of it.

The policy forbids `eval`, so that Playwright's `wait_for_function` fails: wait by `expect`. Against a stack
that runs already: AVAL_TEST_STACK=.aval pytest tests/browser. Pictures are in .aval/screenshots.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, Page

from local import tls
from tests.browser import accessibility, pictures
from tests.browser.chromium import launched
from tests.browser.recorder import Recorder, recording
from tests.browser.visits import Kept, Look, SignedIn, Visits
from tests.browser.watch import Watch
from tests.browser.wire import Wire
from tests.support.stack import Stack

_VISITS: Final = "visits"
_RECORDED: Final = "recorder"


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Judge the windows while the test can still fail; keep what they showed when it did."""
    visits = pyfuncitem.funcargs.get(_VISITS)
    if not isinstance(visits, Visits):
        return (yield)
    try:
        result = yield
        visits.settle()
        if faults := visits.watch.unexpected():
            pytest.fail("\n".join(["the page did what no test expects:", *faults]), pytrace=False)
    except BaseException as failure:
        failure.add_note("\n".join(["Of the windows of this test:", *visits.watch.faults]))
        _keep_what_is_shown(visits, pyfuncitem.nodeid)
        raise
    return result


def _keep_what_is_shown(visits: Visits, test: str) -> None:
    folder = pictures.FOLDER / "falhas"
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", test.removeprefix("tests/browser/"))
    for number, page in enumerate(visits.pages()):
        try:
            page.screenshot(path=folder / f"{name}-{number}.png", timeout=5000)
        except Error as gone:
            print(f"no picture of window {number}: {gone.message}")  # noqa: T201 - part of the report of a failure


@pytest.fixture(scope="session")
def recorder(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    with recording(tls.server_files(tmp_path_factory.mktemp("recorder")), stack.context()) as running:
        yield running


@pytest.fixture(scope="session")
def browser(stack: Stack, recorder: Recorder) -> Iterator[Browser]:
    with launched([stack.places.tls / "server.pem", recorder.own.certificate]) as running:
        yield running


@pytest.fixture(scope="module")
def logins() -> dict[str, Kept]:
    return {}


@pytest.fixture(scope="session")
def origins(stack: Stack) -> Sequence[str]:
    """Whom the page may ask: the platform, the user pool, and where files are uploaded to."""
    return (stack.people_url, stack.described["cognito_url"], stack.described["emulator_url"])


@pytest.fixture
def watch(origins: Sequence[str]) -> Watch:
    return Watch(origins)


@pytest.fixture
def visits(
    request: pytest.FixtureRequest, browser: Browser, stack: Stack, watch: Watch, logins: dict[str, Kept]
) -> Iterator[Visits]:
    recorder = request.getfixturevalue(_RECORDED) if "wire" in request.fixturenames else None
    opened = Visits(browser, stack, watch, logins, recorder)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def page(visits: Visits) -> Page:
    """The entrance, where nobody is signed in."""
    return visits.entrance()


@pytest.fixture
def page_signed_in(visits: Visits) -> SignedIn:
    """`page_signed_in(email, path)`."""
    return visits.signed_in


@pytest.fixture
def wire(recorder: Recorder) -> Wire:
    """Every message of this test's windows."""
    return Wire(recorder, len(recorder.exchanges))


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    return accessibility.require_accessible


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], None]:
    return pictures.take


@pytest.fixture
def look(axe: Callable[[Page], None], picture: Callable[[Page, str], None]) -> Look:
    """Judge a state by axe and keep its pictures."""

    def judged(page: Page, name: str) -> None:
        # What sticks to the window's top would else lie over what was scrolled below it.
        page.evaluate("scrollTo(0, 0)")
        axe(page)
        picture(page, name)

    return judged
