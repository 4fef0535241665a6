"""Contracts as a seller and a buyer walk through them: import, be refused in part, validate, look up."""

import csv
import io
import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.contract_files import (
    BUYER,
    BUYER_SIGLA,
    MONTHS,
    SELLER,
    SELLER_SIGLA,
    ContractFiles,
)
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.support.agents import ANA, BRUNO, DARIO, ELISA, Person
from tests.support.contract_agents import Agent, Month, amount, registration
from tests.support.stack import Stack

MOST_PAGES = 20
BOLT = "33047509000149"


@pytest.fixture
def files(tmp_path: Path) -> ContractFiles:
    return ContractFiles(tmp_path)


@pytest.fixture(scope="module")
def seller(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ANA), SELLER)


@pytest.fixture(scope="module")
def buyer(stack: Stack) -> Agent:
    return Agent(Person.logged_in(stack, ELISA), BUYER)


def by_months(seller: Agent) -> int:
    """A contract whose buyer can agree to each month by itself."""
    each = [amount(Month.ahead(place), Month.ahead(place + 1)) for place in range(1, MONTHS + 1)]
    (code,) = seller.registered(registration(SELLER, BUYER, montantes=each))
    return code


def choose(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name=re.compile("Escolher arquivo|Trocar de arquivo")).click()
    waiting.value.set_files(file)


def begin_import(page: Page, file: Path) -> None:
    page.get_by_label("Perfil de agente").select_option(str(SELLER))
    choose(page, file)
    page.get_by_role("button", name="Importar", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(r"^Importação \d+$"))).to_be_visible()


def amounts(page: Page) -> Locator:
    return page.get_by_role("table", name="Montantes").get_by_role("row")


def listed(page: Page, code: int) -> Locator:
    """The link to a contract that is new, so that it stands at the end of what others left."""
    link = page.get_by_role("table", name="Contratos").get_by_role("link", name=str(code))
    more = page.get_by_role("button", name="Carregar mais")
    for _ in range(MOST_PAGES):
        page.get_by_role("table", name="Contratos").press("End")
        try:
            link.wait_for(timeout=2000)
            break
        except PlaywrightTimeout:
            if more.count():
                more.click()
    return link


def validations_of(page: Page) -> list[Request]:
    """The validations that `page` sends from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


def test_a_seller_imports_sees_which_rows_are_wrong_and_takes_their_errors_along(
    page_signed_in: SignedIn, files: ContractFiles, look: Look
) -> None:
    page = page_signed_in(ANA, "/contratos/importacoes")
    expect(page.get_by_role("heading", name="Importar um arquivo")).to_be_visible()
    look(page, "contratos-importar")
    page.get_by_role("button", name="Importar", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Há 2 pontos a corrigir")
    expect(page.get_by_label("Perfil de agente")).to_have_attribute("aria-invalid", "true")
    button = page.get_by_role("button", name="Escolher arquivo")
    expect(button).to_have_accessible_description(re.compile("Escolha o arquivo a importar"))
    look(page, "contratos-importar-incompleto")

    choose(page, files.with_wrong_rows(f"ERRADAS {uuid4().hex[:8]}"))
    expect(page.get_by_text("Contratos CCEAL, 5 linhas")).to_be_visible()
    page.get_by_label("Perfil de agente").select_option(str(SELLER))
    page.get_by_role("button", name="Importar", exact=True).click()

    progress = page.get_by_role("region", name="Andamento")
    expect(progress).to_contain_text("Concluída com erros")
    expect(progress).to_contain_text("2 linhas com erro")
    rows = page.get_by_role("region", name="Linhas", exact=True).get_by_role("row")
    expect(rows).to_have_count(1 + 5)
    expect(rows.nth(1)).to_contain_text("Sucesso")
    expect(rows.nth(3)).to_contain_text("não há perfil 99999")
    look(page, "contratos-importacao-com-erros")
    page.get_by_role("button", name="Ver só os erros").click()
    expect(rows).to_have_count(1 + 2)
    expect(page.get_by_role("radio", name="Erros")).to_be_checked()

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Baixar os erros em CSV").click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[0] == ["linha", "sequencialControle", "contrato", "erro"]
    assert [line[0] for line in lines[1:]] == ["3", "5"]
    assert "99999" in lines[1][3]

    code = page.get_by_role("heading", name=re.compile("^Importação")).inner_text().split()[-1]
    page.get_by_role("navigation", name="Caminho").get_by_role("link", name="Importações").click()
    earlier = page.get_by_role("region", name="Importações anteriores")
    before = earlier.get_by_role("row", name=re.compile(f"^{code} "))
    expect(before).to_contain_text("Concluída com erros")
    expect(before).to_contain_text("Ana Demonstração")
    look(page, "contratos-importacoes")


def test_a_buyer_validates_from_what_waits_and_the_timeline_tells_it(
    page_signed_in: SignedIn, seller: Agent, buyer: Agent, look: Look
) -> None:
    code = by_months(seller)
    page = page_signed_in(ELISA, "/contratos")
    expect(page.get_by_label("Só com montantes não validados")).to_be_checked()
    expect(page.get_by_label("Papel")).to_have_value("COMPRADOR")
    expect(page.get_by_role("table", name="Contratos")).to_contain_text(SELLER_SIGLA)
    look(page, "contratos-lista")
    listed(page, code).click()

    expect(page.get_by_role("heading", name=f"Contrato {code}")).to_be_focused()
    expect(amounts(page)).to_have_count(1 + MONTHS)
    look(page, "contratos-contrato")
    amounts(page).nth(1).get_by_role("checkbox").check()
    amounts(page).nth(2).get_by_role("checkbox").check()
    page.get_by_role("button", name="Validar 2 montantes").click()
    dialog = page.get_by_role("dialog", name=f"Validar 2 montantes do contrato {code}?")
    expect(dialog).to_contain_text(BUYER_SIGLA)
    look(page, "contratos-confirmar-validacao")
    sent = validations_of(page)
    dialog.get_by_role("button", name="Validar 2 montantes").dblclick()
    expect(page.get_by_text("2 montantes foram validados.")).to_be_visible()
    assert len(sent) == 1
    expect(amounts(page).filter(has_text="Inserido, não validado")).to_have_count(MONTHS - 2)
    expect(page.get_by_label("Dados do contrato")).to_contain_text("Não validado")

    page.get_by_label(f"Selecionar os {MONTHS - 2} montantes não validados").check()
    page.get_by_role("button", name=f"Validar {MONTHS - 2} montantes").click()
    page.get_by_role("dialog").get_by_role("button", name=f"Validar {MONTHS - 2} montantes").click()
    timeline = page.get_by_role("list", name="Linha do tempo")
    expect(timeline.get_by_role("listitem").first).to_contain_text("Contrato validado")
    expect(timeline).to_contain_text("Elisa Demonstração")
    expect(timeline.get_by_role("listitem").last).to_contain_text("Contrato registrado")
    expect(page.get_by_role("checkbox", name=re.compile("^Validar o montante"))).to_have_count(0)
    look(page, "contratos-validado")
    assert buyer.situation(code) == "VALIDADO"

    page.get_by_role("navigation", name="Caminho").get_by_role("link", name="Contratos").click()
    expect(page.get_by_role("heading", name="Contratos")).to_be_visible()
    expect(page.get_by_text("Carregando contratos…")).to_have_count(0)
    expect(page.get_by_role("link", name=str(code))).to_have_count(0)


def test_a_large_file_goes_by_a_form_of_its_own(page_signed_in: SignedIn, files: ContractFiles) -> None:
    page = page_signed_in(ANA, "/contratos/importacoes")
    begin_import(page, files.large(f"GRANDE {uuid4().hex[:8]}"))
    expect(page.get_by_role("region", name="Andamento")).to_contain_text("Concluída")
    expect(page.get_by_role("region", name="Linhas", exact=True)).to_contain_text("contrato registrado")


def test_a_file_that_is_no_import_is_refused_before_it_leaves(
    page_signed_in: SignedIn, files: ContractFiles, look: Look
) -> None:
    page = page_signed_in(ANA, "/contratos/importacoes")
    expect(page.get_by_role("heading", name="Importar um arquivo")).to_be_visible()
    sent = validations_of(page)
    choose(page, files.spreadsheet())
    expect(page.get_by_role("alert")).to_contain_text("O arquivo contratos.csv não é XML")
    look(page, "contratos-importar-outro-arquivo")
    assert sent == []


def test_who_only_reads_sees_no_way_to_write(page_signed_in: SignedIn, seller: Agent, look: Look) -> None:
    code = by_months(seller)
    # BOLT, which Bruno represents legally, operates for the buyer.
    page = page_signed_in(BRUNO, f"/contratos/{code}")
    expect(amounts(page)).to_have_count(1 + MONTHS)
    expect(page.get_by_text("Quem os valida é um representante CCEE do comprador")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("^Validar|^Selecionar"))).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Validar"))).to_have_count(0)
    look(page, "contratos-so-leitura")
    page.goto("/#/contratos/importacoes")
    expect(page.get_by_text("Só um representante CCEE importa arquivos")).to_be_visible()
    expect(page.get_by_role("button", name="Importar", exact=True)).to_have_count(0)


def test_who_operates_for_the_buyer_validates_and_imports_by_its_profile(
    page_signed_in: SignedIn, seller: Agent, buyer: Agent, look: Look
) -> None:
    code = by_months(seller)
    # Ana represents nobody at the buyer's: BOLT, which she represents, operates for it.
    page = page_signed_in(ANA, f"/contratos/{code}")
    expect(page.get_by_text("Há montantes que esperam a sua validação")).to_be_visible()
    amounts(page).nth(1).get_by_role("checkbox").check()
    page.get_by_role("button", name="Validar 1 montante").click()
    dialog = page.get_by_role("dialog", name=f"Validar 1 montante do contrato {code}?")
    expect(dialog).to_contain_text(f"{BUYER_SIGLA} {BUYER}")
    look(page, "contratos-validar-por-quem-representa")
    dialog.get_by_role("button", name="Validar 1 montante").click()
    expect(page.get_by_text("1 montante foi validado.")).to_be_visible()
    (validated,) = [one for one in buyer.history(code) if one["ato"] == "MONTANTE_ENERGIA.VALIDADO"]
    assert (validated["empresa"], validated["perfil"]) == (BOLT, BUYER)

    page.goto("/#/contratos/importacoes")
    chooser = page.get_by_label("Perfil de agente")
    expect(chooser.get_by_role("option", name=f"{BUYER_SIGLA} ({BUYER})")).to_have_count(1)


def test_a_page_of_contracts_has_its_siglas_from_one_request(page_signed_in: SignedIn, seller: Agent) -> None:
    by_months(seller)
    page = page_signed_in(ELISA)
    expect(page.get_by_role("heading", name="Início")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/perfis" in request.url else None)
    page.goto("/#/contratos")
    table = page.get_by_role("table", name="Contratos")
    expect(table.get_by_text(SELLER_SIGLA).first).to_be_visible()
    expect(table.get_by_text(BUYER_SIGLA).first).to_be_visible()
    own, *siglas = [url.partition("/#")[0].split("/", 3)[3] for url in asked]
    assert own == "contratos/perfis?limite=1000"
    assert len(siglas) == 1, siglas
    assert siglas[0].startswith("perfis?codigo=")
    assert {str(SELLER), str(BUYER)} <= set(re.findall(r"codigo=(\d+)", siglas[0]))


def test_who_waits_for_nothing_sees_all_contracts_at_once(page_signed_in: SignedIn, look: Look) -> None:
    page = page_signed_in(DARIO, "/contratos")
    expect(page.get_by_text("Nenhum montante espera a sua validação")).to_be_visible()
    expect(page.get_by_text("Ainda não há contratos dos seus perfis")).to_be_visible()
    expect(page.get_by_label("Só com montantes não validados")).not_to_be_checked()
    look(page, "contratos-vazio")


def test_a_foreign_contract_is_told_like_one_that_does_not_exist(
    page_signed_in: SignedIn, seller: Agent, watch: Watch, look: Look
) -> None:
    code = by_months(seller)
    watch.expect_status(404, f"/contratos/{code}")
    page = page_signed_in(DARIO, f"/contratos/{code}")
    expect(page.get_by_role("heading", name="Contrato não encontrado")).to_be_visible()
    look(page, "contratos-nao-encontrado")


def test_filters_narrow_the_list_and_say_what_is_wrong_with_a_period(page_signed_in: SignedIn) -> None:
    page = page_signed_in(ELISA, "/contratos")
    expect(page.get_by_role("table", name="Contratos")).to_be_visible()
    page.get_by_label("Ambiente").select_option("REGULADO")
    page.get_by_label("Papel").select_option("")
    rows = page.get_by_role("table", name="Contratos").get_by_role("row")
    expect(rows.filter(has_text="900001")).to_be_visible()
    page.get_by_label("Vigente de").fill("2030-01-01")
    page.get_by_label("até").fill("2029-01-01")
    expect(page.get_by_text("O fim do período vem antes do início")).to_be_visible()
    page.get_by_label("até").fill("2031-12-31")
    expect(page.get_by_text("O fim do período vem antes do início")).to_have_count(0)
    expect(rows.filter(has_text="900003")).to_have_count(0)
    page.get_by_label("Abrir pelo número").fill("900001")
    page.get_by_label("Abrir pelo número").press("Enter")
    expect(page.get_by_role("heading", name="Contrato 900001")).to_be_focused()
    expect(page.get_by_role("table", name="Montantes")).to_contain_text("56.940")


def test_the_registry_is_looked_up_by_lists_and_filters(page_signed_in: SignedIn, look: Look) -> None:
    page = page_signed_in(DARIO, "/contratos/consulta")
    found = page.get_by_role("table", name="Participantes").get_by_role("row")
    expect(found.filter(has_text="BOLT OPERACOES")).to_be_visible()
    look(page, "contratos-participantes")
    page.get_by_label("CNPJ").fill("33.047.509/0001-48")
    page.get_by_role("button", name="Procurar participantes").click()
    expect(page.get_by_text("Informe um CNPJ inteiro")).to_be_visible()
    expect(page.get_by_label("CNPJ")).to_be_focused()
    page.get_by_label("CNPJ").fill("33.047.509/0001-49")
    page.get_by_role("button", name="Procurar participantes").click()
    expect(found).to_have_count(2)
    for name, row in (("Perfis", SELLER_SIGLA), ("Ativos", "UHE AURORA"), ("Parcelas de ativo", "7001")):
        lists = page.get_by_role("navigation", name="Listas do cadastro")
        lists.get_by_role("link", name=name).press("Enter")
        rows = page.get_by_role("table", name=name).get_by_role("row")
        expect(rows.filter(has_text=row).first).to_be_visible()
        look(page, f"contratos-cadastro-{name.split()[0].lower()}")
