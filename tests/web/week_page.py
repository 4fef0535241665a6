"""The page's desk at a platform whose acts are done by an enclave in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from aval.adapters.platform_api import Answer as HttpAnswer
from aval.prudential.tasks import TaskAct, TaskState
from aval.sealing.readers import Readers
from tests.support.enclave import COMPANY, EVENT, NOW, root
from tests.support.enclave_platform import WEEK, EnclavePlatform, enclave_platform
from tests.support.platform import URL, Asked
from tests.support.sealing import reader
from tests.support.week_agents import counterparties, portfolio
from tests.web.sealing_peer import SealingPeer, private

_DELIVERIES: Final = {"portfolio": TaskAct.PORTFOLIO, "contrapartes": TaskAct.COUNTERPARTIES}


@dataclass
class Page:
    """A desk of the page at an enclave's platform; what it sends can be changed on its way."""

    node: SealingPeer
    made: EnclavePlatform
    names: tuple[str, ...] = ("ana",)
    paths: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    changed: Callable[[str, int, Any], tuple[int, Any]] = lambda _path, status, told: (status, told)

    def open(self) -> str:
        self.node.platform = self._answer
        told: str = self.node.ask(
            "desk",
            act="open",
            pinned={
                "raiz": root().fingerprint,
                "chaveMedidas": (self.made.folder / "medidas.pem").read_text(),
            },
            event=EVENT,
            sender=COMPANY,
            keys=private(reader(self.names[0])),
            readers=Readers(tuple(reader(name).public for name in self.names)).as_json(),
            at=int(NOW.timestamp() * 1000),
        )
        return told

    def do(self, act: str, **told: object) -> Any:
        return self.node.ask("desk", act=act, agent=self.agent(), **told)

    def agent(self) -> dict[str, Any]:
        """The agent as the platform lists it."""
        asked = Asked("GET", f"{URL}{WEEK}/agentes?remetente={COMPANY}", {}, b"")
        (listed,) = [one for one in self.made.listed(asked)[1]["agentes"] if one["cnpj"] == COMPANY]
        return dict(listed)

    def deliver(self) -> None:
        self.do("deliverPortfolio", file=json.dumps(portfolio()))
        self.do("deliverCounterparties", file=json.dumps(counterparties()))

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.paths.append(f"{method} {path}")
        self.bodies.append(body)
        asked = Asked(method, URL + path, {}, json.dumps(body).encode())
        told = self.made.platform.routes[f"{method} {path.partition('?')[0]}"]
        assert callable(told)
        answer = told(asked)
        if isinstance(answer, HttpAnswer):
            return self.changed(path, answer.status, answer.body.decode())
        return self.changed(path, *answer)


def week_page(node: SealingPeer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Its desk is open, with nothing delivered."""
    made = enclave_platform(folder, monkeypatch)
    for word, act in _DELIVERIES.items():
        made.platform.routes[f"PUT {WEEK}/agentes/{COMPANY}/{word}"] = _delivered(made, act)
    page = Page(node, made)
    page.open()
    return page


def _delivered(made: EnclavePlatform, act: TaskAct) -> Callable[[Asked], tuple[int, Any]]:
    def done(asked: Asked) -> tuple[int, Any]:
        if made.slow:
            made.slow -= 1
            return 202, {"tarefa": "0f" * 32, "estado": "EM_CALCULO", "resposta": None, "liberado": None}
        task = made.agent().task(act, asked.document["selado"].encode(), sender=COMPANY)
        outcome = made.parent.do(task)
        sealed = outcome.answer.decode()
        if outcome.state is not TaskState.DONE:
            problem = {"status": 422, "detail": "o enclave recusou", "codigo": outcome.reason}
            return 422, {**problem, **({"resposta": sealed} if sealed else {})}
        return 200, {"tarefa": task.id, "estado": made.state(), "resposta": sealed, "liberado": None}

    return done
