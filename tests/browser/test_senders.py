"""Who works for several companies: in whose name is chosen, and nothing of one is another's."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from aval.sealing.readers import ReaderKeys
from local.demo_files import workbook
from tests.browser.many_senders import Somebody, somebody_for
from tests.browser.monitored_week import AGENTS, ANSWERED_MS, cell, fill_portfolio
from tests.browser.own_keys import add_colleague, make_keys
from tests.browser.signing_in import sign_in
from tests.browser.visits import Look, Visits
from tests.browser.weeks import fresh_week
from tests.e2e.ended_week import OwnWeek
from tests.support.agents import BOLT, VENTO
from tests.support.stack import Stack

# Of a class that no demo week asks.
NOT_ASKED: Final = "58290417000116"
NAMES: Final = {BOLT: "BOLT OPERACOES", VENTO: "VENTO LESTE", NOT_ASKED: "CAMPO CLARO"}
AMOUNT: Final = "Preço fixo, Recurso: montante"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def week(stack: Stack) -> OwnWeek:
    return fresh_week(stack)


@pytest.fixture(scope="module")
def iris(stack: Stack) -> Iterator[Somebody]:
    with somebody_for(stack, *NAMES) as made:
        yield made


@pytest.fixture
def page(visits: Visits, iris: Somebody, tmp_path: Path) -> Page:
    page = visits.entrance()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, iris.email, iris.password)
    make_keys(page, "iris", tmp_path)
    return page


def sender(page: Page) -> Locator:
    return page.get_by_label("Remetente", exact=True)


def choose(page: Page, company: str) -> None:
    sender(page).select_option(value=company)


def test_each_sender_has_its_own_agents_readers_and_lotes(
    page: Page, week: OwnWeek, tmp_path: Path, look: Look
) -> None:
    add_colleague(page, ReaderKeys.generate("bia").public, tmp_path)
    choose(page, VENTO)
    listed = page.get_by_role("region", name="Lista de leitores de VENTO LESTE")
    expect(listed.get_by_role("listitem")).to_have_count(1)
    look(page, "remetentes-leitores")

    page.goto(f"/#/prudencial/{week.event}/lote")
    choose(page, BOLT)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Importar arquivo").click()
    content = workbook(AGENTS[:1], week.event)
    choosing.value.set_files({"name": "de-bolt.xlsx", "mimeType": XLSX, "buffer": content})
    lote = page.get_by_role("link", name="de-bolt.xlsx")
    expect(lote).to_be_visible(timeout=ANSWERED_MS)
    address = lote.get_attribute("href")
    choose(page, VENTO)
    expect(page.get_by_text("Nenhum arquivo enviado nesta semana")).to_be_visible()
    expect(lote).to_have_count(0)
    # Its page says whose it is, whoever is chosen.
    page.goto(f"/{address}")
    expect(page.get_by_role("region", name="O envio")).to_contain_text("BOLT OPERACOES · 33.047.509/0001-49")

    page.goto(f"/#/prudencial/{week.event}/fator")
    expect(page.get_by_role("link", name="VENTO LESTE")).to_be_visible()
    expect(page.get_by_role("link", name="HIDRO DO IPE 01")).to_have_count(0)
    page.reload()
    expect(sender(page)).to_have_value(VENTO)
    choose(page, NOT_ASKED)
    expect(page.get_by_text("Nesta semana não há agente elegível")).to_be_visible()
    look(page, "remetentes-sem-agente")


def test_what_is_typed_for_one_sender_is_asked_about_and_sealed_for_it_alone(
    page: Page, week: OwnWeek, tmp_path: Path, look: Look
) -> None:
    add_colleague(page, ReaderKeys.generate("caio").public, tmp_path)
    page.goto(f"/#/prudencial/{week.event}/portfolio/{AGENTS[0]}")
    expect(page.get_by_text("Lacre conferido")).to_be_visible(timeout=ANSWERED_MS)
    cell(page, AMOUNT, 0).fill("30")
    choose(page, VENTO)
    asked = page.get_by_role("dialog", name="Sair sem enviar?")
    expect(asked).to_contain_text("O portfólio de HIDRO DO IPE 01")
    look(page, "remetentes-por-guardar")
    asked.get_by_role("button", name="Voltar").click()
    # What is shown is what is worked for.
    expect(sender(page)).to_have_value(BOLT)
    expect(cell(page, AMOUNT, 0)).to_have_value("30")
    choose(page, VENTO)
    asked.get_by_role("button", name="Sair e perder o que preparei").click()
    expect(page.get_by_text("não é um agente elegível desta semana que VENTO LESTE")).to_be_visible()

    # One agent that both may fill: sealed in the name, and to the readers, of who is chosen.
    page.goto(f"/#/prudencial/{week.event}/portfolio/{VENTO}")
    expect(page.get_by_text("Lacre conferido")).to_be_visible(timeout=ANSWERED_MS)
    expect(cell(page, AMOUNT, 0)).to_have_value("")
    fill_portfolio(page)
    with page.expect_request(lambda request: request.method == "PUT") as sent:
        page.get_by_role("button", name="Cifrar e entregar o portfólio").click()
    told = header_of(json.loads(sent.value.post_data or ""))
    assert (told["remetente"], [reader["id"] for reader in told["leitores"]]) == (VENTO, ["iris"])
    expect(page.get_by_role("status").filter(has_text=": entregue")).to_be_visible(timeout=ANSWERED_MS)
    expect(page.get_by_role("region", name="O que foi entregue")).to_contain_text("Os da sua lista")
    choose(page, BOLT)
    expect(page.get_by_role("region", name="O que foi entregue")).to_contain_text("Outra lista que a sua")


def header_of(body: dict[str, Any]) -> dict[str, Any]:
    """What a delivery tells in clear: whose it is, and who may read the answer."""
    encoded = body["selado"].partition(".")[0]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return told
