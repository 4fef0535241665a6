"""Into the platform by the e-mail alone: a first password, and another one after it was forgotten."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from local.aws import Emulator
from local.seed.people import Login, register
from tests.browser import failing
from tests.browser.signing_in import sign_in
from tests.browser.visits import Look
from tests.browser.watch import Watch
from tests.support.newcomer import NAME, Newcomer, known
from tests.support.stack import Stack

CHOSEN, FORGOTTEN, BY_ANOTHER = "Escolhida-por-Gil-1", "Esquecida-de-todo-2", "Escolhida-antes-3"


@pytest.fixture
def newcomer(stack: Stack) -> Iterator[Newcomer]:
    with known(stack) as person:
        yield person


@pytest.fixture
def forgetful(stack: Stack, newcomer: Newcomer) -> Newcomer:
    """Has had a login for long."""
    login = Login(NAME, newcomer.email, (), FORGOTTEN)
    register(Emulator(stack.described["emulator_url"]), stack.outputs["UserPoolId"], (login,))
    return newcomer


def ask(page: Page, email: str) -> None:
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_role("button", name="Criar / Redefinir minha conta").click()


def type_password(page: Page, first: str, again: str) -> None:
    page.get_by_label("Nova senha", exact=True).fill(first)
    page.get_by_label("Repita a nova senha").fill(again)


def wrong(field: Locator, sentence: str) -> None:
    """It is told with its field, where one goes on typing."""
    expect(field).to_have_accessible_description(re.compile(sentence))
    expect(field).to_be_focused()


def inside(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Principal")).to_be_visible()
    expect(page.get_by_text(NAME).first).to_be_visible()


def test_a_first_access_goes_by_the_provisional_password_to_one_of_ones_own(
    page: Page, newcomer: Newcomer, look: Look
) -> None:
    ask(page, "gil.sem.arroba")
    wrong(page.get_by_label("E-mail", exact=True), "Digite um e-mail")
    ask(page, newcomer.email)
    told = page.locator(".notice", has_text="Veja o seu e-mail")
    expect(told).to_be_focused()
    expect(told).to_contain_text(newcomer.email)
    look(page, "acesso-pedido")

    provisional = newcomer.told(after=0)
    page.get_by_label("Código recebido").fill(provisional)
    page.get_by_role("button", name="Redefinir senha").click()
    wrong(page.get_by_label("Código recebido"), "Se veio uma senha provisória")
    sign_in(page, newcomer.email, provisional)

    first, again = page.get_by_label("Nova senha", exact=True), page.get_by_label("Repita a nova senha")
    expect(page.get_by_role("heading", name="Escolha a sua senha")).to_be_visible()
    expect(first).to_be_focused()
    save = page.get_by_role("button", name="Guardar a senha e entrar")
    type_password(page, "curta", "curta")
    save.click()
    wrong(first, "Falta à senha: ao menos 12 caracteres; letra maiúscula; número; símbolo")
    look(page, "acesso-primeira-senha")
    type_password(page, CHOSEN, "outra")
    save.click()
    wrong(again, "Não é igual à nova senha")
    again.fill(CHOSEN)
    save.click()
    inside(page)


def test_a_forgotten_password_gives_way_by_a_code_that_counts_once(
    page: Page, forgetful: Newcomer, watch: Watch, stack: Stack, look: Look
) -> None:
    watch.expect_status(400, re.escape(stack.described["cognito_url"]))
    ask(page, forgetful.email)
    code, button = page.get_by_label("Código recebido"), page.get_by_role("button", name="Redefinir senha")
    mailed = forgetful.told(after=0)
    type_password(page, CHOSEN, CHOSEN)
    code.fill("000000" if mailed != "000000" else "111111")
    button.click()
    wrong(code, "O código não confere. Digite o da mensagem mais recente")

    forgetful.call(
        "confirm_forgot_password", Username=forgetful.email, ConfirmationCode=mailed, Password=BY_ANOTHER
    )
    code.fill(mailed)
    button.click()
    wrong(code, "Este código não vale mais: venceu ou já foi usado")
    look(page, "acesso-codigo-usado")

    page.get_by_role("button", name="Pedir outra mensagem").click()
    expect(page.locator(".notice", has_text="Outra mensagem foi pedida")).to_be_focused()
    expect(code).to_have_value("")
    again = forgetful.told(after=1)
    # As it is copied: with what stands around it, and in two groups.
    code.fill(f" {again[:3]} {again[3:]} ")
    button.click()
    expect(page.locator(".notice", has_text="Senha redefinida")).to_be_focused()
    look(page, "acesso-redefinido")
    expect(page.get_by_label("Login", exact=True)).to_have_value(forgetful.email)
    sign_in(page, forgetful.email, CHOSEN)
    inside(page)


def test_a_provisional_password_that_ended_is_told_as_that(page: Page, watch: Watch, stack: Stack) -> None:
    watch.expect_status(400, re.escape(stack.described["cognito_url"]))
    ended = "Temporary password has expired and must be reset by an administrator."
    failing.refuse_at_cognito(page, "InitiateAuth", "NotAuthorizedException", ended)
    page.get_by_label("Login", exact=True).fill("gil@demo.aval.example")
    page.get_by_label("Senha", exact=True).fill(CHOSEN)
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("A senha provisória venceu. Peça outra")
