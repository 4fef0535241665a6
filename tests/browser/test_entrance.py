"""What a browser gets before anybody has signed in."""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Final

from playwright.sync_api import Page, expect

from local import page_build
from tests.browser.visits import SignedIn, Visits
from tests.browser.watch import Watch
from tests.browser.wire import Wire
from tests.support.stack import Stack

ANA: Final = "ana@demo.aval.example"
MOST_SCRIPT_BYTES: Final = 150_000
"""Of script on first load, compressed (issue 6). A kilobyte has a thousand bytes: the stricter reading."""
_INTEGRITY: Final = re.compile(
    r'<(?:script|link)\b[^>]*\bintegrity="(sha384-[^"]+)"[^>]*\b(?:src|href)="([^"]+)"'
)
_ASKED_FOR: Final = re.compile(r'<(?:script\b[^>]*\bsrc|link\b[^>]*rel="stylesheet"[^>]*\bhref)="([^"]+)"')


def policy_of(headers: Mapping[str, str]) -> dict[str, list[str]]:
    policy = headers["content-security-policy"]
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def test_shows_the_form_and_does_nothing_wrong(page: Page) -> None:
    expect(page).to_have_title(re.compile("Aval"))
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    expect(page.get_by_label("Login", exact=True)).to_be_editable()
    expect(page.get_by_label("Senha", exact=True)).to_be_editable()
    expect(page.get_by_role("button", name="Entrar", exact=True)).to_be_enabled()


def test_has_no_violation_of_accessibility_in_either_scheme(page: Page, axe: Callable[[Page], None]) -> None:
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)


def test_is_whole_in_every_look(page: Page, picture: Callable[[Page, str], None]) -> None:
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    picture(page, "entrar")


def test_asks_its_own_origin_alone(page: Page, watch: Watch, stack: Stack) -> None:
    page.wait_for_load_state("networkidle")
    assert watch.asked == {stack.people_url}


def test_the_policy_allows_nothing_unsafe(visits: Visits) -> None:
    answer = visits.window().new_page().goto("/")
    assert answer is not None
    policy = policy_of(answer.all_headers())
    assert not [each for values in policy.values() for each in values if "unsafe" in each or each == "*"]
    assert {
        name: policy[name]
        for name in ("default-src", "script-src", "object-src", "base-uri")
        if name in policy
    } == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "base-uri": ["'none'"],
    }
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["require-trusted-types-for"] == ["'script'"]


def test_scripts_and_styles_are_the_bytes_that_the_document_names(wire: Wire, visits: Visits) -> None:
    page = visits.entrance()
    page.wait_for_load_state("networkidle")
    [document] = [each for each in wire.exchanges if each.url.endswith("/") and each.status == 200]
    html = unpacked(document.answer, dict(document.answer_headers)).decode()
    named = {path: digest for digest, path in _INTEGRITY.findall(html)}
    assert set(named) == set(_ASKED_FOR.findall(html)), "something is asked for without its digest"
    assert any(path.endswith(".js") for path in named)
    served = {path: digest_of(wire, path) for path in named}
    assert served == named


def digest_of(wire: Wire, path: str) -> str:
    [exchange] = wire.to(path)
    content = unpacked(exchange.answer, dict(exchange.answer_headers))
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def unpacked(content: bytes, headers: Mapping[str, str]) -> bytes:
    told = {name.lower(): value for name, value in headers.items()}
    return gzip.decompress(content) if told.get("content-encoding") == "gzip" else content


def test_the_script_of_the_first_load_is_small(wire: Wire, visits: Visits) -> None:
    visits.entrance().wait_for_load_state("networkidle")
    scripts = [each for each in wire.exchanges if each.url.endswith(".js")]
    assert scripts
    asked = {each.url.rpartition("/")[2] for each in scripts}
    built = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in page_build.DIST.rglob("*.js")}
    assert sum(built[name] for name in asked) <= MOST_SCRIPT_BYTES
    # And as it came over the wire.
    assert sum(len(each.answer) for each in scripts) <= MOST_SCRIPT_BYTES


def test_a_person_signs_in_and_a_new_window_goes_on_with_it(page_signed_in: SignedIn) -> None:
    for _ in range(2):
        page = page_signed_in(ANA)
        expect(page.get_by_label("Senha", exact=True)).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Entrar")


def test_a_wrong_password_is_told_beside_the_form(page: Page, watch: Watch, stack: Stack) -> None:
    watch.expect_status(400, re.escape(stack.described["cognito_url"]))
    page.get_by_label("Login", exact=True).fill(ANA)
    page.get_by_label("Senha", exact=True).fill("Errada-errada-1")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_text("O login ou a senha não confere")).to_be_visible()
