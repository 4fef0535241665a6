"""The whole enrolment by the keyboard alone: Tab, arrows, Enter and letters."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.adhesion_files import PASSWORD, SIGLA, Files, never_adhered
from tests.browser.keyboard import choose_file, tab_to
from tests.browser.visits import SignedIn
from tests.support.agents import ANA
from tests.support.stack import Stack


def test_enrols_is_refused_mends_deletes_and_undoes_without_a_mouse(
    stack: Stack, tmp_path: Path, page_signed_in: SignedIn
) -> None:
    never_adhered(stack)
    files = Files(stack, tmp_path)
    page = page_signed_in(ANA, "/empresas")
    expect(page.get_by_role("row", name=SIGLA)).to_be_visible()
    tab_to(page, "+ Nova adesão")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Nova adesão")).to_be_focused()
    tab_to(page, "Empresa")
    page.keyboard.type("azul")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text(SIGLA)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Empresa")).to_have_value(SIGLA)
    tab_to(page, "Continuar")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=f"Adesão de {SIGLA}")).to_be_focused()
    expect(page.get_by_label("Senha", exact=True)).to_be_visible()
    tab_to(page, "Senha")
    page.keyboard.type(PASSWORD)
    choose_file(page, "Escolher arquivos", files.bad())
    expect(page.get_by_text("Recusado: 6 regras não atendidas")).to_be_visible()
    tab_to(page, "Retirar ruim.cer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Retirado: não será enviado.")).to_be_visible()
    choose_file(page, "Escolher arquivos", files.good("teclado"), back=True)
    expect(page.get_by_text("Aceito: atende às 12 regras")).to_be_visible()
    tab_to(page, "Concluir solicitação")
    page.keyboard.press("Space")
    expect(page.get_by_text("Solicitação concluída com sucesso.")).to_be_visible()
    expect(page.get_by_role("row", name="teclado.cer")).to_contain_text("Vigente")

    tab_to(page, "Excluir teclado.cer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="teclado.cer")).to_contain_text("Será excluído")
    # The focus stays where it was: the same button takes it back.
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="teclado.cer")).to_contain_text("Vigente")


def test_the_list_of_suggestions_turns_closes_and_leaves_what_was_typed(
    page_signed_in: SignedIn,
) -> None:
    page = page_signed_in(ANA, "/empresas/nova")
    field = page.get_by_role("combobox", name="Empresa")
    field.focus()
    options = page.get_by_role("option")
    expect(options).to_have_count(4)
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = field.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("nada disso")
    expect(page.get_by_text("Nenhuma empresa que você representa")).to_be_visible()
    tab_to(page, "Continuar")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "Digite a sigla, o CNPJ ou parte da razão social e escolha na lista. "
        "Escolha uma empresa da lista antes de continuar."
    )
    expect(field).to_have_value("nada disso")
