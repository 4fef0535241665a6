"""One agent's portfolio in the page: pasted, imported, mended, delivered, read back; never on the wire."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from aval.prudential.portfolio_json import example
from local.demo_files import Mistake, workbook
from tests.browser import failing
from tests.browser.monitored_week import (
    ADJUSTED,
    AGENTS,
    ANSWERED_MS,
    DEDUCTION,
    EQUITY,
    FABIO,
    NET,
    as_json,
    block,
    both_spellings,
    cell,
    desk_of,
    drop,
    fill_equity,
    fill_portfolio,
    paste,
    prices,
    whole_block,
)
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import fresh_week
from tests.browser.wire import Wire
from tests.e2e.ended_week import OwnWeek
from tests.support.stack import Stack

FIRST_CELL: Final = "Preço fixo, Recurso: montante"
CONVENTIONAL: Final = "Preço fixo, por fonte, Convencional (CONV)"
DELIVER: Final = "Cifrar e entregar o portfólio"
WRONG: Final = Mistake(0, "requisito.mwm", 4, "-3")
"""In the third line below the headings, under M+4."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def week(stack: Stack) -> OwnWeek:
    return fresh_week(stack)


@pytest.fixture
def opened(page_signed_in: SignedIn, week: OwnWeek, tmp_path: Path) -> Callable[..., Page]:
    def opens(agent: int, **options: Any) -> Page:
        page = desk_of(page_signed_in, week, f"portfolio/{AGENTS[agent]}", tmp_path, **options)
        expect(page.get_by_role("heading", name="Portfólio por mês")).to_be_visible()
        return page

    return opens


def deliver(page: Page) -> None:
    page.get_by_role("button", name=DELIVER).click()


def expect_delivered(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=": entregue")).to_be_visible(timeout=ANSWERED_MS)


def test_pastes_a_portfolio_is_told_what_is_wrong_and_delivers_it_unseen(
    opened: Callable[..., Page], look: Look, wire: Wire
) -> None:
    page = opened(0)
    look(page, "portfolio-vazio")
    paste(page, cell(page, FIRST_CELL, 0), whole_block())
    expect(page.get_by_text("35 células coladas.")).to_be_visible()
    deliver(page)
    summary = page.get_by_role("alert").filter(has_text="pontos a corrigir")
    expect(summary).to_contain_text("Informe a data-base do patrimônio líquido.")
    expect(summary).to_contain_text("M+1: as fontes do preço fixo somam 0 MW médios")
    expect(cell(page, CONVENTIONAL, 1)).to_have_attribute("aria-invalid", "true")
    look(page, "portfolio-faltas")
    summary.get_by_role("link").filter(has_text="M+1: as fontes").click()
    expect(cell(page, CONVENTIONAL, 1)).to_be_focused()

    paste(page, cell(page, CONVENTIONAL, 0), block(NET))
    fill_equity(page)
    expect(page.get_by_text(f"R$ {ADJUSTED}")).to_be_visible()
    deliver(page)
    expect_delivered(page)
    look(page, "portfolio-entregue")
    typed = {"equity": EQUITY, "deduction": DEDUCTION, "PLA": ADJUSTED}
    wire.require_none(
        both_spellings(typed | {f"price of M+{month}": price for month, price in enumerate(prices())})
    )


def test_reads_back_what_was_delivered(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(1)
    fill_portfolio(page)
    deliver(page)
    expect_delivered(page)
    cell(page, FIRST_CELL, 0).fill("99")
    page.get_by_role("button", name="Ler o que foi entregue").click()
    page.get_by_role("button", name="Trocar pelo entregue").click()
    expect(cell(page, FIRST_CELL, 0)).to_have_value("30", timeout=ANSWERED_MS)
    expect(cell(page, "Preço fixo, Recurso: preço médio", 3)).to_have_value("217,331977")


def test_takes_a_paste_back_as_a_whole(opened: Callable[..., Page]) -> None:
    page = opened(2)
    cell(page, FIRST_CELL, 0).fill("7")
    paste(page, cell(page, FIRST_CELL, 0), whole_block())
    expect(cell(page, "Preço fixo, por submercado, Sudeste/Centro-Oeste (SE)", 6)).to_have_value("0")
    page.keyboard.press("Control+z")
    expect(cell(page, FIRST_CELL, 0)).to_have_value("7")
    expect(cell(page, "Preço fixo, por submercado, Sudeste/Centro-Oeste (SE)", 6)).to_have_value("")
    # Nothing tells whether 1.234 is a thousand: what was read is said, and can be turned.
    paste(page, cell(page, FIRST_CELL, 0), block(["1.234", "20"]))
    expect(cell(page, FIRST_CELL, 0)).to_have_value("1.234")
    page.get_by_role("button", name="Ler o ponto como decimal").click()
    expect(cell(page, FIRST_CELL, 0)).to_have_value("1,234")
    page.get_by_role("button", name="Desfazer a colagem").click()
    expect(cell(page, FIRST_CELL, 0)).to_have_value("7")


def test_imports_a_file_and_shows_what_the_enclave_refuses_at_its_cell(
    opened: Callable[..., Page], week: OwnWeek, watch: Watch, look: Look
) -> None:
    page = opened(4)
    watch.expect_status(422, "/portfolio$")
    document = example_of(week, 4)
    document["meses"][2]["precoFixo"]["recurso"]["mwm"] = "-3"
    drop(page, "carteira.json", as_json(document))
    wrong = cell(page, FIRST_CELL, 2)
    expect(wrong).to_have_attribute("aria-invalid", "true", timeout=ANSWERED_MS)
    expect(page.get_by_role("alert").filter(has_text="corrigir")).to_contain_text(
        "o valor deve ser maior ou igual a zero, e veio -3"
    )
    look(page, "portfolio-recusado")
    drop(page, "carteira.json", as_json(example_of(week, 4)))
    expect_delivered(page)


def test_imports_the_standard_sheet_and_names_a_wrong_cell_of_it(
    opened: Callable[..., Page], week: OwnWeek, look: Look
) -> None:
    page = opened(5)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Baixar a planilha padrão").click()
    assert downloading.value.path().read_bytes().startswith(b"PK")
    bad = workbook([AGENTS[5]], week.event, [WRONG])
    drop(page, "carteira.xlsx", bad, XLSX)
    refused = page.get_by_role("alert").filter(has_text="Recusado")
    expect(refused).to_contain_text("Portfolio!H4", timeout=ANSWERED_MS)
    look(page, "portfolio-planilha-recusada")
    drop(page, "carteira.xlsx", workbook([AGENTS[5]], week.event), XLSX)
    expect(page.get_by_text("Um agente entregue pela planilha")).to_be_visible(timeout=ANSWERED_MS)


def test_a_double_click_delivers_once(opened: Callable[..., Page]) -> None:
    page = opened(6)
    fill_portfolio(page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "PUT" else None)
    page.get_by_role("button", name=DELIVER).dblclick()
    expect_delivered(page)
    # Looks at a request that takes long are the very same request.
    assert len(set(sent)) == 1


def test_what_was_typed_outlives_a_lost_connection_and_an_ended_login(
    opened: Callable[..., Page], watch: Watch, stack: Stack, look: Look
) -> None:
    page = opened(7, anew=True)
    fill_portfolio(page)
    watch.expect("^failed: PUT ")
    with failing.offline(page.context):
        deliver(page)
        expect(page.get_by_role("alert").filter(has_text="Verifique a conexão")).to_be_visible()
        expect(cell(page, FIRST_CELL, 0)).to_have_value("30")
        look(page, "portfolio-sem-conexao")
    watch.expect_status(401, "/prudencial/")
    watch.expect_status(400, "/$")
    failing.end_the_login(page, stack.people_url)
    deliver(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    sign_in_again(page, stack)
    expect_delivered(page)
    expect(cell(page, FIRST_CELL, 0)).to_have_value("30")


def test_leaving_with_unsaved_work_asks_first(opened: Callable[..., Page]) -> None:
    page = opened(8)
    cell(page, FIRST_CELL, 0).fill("30")
    page.get_by_role("link", name="Publicação").click()
    dialog = page.get_by_role("dialog", name="Sair sem enviar?")
    expect(dialog).to_contain_text("O portfólio de")
    dialog.get_by_role("button", name="Voltar").click()
    expect(cell(page, FIRST_CELL, 0)).to_have_value("30")


def test_a_failing_platform_is_told_with_its_transaction(opened: Callable[..., Page], watch: Watch) -> None:
    page = opened(9)
    fill_portfolio(page)
    watch.expect_status(500, "/portfolio$")
    failing.fail_inside(page, r"/portfolio$", times=1)
    deliver(page)
    expect(page.get_by_text(failing.TRANSACTION)).to_be_visible()
    deliver(page)
    expect_delivered(page)


def sign_in_again(page: Page, stack: Stack) -> None:
    page.get_by_role("dialog").get_by_label("Senha", exact=True).fill(stack.passwords[FABIO])
    page.get_by_role("dialog").get_by_role("button", name="Entrar").click()


def example_of(week: OwnWeek, agent: int) -> dict[str, Any]:
    return {**json.loads(example()), "evento": week.event, "cnpj": AGENTS[agent]}
