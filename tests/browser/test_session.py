"""A login from its beginning to its end, and what a page keeps when it ends in the middle."""

import re
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser import failing
from tests.browser.signing_in import sign_in
from tests.browser.visits import SignedIn, Visits
from tests.browser.watch import Watch
from tests.support.stack import Stack

ANA: Final = "ana@demo.aval.example"
LAPSED: Final = "O seu acesso venceu"


def inside(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Principal")).to_be_visible()


def test_a_reload_throws_nobody_out(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ANA)
    inside(page)
    page.reload()
    inside(page)


def test_a_reload_shows_the_first_page_while_it_is_asked_who_is_there(
    page_signed_in: SignedIn, stack: Stack, watch: Watch
) -> None:
    cognito = re.escape(stack.described["cognito_url"])
    page = page_signed_in(ANA)
    inside(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with failing.held(page, cognito):
        page.reload()
        expect(page.get_by_role("heading", name="Início")).to_be_visible()
        expect(page.get_by_text("Carregando o seu acesso…")).to_be_visible()
        expect(page.get_by_role("navigation", name="Principal")).to_be_hidden()
    inside(page)
    expect(page.get_by_text("Você entrou como Ana")).to_be_visible()
    assert [url for url in asked if url.endswith("/sessao")]
    assert not [url for url in asked if url.endswith("/configuracao")]
    watch.expect_status(400, cognito)
    failing.end_the_login(page, stack.people_url)
    page.reload()
    expect(page.get_by_label("Senha", exact=True)).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_new_tab_goes_on_with_the_login_of_another_and_both_are_left_at_once(
    page_signed_in: SignedIn,
) -> None:
    first = page_signed_in(ANA, anew=True)
    inside(first)
    second = first.context.new_page()
    second.goto("/")
    inside(second)
    first.locator("summary", has_text=re.compile("Ana|conta")).click()
    first.get_by_role("button", name="Sair").click()
    for page in (first, second):
        expect(page.get_by_label("Senha", exact=True)).to_be_visible()
    second.reload()
    expect(second.get_by_label("Senha", exact=True)).to_be_visible()


def test_an_address_waits_for_the_login(visits: Visits, stack: Stack) -> None:
    page = visits.entrance("/conta")
    sign_in(page, ANA, stack.passwords[ANA])
    expect(page.get_by_role("heading", name="Minha conta")).to_be_visible()


def test_what_was_typed_outlives_a_login_that_ended(
    page_signed_in: SignedIn,
    stack: Stack,
    watch: Watch,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = page_signed_in(ANA, "/empresas", anew=True)
    search = page.get_by_role("searchbox")
    expect(search).to_be_visible()
    watch.expect_status(401, re.escape(stack.people_url))
    watch.expect_status(400, re.escape(stack.described["cognito_url"]))
    failing.end_the_login(page, stack.people_url)
    search.fill("BOLT")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=LAPSED)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Login", exact=True)).to_have_value(ANA)
    axe(page)
    picture(page, "acesso-vencido")
    dialog.get_by_label("Senha", exact=True).fill(stack.passwords[ANA])
    dialog.get_by_role("button", name="Entrar", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(search).to_have_value("BOLT")


def test_without_a_line_the_page_says_so_and_goes_on_when_it_is_back(
    page_signed_in: SignedIn, watch: Watch, axe: Callable[[Page], None]
) -> None:
    page = page_signed_in(ANA)
    inside(page)
    watch.expect("^failed: ")
    with failing.offline(page.context):
        expect(page.get_by_role("alert").filter(has_text="Sem conexão")).to_be_visible()
        page.get_by_role("link", name="Publicação").first.click()
        expect(page.get_by_text("Verifique a conexão").first).to_be_visible()
        axe(page)
    expect(page.get_by_text("Sem conexão")).to_be_hidden()
    page.get_by_role("button", name="Tentar de novo").first.click()
    expect(page.get_by_role("heading", name="Publicação")).to_be_visible()
    expect(page.get_by_text("Verifique a conexão")).to_be_hidden()


def test_a_failing_platform_is_told_with_its_transaction(page_signed_in: SignedIn, watch: Watch) -> None:
    page = page_signed_in(ANA)
    inside(page)
    watch.expect_status(500, "/publicacao")
    failing.fail_inside(page, r"/publicacao$", times=1)
    page.get_by_role("link", name="Publicação").first.click()
    expect(page.get_by_text(failing.TRANSACTION)).to_be_visible()
    page.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_text(failing.TRANSACTION)).to_be_hidden()


def test_the_account_tells_roles_and_is_whole(
    page_signed_in: SignedIn, axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    page = page_signed_in(ANA, "/conta")
    expect(page.get_by_role("table")).to_contain_text("representante CCEE")
    expect(page.get_by_role("heading", name="Verificação em duas etapas")).to_be_visible()
    axe(page)
    picture(page, "minha-conta")


def test_the_first_page_is_whole(
    page_signed_in: SignedIn, axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    page = page_signed_in(ANA)
    expect(page.get_by_role("heading", name="Início")).to_be_visible()
    axe(page)
    picture(page, "inicio")


def test_an_address_that_leads_nowhere_says_so(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ANA, "/nao/existe")
    expect(page.get_by_role("heading", name="Página não encontrada")).to_be_visible()
