"""Lotes as a sender makes them, against enclaves in this process: lawful, a test changes one thing."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import cbor2

from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentStanding
from aval.prudential.lotes import Lote, LoteId, LoteKind, LoteOutcome, LoteState
from aval.prudential.tasks import TaskOutcome, TaskState
from aval.sealing.answers import Answer
from aval.sealing.envelope import SealedKind
from aval.sealing.statements import Act
from tests.support import leverage_files
from tests.support.enclave import COMPANY, EVENT, Agent, Desk, Parent

SENDER: Final = COMPANY
PARAMETERS: Final = {**leverage_files.parameters(), "evento": EVENT}


def company(number: int) -> Cnpj:
    twelve = f"{number:08d}0001"
    return Cnpj(twelve + Cnpj.check_digits(twelve))


def portfolio(number: int, **changes: Any) -> dict[str, Any]:
    return leverage_files.portfolio(company(number)) | {"evento": EVENT} | changes


def wrong(number: int) -> dict[str, Any]:
    """One whose base date is no day."""
    told = portfolio(number)
    return told | {"patrimonioLiquido": told["patrimonioLiquido"] | {"dataBase": "ontem"}}


def counterparties(number: int) -> dict[str, Any]:
    one = {"ordem": 1, "cnpj": SENDER, "sigla": "BOLT EXEMPLO", "mtm": "1000000.50", "mitigadores": []}
    return {"cnpj": company(number), "contrapartes": [one]}


def lote_id(number: int) -> LoteId:
    return LoteId(hashlib.sha256(f"lote {number}".encode()).hexdigest()[:32])


@dataclass(frozen=True)
class SealedFile:
    """What a sender announces, and the file that comes."""

    kind: LoteKind
    body: bytes
    request_id: str

    @property
    def identity(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Sender:
    """Someone of the company that acts for the agents of its files."""

    desk: Desk
    names: tuple[str, ...] = ("ana",)

    @property
    def agent(self) -> Agent:
        return Agent(self.desk, SENDER, self.names)

    def portfolios(
        self, *listed: Mapping[str, Any], request_id: str = "portfolios-of-many-1", **changes: Any
    ) -> SealedFile:
        return self.file(json.dumps({"agentes": listed}).encode(), request_id=request_id, **changes)

    def file(
        self, plaintext: bytes, *, request_id: str = "portfolios-of-many-1", **changes: Any
    ) -> SealedFile:
        told = {"kind": SealedKind.PORTFOLIO, **changes}
        body = self.agent.sealed(plaintext, request_id=request_id, **told)
        return SealedFile(LoteKind(told["kind"].value), body, request_id)

    def counterparties(
        self,
        *listed: Mapping[str, Any],
        request_id: str = "counterparties-many",
        statement: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> SealedFile:
        told = {
            "request_id": request_id,
            "extra": {"conteudo": json.dumps({"evento": EVENT, "agentes": listed})},
            **(statement or {}),
        }
        jws = self.agent.signed(Act.CONTRAPARTES, self.agent.readers.digest, **told)
        kind = SealedKind.CONTRAPARTES
        body = self.agent.sealed(jws, request_id=request_id, **{"kind": kind, **changes})
        return SealedFile(LoteKind.COUNTERPARTIES, body, request_id)


@dataclass
class LoteDesk:
    """A week with parameters, and whoever is eligible in it."""

    desk: Desk
    eligible: Sequence[Cnpj]

    @classmethod
    def of(cls, agents: Iterable[int] = range(1, 6)) -> "LoteDesk":
        desk = Desk()
        desk.vault.weeks[EVENT] = json.dumps(PARAMETERS).encode()
        return cls(desk, [company(number) for number in agents])

    @property
    def sender(self) -> Sender:
        return Sender(self.desk)

    def arrived(self, file: SealedFile, *, number: int = 1, **changes: Any) -> LoteId:
        code = lote_id(number)
        lote = Lote(
            id=code,
            event=EVENT,
            kind=file.kind,
            sender=SENDER,
            file_name="portfolios.xlsx",
            size=len(file.body),
            identity=file.identity,
            all_or_nothing=False,
            created_at=self.desk.now,
            created_by="person:ana",
            expires_at=self.desk.now + timedelta(hours=1),
            state=LoteState.RUNNING,
            received_at=self.desk.now,
            object_version="v1",
        )
        self.desk.vault.lotes[code] = replace(lote, **changes)
        self.desk.vault.files[code] = file.body
        self.desk.vault.eligible_lists[code] = json.dumps(dict.fromkeys(self.eligible, "SIGLA")).encode()
        return code

    def done(self, code: LoteId, parent: Parent | None = None) -> LoteOutcome:
        return (parent or self.desk.parent()).lotes.do(code)

    def opened(self, code: LoteId, file: SealedFile, *, sender: Sender | None = None) -> list[Answer]:
        """What the file's reader opens: one answer a chunk."""
        lote = self.desk.vault.lotes[code]
        assert lote.outcome
        sealed, _ = self.desk.vault.chunks[code, lote.outcome.attempt]
        outcomes = [TaskOutcome(TaskState.DONE, self.desk.now, answer=one) for one in sealed]
        agent = (sender or self.sender).agent
        return [agent.opened(one, file.request_id) for one in outcomes]

    def answers(self, code: LoteId, file: SealedFile, *, sender: Sender | None = None) -> list[Any]:
        return [dict(one.payload) for one in self.opened(code, file, sender=sender)]

    def agents_told(self, code: LoteId, file: SealedFile) -> list[Any]:
        return [agent for payload in self.answers(code, file) for agent in payload["agentes"]]

    def records(self, code: LoteId) -> list[list[tuple[str, int, bytes, AgentStanding]]]:
        lote = self.desk.vault.lotes[code]
        assert lote.outcome
        _, chunks = self.desk.vault.chunks[code, lote.outcome.attempt]
        return [
            [
                (cnpj, version, sealed, AgentStanding.from_json(told))
                for cnpj, version, sealed, told in cbor2.loads(one)
            ]
            for one in chunks
        ]

    def persist(self, code: LoteId) -> None:
        """As the machine does with each chunk, and then ends the lote."""
        lote = self.desk.vault.lotes[code]
        for chunk in self.records(code):
            for cnpj, version, sealed, _ in chunk:
                self.desk.vault.records[EVENT, Cnpj(cnpj), lote.kind.value, version] = sealed
        self.desk.vault.lotes[code] = replace(lote, state=LoteState.PROCESSED)
