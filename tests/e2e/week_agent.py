"""One represented agent in the demo's week, over HTTPS: its sender's person asks, its own reader signs."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.moments import SAO_PAULO, utc_now
from aval.sealing.answers import Answer, ExpectedAnswer, open_answer
from aval.sealing.envelope import Header, SealedKind, identity_of, new_request_id, seal
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.statements import Act, Statement, sign_statement
from local.seed import week
from tests.e2e.enclave_agent import COMPANY as SENDER
from tests.e2e.enclave_agent import Agent as Rehearsing
from tests.support import leverage_files, portfolio_files
from tests.support.stack import Answer as HttpAnswer
from tests.support.stack import Stack

FABIO: Final = "fabio@demo.aval.example"


def demo_event() -> EventCode:
    return EventCode.parse(week.parameters(utc_now().astimezone(SAO_PAULO).date())["evento"])


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it was sent: sent again it is the same one."""

    method: str
    word: str
    body: dict[str, str] = field(repr=False)
    request_id: str
    identity: str


@dataclass
class WeekAgent:
    """`company` is one that BOLT represents; no two tests take the same one."""

    stack: Stack
    company: Cnpj
    event: EventCode = field(default_factory=demo_event)
    reader: ReaderKeys = field(default_factory=lambda: ReaderKeys.generate("leitor-1"))

    @cached_property
    def token(self) -> str:
        return self.stack.token(FABIO)

    @cached_property
    def rehearsing(self) -> Rehearsing:
        """Who knows how the enclave's key is asked for and verified."""
        return Rehearsing(self.stack)

    @property
    def readers(self) -> Readers:
        return Readers((self.reader.public,))

    @property
    def path(self) -> str:
        return f"/prudencial/semanas/{self.event}/agentes/{self.company}"

    def portfolio(self) -> Asked:
        document = leverage_files.portfolio(self.company, evento=self.event)
        return self._sealed("PUT", "portfolio", SealedKind.PORTFOLIO, portfolio_files.as_file(document))

    def counterparties(self) -> Asked:
        content = json.dumps({"evento": self.event, "cnpj": self.company, "contrapartes": []})
        subject, request_id = self.readers.digest, new_request_id()
        told = self._statement(Act.CONTRAPARTES, SENDER, subject, request_id, conteudo=content)
        return self._sealed("PUT", "contrapartes", SealedKind.CONTRAPARTES, told.encode(), request_id)

    def act(self, word: str, act: Act, subject: str) -> Asked:
        request_id = new_request_id()
        told = self._statement(act, self.company, subject, request_id)
        return Asked("POST", word, {"ato": told}, request_id, identity_of(told.encode()))

    def sending(self, calculation: str, number: str) -> Asked:
        request_id = new_request_id()
        told = self._statement(Act.ENVIAR, self.company, calculation, request_id, fa=number)
        return self._sealed("POST", "envio", SealedKind.ENVIO, told.encode(), request_id)

    def what_if(self, portfolio: str, changes: dict[str, Any]) -> Asked:
        request_id = new_request_id()
        content = json.dumps(changes)
        told = self._statement(Act.SIMULAR, self.company, portfolio, request_id, conteudo=content)
        return self._sealed("POST", "simulacao", SealedKind.SIMULACAO, told.encode(), request_id)

    def ask(self, asked: Asked) -> HttpAnswer:
        return self.stack.request(
            asked.method,
            f"{self.path}/{asked.word}",
            token=self.token,
            body=json.dumps(asked.body).encode(),
            headers={"Content-Type": "application/json"},
        )

    def done(self, asked: Asked) -> dict[str, Any]:
        """Any answer but its being done is a failure of the test."""
        answer = self.ask(asked)
        assert answer.status == 200, answer.body
        told: dict[str, Any] = answer.json()
        return told

    def through_its_week(self) -> list[Asked]:
        """Have each act done once, in an order that the states allow; return what was asked."""
        portfolio, completing = self.portfolio(), self.counterparties()
        asked = [portfolio, completing]
        for one in asked:
            self.done(one)
        told: dict[str, Any] = self.get("fator").json()
        answer: Any = self.opened(told["resposta"], completing.request_id).payload
        for one in (
            self.act("cancelamento", Act.CANCELAR, told["calculo"]),
            self.act("calculo", Act.RECALCULAR, portfolio.identity),
        ):
            self.done(one)
            asked.append(one)
        # What is computed after a cancellation may have another name.
        calculation = self.get("fator").json()["calculo"]
        for one in (
            self.act("validacao", Act.VALIDAR, calculation),
            self.sending(calculation, answer["agente"]["fa"]),
            self.act("leitura", Act.LER, portfolio.identity),
            self.what_if(portfolio.identity, {"mudancas": []}),
        ):
            self.done(one)
            asked.append(one)
        return asked

    def get(self, word: str) -> HttpAnswer:
        return self.stack.request("GET", f"{self.path}/{word}", token=self.token)

    def opened(self, sealed: str, request_id: str) -> Answer:
        expected = ExpectedAnswer(self.event, self.company, request_id, readers=self.readers.digest)
        signer = self.rehearsing.key.signing
        return open_answer(sealed.encode(), self.reader, signer=signer, expected=expected)

    def _sealed(
        self, method: str, word: str, kind: SealedKind, content: bytes, request_id: str | None = None
    ) -> Asked:
        header = Header(
            key_id=self.rehearsing.key.key_id,
            event=self.event,
            sender=SENDER,
            kind=kind,
            issued_at=utc_now(),
            request_id=request_id or new_request_id(),
            readers=self.readers,
        )
        body = seal(content, header, self.rehearsing.key.sealing)
        return Asked(method, word, {"selado": body.decode()}, header.request_id, identity_of(body))

    def _statement(self, act: Act, company: Cnpj, subject: str, request_id: str, **extra: object) -> str:
        told = Statement(act, self.event, company, subject, request_id, utc_now(), extra)
        return sign_statement(told, self.reader)
