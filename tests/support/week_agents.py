"""An agent's acts of a week against an enclave in this process: lawful, a test changes one thing of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aval.attestation.measurements import Measurement
from aval.identifiers import Cnpj, EventCode
from aval.prudential.agent_state import AgentStanding
from aval.prudential.parameters_json import read_parameters
from aval.prudential.tasks import Task, TaskAct, TaskOutcome
from aval.sealing import base64url
from aval.sealing.canonical import canonical
from aval.sealing.envelope import SealedKind
from aval.sealing.receipts import VerifiedReceipt, verify_receipt
from aval.sealing.statements import Act
from enclave_app.measurement import extended
from tests.support import leverage_files
from tests.support.enclave import COMPANY, EVENT, Agent, Desk, Parent, root

SENDER: Final = Cnpj.parse("00000000000191")
"""A company that acts for the agent's."""
FACTOR: Final = "0.170817703691"
"""Of the worked example, as a text with twelve places (tests/support/leverage.py)."""
_MEASURED: Final = Measurement({index: extended(str(index).encode()) for index in (0, 1, 2, 8)})


def verified_receipt(told: Mapping[str, Any]) -> VerifiedReceipt:
    """The receipt of an answer or of what was published, under the simulated root."""
    return verify_receipt(told["recibo"], root=root().fingerprint, accepted=lambda _at: [_MEASURED])


def parameters(version: int = 1, event: EventCode = EVENT, **changes: Any) -> bytes:
    """Canonical, as the table holds them."""
    told = {**leverage_files.parameters(), "evento": event, "versao": version, **changes}
    return canonical(read_parameters(json.dumps(told).encode()).as_json())


def portfolio(company: Cnpj = COMPANY, event: EventCode = EVENT, **changes: Any) -> dict[str, Any]:
    return leverage_files.portfolio(company) | {"evento": event, **changes}


def counterparties(company: Cnpj = COMPANY, event: EventCode = EVENT, **changes: Any) -> dict[str, Any]:
    one = {
        "ordem": 1,
        "cnpj": "11222333000181",
        "sigla": "COMERC EXEMPLO",
        "mtm": "10000000",
        "mitigadores": [{"tipo": "FIANCA_BANCARIA", "valor": "6000000", "descricao": "carta 123"}],
    }
    return {"evento": event, "cnpj": company, "contrapartes": [one], **changes}


def week(version: int = 1, **changes: Any) -> Desk:
    """A desk whose table has the week's parameters."""
    desk = Desk()
    desk.vault.weeks[EVENT] = parameters(version, **changes)
    return desk


@dataclass(frozen=True)
class WeekAgent(Agent):
    sender: Cnpj = COMPANY

    def portfolio(
        self,
        content: Mapping[str, object] | None = None,
        *,
        request_id: str = "portfolio-of-the-week",
        **changes: Any,
    ) -> Task:
        told = portfolio(self.company) if content is None else content
        told_header = {"kind": SealedKind.PORTFOLIO, "sender": self.sender, **changes}
        return self._asked(TaskAct.PORTFOLIO, self.sealed(told, request_id=request_id, **told_header))

    def counterparties(
        self,
        content: Mapping[str, object] | None = None,
        *,
        request_id: str = "counterparties-of-the-week",
        statement: Mapping[str, object] | None = None,
        **changes: Any,
    ) -> Task:
        told = json.dumps(counterparties(self.company) if content is None else content)
        signed: dict[str, Any] = {
            "extra": {"conteudo": told},
            "request_id": request_id,
            "company": self.sender,
            **(statement or {}),
        }
        jws = self.signed(Act.CONTRAPARTES, self.readers.digest, **signed)
        header = {"kind": SealedKind.CONTRAPARTES, "sender": self.sender, **changes}
        return self._asked(TaskAct.COUNTERPARTIES, self.sealed(jws, request_id=request_id, **header))

    def stated(self, act: TaskAct, subject: Task | str, *, request_id: str = "", **changes: Any) -> Task:
        """A statement in clear: to compute, validate, cancel or read."""
        told = {"request_id": request_id or f"request-of-{act.value.lower()}", **changes}
        return self.task(act, self.signed(_STATED[act], subject, **told).encode())

    def release(
        self,
        calculation: str,
        number: str | None = FACTOR,
        *,
        request_id: str = "sending-of-the-factor",
        extra: Mapping[str, object] | None = None,
        **changes: Any,
    ) -> Task:
        told: dict[str, Any] = {"request_id": request_id, "extra": extra or {"fa": number}}
        jws = self.signed(Act.ENVIAR, calculation, **told)
        header = {"kind": SealedKind.ENVIO, "sender": self.sender, **changes}
        return self._asked(TaskAct.RELEASE, self.sealed(jws, request_id=request_id, **header))

    def simulation(
        self,
        about: Task | str,
        content: Mapping[str, object],
        *,
        request_id: str = "what-if-of-the-week",
        **changes: Any,
    ) -> Task:
        told: dict[str, Any] = {"request_id": request_id, "extra": {"conteudo": json.dumps(content)}}
        header = {"kind": SealedKind.SIMULACAO, "sender": self.sender, **changes}
        body = self.sealed(self.signed(Act.SIMULAR, about, **told), request_id=request_id, **header)
        return self._asked(TaskAct.SIMULATE, body)

    def _asked(self, act: TaskAct, body: bytes) -> Task:
        return self.task(act, body, sender=self.sender)


_STATED: Final = {
    TaskAct.COMPUTE: Act.RECALCULAR,
    TaskAct.APPROVE: Act.VALIDAR,
    TaskAct.CANCEL: Act.CANCELAR,
    TaskAct.READ_BACK: Act.LER,
}


@dataclass
class Run:
    """One agent's week through one parent: what it asked is at hand for what it asks next."""

    desk: Desk = field(default_factory=week)
    agent: WeekAgent = field(init=False)
    parent: Parent = field(init=False)

    def __post_init__(self) -> None:
        self.agent = WeekAgent(self.desk)
        self.parent = self.desk.parent()

    def do(self, task: Task) -> TaskOutcome:
        return self.parent.do(task)

    def told(self, task: Task, *, reader: str = "", agent: WeekAgent | None = None) -> Mapping[str, Any]:
        """What the sealed answer of a task says to a reader."""
        who = agent or self.agent
        return who.opened(self.do(task), request_of(task), reader_name=reader).payload

    @property
    def standing(self) -> AgentStanding:
        return self.desk.vault.rows[EVENT, self.agent.company].standing

    def delivered(self) -> tuple[Task, Task]:
        """A portfolio and its counterparties: the agent's factor is computed."""
        tasks = self.agent.portfolio(), self.agent.counterparties()
        for task in tasks:
            assert self.do(task).reason == ""
        return tasks

    @property
    def calculation(self) -> str:
        return self.standing.calculation

    def validated(self, *, request_id: str = "validation-of-factor") -> Task:
        task = self.agent.stated(TaskAct.APPROVE, self.calculation, request_id=request_id)
        assert self.do(task).reason == ""
        return task

    def sent(self, **changes: Any) -> Task:
        task = self.agent.release(self.calculation, **changes)
        assert self.do(task).reason == ""
        return task


def request_of(task: Task) -> str:
    """The `jti` of a body, read as anybody may."""
    encoded = task.body.split(b".")
    header = json.loads(base64url.decode(encoded[0]))
    return str(header["jti"] if "jti" in header else json.loads(base64url.decode(encoded[1]))["jti"])
