"""A platform whose acts are done by an enclave in this process, for the commands of the week."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.attestation.measurements import LogAct, LogEntry, Measurement, MeasurementLog
from aval.cli import platform_access, week_desk
from aval.identifiers import Cnpj
from aval.prudential.agent_state import AgentRow
from aval.prudential.tasks import TaskAct, TaskState
from aval.settings import Variable
from enclave_app.measurement import extended
from enclave_app.protocol import Operation
from tests.support.desk import PASSPHRASE
from tests.support.enclave import COMPANY, EVENT, NOW, Desk, Parent, root
from tests.support.platform import URL, Asked, Platform, answer, opened
from tests.support.sealing import reader
from tests.support.week_agents import WeekAgent, counterparties, parameters, portfolio, week
from tests.support.week_platform import protected

OTHERS: Final = (Cnpj.parse("11222333000181"), Cnpj.parse("12ABC34501DE35"))
WEEK: Final = f"/prudencial/semanas/{EVENT}"
_ACTS: Final = {
    "leitura": TaskAct.READ_BACK,
    "validacao": TaskAct.APPROVE,
    "cancelamento": TaskAct.CANCEL,
    "calculo": TaskAct.COMPUTE,
    "envio": TaskAct.RELEASE,
    "simulacao": TaskAct.SIMULATE,
}
_MEASURED: Final = Measurement({index: extended(str(index).encode()) for index in (0, 1, 2, 8)})


@dataclass
class EnclavePlatform:
    """Agents by company; acts that the test changed on their way are in `changed`."""

    platform: Platform
    folder: Path
    desk: Desk = field(default_factory=week)
    companies: Sequence[Cnpj] = (COMPANY, *OTHERS)
    parent: Parent = field(init=False)
    bodies: dict[Cnpj, list[bytes]] = field(default_factory=dict)
    slow: int = 0
    """How many times an act is told to be still on its way."""
    _turn: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.parent = self.desk.parent()

    def agent(self, company: Cnpj = COMPANY, *names: str) -> WeekAgent:
        return WeekAgent(self.desk, company, names or ("ana",), sender=COMPANY)

    def deliver(self, company: Cnpj = COMPANY, *names: str, **changes: Any) -> None:
        """A portfolio and its counterparties; `changes` are the portfolio's."""
        agent = self.agent(company, *names)
        for number, task in enumerate(
            (
                agent.portfolio(portfolio(company, **changes), request_id=f"portfolio-{company}"),
                agent.counterparties(self._listed(company), request_id=f"counterparties-{company}"),
            )
        ):
            assert self.parent.do(task).reason == "", number
            self.bodies.setdefault(company, []).append(task.body)

    def _listed(self, company: Cnpj) -> dict[str, Any]:
        told = counterparties(company)
        return {**told, "contrapartes": []} if company == told["contrapartes"][0]["cnpj"] else told

    def state(self, company: Cnpj = COMPANY) -> str:
        row = self._row(company)
        return row.standing.state.value if row else "ABERTO"

    def sealed_files(self, *companies: Cnpj) -> list[str]:
        """What was delivered, as files that its sender kept."""
        names = []
        for company in companies or tuple(self.bodies):
            for number, body in enumerate(self.bodies[company]):
                (self.folder / f"{company}-{number}.selado").write_bytes(body)
                names.append(f"{company}-{number}.selado")
        return names

    def _row(self, company: Cnpj) -> AgentRow | None:
        return self.desk.vault.rows.get((EVENT, company))

    def offered(self, asked: Asked) -> Any:
        (nonce,) = parse_qs(urlsplit(asked.url).query)["nonce"]
        with self._turn:
            told = self.parent.session.ask(Operation.KEY, nonce=bytes.fromhex(nonce)).fields
        document = base64.b64encode(told["atestado"]).decode()
        return 200, {"atestado": document, "declaracao": told["declaracao"], "assinatura": told["assinatura"]}

    def listed(self, asked: Asked) -> Any:
        """Two agents a page."""
        query = parse_qs(urlsplit(asked.url).query)
        assert query["remetente"] == [COMPANY]
        start = int(query.get("cursor", ["0"])[0])
        page = [self._listed_agent(one) for one in self.companies[start : start + 2]]
        following = str(start + 2) if start + 2 < len(self.companies) else None
        count = {"n": len(self.bodies), "N": len(self.companies)}
        return 200, {"agentes": page, "proxima": following, "contadores": {"portfolio": count}}

    def _listed_agent(self, company: Cnpj) -> dict[str, Any]:
        row = self._row(company)
        told = row.standing.as_json() if row else dict.fromkeys(("portfolio", "contrapartes", "calculo"))
        names = ("portfolio", "contrapartes", "calculo")
        state = {"cnpj": company, "sigla": f"SIGLA {company[:4]}", "estado": self.state(company)}
        return {**state, **{name: told[name] for name in names}}

    def done(self, company: Cnpj, word: str, asked: Asked) -> Any:
        if self.slow:
            self.slow -= 1
            return 202, {"tarefa": "0f" * 32, "estado": "EM_CALCULO", "resposta": None, "liberado": None}
        (body,) = asked.document.values()
        sender = {"sender": COMPANY} if "selado" in asked.document else {}
        with self._turn:
            task = self.agent(company).task(_ACTS[word], body.encode(), **sender)
            outcome = self.parent.do(task)
        sealed = outcome.answer.decode()
        if outcome.state is not TaskState.DONE:
            problem = {"detail": "o enclave recusou", "codigo": outcome.reason, "tarefa": task.id}
            return 422, {**problem, **({"resposta": sealed} if sealed else {})}
        released = json.loads(outcome.released) if outcome.released else None
        told = {"tarefa": task.id, "estado": self.state(company), "resposta": sealed, "liberado": released}
        return 200, told


def enclave_platform(folder: Path, monkeypatch: pytest.MonkeyPatch) -> EnclavePlatform:
    made = EnclavePlatform(opened(monkeypatch), folder)
    signer = ec.generate_private_key(ec.SECP384R1())
    released = LogEntry(LogAct.RELEASE, NOW - timedelta(days=1), "1", _MEASURED)
    log = (MeasurementLog().append(released, signer) + "\n").encode()
    (folder / "medidas.pem").write_bytes(
        signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "raiz.pem").write_bytes(root().holder.certificate.public_bytes(Encoding.PEM))
    for name in ("ana", "bia"):
        (folder / f"{name}.json").write_text(json.dumps(reader(name).public.as_json()))
        (folder / f"{name}.chaves").write_bytes(protected(name))
    for module in (platform_access, week_desk):
        monkeypatch.setattr(module, "utc_now", lambda: NOW)
    monkeypatch.setenv(Variable.PASSWORD, PASSPHRASE)
    monkeypatch.setenv(Variable.PERSONAL_TOKEN, "token-da-ana")
    monkeypatch.chdir(folder)
    routes = made.platform.routes
    routes["GET /prudencial/chave"] = made.offered
    routes["GET /prudencial/medidas"] = lambda _: answer(200, log)
    routes[f"GET {WEEK}"] = lambda _: (200, {"parametros": json.loads(parameters())})
    routes[f"GET {WEEK}/agentes"] = made.listed
    for company in made.companies:
        for word in _ACTS:
            routes[f"POST {WEEK}/agentes/{company}/{word}"] = _act(made, company, word)
    return made


def _act(made: EnclavePlatform, company: Cnpj, word: str) -> Any:
    return lambda asked: made.done(company, word, asked)


def access() -> list[str]:
    return ["--api", URL, "--raiz", "raiz.pem", "--chave-medidas", "medidas.pem"]
