"""A week of a module's own, one person's keys in it, and what they type and paste."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from local.demo_files import represented
from tests.browser.own_keys import make_keys
from tests.browser.visits import SignedIn
from tests.e2e.ended_week import OwnWeek

FABIO: Final = "fabio@demo.aval.example"
AGENTS: Final = represented()
ANSWERED_MS: Final = 120_000
"""The enclave answers in seconds; a busy machine takes its time."""

BOUGHT: Final = (30, 25, 28, 20, 18, 26, 20)
SOLD: Final = (20, 30, 20, 20, 30, 20, 20)
NET: Final = tuple(buys - sells for buys, sells in zip(BOUGHT, SOLD, strict=True))
EQUITY: Final = "27.182.818,45"
DEDUCTION: Final = "3.141.592,65"
ADJUSTED: Final = "24.041.225,80"
"""No long run of one digit: its spelling in base64 would be in every digest."""
PRICE: Final = "217,{month}31977"
"""A price that nobody else has, to be looked for on the wire."""


def prices() -> list[str]:
    return [PRICE.format(month=month) for month in range(7)]


def block(*rows: Sequence[object]) -> str:
    """As a spreadsheet puts it on the clipboard."""
    return "\r\n".join("\t".join(map(str, row)) for row in rows) + "\r\n"


def whole_block() -> str:
    """The first lines of the standard sheet: fixed prices, all in the south-east."""
    return block(BOUGHT, prices(), SOLD, prices(), NET)


def desk_of(page_signed_in: SignedIn, week: OwnWeek, path: str, folder: Path, **options: Any) -> Page:
    """`path` of the week, with keys made for this test and the lock verified."""
    page = page_signed_in(FABIO, **options)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    make_keys(page, f"fabio-{path.partition('/')[0]}", folder)
    page.goto(f"/#/prudencial/{week.event}/{path}")
    expect(page.get_by_text("Lacre conferido")).to_be_visible(timeout=ANSWERED_MS)
    return page


def paste(page: Page, cell: Locator, text: str) -> None:
    """By the clipboard and the key that everybody uses."""
    cell.focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def cell(page: Page, line: str, month: int) -> Locator:
    return page.get_by_role("textbox", name=f"{line}, M+{month}", exact=True)


def fill_equity(page: Page) -> None:
    page.get_by_label("Data-base").fill("30/06/2026")
    page.get_by_label("Patrimônio líquido (R$)").fill(EQUITY)
    page.get_by_label("Item I", exact=True).fill(DEDUCTION)


def fill_portfolio(page: Page) -> None:
    fill_equity(page)
    paste(page, cell(page, "Preço fixo, Recurso: montante", 0), whole_block())
    paste(page, cell(page, "Preço fixo, por fonte, Convencional (CONV)", 0), block(NET))


def drop(page: Page, name: str, content: bytes, media_type: str = "application/json") -> None:
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Importar arquivo").click()
    choosing.value.set_files({"name": name, "mimeType": media_type, "buffer": content})


def both_spellings(typed: Mapping[str, str]) -> dict[str, str]:
    """As it is typed, and as the file has it."""
    in_file = {name: text.replace(".", "").replace(",", ".") for name, text in typed.items()}
    return {**typed, **{f"{name}, in the file": text for name, text in in_file.items()}}


def as_json(document: object) -> bytes:
    return json.dumps(document).encode()
