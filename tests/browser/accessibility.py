"""axe-core over a page as it stands, by the rules of WCAG 2.0, 2.1 and 2.2, A and AA."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from local import page_tools

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
_RUN: Final = """
async (tags) => {
  const found = await axe.run(document, { runOnly: tags });
  return { violations: found.violations, passed: found.passes.length };
}
"""
# A transition of a blink is how style sheets often switch motion off, so that their events still come.
_MOVING: Final = """
async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const running = document.getAnimations().filter((one) => one.playState === "running");
  const long = running.filter((one) => one.effect.getComputedTiming().activeDuration > 20);
  const name = (one) => one.animationName ?? one.transitionProperty;
  return long.map((one) => `${name(one)} of ${one.effect.target?.outerHTML.slice(0, 120)}`);
}
"""


@cache
def _source() -> str:
    page_tools.have_packages()
    return (page_tools.WEB / "node_modules/axe-core/axe.min.js").read_text()


def require_accessible(page: Page) -> None:
    """Fail with every violation: the rule, the element, and what axe says to do."""
    # By the debugger, which no policy of the page stops; a script element would be refused.
    page.evaluate(_source())
    found = page.evaluate(_RUN, list(TAGS))
    # Nothing was judged where nothing is shown.
    assert found["passed"] > 0, f"axe found nothing to judge at {page.url}"
    if violations := list(_lines(found["violations"])):
        pytest.fail("\n".join([f"axe at {page.url}:", *violations]), pytrace=False)


def _lines(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        yield f"- {violation['id']} ({violation['impact']}): {violation['help']}, {violation['helpUrl']}"
        for node in violation["nodes"]:
            advice = node["failureSummary"].replace("\n", " ")
            yield f"    {' '.join(map(str, node['target']))}: {node['html'][:200]}\n      {advice}"


def require_still(page: Page) -> None:
    """Fail with what moves although the person asked for reduced motion (WCAG 2.2, 2.3.3)."""
    page.emulate_media(reduced_motion="reduce")
    moving: list[str] = page.evaluate(_MOVING)
    assert moving == [], f"moves at {page.url} in spite of prefers-reduced-motion: {moving}"
