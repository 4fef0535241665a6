"""The machinery itself: no network, a slow line, answers held back, a failing platform, an ended login."""

import json
import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import failing
from tests.browser.signing_in import sign_in
from tests.browser.visits import SignedIn, Visits
from tests.browser.watch import Watch

ANA = "ana@demo.aval.example"
_ASK = """
async ([path, headers]) => {
  try {
    const answer = await fetch(path, { headers });
    return [answer.status, answer.headers.get("content-type"), await answer.text()];
  } catch (failure) {
    return [0, "", String(failure)];
  }
}
"""


def ask(page: Page, path: str, **headers: str) -> tuple[int, str, Any]:
    status, media_type, text = page.evaluate(_ASK, [path, headers])
    return status, media_type, json.loads(text) if "json" in media_type else text


def test_is_offline_and_then_no_more(page: Page, watch: Watch) -> None:
    watch.expect("^failed: .* net::ERR_INTERNET_DISCONNECTED")
    with failing.offline(page.context):
        assert ask(page, "/configuracao")[0] == 0
    assert ask(page, "/configuracao")[0] == 200


def test_a_slow_line_takes_its_time(page: Page) -> None:
    begun = time.monotonic()
    with failing.slow(page, seconds=1.5):
        assert ask(page, "/configuracao")[0] == 200
    assert time.monotonic() - begun > 1.5
    begun = time.monotonic()
    assert ask(page, "/configuracao")[0] == 200
    assert time.monotonic() - begun < 1.5


def test_a_request_is_held_until_the_block_ends(page: Page) -> None:
    told = """{
      const { dataset } = document.documentElement;
      dataset.told = "asked";
      void fetch("/icone.svg?held").then(() => { dataset.told = "answered"; });
    }"""
    with failing.held(page, r"\?held$") as waiting:
        page.evaluate(told)
        page.wait_for_timeout(200)
        assert len(waiting) == 1
        expect(page.locator("html")).to_have_attribute("data-told", "asked")
    expect(page.locator("html")).to_have_attribute("data-told", "answered")


def test_the_platform_fails_as_it_does(page: Page, watch: Watch) -> None:
    watch.expect_status(500, "/configuracao")
    watch.expect_status(503, "/pagina.json")
    failing.fail_inside(page, "/configuracao", times=1)
    status, media_type, problem = ask(page, "/configuracao")
    assert (status, media_type) == (500, "application/problem+json")
    assert problem["transacao"] == failing.TRANSACTION
    assert ask(page, "/configuracao")[0] == 200
    failing.fail_at_the_gateway(page, "/pagina.json")
    assert ask(page, "/pagina.json") == (503, "application/json", {"message": "Service Unavailable"})


def test_an_ended_login_is_refused_and_a_new_one_is_taken(
    visits: Visits, page_signed_in: SignedIn, watch: Watch
) -> None:
    page = page_signed_in(ANA, anew=True)
    watch.expect("^answer: 40[01] ")
    failing.end_the_login(page, visits.stack.people_url)
    before = f"Bearer {visits.stack.token(ANA)}"
    for _ in range(2):
        assert ask(page, "/sessao", authorization=before)[0] == 401
    assert ask(page, "/configuracao")[0] == 200
    page.reload()
    sign_in(page, ANA, visits.stack.passwords[ANA])
    assert ask(page, "/sessao", authorization=f"Bearer {visits.stack.token(ANA)}")[0] == 200
    assert ask(page, "/sessao", authorization=before)[0] == 401


def test_an_ended_login_is_not_renewed(visits: Visits, page_signed_in: SignedIn, watch: Watch) -> None:
    page = page_signed_in(ANA, anew=True)
    watch.expect_status(400, "")
    failing.end_the_login(page, visits.stack.people_url)
    page.reload()
    page.get_by_label("Senha", exact=True).wait_for()
