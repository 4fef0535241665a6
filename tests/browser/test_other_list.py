"""What was delivered under another list of readers than today's: who reads it, and the way back."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from aval.sealing.readers import ReaderKeys
from tests.browser import failing
from tests.browser.factor_desk import DONE_MS, FactorAgent, FactorDesk, press
from tests.browser.own_keys import add_colleague, make_keys
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import FABIO, fresh_week
from tests.support.stack import Stack

MOVE: Final = "Entregar de novo com a lista de hoje"


@pytest.fixture(scope="module")
def desk(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> FactorDesk:
    return FactorDesk(stack, fresh_week(stack), tmp_path_factory.mktemp("lista") / "lista.chaves")


@pytest.fixture
def page(desk: FactorDesk, page_signed_in: SignedIn) -> Page:
    page = page_signed_in(FABIO)
    desk.open_keys(page)
    return page


def go(page: Page, desk: FactorDesk, word: str, agent: FactorAgent) -> Locator:
    """The agent's page of that module; returns what it tells of the delivery."""
    page.goto(f"/#/prudencial/{desk.week.event}/{word}/{agent.company}")
    delivered = page.get_by_role("region", name="O que foi entregue")
    expect(delivered).to_be_visible(timeout=DONE_MS)
    return delivered


def test_a_reader_added_since_is_told_and_both_deliveries_go_over_to_the_new_list_as_they_are(
    desk: FactorDesk, page: Page, tmp_path: Path, watch: Watch, look: Look
) -> None:
    agent = desk.computed()
    add_colleague(page, ReaderKeys.generate("bia").public, tmp_path)
    delivered = go(page, desk, "contrapartes", agent)
    expect(delivered).to_contain_text("O portfólio e as contrapartes vieram com outra lista de leitores")
    delivered = go(page, desk, "portfolio", agent)
    look(page, "lista-outra")
    # The second half fails: what was read is kept here until it is delivered.
    watch.expect_status(500, "/contrapartes$")
    failing.fail_inside(page, r"/contrapartes$", times=1)
    press(page, MOVE)
    expect(delivered.get_by_role("alert")).to_contain_text(failing.TRANSACTION, timeout=DONE_MS)
    page.get_by_role("link", name="Publicação").click()
    asked = page.get_by_role("dialog", name="Sair sem enviar?")
    expect(asked).to_contain_text("A entrega das contrapartes de HIDRO DO IPE 01")
    asked.get_by_role("button", name="Voltar").click()
    press(page, MOVE)
    expect(delivered).to_contain_text("Os da sua lista", timeout=DONE_MS)
    expect(delivered).to_contain_text("Versão 2")
    expect(page.get_by_text("Confira o fator e valide-o.")).to_be_visible()
    desk.go_to(page, agent)
    expect(page.get_by_text(agent.shown, exact=True).first).to_be_visible()
    expect(page.get_by_text("outra lista de leitores")).to_have_count(0)


def test_the_list_of_a_delivery_comes_back_by_one_press_and_who_is_not_in_it_is_told_what_to_do(
    desk: FactorDesk, page: Page, tmp_path: Path, watch: Watch, look: Look
) -> None:
    agent = desk.computed()
    add_colleague(page, ReaderKeys.generate("caio").public, tmp_path)
    page.goto(f"{desk.list_page}/{agent.company}")
    expect(page.get_by_text("Confira de quem são os dados")).to_be_visible(timeout=DONE_MS)
    back = page.get_by_role("button", name=f"Voltar à lista daquela entrega ({desk.reader.public.id})")
    expect(back).to_be_visible()
    delivered = go(page, desk, "portfolio", agent)
    back.click()
    expect(delivered).to_contain_text("Os da sua lista")
    expect(back).to_have_count(0)

    make_keys(page, "fabio-de-fora", tmp_path)
    delivered = go(page, desk, "portfolio", agent)
    watch.expect_status(422, "/leitura$")
    press(page, "Ler o que foi entregue")
    expect(delivered.get_by_role("alert")).to_contain_text("Quem assinou não é leitor", timeout=DONE_MS)
    expect(delivered).to_contain_text("As chaves em uso não estão na lista com que isto foi entregue.")
    look(page, "lista-outro-leitor")
