"""Adhesion when things go wrong: somebody was faster, the platform fails, the login ends, two presses."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser import failing
from tests.browser.adhesion_files import COMPANY, PASSWORD, Files, enrolled
from tests.browser.test_adhesion import choose, company_page, conclude, staged
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.support.agents import ANA, Person
from tests.support.stack import Stack


@pytest.fixture
def files(stack: Stack, tmp_path: Path) -> Files:
    return Files(stack, tmp_path)


@pytest.fixture
def page(stack: Stack, files: Files, page_signed_in: SignedIn) -> Page:
    """That of the company, which has one certificate."""
    enrolled(stack, files.good("antigo"))
    return company_page(page_signed_in)


def stage_deletion(page: Page) -> None:
    page.get_by_role("button", name="Excluir empresa.cer").click()


def changes_of(page: Page) -> list[Request]:
    """The changes that `page` sends from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "PUT" else None)
    return sent


def test_a_change_that_came_in_between_is_told_and_what_was_prepared_stays(
    stack: Stack, files: Files, page: Page, watch: Watch, look: Look
) -> None:
    stage_deletion(page)
    choose(page, files.good("novo", common_name="MOINHO NOVO"))
    expect(staged(page, "novo.cer")).to_contain_text("Aceito")

    ana = Person.logged_in(stack, ANA)
    assert ana.change(COMPANY, senha=PASSWORD).status == 200
    watch.expect_status(412, f"/adesoes/{COMPANY}")
    conclude(page)
    expect(page.get_by_text("O cadastro desta empresa mudou enquanto você o editava")).to_be_visible()
    look(page, "adesao-mudou")
    page.get_by_role("button", name="Carregar o cadastro atual").click()
    expect(page.get_by_text("mudou enquanto você o editava")).to_have_count(0)
    expect(page.get_by_role("row", name="empresa.cer")).to_contain_text("Será excluído")
    expect(staged(page, "novo.cer")).to_contain_text("Aceito")
    conclude(page)
    expect(page.get_by_role("row", name="novo.cer")).to_contain_text("Vigente")
    assert len(ana.fingerprints(COMPANY)) == 1


def test_a_second_press_sends_nothing_more(page: Page) -> None:
    page.get_by_label("Nova senha (opcional)").fill("outra-4817")
    sent = changes_of(page)
    page.get_by_role("button", name="Concluir solicitação").dblclick()
    expect(page.get_by_text("Solicitação concluída com sucesso.")).to_be_visible()
    assert len(sent) == 1


def test_an_answer_that_never_came_is_asked_for_again_under_the_same_key(
    stack: Stack, page: Page, watch: Watch, look: Look
) -> None:
    stage_deletion(page)
    sent = changes_of(page)

    def lose_the_answer(route: Route) -> None:
        asked = route.request
        body = asked.post_data_buffer
        headers = {"content-type": "application/json", "authorization": asked.headers["authorization"]}
        headers |= {name: asked.headers[name] for name in ("if-match", "idempotency-key")}
        assert stack.request("PUT", f"/adesoes/{COMPANY}", body=body, headers=headers).status == 200
        route.abort("connectionreset")

    page.route(f"**/adesoes/{COMPANY}", lose_the_answer, times=1)
    watch.expect(r"^failed: PUT .*CONNECTION_RESET")
    conclude(page)
    expect(page.get_by_role("alert")).to_contain_text("Não foi possível falar com a plataforma")
    expect(page.get_by_text("a mesma solicitação não é aplicada duas vezes")).to_be_visible()
    look(page, "adesao-sem-resposta")
    # It was applied; the version in hand is old, and the key alone makes it the same request.
    conclude(page)
    expect(page.get_by_text("Solicitação concluída com sucesso.")).to_be_visible()
    keys = [request.header_value("idempotency-key") for request in sent]
    assert len(keys) == 2
    assert keys[0] == keys[1]
    events = Person.logged_in(stack, ANA).get(f"/adesoes/{COMPANY}/historico").json()["eventos"]
    assert [event["ato"] for event in events[:2]] == ["CERTIFICADO_EXCLUIDO", "CERTIFICADO_ADICIONADO"]


def test_a_failing_platform_is_told_with_its_transaction_and_a_check_can_be_asked_again(
    files: Files, page: Page, watch: Watch, look: Look
) -> None:
    failing.fail_inside(page, "/certificados/verificacao", times=1)
    watch.expect_status(500, ".*verificacao")
    choose(page, files.good("novo", common_name="MOINHO NOVO"))
    file = staged(page, "novo.cer")
    expect(file).to_contain_text(failing.TRANSACTION)
    look(page, "adesao-conferencia-falhou")
    file.get_by_role("button", name="Tentar de novo").click()
    expect(file).to_contain_text("Aceito")


def test_a_list_that_does_not_come_says_so_and_comes_at_the_second_try(
    page_signed_in: SignedIn, watch: Watch, look: Look
) -> None:
    page = page_signed_in(ANA, "/")
    failing.fail_at_the_gateway(page, r"/adesoes\?", times=1)
    watch.expect_status(503, "/adesoes")
    page.get_by_role("navigation", name="Principal").get_by_role("link", name="Minhas Empresas").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "adesao-lista-falhou")
    page.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_role("row", name="MOINHO AZUL")).to_be_visible()


def test_what_was_prepared_is_not_left_without_being_asked(page: Page, look: Look) -> None:
    stage_deletion(page)
    page.get_by_role("button", name="Cancelar").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_be_visible()
    look(page, "adesao-sair")
    asked.get_by_role("button", name="Voltar").click()
    expect(page.get_by_role("row", name="empresa.cer")).to_contain_text("Será excluído")
    page.get_by_role("button", name="Cancelar").click()
    page.get_by_role("button", name="Sair e perder o que preparei").click()
    expect(page.get_by_role("heading", name="Minhas Empresas")).to_be_visible()


def test_a_login_that_ended_keeps_what_was_prepared_and_goes_on_after_a_new_one(
    stack: Stack, files: Files, page_signed_in: SignedIn, watch: Watch
) -> None:
    enrolled(stack, files.good("antigo"))
    page = page_signed_in(ANA, f"/empresas/{COMPANY}", anew=True)
    stage_deletion(page)
    failing.end_the_login(page, stack.people_url)
    watch.expect_status(401, "/adesoes")
    watch.expect(r"^answer: 400 ")
    conclude(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Senha", exact=True).fill(stack.passwords[ANA])
    dialog.get_by_role("button", name="Entrar").click()
    expect(page.get_by_text("Solicitação concluída com sucesso.")).to_be_visible()
    assert Person.logged_in(stack, ANA).fingerprints(COMPANY) == []
