"""Contracts when things go wrong: the platform fails, the line is cut, one presses again."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser import failing
from tests.browser.contract_files import BUYER, SELLER, ContractFiles
from tests.browser.test_contracts import by_months, choose
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.support.agents import ANA, ELISA, Person
from tests.support.contract_agents import Agent
from tests.support.stack import Stack

NO_NETWORK = r"^failed: .* net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def files(tmp_path: Path) -> ContractFiles:
    return ContractFiles(tmp_path)


@pytest.fixture(scope="module")
def seller(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ANA), SELLER)


@pytest.fixture(scope="module")
def buyer(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ELISA), BUYER)


def test_a_list_that_failed_says_so_with_its_transaction_and_comes_when_asked_again(
    page_signed_in: SignedIn, seller: Agent, watch: Watch, look: Look
) -> None:
    by_months(seller)
    page = page_signed_in(ELISA)
    expect(page.get_by_role("heading", name="Início")).to_be_visible()
    watch.expect_status(500, r"/contratos\?")
    failing.fail_inside(page, r"/contratos\?", times=1)
    page.goto("/#/contratos")
    expect(page.get_by_role("alert")).to_contain_text(failing.TRANSACTION)
    look(page, "contratos-lista-falhou")
    page.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_role("table", name="Contratos")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_part_of_a_contract_that_failed_leaves_the_others_in_place(
    page_signed_in: SignedIn, seller: Agent, watch: Watch, look: Look
) -> None:
    code = by_months(seller)
    page = page_signed_in(ELISA)
    expect(page.get_by_role("heading", name="Início")).to_be_visible()
    watch.expect_status(503, "/historico")
    failing.fail_at_the_gateway(page, "/historico", times=1)
    page.goto(f"/#/contratos/{code}")
    expect(page.get_by_role("table", name="Montantes")).to_be_visible()
    timeline = page.get_by_role("region", name="Linha do tempo")
    expect(timeline.get_by_role("alert")).to_be_visible()
    look(page, "contratos-historico-falhou")
    timeline.get_by_role("button", name="Tentar de novo").click()
    expect(timeline).to_contain_text("Contrato registrado")


def test_a_validation_without_a_line_stays_ready_and_is_done_once_when_sent_again(
    page_signed_in: SignedIn, seller: Agent, buyer: Agent, watch: Watch, look: Look
) -> None:
    code = by_months(seller)
    page = page_signed_in(ELISA, f"/contratos/{code}")
    page.get_by_role("table", name="Montantes").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Validar 1 montante").click()
    dialog = page.get_by_role("dialog")
    watch.expect(NO_NETWORK)
    with failing.offline(page.context):
        dialog.get_by_role("button", name="Validar 1 montante").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Não foi possível falar com a plataforma")
        look(page, "contratos-validar-sem-conexao")
    dialog.get_by_role("button", name="Validar 1 montante").click()
    expect(page.get_by_text("1 montante foi validado.")).to_be_visible()
    acts = [event["ato"] for event in buyer.history(code)]
    assert acts.count("MONTANTE_ENERGIA.VALIDADO") == 1


def test_a_refusal_of_the_rules_is_told_in_the_dialog(
    page_signed_in: SignedIn, seller: Agent, watch: Watch
) -> None:
    code = by_months(seller)
    page = page_signed_in(ELISA, f"/contratos/{code}")
    page.get_by_role("table", name="Montantes").get_by_role("checkbox").first.check()
    (cancelled,) = seller.imported(encerrar=[{"numeroContrato": code, "cancelarContrato": True}])
    assert cancelled["status"] == "SUCESSO"
    (agreed,) = Agent(Person.logged_in(seller.person.stack, ELISA), BUYER).imported(
        encerrar=[{"numeroContrato": code, "validarCancelamento": True}]
    )
    assert agreed["status"] == "SUCESSO"
    watch.expect_status(422, "/montantes/validacao")
    page.get_by_role("button", name="Validar 1 montante").click()
    page.get_by_role("dialog").get_by_role("button", name="Validar 1 montante").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("CANCELADO")


def test_an_import_without_a_line_keeps_what_was_chosen_and_goes_when_the_line_is_back(
    page_signed_in: SignedIn, files: ContractFiles, watch: Watch, look: Look
) -> None:
    page = page_signed_in(ANA, "/contratos/importacoes")
    page.get_by_label("Perfil de agente").select_option(str(SELLER))
    choose(page, files.with_wrong_rows(f"SEM LINHA {uuid4().hex[:8]}"))
    expect(page.get_by_text("Contratos CCEAL, 5 linhas")).to_be_visible()
    watch.expect(NO_NETWORK)
    with failing.offline(page.context):
        page.get_by_role("button", name="Importar", exact=True).click()
        expect(page.get_by_text("Não foi possível falar com a plataforma")).to_be_visible()
        look(page, "contratos-importar-sem-conexao")
    page.get_by_role("button", name="Importar", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(r"^Importação \d+$"))).to_be_visible()


def test_an_import_that_cannot_be_asked_about_goes_on_by_itself(
    page_signed_in: SignedIn, files: ContractFiles, watch: Watch
) -> None:
    page = page_signed_in(ANA, "/contratos/importacoes")
    page.get_by_label("Perfil de agente").select_option(str(SELLER))
    choose(page, files.with_wrong_rows(f"DE NOVO {uuid4().hex[:8]}"))
    watch.expect_status(503, r"/contratos/importacoes/\d+")
    failing.fail_at_the_gateway(page, r"/contratos/importacoes/\d+", times=1)
    page.get_by_role("button", name="Importar", exact=True).click()
    expect(page.get_by_text("A plataforma respondeu de um modo inesperado (503)")).to_be_visible()
    expect(page.get_by_role("region", name="Andamento")).to_contain_text("Concluída com erros")
    expect(page.get_by_text("A plataforma respondeu de um modo inesperado (503)")).to_have_count(0)


def test_leaving_while_a_file_is_on_its_way_asks_first(
    page_signed_in: SignedIn, files: ContractFiles, look: Look
) -> None:
    page = page_signed_in(ANA, "/contratos/importacoes")
    page.get_by_label("Perfil de agente").select_option(str(SELLER))
    choose(page, files.with_wrong_rows(f"SAINDO {uuid4().hex[:8]}"))
    with failing.held(page, "/contratos/importacoes$"):
        page.get_by_role("button", name="Importar", exact=True).click()
        expect(page.get_by_role("button", name="Enviando…")).to_be_visible()
        page.get_by_role("link", name="Publicação").click()
        dialog = page.get_by_role("dialog", name="Sair sem enviar?")
        expect(dialog).to_contain_text("contratos.xml")
        look(page, "contratos-sair-durante-envio")
        dialog.get_by_role("button", name="Voltar").click()
    expect(page.get_by_role("heading", name=re.compile(r"^Importação \d+$"))).to_be_visible()
