"""The machinery itself: pictures in every look, and pages that are too wide."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import made_pages, pictures

FITS = made_pages.document("<p>Uma linha de texto que se quebra onde a janela acaba.</p>")
TOO_WIDE = made_pages.document('<div style="width: 700px">largo</div>')


@pytest.fixture
def window(browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Page]:
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    with browser.new_context(viewport={"width": 1000, "height": 500}) as context:
        yield context.new_page()


def size_of(picture: Path) -> tuple[int, ...]:
    """Width and height as a PNG's first chunk tells them."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


def test_takes_one_in_every_look(window: Page, tmp_path: Path) -> None:
    window.set_content(FITS)
    pictures.take(window, "feita")
    assert {path.name: size_of(path) for path in tmp_path.iterdir()} == {
        "feita-claro.png": (1280, 800),
        "feita-escuro.png": (1280, 800),
        "feita-celular.png": (390, 844),
        "feita-200.png": (1280, 800),
    }


def test_leaves_the_window_as_it_was(window: Page) -> None:
    seen = "[innerWidth, innerHeight, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches]"
    window.set_content(FITS)
    before = window.evaluate(seen)
    pictures.take(window, "feita")
    assert window.evaluate(seen) == before


def test_shows_the_page_as_the_look_says(window: Page) -> None:
    window.set_content(FITS)
    seen = "[innerWidth, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches]"
    found = {}
    for look in pictures.LOOKS:
        with pictures.looking(window, look):
            found[look.name] = window.evaluate(seen)
    assert found == {
        "claro": [1280, 1, False],
        "escuro": [1280, 1, True],
        "celular": [390, 1, False],
        "200": [640, 2, False],
    }


def test_refuses_a_page_that_has_to_be_scrolled_sideways(window: Page) -> None:
    window.set_content(TOO_WIDE)
    with pytest.raises(AssertionError, match=r"'celular': 3.., '200': "):
        pictures.take(window, "larga")
