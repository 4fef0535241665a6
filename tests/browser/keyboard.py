"""A page worked by the keyboard alone."""

from pathlib import Path

from playwright.sync_api import Page

MOST_TABS = 60
_FOCUSED = """() => {
  const at = document.activeElement;
  return at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent;
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called `name` has the focus, and see that one sees it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED).strip() == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"nobody sees that {name} has the focus"
            return
    raise AssertionError(f"{MOST_TABS} tabs do not lead to {name}")


def choose_file(page: Page, button: str, file: Path) -> None:
    tab_to(page, button)
    with page.expect_file_chooser() as waiting:
        page.keyboard.press("Enter")
    waiting.value.set_files(file)
