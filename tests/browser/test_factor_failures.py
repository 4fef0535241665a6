"""A factor when things go wrong: somebody was faster, the login ends, the line breaks, the platform fails."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import failing
from tests.browser.factor_desk import (
    DONE_MS,
    FactorAgent,
    FactorDesk,
    asked_for,
    confirm,
    press,
    told,
)
from tests.browser.signing_in import sign_in
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import FABIO, fresh_week
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def desk(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> FactorDesk:
    return FactorDesk(stack, fresh_week(stack), tmp_path_factory.mktemp("fator") / "fator.chaves")


@pytest.fixture
def agent(desk: FactorDesk) -> FactorAgent:
    return desk.computed()


@pytest.fixture
def page(desk: FactorDesk, agent: FactorAgent, page_signed_in: SignedIn) -> Page:
    page = page_signed_in(FABIO)
    desk.open_keys(page)
    desk.go_to(page, agent)
    return page


def test_of_two_tabs_that_validate_the_second_is_told_what_stands(
    desk: FactorDesk, agent: FactorAgent, page: Page, watch: Watch, look: Look
) -> None:
    other = page.context.new_page()
    other.goto("/")
    desk.go_to(other, agent)
    for tab in (page, other):
        press(tab, "Validar")
    confirm(page, "Validar o fator")
    told(page, "fator validado")
    watch.expect_status(409, "/validacao")
    confirm(other, "Validar o fator")
    outcome = told(other, "O agente mudou enquanto esta página estava aberta")
    expect(outcome).to_contain_text("este cálculo já foi validado", ignore_case=True)
    expect(outcome).to_contain_text("Validado")
    expect(other.get_by_role("button", name="Enviar à CCEE")).to_be_visible()
    look(other, "fator-ja-validado")
    # And it is shown as it stands, so that it can be sent from here.
    expect(other.get_by_role("button", name="Enviar à CCEE")).to_be_visible()


def test_a_login_that_ends_amid_a_validation_loses_nothing(
    stack: Stack, agent: FactorAgent, page_signed_in: SignedIn, desk: FactorDesk, watch: Watch
) -> None:
    page = page_signed_in(FABIO, anew=True)
    desk.open_keys(page)
    desk.go_to(page, agent)
    press(page, "Validar")
    failing.end_the_login(page, stack.people_url)
    watch.expect_status(401, "/")
    watch.expect_status(400, "/")
    confirm(page, "Validar o fator")
    password = page.get_by_label("Senha", exact=True)
    expect(password).to_be_visible()
    login = page.get_by_label("Login", exact=True)
    if login.count() and login.is_editable():
        sign_in(page, FABIO, stack.passwords[FABIO])
    else:
        password.fill(stack.passwords[FABIO])
        page.get_by_role("button", name="Entrar", exact=True).click()
    told(page, "fator validado")
    assert agent.state == "VALIDADO"


def test_while_the_line_is_slow_the_page_says_how_far_it_is(
    agent: FactorAgent, page: Page, look: Look
) -> None:
    press(page, "Validar")
    with failing.held(page, "/validacao$"):
        confirm(page, "Validar o fator")
        expect(page.get_by_role("dialog")).to_contain_text("O enclave está trabalhando")
        look(page, "fator-esperando")
    told(page, "fator validado")


def test_an_act_that_takes_long_goes_on_by_itself(agent: FactorAgent, page: Page) -> None:
    open_task = {"tarefa": "0f" * 32, "estado": "CALCULADO", "resposta": None, "liberado": None}
    failing.answer(page, "/validacao$", 202, open_task, times=1)
    sent = asked_for(page, "validacao")
    press(page, "Validar")
    confirm(page, "Validar o fator")
    told(page, "fator validado")
    # The same request each time, so that nothing is done twice.
    assert len(sent) >= 2
    assert len({request.post_data for request in sent}) == 1


def test_without_a_line_nothing_is_lost_and_the_same_request_goes_again(
    agent: FactorAgent, page: Page, watch: Watch, look: Look
) -> None:
    watch.expect("^failed: ")
    sent = asked_for(page, "validacao")
    press(page, "Validar")
    with failing.offline(page.context):
        confirm(page, "Validar o fator")
        expect(page.get_by_text("Não foi possível falar com a plataforma").first).to_be_visible()
        look(page, "fator-sem-conexao")
    page.get_by_role("region", name="Decisão").get_by_role("button", name="Tentar de novo").click()
    told(page, "fator validado")
    assert len({request.post_data for request in sent}) == 1
    assert agent.state == "VALIDADO"


def test_a_failing_platform_is_told_with_its_transaction_and_may_be_asked_again(
    agent: FactorAgent, page: Page, watch: Watch, look: Look
) -> None:
    watch.expect_status(500, "/validacao")
    failing.fail_inside(page, "/validacao$", times=1)
    press(page, "Validar")
    confirm(page, "Validar o fator")
    decision = page.get_by_role("region", name="Decisão")
    expect(decision.get_by_text(failing.TRANSACTION)).to_be_visible(timeout=DONE_MS)
    look(page, "fator-falha")
    decision.get_by_role("button", name="Tentar de novo").click()
    told(page, "fator validado")


def test_what_a_colleague_does_is_shown_without_a_reload(agent: FactorAgent, page: Page) -> None:
    agent.cancel()
    expect(page.get_by_role("button", name="Calcular de novo")).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_role("button", name="Validar", exact=True)).to_have_count(0)


def test_who_has_no_keys_in_this_browser_sees_the_state_and_how_to_get_them(
    desk: FactorDesk, agent: FactorAgent, page_signed_in: SignedIn, look: Look
) -> None:
    page = page_signed_in(FABIO, f"/prudencial/{desk.week.event}/fator/{agent.company}")
    expect(page.get_by_text("você precisa de chaves de leitor neste navegador")).to_be_visible()
    expect(page.get_by_role("region", name="Histórico do agente na semana")).to_be_visible()
    expect(page.get_by_role("button", name="Validar", exact=True)).to_have_count(0)
    look(page, "fator-sem-chaves")
