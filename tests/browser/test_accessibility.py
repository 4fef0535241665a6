"""The machinery itself: axe is asked, and what it finds is told."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import accessibility, made_pages

STRICT = {
    "content-security-policy": "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        yield context


def test_passes_a_page_without_a_violation_under_the_strictest_policy(window: BrowserContext) -> None:
    page = made_pages.serve(window, made_pages.document("<h1>Feita</h1><p>Texto.</p>"), headers=STRICT)
    accessibility.require_accessible(page)


def test_names_rule_element_and_advice(window: BrowserContext) -> None:
    page = made_pages.serve(
        window, made_pages.document('<h1>Feita</h1><input class="sem-rotulo">'), headers=STRICT
    )
    with pytest.raises(pytest.fail.Exception) as refused:
        accessibility.require_accessible(page)
    told = str(refused.value)
    assert "- label (critical)" in told
    assert 'input: <input class="sem-rotulo">' in told


def test_a_contrast_too_low_is_a_violation(window: BrowserContext) -> None:
    grey = made_pages.document('<h1>Feita</h1><p style="color: #999">Cinza.</p>')
    with pytest.raises(pytest.fail.Exception, match="color-contrast"):
        accessibility.require_accessible(made_pages.serve(window, grey))


SPIN = "@keyframes spin { to { rotate: 1turn } } p { animation: spin 1s infinite }"


@pytest.mark.parametrize(
    ("style", "moves"),
    [
        (SPIN, True),
        (f"@media (prefers-reduced-motion: no-preference) {{ {SPIN} }}", False),
        (f"{SPIN} @media (prefers-reduced-motion: reduce) {{ p {{ animation: none }} }}", False),
    ],
)
def test_tells_what_moves_in_spite_of_reduced_motion(window: BrowserContext, style: str, moves: bool) -> None:
    page = made_pages.serve(window, made_pages.document(f"<style>{style}</style><h1>Feita</h1><p>Gira.</p>"))
    if moves:
        with pytest.raises(AssertionError, match="spin of <p>"):
            accessibility.require_still(page)
    else:
        accessibility.require_still(page)
