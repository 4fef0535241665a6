"""A whole week in the browser, from 37 portfolios to the published list; nothing in clear on the way."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from aval.cli.main import main
from aval.cli.outcome import ExitCode
from aval.identifiers import Cnpj
from aval.prudential.portfolio_lines import LINES
from local.demo_files import MISTAKES, counterparties, planted, represented, workbook
from tests.browser import accessibility, pictures
from tests.browser.factor_desk import DONE_MS, code, confirm, press, told, validate
from tests.browser.own_keys import make_keys
from tests.browser.test_lotes import WORKED_OFF_MS, XLSX, read_faults, row_of, send
from tests.browser.visits import SignedIn
from tests.browser.weeks import FABIO, fresh_week
from tests.browser.wire import Wire
from tests.e2e.ended_week import OwnWeek
from tests.e2e.planted_week import Planting
from tests.support.stack import Stack

AGENTS: Final = represented()
PASTED, IMPORTED, _ = (AGENTS[mistake.agent] for mistake in MISTAKES)
CLIPBOARD: Final = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def week(stack: Stack) -> OwnWeek:
    return fresh_week(stack)


def test_a_week_from_the_first_file_to_the_published_list(
    week: OwnWeek, page_signed_in: SignedIn, wire: Wire, tmp_path: Path
) -> None:
    planting = Planting()
    page = page_signed_in(FABIO, permissions=CLIPBOARD)
    make_keys(page, f"semana-{week.event[6:]}", tmp_path)

    thirty_seven_with_three_wrong(page, week)
    paste(page, week, planting.portfolio(PASTED, week.event, "pasted"))
    bring(page, week, "portfolio", IMPORTED, planting.portfolio(IMPORTED, week.event, "imported"))
    for company, name in ((PASTED, "of the pasted"), (IMPORTED, "of the imported")):
        bring(page, week, "contrapartes", company, planting.counterparties(company, week.event, name))

    number = explained_and_tried_out(page, week, PASTED)
    validate(page)
    press(page, "Cancelar o cálculo")
    confirm(page, "Cancelar o cálculo")
    told(page, "cálculo cancelado")
    press(page, "Calcular de novo")
    told(page, "calculado de novo")
    validate(page)

    secret = {name: value.decode() for name, value in planting.planted.items()}
    secret |= {f"equity of {company}": planted(company) for company in AGENTS}
    wire.require_none({**secret, "the factor, before it is sent": number})

    press(page, "Enviar à CCEE")
    confirm(page, "Enviar o fator")
    told(page, "fator enviado à CCEE")
    expect(page.get_by_text("Conferido aqui")).to_be_visible()
    with page.expect_download() as downloading:
        press(page, "Baixar o recibo")
    receipt = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(receipt)
    assert main(["recibo", "verificar", str(receipt), *code(week.stack, tmp_path)]) == ExitCode.ACCEPTED
    # What looks for them would have found them: the number is public now, and seen.
    assert wire.carrying({"the factor": number})

    week.run("close-weeks", after_deadline=timedelta(minutes=5))
    page.goto(f"/#/publicacao/{week.event}")
    page.get_by_label("Buscar por sigla, nome ou CNPJ").fill(PASTED.masked)
    expect(page.get_by_role("row").filter(has_text=shown(number))).to_be_visible()
    wire.require_none(secret)


def thirty_seven_with_three_wrong(page: Page, week: OwnWeek) -> None:
    page.goto(f"/#/prudencial/{week.event}/lote")
    send(page, "Portfólio", "carteiras.xlsx", workbook(AGENTS, week.event, MISTAKES), XLSX)
    sent = row_of(page, "carteiras.xlsx")
    # Nobody reloads: the row moves by itself.
    expect(sent).to_contain_text("34 aceitos, 3 recusados", timeout=WORKED_OFF_MS)
    read_faults(page, sent, accessibility.require_accessible, pictures.take)
    page.goto(f"/#/prudencial/{week.event}/lote")
    file = json.dumps(counterparties(AGENTS, week.event)).encode()
    send(page, "Contrapartes", "contrapartes.json", file, "application/json")
    expect(row_of(page, "contrapartes.json")).to_contain_text("37 aceitos", timeout=WORKED_OFF_MS)


def paste(page: Page, week: OwnWeek, document: Mapping[str, Any]) -> None:
    """Equity by hand, and the block of all lines and months as a spreadsheet copies it."""
    page.goto(f"/#/prudencial/{week.event}/portfolio/{document['cnpj']}")
    equity = document["patrimonioLiquido"]
    page.get_by_label("Data-base").fill(equity["dataBase"])
    page.get_by_label("Patrimônio líquido (R$)").fill(shown(equity["valor"]))
    page.get_by_label("Item I", exact=True).fill(shown(equity["deducoes"][0]["valor"]))
    block = "\n".join("\t".join(figures(document, line.path)) for line in LINES)
    page.evaluate("(text) => navigator.clipboard.writeText(text)", block)
    page.get_by_label("Preço fixo, Recurso: montante, M+0").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_text(f"{len(LINES) * 7} células coladas")).to_be_visible()
    press(page, "Cifrar e entregar o portfólio")
    delivered(page)


def figures(document: Mapping[str, Any], path: str) -> list[str]:
    """One line of the sheet: the figure of each month."""
    found = []
    for month in document["meses"]:
        figure: Any = month
        for name in path.split("/"):
            figure = figure[name]
        found.append(shown(figure))
    return found


def bring(page: Page, week: OwnWeek, module: str, company: Cnpj, document: Mapping[str, Any]) -> None:
    """Import one agent's file where it is filled."""
    page.goto(f"/#/prudencial/{week.event}/{module}/{company}")
    with page.expect_file_chooser() as choosing:
        press(page, "Importar arquivo")
    content = json.dumps(document).encode()
    choosing.value.set_files({"name": f"{module}.json", "mimeType": "application/json", "buffer": content})
    delivered(page)


def delivered(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=": entregue")).to_be_visible(timeout=DONE_MS)


def explained_and_tried_out(page: Page, week: OwnWeek, company: Cnpj) -> str:
    """The number with all its places, as the page shows it."""
    page.goto(f"/#/prudencial/{week.event}/fator/{company}")
    expect(page.get_by_role("heading", name="Como se chegou ao fator")).to_be_visible(timeout=DONE_MS)
    # Sealed here, so that nobody else can have put it there.
    expect(page.get_by_text("Este navegador não cifrou")).to_have_count(0)
    number = page.locator("#fator + .factor-number strong").inner_text()
    page.get_by_label("Novo valor").fill("30.000.000")
    press(page, "Simular")
    told(page, "SIMULAÇÃO: não é o fator declarado")
    return number.replace(",", ".")


def shown(figure: str) -> str:
    """As people here write it."""
    return figure.replace(".", ",")
