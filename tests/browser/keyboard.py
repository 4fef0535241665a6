"""A page worked by the keyboard alone."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

MOST_TABS: Final = 30
"""From one part of a page to the next: more than that is no way."""
_FOCUSED: Final = """() => {
  const at = document.activeElement;
  return at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent;
}"""
_IS_FOCUSED: Final = "(element) => element === document.activeElement"
# In sight is what nothing lies over: neither what sticks to an edge of the window nor its end itself.
_SEEN: Final = """() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const { left, top, width, height } = at.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  return {
    ringed: outlineStyle !== "none" && parseFloat(outlineWidth) > 0,
    uncovered: over !== null && (at.contains(over) || over.contains(at)),
  };
}"""


def tab_to(page: Page, wanted: str | Locator, *, back: bool = False, most: int = MOST_TABS) -> None:
    """Press Tab until `wanted`, a name or an element, has the focus, and see that one sees it.

    With `back` Shift+Tab.
    """
    if isinstance(wanted, Locator):
        expect(wanted).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if _is_at(page, wanted):
            require_seen(page)
            return
    raise AssertionError(f"{most} tabs do not lead to {wanted}")


def require_seen(page: Page) -> None:
    """Fail unless what has the focus is marked and in sight."""
    seen = page.evaluate(_SEEN)
    name = page.evaluate(_FOCUSED)
    assert seen["ringed"], f"nobody sees that {name} has the focus"
    assert seen["uncovered"], f"{name} has the focus, and lies under something else"


def press(page: Page, wanted: str | Locator, key: str = "Enter", *, back: bool = False) -> None:
    """Go to a link or a button and press it."""
    tab_to(page, wanted, back=back)
    page.keyboard.press(key)


def write(page: Page, wanted: str | Locator, text: str, *, back: bool = False) -> None:
    """Go to a field and type."""
    tab_to(page, wanted, back=back)
    page.keyboard.type(text)


def choose_file(page: Page, button: str, file: Path, *, back: bool = False) -> None:
    # Playwright takes choosers while somebody listens: one that begins with the key press may be late.
    page.on("filechooser", lambda _: None)
    tab_to(page, button, back=back)
    with page.expect_file_chooser() as waiting:
        page.keyboard.press("Enter")
    waiting.value.set_files(file)


def _is_at(page: Page, wanted: str | Locator) -> bool:
    if isinstance(wanted, str):
        return str(page.evaluate(_FOCUSED)).strip() == wanted
    return bool(wanted.evaluate(_IS_FOCUSED))
