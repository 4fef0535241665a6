"""A list of five thousand agents: a few rows exist, and it is used and read as if all did."""

import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.published import EVENT, publication, sigla
from tests.browser.visits import PHONE, SignedIn, Visits

ANA: Final = "ana@demo.aval.example"
COUNT: Final = 5_000
MOST_ROWS: Final = 100
ROW_PIXELS: Final = 40
_PATH: Final = f"/publicacao/{EVENT}"
_SHOWN: Final = """
(frame) => {
  const head = frame.querySelector("[role=columnheader]").getBoundingClientRect();
  const box = frame.getBoundingClientRect();
  const middle = (from, to) => document.elementFromPoint(box.left + 40, (from + to) / 2);
  const rows = [...frame.querySelectorAll(".rows > [role=row]")];
  const inSight = rows.filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > head.bottom + 1 && top < box.bottom - 1;
  });
  return inSight.map((row) => [Number(row.ariaRowIndex), row.querySelector("[role=rowheader]").textContent]);
}
"""


@pytest.fixture
def table(page_signed_in: SignedIn) -> Locator:
    page = page_signed_in(ANA)
    return shown(page)


def shown(page: Page, count: int = COUNT) -> Locator:
    page.route(re.compile(rf"{_PATH}$"), lambda route: route.fulfill(json=publication(count)))
    page.goto(f"/#{_PATH}")
    table = page.get_by_role("table", name="Fatores da semana")
    expect(table.get_by_role("rowheader", name=sigla(1), exact=True)).to_be_visible()
    table.evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
    return table


def in_sight(table: Locator) -> list[tuple[int, str]]:
    told: list[list[object]] = table.evaluate(_SHOWN)
    return [(int(str(index)), str(name)) for index, name in told]


def require_gapless(table: Locator) -> None:
    """Rows in sight follow one upon the other, are named by their place, and fill the frame."""
    rows = in_sight(table)
    indexes = [index for index, _ in rows]
    assert indexes == list(range(indexes[0], indexes[0] + len(rows)))
    # The first row of the table is its head.
    assert [name for _, name in rows] == [sigla(index - 1) for index in indexes]
    assert len(rows) >= (table.evaluate("(frame) => frame.clientHeight") - ROW_PIXELS) // ROW_PIXELS


def scroll_to(table: Locator, pixels: int) -> None:
    table.evaluate("(frame, at) => frame.scrollTo(0, at)", pixels)


def test_tells_how_long_it_is_and_keeps_few_rows(table: Locator) -> None:
    expect(table).to_have_attribute("aria-rowcount", str(COUNT + 1))
    assert 10 < table.get_by_role("row").count() < MOST_ROWS
    require_gapless(table)


def test_shows_the_rows_of_wherever_it_is_scrolled_to(table: Locator) -> None:
    for row in (7, 8, 2_500, 4_999, 1_203, 1):
        scroll_to(table, (row - 1) * ROW_PIXELS)
        expect(table.get_by_role("rowheader", name=sigla(row), exact=True)).to_be_visible()
        require_gapless(table)
        assert table.get_by_role("row").count() < MOST_ROWS


def test_the_wheel_moves_through_it_without_a_gap(table: Locator) -> None:
    table.hover()
    for _ in range(12):
        table.page.mouse.wheel(0, 1_700)
        # Two frames: the wheel has moved it, and what it moved to has been drawn.
        table.evaluate(
            "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )
        require_gapless(table)
    assert in_sight(table)[0][0] > 100


def test_end_leads_to_the_last_row_and_home_to_the_first(table: Locator) -> None:
    table.focus()
    table.press("End")
    last = table.get_by_role("rowheader", name=sigla(COUNT), exact=True)
    expect(last).to_be_in_viewport()
    expect(table.locator(f'[aria-rowindex="{COUNT + 1}"]')).to_contain_text(sigla(COUNT))
    require_gapless(table)
    table.press("Home")
    expect(table.get_by_role("rowheader", name=sigla(1), exact=True)).to_be_in_viewport()
    assert table.get_by_role("row").count() < MOST_ROWS


def test_tab_goes_from_link_to_link_through_rows_that_did_not_exist(table: Locator) -> None:
    page = table.page
    table.focus()
    # Every fifth row has a link.
    for number in range(1, 200, 5):
        page.keyboard.press("Tab")
        focused = page.locator("a:focus")
        expect(focused).to_have_accessible_name(f"Endereço de {sigla(number)}, em outra janela")
        expect(focused).to_be_in_viewport()
        assert number + 1 in [index for index, _ in in_sight(table)], "the focus is under the head"


def test_a_link_keeps_the_focus_while_its_row_is_scrolled_away(table: Locator) -> None:
    link = table.get_by_role("link", name=f"Endereço de {sigla(6)},")
    link.focus()
    scroll_to(table, 3_000 * ROW_PIXELS)
    expect(table.get_by_role("rowheader", name=sigla(3_001), exact=True)).to_be_visible()
    expect(link).to_be_focused()
    for key, number in (("Shift+Tab", 1), ("Tab", 6), ("Tab", 11)):
        table.page.keyboard.press(key)
        near = table.get_by_role("link", name=f"Endereço de {sigla(number)},")
        expect(near).to_be_focused()
        expect(near).to_be_in_viewport()


def test_a_filter_shows_its_first_row_whatever_was_looked_at(table: Locator) -> None:
    scroll_to(table, 3_000 * ROW_PIXELS)
    page = table.page
    page.get_by_role("searchbox").fill("AGENTE 04")
    expect(page.get_by_text(f"1.000 de {COUNT:,}".replace(",", "."))).to_be_visible()
    expect(table).to_have_attribute("aria-rowcount", "1001")
    expect(table.get_by_role("rowheader", name=sigla(4_000), exact=True)).to_be_in_viewport()
    page.get_by_role("searchbox").fill("AGENTE 04999")
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_role("searchbox").fill("ninguém")
    expect(page.get_by_text("Nenhum agente da lista é como o que se procura.")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(table).to_have_attribute("aria-rowcount", str(COUNT + 1))
    require_gapless(table)


def test_grows_with_the_text(table: Locator) -> None:
    table.page.evaluate("document.documentElement.style.fontSize = '32px'")
    table.page.set_viewport_size({"width": 1200, "height": 900})
    table.scroll_into_view_if_needed()
    scroll_to(table, 2_000 * ROW_PIXELS * 2)
    expect(table.get_by_role("rowheader", name=sigla(2_001), exact=True)).to_be_visible()
    indexes = [index for index, _ in in_sight(table)]
    assert indexes == list(range(indexes[0], indexes[0] + len(indexes)))


def test_says_whose_row_it_is_while_a_phone_is_scrolled_sideways(visits: Visits) -> None:
    table = shown(visits.signed_in(ANA, viewport=PHONE))
    name = table.get_by_role("rowheader", name=sigla(3), exact=True)
    before = name.bounding_box()
    table.evaluate("(frame) => frame.scrollTo(10_000, 0)")
    expect(table.get_by_role("columnheader", name="Divulgação")).to_be_in_viewport()
    assert name.bounding_box() == before
    expect(name).to_be_in_viewport()
    assert table.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_is_accessible_at_both_ends_and_empty(table: Locator, axe: Callable[[Page], None]) -> None:
    axe(table.page)
    table.press("End")
    expect(table.get_by_role("rowheader", name=sigla(COUNT), exact=True)).to_be_in_viewport()
    axe(table.page)
    table.page.get_by_role("searchbox").fill("ninguém")
    expect(table).to_be_hidden()
    axe(table.page)


def test_is_whole_in_every_look(table: Locator, picture: Callable[[Page, str], None]) -> None:
    scroll_to(table, 2_000 * ROW_PIXELS)
    expect(table.get_by_role("rowheader", name=sigla(2_001), exact=True)).to_be_visible()
    picture(table.page, "lista-longa")


def test_paper_has_every_row(page_signed_in: SignedIn) -> None:
    count = 400
    table = shown(page_signed_in(ANA), count)
    sheets = table.page.pdf(format="A4")
    # Forty rows a sheet at the most: what is in sight would fill one.
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) >= count / 40
    expect(table.get_by_role("row")).not_to_have_count(count + 1)
    assert table.get_by_role("row").count() < MOST_ROWS
