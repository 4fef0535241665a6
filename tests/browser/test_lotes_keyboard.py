"""Reader keys and a lote by the keyboard alone, and without movement where the system asks for none."""

from pathlib import Path

from playwright.sync_api import expect

from local.demo_files import MISTAKES, represented, workbook
from tests.browser import accessibility, failing
from tests.browser.keyboard import choose_file, tab_to
from tests.browser.own_keys import PASSPHRASE
from tests.browser.visits import SignedIn
from tests.browser.weeks import FABIO, fresh_week
from tests.support.stack import Stack

WORKED_OFF_MS = 120_000


def test_makes_keys_sends_a_lote_and_reads_its_faults_without_a_mouse(
    stack: Stack, page_signed_in: SignedIn, tmp_path: Path
) -> None:
    week = fresh_week(stack)
    file = tmp_path / "teclado.xlsx"
    file.write_bytes(workbook(represented()[:6], week.event, MISTAKES))
    page = page_signed_in(FABIO, "/prudencial/leitores")
    # Playwright takes choosers while somebody listens: one that begins with the key press may be late.
    page.on("filechooser", lambda _: None)
    expect(page.get_by_role("heading", name="Chaves de leitor")).to_be_focused()
    tab_to(page, "Criar chaves")
    page.keyboard.press("Enter")
    tab_to(page, "Nome da chave")
    page.keyboard.type("fabio-teclado")
    for field in ("Senha do arquivo", "Senha do arquivo, de novo"):
        tab_to(page, field)
        page.keyboard.type(PASSPHRASE)
    with page.expect_download():
        page.keyboard.press("Enter")
    tab_to(page, "Já guardei: usar estas chaves")
    page.keyboard.press("Enter")
    expect(page.get_by_text("fabio-teclado", exact=True).first).to_be_visible()

    page.goto(f"/#/prudencial/{week.event}/lote")
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    choose_file(page, "Importar arquivo", file)
    expect(page.get_by_role("row").filter(has_text="teclado.xlsx")).to_contain_text(
        "5 aceitos, 1 recusado", timeout=WORKED_OFF_MS
    )
    tab_to(page, "teclado.xlsx")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Envio em lote")).to_be_focused()
    expect(page.get_by_role("button", name="Abrir com as minhas chaves")).to_be_visible()
    tab_to(page, "Abrir com as minhas chaves")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="Portfolio!F31")).to_be_visible()
    tab_to(page, "Baixar os erros (CSV)")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_nothing_moves_where_the_system_asks_for_less(page_signed_in: SignedIn) -> None:
    page = page_signed_in(FABIO)
    page.emulate_media(reduced_motion="reduce")
    with failing.held(page, "/publicacao$"):
        page.get_by_role("link", name="Publicação").first.click()
        expect(page.get_by_text("Carregando as semanas publicadas")).to_be_visible()
        accessibility.require_still(page)
    page.goto("/#/prudencial")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    accessibility.require_still(page)
