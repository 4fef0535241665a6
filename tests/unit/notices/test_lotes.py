from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from aval.identifiers import Cpf
from aval.notices.lotes import LoteNotice, LoteNotTold, lote_ended
from aval.notices.sending import Teller
from aval.notices.texts import Item
from aval.prudential.lote_senders import LoteSenders
from aval.prudential.lotes import LoteKind, LoteState
from tests.support.confidential import NOW
from tests.support.lote_memory import LotesInMemory
from tests.support.lotes import LOTE, OUTCOME, lote
from tests.support.monitored import BOLT, FABIO, MonitoredRegistry, agent
from tests.support.notices import NoticeHouse

ENDED = lote(state=LoteState.PROCESSED_WITH_FAULTS, outcome=OUTCOME, received_at=NOW, created_by="person:sub")
AGENT_LINES = (
    "Agente: BOLT S.A. (CNPJ 33.047.509/0001-49)",
    "Evento: 202611003",
    f"Lote: {LOTE}",
    "Arquivo: carteiras.xlsx.selado",
)
RECEIVED = "Recebido em 20/11/2026 09:00:00 (horário de São Paulo, UTC-03:00)"


class Logins:
    def person_of(self, login: str) -> Cpf | None:
        return FABIO if login == "sub" else None


@dataclass
class Desk:
    notices: NoticeHouse = field(default_factory=NoticeHouse)
    registry: MonitoredRegistry = field(default_factory=MonitoredRegistry)
    lotes: LotesInMemory = field(default_factory=lambda: LotesInMemory({LOTE: ENDED}))

    def tell(self, **later: Any) -> None:
        teller = Teller(self.notices.teller.notices, self.registry, self.notices.mailbox)
        LoteNotice(self.lotes, LoteSenders(Logins(), self.registry), teller).tell(
            LOTE, at=NOW + timedelta(**later)
        )


def test_a_lote_is_told_once_to_whoever_announced_it() -> None:
    desk = Desk()
    desk.tell()
    desk.tell(minutes=5)
    [mail] = desk.notices.mailbox.take()
    assert mail.to == "fabio@demo.aval.example"
    assert mail.subject == "O lote de portfólios de BOLT S.A. foi processado com erros"


def test_a_mail_that_failed_is_sent_when_the_event_comes_again() -> None:
    desk = Desk()
    desk.notices.mailbox.refused = {"fabio@demo.aval.example"}
    with pytest.raises(LoteNotTold):
        desk.tell()
    desk.notices.mailbox.refused = set()
    desk.tell(minutes=1)
    assert len(desk.notices.mailbox.take()) == 1


def test_a_lote_that_nobody_can_be_told_of_is_a_failure() -> None:
    desk = Desk()
    desk.registry.people.clear()
    with pytest.raises(LoteNotTold):
        desk.tell()


def test_a_mail_tells_counts_and_points_to_the_sealed_answers() -> None:
    assert lote_ended(agent(BOLT, "BOLT"), ENDED) == Item(
        "O lote de portfólios de BOLT S.A. foi processado com erros",
        (
            *AGENT_LINES,
            RECEIVED,
            "Agentes aceitos: 150; recusados: 2.",
            "As faltas de cada agente estão nas respostas seladas do lote, que só seus leitores abrem.",
        ),
    )


def test_a_mail_about_a_rejected_lote_tells_the_rule_in_words() -> None:
    rejected = replace(
        ENDED,
        kind=LoteKind.COUNTERPARTIES,
        state=LoteState.REJECTED,
        outcome=None,
        received_at=None,
        reason="VAZIO",
    )
    assert lote_ended(agent(BOLT, "BOLT"), rejected) == Item(
        "O lote de contrapartes de BOLT S.A. foi rejeitado",
        (
            *AGENT_LINES,
            "Motivo (VAZIO): o arquivo está vazio; sele o conteúdo e envie o objeto selado.",
        ),
    )


def test_no_rule_of_the_sealed_faults_is_told_by_mail() -> None:
    item = lote_ended(agent(BOLT, "BOLT"), ENDED)
    for rule in OUTCOME.rules:
        assert rule not in " ".join(item.lines).split()
