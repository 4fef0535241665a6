"""Pages made for a test of the machinery, served without a server."""

from collections.abc import Mapping
from typing import Final

from playwright.sync_api import BrowserContext, Page, Route

ORIGIN: Final = "https://pagina.example"


def document(body: str) -> str:
    head = '<head><meta charset="utf-8"><title>Feita</title></head>'
    return f'<!doctype html><html lang="pt-BR">{head}<body><main>{body}</main></body></html>'


EMPTY: Final = document("<h1>Feita</h1>")


def serve(context: BrowserContext, html: str, *, headers: Mapping[str, str] | None = None) -> Page:
    """A window on `html` at `ORIGIN`; everything else there is a 404."""

    def fulfil(route: Route) -> None:
        if route.request.url == f"{ORIGIN}/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=dict(headers or {}))
        else:
            route.fulfill(status=404, body="")

    context.route(f"{ORIGIN}/**", fulfil)
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    return page
