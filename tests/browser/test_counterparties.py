"""One agent's counterparties in the page: found by sigla, put in order, signed, delivered, read back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from aval.prudential.counterparties import example
from tests.browser.monitored_week import (
    AGENTS,
    ANSWERED_MS,
    as_json,
    both_spellings,
    desk_of,
    drop,
    fill_portfolio,
)
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import fresh_week
from tests.browser.wire import Wire
from tests.e2e.ended_week import OwnWeek
from tests.support.stack import Stack

Opens = Callable[[int], Page]
DELIVER: Final = "Assinar, cifrar e entregar"
LARGER: Final = "7.654.321,09"
SMALLER: Final = "1.234.567,89"


@pytest.fixture(scope="module")
def week(stack: Stack) -> OwnWeek:
    return fresh_week(stack)


@pytest.fixture
def opened(page_signed_in: SignedIn, week: OwnWeek, tmp_path: Path) -> Opens:
    def opens(agent: int) -> Page:
        page = desk_of(page_signed_in, week, f"contrapartes/{AGENTS[agent]}", tmp_path)
        expect(page.get_by_role("heading", name="Exposições às maiores contrapartes")).to_be_visible()
        return page

    return opens


def exposure(page: Page, order: int) -> Locator:
    return page.get_by_role("group", name=f"Exposição {order}:")


def add(page: Page, order: int, sought: str, mtm: str) -> Locator:
    """By the keyboard: the agent found as one types, its figures after it."""
    page.get_by_role("button", name="Adicionar contraparte").press("Enter")
    row = exposure(page, order)
    field = row.get_by_role("combobox", name="Procurar agente")
    field.focus()
    page.keyboard.type(sought)
    expect(page.get_by_role("option", name=sought)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(row.get_by_label("Sigla")).to_have_value(sought)
    row.get_by_label("MtM de M+0 a M+2 (R$)").focus()
    page.keyboard.type(mtm)
    return row


def deliver(page: Page) -> None:
    page.get_by_role("button", name=DELIVER).press("Enter")


def expect_delivered(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=": entregue")).to_be_visible(timeout=ANSWERED_MS)


def test_finds_orders_signs_and_delivers_unseen_and_reads_back_with_shares_of_the_equity(
    opened: Opens, week: OwnWeek, look: Look, wire: Wire
) -> None:
    page = opened(0)
    look(page, "contrapartes-vazio")
    first = add(page, 1, "VENTO LESTE", SMALLER)
    first.get_by_role("button", name="Adicionar mitigador").press("Enter")
    mitigator = first.get_by_role("group", name="Mitigador 1")
    mitigator.get_by_label("Mitigador", exact=True).select_option(label="Fiança bancária")
    mitigator.get_by_label("Valor (R$)").fill("234.567,89")
    expect(first).to_contain_text("R$ 1.000.000,00")
    add(page, 2, "BOLT OPERACOES", LARGER)
    deliver(page)
    summary = page.get_by_role("alert").filter(has_text="Há um ponto a corrigir")
    expect(summary).to_contain_text("Exposição 2: a ordem é do maior MtM em módulo para o menor")
    look(page, "contrapartes-fora-de-ordem")
    page.get_by_role("button", name="Ordenar da maior para a menor").press("Enter")
    expect(exposure(page, 1).get_by_label("Sigla")).to_have_value("BOLT OPERACOES")
    deliver(page)
    expect_delivered(page)
    expect(page.get_by_role("button", name=DELIVER)).to_be_enabled()
    expect(page.get_by_text("Versão 1")).to_be_visible()
    look(page, "contrapartes-entregue")

    page.goto(f"/#/prudencial/{week.event}/portfolio/{AGENTS[0]}")
    expect(page.get_by_role("heading", name="Portfólio por mês")).to_be_visible()
    fill_portfolio(page)
    page.get_by_role("button", name="Cifrar e entregar o portfólio").click()
    expect_delivered(page)
    page.get_by_role("link", name="Contrapartes de").click()
    page.get_by_role("button", name="Ler o que foi entregue").click()
    # 1 000 000 of a PLA of 24 041 225,80.
    expect(exposure(page, 2)).to_contain_text("4,16 % do PLA", timeout=ANSWERED_MS)
    expect(exposure(page, 1).get_by_label("MtM de M+0 a M+2 (R$)")).to_have_value(LARGER)
    look(page, "contrapartes-lidas")
    wire.require_none(both_spellings({"larger": LARGER, "smaller": SMALLER, "covered": "234.567,89"}))


def test_names_what_lacks_and_what_is_wrong_in_each_field(opened: Opens) -> None:
    page = opened(1)
    page.get_by_role("button", name="Adicionar contraparte").click()
    row = exposure(page, 1)
    row.get_by_label("CNPJ", exact=True).fill("90.000.217/0001-95")
    row.get_by_label("MtM de M+0 a M+2 (R$)").fill("dez mil")
    deliver(page)
    for sentence in ("O CNPJ não confere", "Informe a sigla da contraparte", "“dez mil” não é um número"):
        expect(row).to_contain_text(sentence)
    row.get_by_label("CNPJ", exact=True).fill(AGENTS[1])
    expect(row).to_contain_text("A contraparte tem o CNPJ do próprio agente")


def test_a_row_that_was_taken_out_comes_back(opened: Opens) -> None:
    page = opened(2)
    add(page, 1, "VENTO LESTE", "10")
    page.get_by_role("button", name="Excluir a exposição 1: VENTO LESTE").press("Enter")
    expect(exposure(page, 1)).to_have_count(0)
    page.get_by_role("button", name="Desfazer").press("Enter")
    expect(exposure(page, 1).get_by_label("Sigla")).to_have_value("VENTO LESTE")


def test_imports_a_file_as_it_is_and_shows_what_the_enclave_refuses_at_its_field(
    opened: Opens, week: OwnWeek, watch: Watch, look: Look
) -> None:
    page = opened(3)
    watch.expect_status(422, "/contrapartes$")
    document = {**json.loads(example()), "evento": week.event, "cnpj": AGENTS[3]}
    right = as_json(document)
    document["contrapartes"][0]["mitigadores"][0]["valor"] = "-1"
    drop(page, "contrapartes.json", as_json(document))
    first = exposure(page, 1)
    expect(first).to_contain_text("O valor do mitigador deve ser maior ou igual a zero", timeout=ANSWERED_MS)
    expect(page.get_by_role("alert").filter(has_text="Há um ponto a corrigir")).to_be_visible()
    look(page, "contrapartes-recusado")
    drop(page, "contrapartes.json", right)
    expect_delivered(page)


def test_gives_the_schema_and_the_example(opened: Opens) -> None:
    page = opened(4)
    for button, name in (
        ("Baixar o exemplo", "contrapartes.json"),
        ("JSON Schema", "contrapartes.schema.json"),
    ):
        with page.expect_download() as downloading:
            page.get_by_role("button", name=button).click()
        assert downloading.value.suggested_filename == name
        assert json.loads(downloading.value.path().read_text())
