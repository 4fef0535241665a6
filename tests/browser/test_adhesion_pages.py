"""Lists of adhesion that are longer than a page, as the platform tells them a page at a time."""

import json
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route, expect

from tests.browser.adhesion_files import COMPANY
from tests.browser.visits import SignedIn
from tests.support.agents import ANA

COMPANIES = 120
PAGE_SIZE = 50


def asked(route: Route) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}


def companies(route: Route) -> None:
    """As many companies as nobody in the demo represents."""
    page = int(asked(route)["pagina"])
    shown = range(COMPANIES)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    told = [
        {
            "razaoSocial": f"EMPRESA DE NÚMERO {number} LTDA.",
            "cnpj": COMPANY,
            "sigla": f"EMPRESA {number}",
            "status": "SEM_CERTIFICADO",
            "situacao": "NAO_ADERIDO",
            "certificados": [],
        }
        for number in shown
    ]
    body = {"total": COMPANIES, "pagina": page, "tamanhoPagina": PAGE_SIZE, "empresas": told}
    route.fulfill(content_type="application/json", body=json.dumps(body))


def history(route: Route) -> None:
    """Two pages; the second is asked for by what the first one told."""
    first = "apos" not in asked(route)
    event = {
        "quando": "2026-11-20T10:00:00-03:00" if first else "2025-11-20T10:00:00-03:00",
        "quem": "Ana Demonstração" if first else "Sistema",
        "ato": "SENHA_DEFINIDA" if first else "ACESSO_BLOQUEADO",
        "alvo": "",
        "de": "ADERIDO" if first else "LIBERADO",
        "para": "ADERIDO" if first else "BLOQUEADO",
    }
    body = {"eventos": [event], "proxima": "2025-11-20T13:00:00Z.00000000-00" if first else None}
    route.fulfill(content_type="application/json", body=json.dumps(body))


def test_companies_are_turned_page_by_page(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ANA, "/")
    page.route(re.compile(r"/adesoes\?"), companies)
    page.goto("/#/empresas")
    expect(page.get_by_text("120 empresas", exact=True)).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + PAGE_SIZE)
    before, after = (page.get_by_role("button", name=name) for name in ("Página anterior", "Próxima página"))
    expect(before).to_have_attribute("aria-disabled", "true")
    after.click()
    expect(page.get_by_role("row", name="EMPRESA 99")).to_be_visible()
    after.click()
    expect(page.get_by_text("Página 3 de 3")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + COMPANIES - 2 * PAGE_SIZE)
    expect(after).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Buscar por razão social, sigla ou CNPJ").fill("empresa")
    expect(page.get_by_text("Página 1 de 3")).to_be_visible()


def test_older_history_is_put_below_what_is_shown(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ANA, "/")
    page.route(re.compile(f"/adesoes/{COMPANY}/historico"), history)
    page.goto(f"/#/empresas/{COMPANY}/historico")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Mostrar mais antigos").click()
    expect(page.get_by_role("row").last).to_contain_text("Acesso bloqueado")
    expect(page.get_by_role("row").last).to_contain_text("Liberado → Bloqueado")
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("Este é o começo do histórico.")).to_be_visible()
