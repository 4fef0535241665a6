"""A whole week by the keyboard alone, from keys to receipt: Tab, arrows, Enter, Space, letters, Ctrl+V."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from aval.identifiers import Cnpj
from aval.prudential.portfolio_json import example
from aval.prudential.portfolio_lines import LINES
from local.demo_files import MISTAKES, represented, workbook
from tests.browser.keyboard import choose_file, press, tab_to, write
from tests.browser.monitored_week import BOUGHT, EQUITY, NET, SOLD, block, cell, prices
from tests.browser.own_keys import PASSPHRASE
from tests.browser.visits import SignedIn
from tests.browser.weeks import FABIO, fresh_week
from tests.e2e.ended_week import OwnWeek
from tests.support.stack import Stack

AGENTS: Final = represented()
CLIPBOARD: Final = ["clipboard-read", "clipboard-write"]
WORKED_OFF_MS: Final = 120_000
FIXED: Final = {
    "precoFixo/recurso/mwm": BOUGHT,
    "precoFixo/recurso/preco": prices(),
    "precoFixo/requisito/mwm": SOLD,
    "precoFixo/requisito/preco": prices(),
    "precoFixo/submercados/SE": NET,
    # What is bought and sold in M+1 comes to five less: to be mended where it stands.
    "precoFixo/fontes/CONV": (*NET[:1], 0, *NET[2:]),
}


@dataclass(frozen=True)
class Walk:
    """One person's week; nothing of the page is reached but by keys."""

    page: Page
    week: OwnWeek
    folder: Path

    def module(self, word: str) -> None:
        """From the home of the monitoring, where several weeks may be open."""
        link = self.page.locator(f'a[href="#/prudencial/{self.week.event}/{word}"]')
        expect(link).to_be_visible()
        # Weeks of other tests have four links each.
        tab_to(self.page, link, most=self.page.get_by_role("main").get_by_role("link").count() + 1)
        self.page.keyboard.press("Enter")

    def home(self) -> None:
        press(self.page, "Monitoramento Prudencial", back=True)
        expect(self.page.get_by_role("heading", name="Monitoramento Prudencial")).to_be_focused()

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def choose_agent(self, company: Cnpj) -> None:
        expect(self.page.get_by_role("table")).to_be_visible()
        write(self.page, "Procurar por sigla, nome ou CNPJ", company.masked)
        press(self.page, self.page.locator(f'a[href$="/{company}"]'))

    def delivered(self) -> None:
        """What came of it has the focus, as the way on is in it."""
        outcome = self.page.locator(".delivery-outcome").filter(has_text=": entregue")
        expect(outcome).to_be_focused(timeout=WORKED_OFF_MS)

    def told(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=WORKED_OFF_MS)


def test_a_week_from_keys_to_the_receipt_without_a_mouse(
    stack: Stack, page_signed_in: SignedIn, tmp_path: Path
) -> None:
    week = fresh_week(stack)
    page = page_signed_in(FABIO, "/prudencial", permissions=CLIPBOARD)
    walk = Walk(page, week, tmp_path)
    expect(page.get_by_role("heading", name="Monitoramento Prudencial")).to_be_focused()
    makes_keys(walk)
    pastes_a_portfolio(walk)
    company = imports_another(walk)
    fills_counterparties(walk)
    sends_a_lote_and_mends_it(walk)
    explains_and_tries_out(walk, company)
    validates_cancels_and_sends(walk)


def makes_keys(walk: Walk) -> None:
    page = walk.page
    press(page, "Chaves de leitor")
    expect(page.get_by_role("heading", name="Chaves de leitor")).to_be_focused()
    expect(page.get_by_role("button", name="Criar chaves")).to_be_visible()
    press(page, "Criar chaves")
    write(page, "Nome da chave", "fabio-teclado")
    write(page, "Senha do arquivo", PASSPHRASE)
    write(page, "Senha do arquivo, de novo", PASSPHRASE)
    with page.expect_download():
        page.keyboard.press("Enter")
    press(page, "Já guardei: usar estas chaves")
    own = page.get_by_role("heading", name="Minhas chaves neste navegador")
    expect(own).to_be_focused()
    expect(page.get_by_text("fabio-teclado", exact=True).first).to_be_visible()
    walk.home()


def pastes_a_portfolio(walk: Walk) -> None:
    page = walk.page
    walk.module("portfolio")
    walk.choose_agent(AGENTS[0])
    expect(page.get_by_role("heading", name="Portfólio por mês")).to_be_visible()
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    tab_to(page, cell(page, "Preço fixo, Recurso: montante", 0))
    copy(page, block(*(FIXED.get(line.path, [0] * 7) for line in LINES)))
    page.keyboard.press("Control+v")
    expect(page.get_by_text(f"{len(LINES) * 7} células coladas")).to_be_visible()
    press(page, "Cifrar e entregar o portfólio")

    summary = page.get_by_role("alert").filter(has_text="corrigir")
    expect(summary).to_be_focused()
    press(page, summary.get_by_role("link").filter(has_text="data-base"))
    expect(page.get_by_label("Data-base")).to_be_focused()
    # Day and month are the same, whichever of them this browser asks for first.
    page.keyboard.type("06062026")
    write(page, "Patrimônio líquido (R$)", EQUITY)
    press(page, summary.get_by_role("link").filter(has_text="M+1: as fontes"), back=True)
    wrong = cell(page, "Preço fixo, por fonte, Convencional (CONV)", 1)
    expect(wrong).to_be_focused()
    # The arrows walk the grid, and what is typed takes the place of what was there.
    for key in ("ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.type(str(NET[1]))
    expect(wrong).to_have_value(str(NET[1]))
    press(page, "Cifrar e entregar o portfólio")
    walk.delivered()


def imports_another(walk: Walk) -> Cnpj:
    """Whose portfolio lacks next."""
    page = walk.page
    following = page.get_by_role("link", name=re.compile("^Próximo sem portfólio"))
    company = Cnpj((following.get_attribute("href") or "")[-14:])
    press(page, following)
    expect(page.get_by_role("heading", name="Portfólio", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Portfólio por mês")).to_be_visible()
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    document = {**json.loads(example()), "evento": walk.week.event, "cnpj": company}
    choose_file(page, "Importar arquivo", walk.file("carteira.json", json.dumps(document).encode()))
    walk.delivered()
    return company


def fills_counterparties(walk: Walk) -> None:
    page = walk.page
    press(page, page.get_by_role("link", name=re.compile("^Contrapartes de")))
    expect(page.get_by_role("heading", name="Contrapartes", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Adicionar contraparte")).to_be_visible()
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    for order, (sought, mtm) in enumerate(
        (("TRADE DO CERRADO 03", "1000"), ("SOLAR DO IPE 10", "9000000")), start=1
    ):
        press(page, "Adicionar contraparte")
        row = page.get_by_role("group", name=f"Exposição {order}:")
        expect(row.get_by_role("combobox", name="Procurar agente")).to_be_focused()
        page.keyboard.type(sought)
        expect(page.get_by_role("option", name=sought)).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        write(page, row.get_by_label("MtM de M+0 a M+2 (R$)"), mtm)
    first = page.get_by_role("group", name="Exposição 1:")
    press(page, first.get_by_role("button", name=re.compile("^Adicionar mitigador")), back=True)
    expect(first.get_by_label("Mitigador", exact=True)).to_be_focused()
    page.keyboard.type("Fian")
    write(page, first.get_by_label("Valor (R$)"), "500")
    press(page, "Ordenar da maior para a menor", back=True)
    expect(page.get_by_role("heading", name="Exposições às maiores contrapartes")).to_be_focused()
    press(page, page.get_by_role("button", name=re.compile("^Excluir a exposição 2")))
    expect(page.get_by_role("button", name="Desfazer")).to_be_focused()
    page.keyboard.press("Enter")
    second = page.get_by_role("group", name="Exposição 2:")
    expect(second.get_by_role("combobox", name="Procurar agente")).to_be_focused()
    press(page, "Assinar, cifrar e entregar")
    walk.delivered()
    press(page, "Voltar ao começo da página")
    expect(page.get_by_role("heading", name="Contrapartes", exact=True)).to_be_focused()
    walk.home()


def sends_a_lote_and_mends_it(walk: Walk) -> None:
    page, event = walk.page, walk.week.event
    walk.module("lote")
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Progresso Portfólio")).to_be_visible()
    choose_file(page, "Importar arquivo", walk.file("carteiras.xlsx", workbook(AGENTS, event, MISTAKES)))
    row = page.get_by_role("row").filter(has_text="carteiras.xlsx")
    expect(row).to_contain_text("34 aceitos, 3 recusados", timeout=WORKED_OFF_MS)
    press(page, "carteiras.xlsx")
    expect(page.get_by_role("heading", name="Envio em lote")).to_be_focused()
    expect(page.get_by_role("button", name="Abrir com as minhas chaves")).to_be_visible()
    press(page, "Abrir com as minhas chaves")
    expect(page.get_by_role("heading", name="Resposta do enclave")).to_be_focused()
    for place in ("Portfolio!F31", "Portfolio!H100", "Portfolio!E171"):
        expect(page.get_by_role("cell", name=place)).to_be_visible()
    with page.expect_download():
        press(page, "Baixar os erros (CSV)")

    press(page, "Preenchimento em lote", back=True)
    expect(page.get_by_role("heading", name="Preenchimento em lote")).to_be_focused()
    expect(page.get_by_role("progressbar", name="Progresso Portfólio")).to_be_visible()
    wrong = [AGENTS[mistake.agent] for mistake in MISTAKES]
    choose_file(page, "Importar arquivo", walk.file("correcao.xlsx", workbook(wrong, event)))
    mended = page.get_by_role("row").filter(has_text="correcao.xlsx")
    expect(mended).to_contain_text("3 aceitos", timeout=WORKED_OFF_MS)
    walk.home()


def explains_and_tries_out(walk: Walk, company: Cnpj) -> None:
    page = walk.page
    walk.module("fator")
    walk.choose_agent(company)
    expect(page.get_by_role("heading", name="Fator de alavancagem", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Como se chegou ao fator")).to_be_visible(timeout=WORKED_OFF_MS)
    press(page, "Mais uma mudança")
    added = page.get_by_label("Mudança 2: o quê")
    expect(added).to_be_focused()
    page.keyboard.press("ArrowDown")
    press(page, "Tirar a mudança 2")
    expect(page.get_by_role("button", name="Mais uma mudança")).to_be_focused()
    write(page, "Novo valor", "30000000", back=True)
    press(page, "Simular")
    walk.told("SIMULAÇÃO: não é o fator declarado")


def validates_cancels_and_sends(walk: Walk) -> None:
    page = walk.page
    act(walk, "Validar", "Validar o fator", "fator validado", back=True)
    # A question is left without an answer, and asked again where one was.
    press(page, "Cancelar o cálculo")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Voltar")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancelar o cálculo")).to_be_focused()
    page.keyboard.press("Space")
    answer(walk, "Cancelar o cálculo", "cálculo cancelado")
    press(page, "Calcular de novo")
    walk.told("calculado de novo")
    expect(page.get_by_role("heading", name="Decisão")).to_be_focused()
    act(walk, "Validar", "Validar o fator", "fator validado")
    act(walk, "Enviar à CCEE", "Enviar o fator", "fator enviado à CCEE")
    expect(page.get_by_text("Conferido aqui")).to_be_visible()
    with page.expect_download():
        press(page, "Baixar o recibo")


def act(walk: Walk, button: str, confirm: str, outcome: str, *, back: bool = False) -> None:
    press(walk.page, walk.page.get_by_role("button", name=button, exact=True), back=back)
    answer(walk, confirm, outcome)


def answer(walk: Walk, confirm: str, outcome: str) -> None:
    """What a dialog asks; afterwards the focus is where the next act is near."""
    asked = walk.page.get_by_role("dialog").get_by_role("button", name=confirm)
    expect(asked).to_be_focused()
    walk.page.keyboard.press("Enter")
    walk.told(outcome)
    expect(walk.page.get_by_role("heading", name="Decisão")).to_be_focused()


def copy(page: Page, text: str) -> None:
    """In another program, as a spreadsheet does."""
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
