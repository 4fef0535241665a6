"""What all pages of the monitoring share: who sees it, the week's clock, reader keys, and the lock."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from aval.attestation.verification import MAX_AGE
from aval.moments import utc_now
from aval.sealing.reader_file import unprotect
from aval.sealing.readers import ReaderKeys
from tests.browser import accessibility, failing
from tests.browser.misbehaving import (
    KEY_LIES,
    LOG_LIES,
    Genuine,
    Keeping,
    lie_about_the_key,
    lie_about_the_log,
    other_code,
)
from tests.browser.monitored_week import AGENTS, ANSWERED_MS, FABIO, desk_of, fill_portfolio
from tests.browser.own_keys import PASSPHRASE, make_keys
from tests.browser.visits import Look, SignedIn
from tests.browser.weeks import fresh_week
from tests.e2e.ended_week import OwnWeek
from tests.support.agents import ANA
from tests.support.stack import Stack

KeyLie = Callable[[Genuine], bytes]
LogLie = Callable[[Keeping], str]
DELIVER: Final = "Cifrar e entregar o portfólio"


@pytest.fixture(scope="module")
def week(stack: Stack) -> OwnWeek:
    return fresh_week(stack)


def test_shows_the_four_modules_and_the_clock_of_each_open_week(
    week: OwnWeek, page_signed_in: SignedIn, look: Look
) -> None:
    page = page_signed_in(FABIO, "/prudencial")
    name = f"{week.event[:4]}-{week.event[4:6]}/{week.event[6:]}"
    section = page.get_by_role("region", name=f"Semana {name}")
    expect(section.get_by_role("link")).to_have_count(4)
    expect(section).to_contain_text("Aberta: falta")
    with failing.held(page, "/sessao$"):
        page.reload()
        expect(section.get_by_role("link")).to_have_count(4)
        expect(section).to_contain_text("Carregando os agentes…")
    expect(section.get_by_role("progressbar", name="Portfólios entregues")).to_be_visible()
    look(page, "monitoramento-inicio")
    section.get_by_role("link", name="Contrapartes").click()
    expect(page.get_by_role("heading", name="Contrapartes", level=1)).to_be_visible()
    expect(page.get_by_label("Semana", exact=True)).to_have_value(week.event)


def test_who_answers_for_no_monitoring_sees_why_and_nothing_to_fill(
    week: OwnWeek, page_signed_in: SignedIn, look: Look
) -> None:
    page = page_signed_in(ANA, "/prudencial")
    expect(page.get_by_text("O seu acesso não inclui o monitoramento prudencial")).to_be_visible()
    look(page, "monitoramento-sem-acesso")
    page.goto(f"/#/prudencial/{week.event}/portfolio/{AGENTS[0]}")
    expect(page.get_by_text("O seu acesso não inclui o monitoramento prudencial")).to_be_visible()
    expect(page.get_by_role("button", name=DELIVER)).to_have_count(0)


def test_an_agent_is_found_in_the_list_and_one_of_others_is_not_shown(
    week: OwnWeek, page_signed_in: SignedIn, look: Look
) -> None:
    page = page_signed_in(FABIO, f"/prudencial/{week.event}/portfolio")
    page.get_by_label("Procurar por sigla, nome ou CNPJ").fill("90.000.217")
    expect(page.get_by_role("link", name="VENTOS DA SERRA 02")).to_be_visible()
    look(page, "monitoramento-agentes")
    page.goto(f"/#/prudencial/{week.event}/portfolio/58290417000116")
    expect(page.get_by_text("não é um agente elegível desta semana")).to_be_visible()


def test_keys_are_named_put_under_a_passphrase_and_downloaded_before_they_serve(
    page_signed_in: SignedIn, tmp_path: Path, look: Look
) -> None:
    page = page_signed_in(FABIO, "/prudencial/leitores")
    page.get_by_role("button", name="Criar chaves").click()
    page.get_by_role("button", name="Criar e baixar o arquivo").click()
    wrong = page.get_by_role("alert").filter(has_text="pontos a corrigir")
    expect(wrong).to_contain_text("Informe o nome da chave.")
    expect(wrong).to_contain_text("A senha deve ter ao menos 12 caracteres.")
    look(page, "monitoramento-chaves-faltas")
    page.get_by_role("button", name="Cancelar").click()
    file = make_keys(page, "fabio-quadro", tmp_path)
    held = unprotect(file.read_bytes(), PASSPHRASE)
    expect(page.get_by_text(shown(held.public.fingerprint)).first).to_be_visible()
    look(page, "monitoramento-chaves")

    page.get_by_role("button", name="Esquecer as chaves fabio-quadro").click()
    page.get_by_role("dialog").get_by_role("button", name="Esquecer “fabio-quadro”").click()
    expect(page.get_by_text("Ainda não há chaves.")).to_be_visible()
    page.get_by_role("button", name="Abrir um arquivo de chaves").click()
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_label("Senha do arquivo").fill("outra senha bem comprida")
    page.get_by_role("button", name="Abrir e usar").click()
    expect(page.get_by_text("o arquivo do leitor não abre com esta senha")).to_be_visible()
    page.get_by_label("Senha do arquivo").fill(PASSPHRASE)
    page.get_by_role("button", name="Abrir e usar").click()
    expect(page.get_by_text(shown(held.public.fingerprint)).first).to_be_visible()


def test_a_colleague_is_added_by_fingerprint_and_taken_out_with_a_way_back(
    page_signed_in: SignedIn, tmp_path: Path, look: Look
) -> None:
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-lista", tmp_path)
    bia = ReaderKeys.generate("bia").public
    section = page.get_by_role("region", name="Lista de leitores de")
    with page.expect_file_chooser() as choosing:
        section.get_by_role("button", name="Adicionar um colega").click()
    public = tmp_path / "bia.json"
    public.write_text(json.dumps(bia.as_json()))
    choosing.value.set_files(public)
    dialog = page.get_by_role("dialog", name="Adicionar bia à lista?")
    expect(dialog).to_contain_text(shown(bia.fingerprint))
    look(page, "monitoramento-colega")
    dialog.get_by_role("button", name="A impressão confere: juntar").click()
    page.get_by_role("button", name="Retirar bia da lista").click()
    expect(section).to_contain_text("bia saiu da lista")
    section.get_by_role("button", name="Desfazer").click()
    expect(section.get_by_role("listitem")).to_have_count(2)


def test_the_lock_tells_what_was_verified_and_how_to_do_it_without_the_page(
    week: OwnWeek, page_signed_in: SignedIn, tmp_path: Path, look: Look
) -> None:
    page = desk_of(page_signed_in, week, f"portfolio/{AGENTS[0]}", tmp_path)
    lock = page.get_by_role("region", name="Lacre")
    expect(lock).to_contain_text("NÃO ATESTADO POR HARDWARE")
    page.get_by_role("button", name="Ver o que foi conferido").click()
    dialog = page.get_by_role("dialog", name="O lacre")
    for fact in ("Raiz", "Código medido", "Pergunta (nonce)", "Idade", "Chave que cifra"):
        expect(dialog.get_by_role("term").filter(has_text=fact).first).to_be_visible()
    expect(dialog).to_contain_text("aval atestado verificar atestado.cose --nonce $NONCE")
    expect(dialog).to_contain_text(f"--evento {week.event} --remetente 33047509000149")
    look(page, "monitoramento-lacre")


@pytest.fixture
def keyed(page_signed_in: SignedIn, tmp_path: Path) -> Page:
    """With keys, and not yet in a week: nothing was verified."""
    page = page_signed_in(FABIO)
    make_keys(page, "fabio-recusa", tmp_path)
    return page


@pytest.mark.parametrize("told", KEY_LIES, ids=lambda told: told[0].__name__)
def test_refuses_to_seal_to_a_key_that_is_not_attested_and_names_the_reason(
    stack: Stack, week: OwnWeek, keyed: Page, told: tuple[KeyLie, str], look: Look
) -> None:
    lie, code = told
    lie_about_the_key(keyed, stack, lie)
    refused_at(keyed, week, code)
    if lie is other_code:
        look(keyed, "monitoramento-lacre-recusado")


@pytest.mark.parametrize("told", LOG_LIES, ids=lambda told: told[0].__name__)
def test_refuses_to_seal_to_code_that_the_log_does_not_release_and_names_the_reason(
    stack: Stack, week: OwnWeek, keyed: Page, told: tuple[LogLie, str]
) -> None:
    lie, code = told
    lie_about_the_log(keyed, stack, lie)
    refused_at(keyed, week, code)


def test_a_key_that_was_verified_five_minutes_ago_is_verified_anew_before_anything_is_sealed(
    week: OwnWeek, page_signed_in: SignedIn, tmp_path: Path
) -> None:
    page = desk_of(page_signed_in, week, f"portfolio/{AGENTS[0]}", tmp_path)
    fill_portfolio(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    # A clock that is so far ahead finds what was just attested too old: refused is what is asked for now.
    page.clock.set_fixed_time(utc_now() + MAX_AGE + timedelta(seconds=2))
    page.get_by_role("button", name=DELIVER).click()
    lock = page.get_by_role("alert").filter(has_text="Lacre recusado")
    expect(lock).to_contain_text("ANTIGO", timeout=ANSWERED_MS)
    expect(page.get_by_role("button", name=DELIVER)).to_have_count(0)
    assert any("/prudencial/chave?nonce=" in one for one in asked)
    assert not any(one.startswith("PUT") for one in asked)


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


def refused_at(page: Page, week: OwnWeek, code: str) -> None:
    """No way to seal is left, by form or by file."""
    page.goto(f"/#/prudencial/{week.event}/portfolio/{AGENTS[0]}")
    lock = page.get_by_role("alert").filter(has_text="Lacre recusado")
    expect(lock).to_contain_text(code, timeout=ANSWERED_MS)
    expect(page.get_by_role("heading", name="Portfólio por mês")).to_be_visible()
    expect(page.get_by_role("button", name=DELIVER)).to_have_count(0)
    expect(page.get_by_role("button", name="Importar arquivo")).to_have_count(0)


def shown(fingerprint: str) -> str:
    """As the page groups it."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 64, 4))
