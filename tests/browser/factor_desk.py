"""Agents whose factor is there to be looked at, and a browser that has their reader's keys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page, Request, expect

from aval.sealing.envelope import SealedKind
from aval.sealing.reader_file import FEWEST_ITERATIONS, protect
from aval.sealing.readers import ReaderKeys
from aval.sealing.statements import Act
from local.demo_files import represented
from tests.e2e.ended_week import OwnWeek, PatientAgent
from tests.e2e.week_agent import Asked
from tests.support import leverage_files, portfolio_files
from tests.support.stack import Stack

PASSPHRASE: Final = "uma frase longa para 7 testes"
# An act is a task of an enclave that all tests share.
DONE_MS: Final = 120_000


@dataclass
class FactorDesk:
    """One week, one reader, and agents that no two tests share."""

    stack: Stack
    week: OwnWeek
    keys: Path
    reader: ReaderKeys = field(default_factory=lambda: ReaderKeys.generate(f"fator-{secrets.token_hex(4)}"))
    _taken: int = 0

    def __post_init__(self) -> None:
        self.keys.write_bytes(protect(self.reader, PASSPHRASE, iterations=FEWEST_ITERATIONS))

    @property
    def list_page(self) -> str:
        return f"/#/prudencial/{self.week.event}/fator"

    def computed(self) -> "FactorAgent":
        """The next agent, delivered from outside this browser and computed."""
        company = represented()[self._taken]
        self._taken += 1
        agent = FactorAgent(self.stack, company, self.week.event, self.reader)
        agent.done(agent.portfolio())
        completing = agent.counterparties()
        agent.done(completing)
        told = agent.get("fator").json()
        agent.told = dict(agent.opened(told["resposta"], completing.request_id).payload)
        return agent

    def open_keys(self, page: Page) -> None:
        """The file of the keys, as `aval leitor criar` makes it, taken in by the page."""
        page.goto("/#/prudencial/leitores")
        page.get_by_role("button", name="Abrir um arquivo de chaves").click()
        with page.expect_file_chooser() as choosing:
            page.get_by_role("button", name="Escolher o arquivo .chaves").click()
        choosing.value.set_files(self.keys)
        page.get_by_label("Senha do arquivo").fill(PASSPHRASE)
        page.get_by_role("button", name="Abrir e usar").click()
        expect(page.get_by_text(self.reader.public.id, exact=True).first).to_be_visible()

    def go_to(self, page: Page, agent: "FactorAgent") -> None:
        """The page of the agent's factor, opened."""
        page.goto(f"{self.list_page}/{agent.company}")
        expect(page.get_by_role("heading", name="Como se chegou ao fator")).to_be_visible(timeout=DONE_MS)


@dataclass
class FactorAgent(PatientAgent):
    told: dict[str, Any] = field(default_factory=dict)
    """What the enclave told of its factor when it was delivered."""

    @property
    def number(self) -> str:
        return str(self.told["agente"]["fa"])

    @property
    def shown(self) -> str:
        """The number as people here write it, with all its places."""
        return self.number.replace(".", ",")

    def portfolio(self) -> Asked:
        """With an equity, and so a factor, that no other agent has: the number is looked for on the wire."""
        document = leverage_files.portfolio(self.company, evento=self.event)
        document["patrimonioLiquido"]["valor"] = f"{20_000_000 + secrets.randbelow(10_000_000)}.00"
        return self._sealed("PUT", "portfolio", SealedKind.PORTFOLIO, portfolio_files.as_file(document))

    def cancel(self) -> None:
        self.done(self.act("cancelamento", Act.CANCELAR, self.get("fator").json()["calculo"]))

    @property
    def state(self) -> str:
        told = self.stack.request("GET", self.path, token=self.token).json()
        return str(told["agente"]["estado"])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def confirm(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def validate(page: Page) -> None:
    press(page, "Validar")
    confirm(page, "Validar o fator")
    told(page, "fator validado")


def told(page: Page, words: str) -> Locator:
    """What came of an act, told as soon as it is known."""
    outcome = page.get_by_role("status").filter(has_text=words)
    expect(outcome).to_be_visible(timeout=DONE_MS)
    return outcome


def asked_for(page: Page, word: str) -> Sequence[Request]:
    """The requests for that act that `page` sends from now on."""
    sent: list[Request] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request) if request.method == "POST" and request.url.endswith(f"/{word}") else None
        ),
    )
    return sent


def code(stack: Stack, folder: Path) -> list[str]:
    """Which code is believed, as `aval` is told it."""
    log = folder / "medidas.jsonl"
    log.write_bytes(stack.request("GET", "/prudencial/medidas").body)
    operator = Path(stack.described["measurements"]) / "operador.pem"
    root = ["--raiz", str(stack.described["attestation_root"])]
    return [*root, "--medidas", str(log), "--chave-medidas", str(operator)]
