"""A week by lote in the page: 37 agents, three of them wrong; read in place, corrected, published."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from aval.edge.problems import unexpected_document
from local.demo_files import MISTAKES, counterparties, planted, represented, workbook
from tests.browser import failing
from tests.browser.own_keys import make_keys
from tests.browser.visits import SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import fresh_week
from tests.browser.wire import Wire
from tests.e2e.ended_week import OwnWeek
from tests.e2e.lote_sender import LoteSender, upload
from tests.support.stack import Stack

FABIO: Final = "fabio@demo.aval.example"
AGENTS: Final = represented()
WRONG: Final = [AGENTS[mistake.agent] for mistake in MISTAKES]
WORKED_OFF_MS: Final = 120_000
# As the page asks while a lote is open.
ASKED_EVERY_SECONDS: Final = 1.5
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Week:
    own: OwnWeek

    @property
    def page(self) -> str:
        return f"/prudencial/{self.own.event}/lote"


@pytest.fixture(scope="module")
def week(stack: Stack) -> Week:
    return Week(fresh_week(stack))


def send(page: Page, kind: str, name: str, content: bytes, media_type: str) -> None:
    page.get_by_label("O que o arquivo traz").select_option(label=kind)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Importar arquivo").click()
    choosing.value.set_files({"name": name, "mimeType": media_type, "buffer": content})


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


def test_a_week_by_lote(
    week: Week,
    page_signed_in: SignedIn,
    tmp_path: Path,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-lotes", tmp_path)
    page.goto(f"/#{week.page}")
    progress = page.get_by_role("progressbar", name="Progresso Portfólio")
    expect(progress).to_have_attribute("aria-valuenow", "0")
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    axe(page)
    picture(page, "lote-vazio")

    page.get_by_role("button", name="Agentes elegíveis").click()
    expect(page.get_by_role("table", name="Agentes elegíveis da semana")).to_be_visible()
    page.get_by_role("button", name="Esconder os agentes elegíveis").click()

    event = week.own.event
    send(page, "Portfólio", "carteiras.xlsx", workbook(AGENTS, event, MISTAKES), XLSX)
    expect(page.get_by_text("carteiras.xlsx: enviado cifrado")).to_be_visible()
    sent = row_of(page, "carteiras.xlsx")
    # Nobody reloads: the row and the bar move by themselves.
    expect(sent).to_contain_text("Aceito em parte", timeout=WORKED_OFF_MS)
    expect(sent).to_contain_text("34 aceitos, 3 recusados")
    expect(progress).to_have_attribute("aria-valuenow", "34")
    picture(page, "lote-enviado")

    read_faults(page, sent, axe, picture)

    page.goto(f"/#{week.page}")
    send(page, "Portfólio", "correcao.xlsx", workbook(WRONG, event), XLSX)
    expect(row_of(page, "correcao.xlsx")).to_contain_text("3 aceitos", timeout=WORKED_OFF_MS)
    file = json.dumps(counterparties(AGENTS, event)).encode()
    send(page, "Contrapartes", "contrapartes.json", file, "application/json")
    expect(row_of(page, "contrapartes.json")).to_contain_text("37 aceitos", timeout=WORKED_OFF_MS)
    for name in ("Progresso Portfólio", "Progresso Contrapartes"):
        bar = page.get_by_role("progressbar", name=name)
        expect(bar).to_have_attribute("aria-valuenow", "37")


def read_faults(
    page: Page, sent: Locator, axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    """What is wrong is told by agent, cell, rule and sentence, and saved for a spreadsheet."""
    sent.get_by_role("link").click()
    expect(page.get_by_text("nao-negativo")).to_be_visible()
    page.get_by_role("button", name="Abrir com as minhas chaves").click()
    expect(page.get_by_text("34 agentes aceitos")).to_be_visible()
    for cell in ("Portfolio!F31", "Portfolio!H100", "Portfolio!E171"):
        expect(page.get_by_role("cell", name=cell)).to_be_visible()
    axe(page)
    picture(page, "lote-erros")
    page.get_by_label("Filtrar por CNPJ, célula, regra ou texto").fill("E171")
    expect(page.get_by_role("cell", name="Portfolio!F31")).to_be_hidden()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Baixar os erros (CSV)").click()
    text = downloading.value.path().read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert lines[0] == ["CNPJ", "Onde", "Regra", "O que corrigir"]
    assert {line[1] for line in lines[1:]} >= {"Portfolio!F31", "Portfolio!H100", "Portfolio!E171"}


def test_nothing_of_a_file_goes_over_the_wire_in_clear(
    week: Week, page_signed_in: SignedIn, wire: Wire, tmp_path: Path
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-fio", tmp_path)
    page.goto(f"/#{week.page}")
    send(page, "Portfólio", "fio.xlsx", workbook(AGENTS[:2], week.own.event), XLSX)
    expect(row_of(page, "fio.xlsx")).to_contain_text("2 aceitos", timeout=WORKED_OFF_MS)
    wire.require_none({f"equity of {company}": planted(company) for company in AGENTS[:2]})


def test_a_file_that_does_not_do_is_refused_before_it_is_sealed(
    week: Week, page_signed_in: SignedIn, tmp_path: Path
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-vazio", tmp_path)
    page.goto(f"/#{week.page}")
    send(page, "Portfólio", "vazio.xlsx", b"", XLSX)
    expect(page.get_by_text("vazio.xlsx está vazio. Escolha outro arquivo.")).to_be_visible()


def test_rubbish_is_told_as_the_enclave_tells_it(
    week: Week, page_signed_in: SignedIn, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-lixo", tmp_path)
    page.goto(f"/#{week.page}")
    send(page, "Portfólio", "lixo.xlsx", b"isto nao e uma planilha", XLSX)
    sent = row_of(page, "lixo.xlsx")
    expect(sent).to_contain_text("Recusado", timeout=WORKED_OFF_MS)
    sent.get_by_role("link").click()
    page.get_by_role("button", name="Abrir com as minhas chaves").click()
    expect(page.get_by_text("Nada do arquivo foi aceito")).to_be_visible()
    picture(page, "lote-recusado")


def test_an_upload_that_breaks_off_is_told_and_may_be_sent_again(
    week: Week, page_signed_in: SignedIn, watch: Watch, tmp_path: Path, stack: Stack
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-queda", tmp_path)
    page.goto(f"/#{week.page}")
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    watch.expect("^failed: POST ")
    page.route(f"{stack.described['emulator_url']}/**", lambda route: route.abort(), times=1)
    content = workbook(AGENTS[:1], week.own.event)
    send(page, "Portfólio", "queda.xlsx", content, XLSX)
    expect(page.get_by_text("O envio do arquivo foi interrompido")).to_be_visible()
    send(page, "Portfólio", "queda.xlsx", content, XLSX)
    expect(row_of(page, "queda.xlsx").first).to_contain_text("1 aceito", timeout=WORKED_OFF_MS)


def test_a_row_moves_to_its_end_on_a_line_slower_than_the_page_asks(
    stack: Stack, week: Week, page_signed_in: SignedIn
) -> None:
    sender = LoteSender(stack, week.own.event)
    file = sender.sealed(sender.portfolio(AGENTS[0]))
    # Nothing moves before its file comes, so that the line is slow by then.
    announced = sender.announce(file, nomeDoArquivo="linha-lenta.json")
    page = page_signed_in(FABIO, week.page)
    row = row_of(page, "linha-lenta.json")
    expect(row).to_contain_text("Esperando o arquivo")
    with failing.slow(page, seconds=2 * ASKED_EVERY_SECONDS):
        assert upload(announced, file.body) == HTTPStatus.NO_CONTENT
        expect(row).to_contain_text("1 aceito", timeout=WORKED_OFF_MS)


def test_an_address_of_ones_own_is_registered_and_a_wrong_one_named(
    page_signed_in: SignedIn, watch: Watch, axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    page = page_signed_in(FABIO, "/publicacao")
    field = page.get_by_label("Endereço", exact=True)
    watch.expect_status(404, "/divulgacao")
    watch.expect_status(422, "/divulgacao")
    field.fill("http://intranet")
    page.get_by_role("button", name="Registrar endereço").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("https://www.empresa.com.br/fator")
    page.get_by_role("button", name="Registrar endereço").click()
    expect(page.get_by_text("Endereço registrado")).to_be_visible()
    expect(page.get_by_text("Histórico (1)")).to_be_visible()
    axe(page)
    picture(page, "publicacao")


def test_a_failing_platform_loses_no_choice(
    week: Week, page_signed_in: SignedIn, watch: Watch, tmp_path: Path
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-falha", tmp_path)
    page.goto(f"/#{week.page}")
    expect(page.get_by_text("Lacre conferido")).to_be_visible()
    watch.expect_status(500, "/lotes$")
    page.get_by_label("Recusar o arquivo inteiro").check()

    def fail_to_announce(route: Route) -> None:
        if route.request.method == "GET":
            route.fallback()
            return
        told = unexpected_document(transaction_id=failing.TRANSACTION)
        route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(told))

    page.route("**/lotes", fail_to_announce)
    send(page, "Portfólio", "falha.xlsx", workbook(AGENTS[:1], week.own.event), XLSX)
    expect(page.get_by_text(failing.TRANSACTION)).to_be_visible()
    expect(page.get_by_label("Recusar o arquivo inteiro")).to_be_checked()


def test_the_list_is_published_after_the_deadline(
    stack: Stack,
    page_signed_in: SignedIn,
    watch: Watch,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    """The last test: what closes one week closes every other whose deadline is before that moment."""
    ended = fresh_week(stack)
    watch.expect_status(404, "/publicacao/")
    page = page_signed_in(FABIO, f"/publicacao/{ended.event}")
    expect(page.get_by_role("button", name="Tentar de novo")).to_be_visible()
    ended.run("close-weeks", after_deadline=timedelta(minutes=5))
    page.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_role("status").filter(has_text="agentes")).to_be_visible()
    page.get_by_label("Situação").select_option(label="Não enviado")
    expect(page.get_by_text("FA não enviado até o prazo").first).to_be_visible()
    axe(page)
    picture(page, "publicacao-lista")
    page.get_by_label("Buscar por sigla, nome ou CNPJ").fill("33.047.509")
    expect(page.get_by_role("row").filter(has_text="BOLT OPERACOES")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Baixar CSV").click()
    assert "FA não enviado até o prazo" in downloading.value.path().read_text(encoding="utf-8-sig")
