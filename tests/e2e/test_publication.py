"""A week of its own that ends: reminded of, closed, published once; and where an agent publishes itself."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from aval.identifiers import Cnpj
from aval.moments import for_people
from aval.prudential.publication_csv import COLUMNS
from aval.sealing.envelope import SealedKind
from aval.sealing.statements import Act
from tests.e2e.ended_week import OwnWeek, PatientAgent
from tests.e2e.week_agent import FABIO
from tests.support import leverage_files, portfolio_files
from tests.support.agents import ANA
from tests.support.stack import Answer, Stack

# Each represented by BOLT in the demo; the week is this file's own.
WITH_FACTOR, WITHOUT_FACTOR, LATE = (
    Cnpj.parse(cnpj) for cnpj in ("90000117000168", "90000217000194", "90000317000110")
)
NEGATIVE = "FA não calculável: o patrimônio líquido ajustado (PLA) é negativo"
NOT_SENT = "FA não enviado até o prazo"
ADDRESS = "https://www.empresa.com.br/fator-de-alavancagem"


class Declaring(PatientAgent):
    """Who declares an equity."""

    def validated(self, equity: str) -> tuple[str, str | None]:
        """The name of the calculation, and the factor that its readers are told."""
        document = leverage_files.portfolio(self.company, evento=self.event)
        document["patrimonioLiquido"] = {"dataBase": "2026-09-30", "valor": equity, "deducoes": []}
        content = portfolio_files.as_file(document)
        self.done(self._sealed("PUT", "portfolio", SealedKind.PORTFOLIO, content))
        completing = self.counterparties()
        self.done(completing)
        told = self.get("fator").json()
        self.done(self.act("validacao", Act.VALIDAR, told["calculo"]))
        answer: dict[str, Any] = dict(self.opened(told["resposta"], completing.request_id).payload)
        return told["calculo"], answer["agente"]["fa"]


@dataclass(frozen=True)
class Ended:
    """What was sent before the end, and what is published of it."""

    week: OwnWeek
    factor: str

    @property
    def stack(self) -> Stack:
        return self.week.stack

    def listed(self, query: str = "", **headers: str) -> Answer:
        path = f"/publicacao/{self.week.event}{query}"
        return self.stack.request("GET", path, token=self.stack.token(ANA), headers=headers)

    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["cnpj"]: row for row in self.listed().json()["agentes"]}


@pytest.fixture(scope="module")
def ended(stack: Stack) -> Ended:
    week = OwnWeek.dropped(stack, 901)
    sending, without = (Declaring(stack, cnpj, week.event) for cnpj in (WITH_FACTOR, WITHOUT_FACTOR))
    calculation, factor = sending.validated("20000000.00")
    assert factor is not None
    sending.done(sending.sending(calculation, factor))
    calculation, none = without.validated("-20000000.00")
    assert none is None
    without.done(without.sending_none(calculation, NEGATIVE))
    made = Ended(week, factor)
    assert made.listed().json()["type"] == "urn:aval:problema:nao-publicado"
    for hours in (3, 2):
        week.run("send-deadline-notices", after_deadline=-timedelta(hours=hours))
    week.close()
    return made


def test_who_answers_for_agents_is_reminded_once_and_not_of_those_that_sent(ended: Ended) -> None:
    title = f"Evento {ended.week.event}: "
    told = [json.dumps(mail, ensure_ascii=False) for mail in ended.stack.mails()]
    [mail] = [text for text in told if title in text]
    assert FABIO in mail
    assert ended.factor not in mail
    # Other weeks that end now are told in the same mail.
    sections = [part.partition("Evento ")[0] for part in mail.split(title)[1:]]
    assert any("TRADE DO CERRADO 03" in section for section in sections)
    assert not any("HIDRO DO IPE 01" in section for section in sections)


def test_the_list_has_the_factor_as_it_was_sent_and_the_remarks_of_the_others(ended: Ended) -> None:
    rows = ended.rows()
    shown = {cnpj: (rows[cnpj]["situacao"], rows[cnpj]["fa"], rows[cnpj]["observacao"]) for cnpj in rows}
    assert shown.pop(WITH_FACTOR) == ("PUBLICADO", ended.factor, None)
    assert shown.pop(WITHOUT_FACTOR) == ("PUBLICADO", None, NEGATIVE)
    assert set(shown.values()) == {("NAO_ENVIADO", None, NOT_SENT)}
    assert LATE in shown
    assert ended.listed().json()["totais"] == {
        "elegiveis": len(rows),
        "comFator": 1,
        "semFator": 1,
        "naoEnviados": len(rows) - 2,
    }
    assert [row["sigla"] for row in rows.values()] == sorted(row["sigla"] for row in rows.values())


def test_the_spreadsheet_says_the_same(ended: Ended) -> None:
    answer = ended.listed("?formato=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    header, *lines = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), delimiter=";")
    assert tuple(header) == COLUMNS
    by_cnpj = {line[3]: line for line in lines}
    assert by_cnpj[WITH_FACTOR.masked][7:] == [ended.factor.replace(".", ","), ""]
    assert by_cnpj[WITHOUT_FACTOR.masked][7:] == ["", NEGATIVE]
    assert len(lines) == len(ended.rows())
    assert ended.listed(Accept="text/csv").body == answer.body


def test_what_is_sent_and_run_after_the_closing_changes_nothing(ended: Ended) -> None:
    before = ended.listed().body
    late = Declaring(ended.stack, LATE, ended.week.event)
    calculation, factor = late.validated("20000000.00")
    assert factor is not None
    late.ask(late.sending(calculation, factor))
    ended.week.run("close-weeks", after_deadline=timedelta(hours=9))
    assert ended.listed().body == before


def test_the_week_is_among_the_published_ones(ended: Ended) -> None:
    answer = ended.stack.request("GET", "/publicacao", token=ended.stack.token(FABIO))
    [listed] = [one for one in answer.json()["eventos"] if one["evento"] == ended.week.event]
    assert (listed["prazo"], listed["publicadoEm"]) == (
        for_people(ended.week.deadline),
        for_people(ended.week.deadline + timedelta(minutes=5)),
    )


def test_an_agents_own_address_stands_in_the_list_as_soon_as_it_is_registered(ended: Ended) -> None:
    path = f"/prudencial/agentes/{WITH_FACTOR}/divulgacao"
    body = json.dumps({"endereco": ADDRESS}).encode()
    asked: dict[str, Any] = {"body": body, "headers": {"Content-Type": "application/json"}}
    refused = ended.stack.request("PUT", path, token=ended.stack.token(ANA), **asked)
    assert refused.status == 403
    told = ended.stack.request("PUT", path, token=ended.stack.token(FABIO), **asked)
    assert (told.status, told.json()["endereco"]) == (200, ADDRESS)
    assert told.json()["historico"][0]["quem"] == "Fábio Demonstração"
    assert ended.stack.request("GET", path, token=ended.stack.token(FABIO)).body == told.body
    assert ended.rows()[WITH_FACTOR]["divulgacao"] == ADDRESS
