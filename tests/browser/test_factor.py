"""A factor in the page: opened, explained, tried out, validated, cancelled, sent, with its receipt."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aval.cli.main import main
from aval.cli.outcome import ExitCode
from aval.moments import for_people
from tests.browser import pictures
from tests.browser.factor_desk import (
    DONE_MS,
    FactorDesk,
    asked_for,
    code,
    confirm,
    press,
    told,
    validate,
)
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import FABIO, fresh_week
from tests.browser.wire import Wire
from tests.e2e.ended_week import OwnWeek
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def desk(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> FactorDesk:
    return FactorDesk(stack, fresh_week(stack), tmp_path_factory.mktemp("fator") / "fator.chaves")


@pytest.fixture
def page(desk: FactorDesk, page_signed_in: SignedIn) -> Page:
    page = page_signed_in(FABIO)
    desk.open_keys(page)
    return page


def test_a_factor_is_opened_with_all_its_places_and_explained(
    desk: FactorDesk, page: Page, wire: Wire, look: Look
) -> None:
    agent = desk.computed()
    desk.go_to(page, agent)
    panel = page.get_by_role("region", name=re.compile("^Fator de alavancagem de"))
    assert re.fullmatch(r"0\.[0-9]{12}", agent.number)
    expect(panel.get_by_text(agent.shown, exact=True)).to_be_visible()
    expect(panel.get_by_text("NÃO ATESTADO POR HARDWARE")).to_be_visible()
    months = page.get_by_role("table", name=re.compile("^VaR por mês"))
    # Head, seven months, their sum.
    expect(months.get_by_role("row")).to_have_count(9)
    expect(page.get_by_role("table", name="Resultado (RES) por parte")).to_contain_text("Mercado regulado")
    expect(page.get_by_role("table", name="Do patrimônio líquido ao PLA")).to_contain_text("Dedução I")
    # Sealed elsewhere: whoever has the public keys could have done it.
    expect(page.get_by_text("Este navegador não cifrou o portfólio nem as contrapartes")).to_be_visible()
    # What the page does not check is said where it matters, with the command that does.
    expect(page.get_by_text(f"aval fa validar --evento {desk.week.event}")).to_be_visible()
    look(page, "fator-aberto")
    needles = {name: str(agent.told["agente"][name]) for name in ("fa", "var", "res", "rwa")}
    wire.require_none(needles)


def test_a_what_if_is_told_beside_what_was_declared_and_kept_nowhere(
    desk: FactorDesk, page: Page, wire: Wire, look: Look
) -> None:
    agent = desk.computed()
    desk.go_to(page, agent)
    press(page, "Simular")
    summary = page.get_by_role("alert").filter(has_text="Há um ponto a corrigir")
    expect(summary).to_be_focused()
    look(page, "fator-simulacao-errada")
    page.get_by_label("Novo valor").fill("31.415.926,53")
    press(page, "Mais uma mudança")
    page.get_by_label("Mudança 2: o quê").select_option(label="Preço fixo: Recurso: montante")
    page.get_by_label("Novo valor").nth(1).fill("27,182818")
    press(page, "Simular")
    told(page, "SIMULAÇÃO: não é o fator declarado")
    compared = page.get_by_role("region", name="Simulação: antes e depois")
    declared, simulated = compared.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()
    assert declared == agent.shown
    assert re.fullmatch(r"0,[0-9]{12}", simulated)
    assert simulated != declared
    expect(page.get_by_text("Foram junto, para as somas: SE de M+0, CONV de M+0.")).to_be_visible()
    look(page, "fator-simulacao")
    assert agent.state == "CALCULADO"
    wire.require_none({"equity": "31415926.53", "amount": "27.182818", "factor": simulated.replace(",", ".")})


def test_a_what_if_that_breaks_a_rule_is_explained_by_the_enclave(
    desk: FactorDesk, page: Page, watch: Watch
) -> None:
    desk.go_to(page, desk.computed())
    page.get_by_label("Mudança 1: o quê").select_option(label="Preço fixo, por submercado: Sul (S)")
    page.get_by_label("Novo valor").fill("99")
    watch.expect_status(422, "/simulacao")
    press(page, "Simular")
    expect(page.get_by_role("alert").filter(has_text="submercados")).to_be_visible(timeout=DONE_MS)


def test_validated_cancelled_computed_again_validated_sent_and_its_receipt_checked(
    desk: FactorDesk, page: Page, wire: Wire, look: Look, tmp_path: Path
) -> None:
    agent = desk.computed()
    desk.go_to(page, agent)
    press(page, "Validar")
    asking = page.get_by_role("dialog")
    expect(asking).to_contain_text(agent.shown)
    expect(asking).to_contain_text("semana")
    look(page, "fator-validar")
    confirm(page, "Validar o fator")
    told(page, "fator validado")
    expect(page.get_by_role("button", name="Enviar à CCEE")).to_be_visible()
    look(page, "fator-validado")

    press(page, "Cancelar o cálculo")
    look(page, "fator-cancelar")
    # Left without an answer, the question can be asked again from where one was.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancelar o cálculo", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    confirm(page, "Cancelar o cálculo")
    told(page, "cálculo cancelado")
    expect(page.get_by_role("button", name="Calcular de novo")).to_be_visible()
    expect(page.get_by_text("Pedindo o fator")).to_have_count(0)
    look(page, "fator-cancelado")
    press(page, "Calcular de novo")
    told(page, "calculado de novo")
    validate(page)

    wire.require_none({"factor before it is sent": agent.number})
    sent = asked_for(page, "envio")
    press(page, "Enviar à CCEE")
    look(page, "fator-enviar")
    # Whoever presses twice sends once.
    page.get_by_role("dialog").get_by_role("button", name="Enviar o fator").dblclick()
    told(page, "fator enviado à CCEE")
    assert len(sent) == 1
    receipt = page.get_by_role("region", name="Recibo do envio")
    expect(receipt.get_by_text("Conferido aqui")).to_be_visible()
    expect(receipt.get_by_text(agent.shown)).to_be_visible()
    expect(page.get_by_role("region", name="Histórico do agente na semana").get_by_role("row")).to_have_count(
        8
    )
    look(page, "fator-enviado")
    with page.expect_download() as downloading:
        press(page, "Baixar o recibo")
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert main(["recibo", "verificar", str(file), *code(desk.stack, tmp_path)]) == ExitCode.ACCEPTED


def test_several_are_seen_first_and_then_validated_and_sent_in_turn(
    desk: FactorDesk, page: Page, look: Look
) -> None:
    agents = [desk.computed() for _ in range(2)]
    page.goto(desk.list_page)
    page.get_by_label("Situação", exact=True).select_option("CALCULADO")
    look(page, "fator-lista")
    for agent in agents:
        row = page.get_by_role("row").filter(has=page.locator(f'a[href$="{agent.company}"]'))
        row.get_by_role("checkbox").check()
    press(page, "Abrir e validar 2 escolhidos")
    rows = page.get_by_role("region", name="Agentes em sequência")
    for agent in agents:
        expect(rows.get_by_text(agent.shown).first).to_be_visible(timeout=DONE_MS)
    press(page, "Validar estes 2 fatores")
    look(page, "fator-varios-validar")
    confirm(page, "Validar os 2 fatores")
    told(page, "Validados: 2 de 2")
    look(page, "fator-varios-validados")
    press(page, "Voltar à lista")

    page.get_by_label("Situação", exact=True).select_option("VALIDADO")
    page.get_by_role("checkbox", name=re.compile("^Escolher todos")).check()
    press(page, "Abrir e enviar 2 escolhidos")
    send = page.get_by_role("button", name="Enviar estes 2 fatores")
    expect(send).to_be_visible(timeout=DONE_MS)
    send.click()
    confirm(page, "Enviar os 2 fatores")
    told(page, "Enviados: 2 de 2")
    press(page, "Voltar à lista")
    assert [agent.state for agent in agents] == ["ENVIADO", "ENVIADO"]
    # Those of other tests of this week may be sent as well.
    bar = page.get_by_role("progressbar", name="Fatores enviados")
    assert int(bar.get_attribute("aria-valuenow") or "0") >= 2


def test_new_parameters_void_a_calculation_which_is_then_made_anew(
    desk: FactorDesk, page: Page, look: Look
) -> None:
    agent = desk.computed()
    desk.go_to(page, agent)
    changes = {"versao": 2, "indiceConfianca": "0.99", "prazo": for_people(desk.week.deadline)}
    OwnWeek.dropped(desk.stack, int(desk.week.event[6:]), **changes)
    # Nobody reloads.
    expect(page.get_by_text("Nenhum cálculo vale com os parâmetros em vigor")).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_role("button", name="Validar", exact=True)).to_have_count(0)
    look(page, "fator-parametros-novos")
    press(page, "Calcular de novo")
    told(page, "calculado de novo")
    expect(page.get_by_role("button", name="Validar", exact=True)).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_text(agent.shown, exact=True)).to_have_count(0)
    validate(page)


def test_on_paper_only_what_is_to_be_read_is_there(desk: FactorDesk, page: Page) -> None:
    agent = desk.computed()
    desk.go_to(page, agent)
    page.emulate_media(media="print")
    expect(page.get_by_text(agent.shown, exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Validar", exact=True)).to_be_hidden()
    pictures.FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=pictures.FOLDER / "fator-papel.png", full_page=True)


def test_after_the_end_the_number_and_its_receipt_can_be_read_and_nothing_done(
    desk: FactorDesk, page: Page, look: Look
) -> None:
    agent = desk.computed()
    desk.go_to(page, agent)
    validate(page)
    press(page, "Enviar à CCEE")
    confirm(page, "Enviar o fator")
    told(page, "fator enviado à CCEE")
    # The last test of this week: the end is every agent's.
    desk.week.run("close-weeks", after_deadline=timedelta(minutes=5))
    page.reload()
    expect(page.get_by_role("heading", name="Como se chegou ao fator")).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_text("Publicado", exact=True).first).to_be_visible()
    expect(page.get_by_text("Conferido aqui")).to_be_visible()
    for name in ("Validar", "Enviar à CCEE", "Cancelar o cálculo", "Calcular de novo"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(page.get_by_role("region", name="Fator de cada semana")).to_contain_text("Publicado")
    look(page, "fator-publicado")
