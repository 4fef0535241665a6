"""A week of 37 agents over HTTP: by lote from their files to the published list, and no figure on the way."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from aval.identifiers import Cnpj
from aval.sealing.answers import ExpectedAnswer, open_answer
from aval.sealing.readers import ReaderKeys
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act
from local.demo_files import MISTAKES, counterparties, planted, represented, workbook
from local.demo_operator import OperatorsView
from tests.e2e.enclave_agent import COMPANY as SENDER
from tests.e2e.ended_week import OwnWeek, PatientAgent
from tests.e2e.lote_sender import LoteSender, SealedFile
from tests.e2e.needles import Haystack
from tests.support.stack import Stack

AGENTS = represented()
WRONG = [AGENTS[mistake.agent] for mistake in MISTAKES]
LEFT_WRONG, NEGATIVE, ZERO = WRONG
RIGHT = [company for company in AGENTS if company not in WRONG]
ELIGIBLE = len(AGENTS) + 2
"""The sender itself and a company that it controls are too, and deliver nothing."""
FAULTS = {
    WRONG[0]: [("soma-fontes", "Portfolio!F31")],
    WRONG[1]: [
        ("nao-negativo", "Portfolio!H100"),
        ("soma-submercados", "Portfolio!H102"),
        ("soma-fontes", "Portfolio!H103"),
    ],
    WRONG[2]: [("numero", "Portfolio!E171")],
}
EQUITIES = {NEGATIVE: "-20000000.00", ZERO: "2000000.00"}
"""Of which each deducts two million."""
REASONS = {
    NEGATIVE: "FA não calculável: o patrimônio líquido ajustado (PLA) é negativo",
    ZERO: "FA não calculável: o patrimônio líquido ajustado (PLA) é zero",
}
NOT_SENT = "FA não enviado até o prazo"
FACTOR = re.compile(r"-?[0-9]+\.[0-9]{12}")
ACTS_AT_ONCE = 4


@dataclass(frozen=True)
class Routine:
    week: OwnWeek
    sender: LoteSender

    @property
    def stack(self) -> Stack:
        return self.week.stack

    def worked_off(self, file: SealedFile) -> dict[str, Any]:
        return self.sender.ended(self.sender.send(file))

    def answered(self, lote: Mapping[str, Any], file: SealedFile) -> dict[str, dict[str, Any]]:
        """What the lote's reader is told of each agent."""
        answer = self.sender.opened(lote["lote"], 0, file.request_id)
        return _by_company(answer.payload)

    def listed(self) -> dict[str, Any]:
        path = f"/prudencial/semanas/{self.week.event}/agentes?remetente={SENDER}"
        told: dict[str, Any] = self.stack.request("GET", path, token=self.sender.token).json()
        return told

    def progress(self) -> tuple[int, int, int]:
        """How many of all have portfolio, counterparties, and a sending."""
        counts = self.listed()["contadores"]
        assert {count["N"] for count in counts.values()} == {ELIGIBLE}
        return counts["portfolio"]["n"], counts["contrapartes"]["n"], counts["enviados"]["n"]

    def states(self) -> Counter[str]:
        return Counter(one["estado"] for one in self.listed()["agentes"] if one["cnpj"] in AGENTS)

    def calculations(self) -> dict[str, str]:
        return {one["cnpj"]: one["calculo"] for one in self.listed()["agentes"]}

    def agent(self, company: Cnpj) -> PatientAgent:
        made = PatientAgent(self.stack, company, self.week.event, self.sender.reader)
        # Known once for all of them.
        made.token, made.rehearsing = self.sender.token, self.sender.rehearsing
        return made

    def factor(self, company: Cnpj, file: SealedFile) -> str | None:
        """As the agent's own door gives it back, of the lote in which it was computed."""
        told = self.agent(company).get("fator").json()
        answer = self.sender.open(told["resposta"].encode(), file.request_id)
        factor: str | None = _by_company(answer.payload)[company]["fa"]
        return factor

    def of_each(self, companies: Iterable[Cnpj], act: Callable[[Cnpj], object]) -> None:
        with ThreadPoolExecutor(ACTS_AT_ONCE) as hands:
            list(hands.map(act, companies))

    def places_of(self, figures: Iterable[str]) -> list[str]:
        """Rows, objects and logs that hold any of them."""
        named = {figure: figure.encode() for figure in figures}
        logs = Haystack(named).in_files(sorted(self.stack.logs.iterdir()))
        view = OperatorsView.of(self.stack.described, self.week.event)
        return [*view.places_of(list(named)), *(log.name for log in logs)]


def _by_company(payload: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    agents = payload["agentes"]
    assert isinstance(agents, list)
    return {one["cnpj"]: one for one in agents}


def require_sealed_to_its_reader_alone(routine: Routine, lote: Mapping[str, Any], file: SealedFile) -> None:
    sender = routine.sender
    sealed = sender.get(f"/{lote['lote']}/respostas/0").body
    expected = ExpectedAnswer(sender.event, SENDER, file.request_id)
    with pytest.raises(SealRefused) as refusal:
        open_answer(
            sealed, ReaderKeys.generate("outro"), signer=sender.rehearsing.key.signing, expected=expected
        )
    assert refusal.value.reason is SealReason.NOT_A_READER


def filled(routine: Routine) -> dict[Cnpj, str | None]:
    """Deliver everything; return each factor as its reader opens it."""
    event, sender = routine.week.event, routine.sender
    file = sender.sealed_file(workbook(AGENTS, event, MISTAKES))
    lote = routine.worked_off(file)
    assert (lote["estado"], lote["aceitos"], lote["recusados"]) == ("PROCESSADO_COM_ERROS", 34, 3)
    assert lote["regras"] == Counter(rule for faults in FAULTS.values() for rule, _ in faults)
    answered = routine.answered(lote, file)
    told = {one: [(each["regra"], each["lugar"]) for each in answered[one]["faltas"]] for one in WRONG}
    assert told == FAULTS
    require_sealed_to_its_reader_alone(routine, lote, file)
    assert routine.progress() == (34, 0, 0)

    listed = routine.worked_off(sender.counterparties(counterparties(AGENTS, event)))
    assert (listed["estado"], listed["aceitos"], listed["recusados"]) == ("PROCESSADO", 37, 0)
    assert routine.progress() == (34, 37, 0)
    assert routine.states() == {"CALCULADO": 34, "EM_PREENCHIMENTO": 3}

    corrected = sender.sealed(*(with_equity(sender, one, told) for one, told in EQUITIES.items()))
    assert routine.worked_off(corrected)["aceitos"] == 2
    assert routine.progress() == (36, 37, 0)
    assert routine.states() == {"CALCULADO": 36, "EM_PREENCHIMENTO": 1}
    return {
        **{one: routine.factor(one, file) for one in RIGHT},
        **{one: routine.factor(one, corrected) for one in EQUITIES},
    }


def with_equity(sender: LoteSender, company: Cnpj, value: str) -> dict[str, Any]:
    told = sender.portfolio(company)
    return told | {"patrimonioLiquido": told["patrimonioLiquido"] | {"valor": value}}


def sent(routine: Routine, factors: Mapping[Cnpj, str | None]) -> None:
    """Validate and send each; nothing is sent that was not validated."""
    calculations = routine.calculations()

    def validate(company: Cnpj) -> None:
        agent = routine.agent(company)
        assert agent.done(agent.act("validacao", Act.VALIDAR, calculations[company]))["estado"] == "VALIDADO"

    def send(company: Cnpj) -> None:
        agent, factor, calculation = routine.agent(company), factors[company], calculations[company]
        sending = (
            agent.sending(calculation, factor)
            if factor
            else agent.sending_none(calculation, REASONS[company])
        )
        assert agent.done(sending)["liberado"]["fa"] == factor

    routine.of_each(factors, validate)
    assert routine.states() == {"VALIDADO": 36, "EM_PREENCHIMENTO": 1}
    assert routine.progress() == (36, 37, 0)
    routine.of_each(factors, send)
    assert routine.states() == {"ENVIADO": 36, "EM_PREENCHIMENTO": 1}
    assert routine.progress() == (36, 37, 36)


def require_published(routine: Routine, factors: Mapping[Cnpj, str | None]) -> None:
    """Each as it was sent, the others with a text; the spreadsheet says the same."""
    path = f"/publicacao/{routine.week.event}"
    told = routine.stack.request("GET", path, token=routine.sender.token).json()
    rows = {row["cnpj"]: (row["situacao"], row["fa"], row["observacao"]) for row in told["agentes"]}
    expected = {
        one: ("PUBLICADO", factors[one], REASONS.get(one))
        if one in factors
        else ("NAO_ENVIADO", None, NOT_SENT)
        for one in map(Cnpj, rows)
    }
    assert rows == expected
    assert told["totais"] == {
        "elegiveis": len(rows),
        "comFator": 34,
        "semFator": 2,
        "naoEnviados": len(rows) - 36,
    }
    sheet = routine.stack.request("GET", f"{path}?formato=csv", token=routine.sender.token).body
    _, *lines = csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=";")
    assert {line[3]: line[7:] for line in lines} == {
        one.masked: [(factor or "").replace(".", ","), remark or ""]
        for one, (_, factor, remark) in expected.items()
    }


def test_37_agents_go_from_two_files_to_the_published_list(stack: Stack) -> None:
    # Its numbers are nobody else's, though other tests' weeks have the same files.
    week = OwnWeek.dropped(stack, 914, indiceConfianca="0.96")
    routine = Routine(week, LoteSender(stack, week.event))
    equities = [planted(company) for company in AGENTS]

    factors = filled(routine)
    numbers = [factor for factor in factors.values() if factor]
    assert len(set(numbers)) > 30
    assert all(FACTOR.fullmatch(number) for number in numbers)
    assert [one for one, factor in factors.items() if factor is None] == [NEGATIVE, ZERO]
    # Before anything is sent no number is anywhere but in what its reader opened.
    assert routine.places_of([*equities, *numbers]) == []

    sent(routine, factors)
    week.close()
    require_published(routine, factors)
    assert routine.places_of(equities) == []
    # What was sent is told to whoever asked for it, and to all.
    assert {place.partition("#")[0] for place in routine.places_of(numbers)} == {
        "TAREFA",
        "PUBLICACAO",
        f"publicacao/{week.event}.json",
        f"publicacao/{week.event}.csv",
    }
