"""The JSON handlers of contracts before a bus that answers as told; who calls is of a registry in memory."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

import pytest

from aval.contracts.standing import Standing
from aval.edge.logs import logger
from tests.support import registry
from tests.support.contracts import NOW
from tests.support.directory import MemoryDirectory
from tests.support.gateway import Context, event
from tests.support.registry import ANA, AURORA, BOLT, BRUNO
from tests.support.soap import ScriptedBus

STRANGER: Final = "33344455508"
OPERATES: Final = "REPRESENTACAO_OPERACIONAL_TOTAL"
_SINCE: Final = {"inicioVigencia": "2025-01-01"}


def directory() -> MemoryDirectory:
    """Ana is BOLT's CCEE representative, Bruno its legal one; nobody here acts for AURORA."""
    return MemoryDirectory.of(
        participantes=[registry.participant(**_SINCE), registry.aurora(**_SINCE)],
        perfis=[registry.profile(**_SINCE), registry.profile(codigo=10020, cnpj=AURORA, sigla="AURORA")],
        ativos=[registry.asset(**_SINCE)],
        parcelas=[registry.parcel(**_SINCE)],
        pessoas=[registry.person(), registry.bruno()],
        representacoes=[
            registry.representation(representante=ANA, papel="REPRESENTANTE_CCEE", **_SINCE),
            registry.representation(representante=BRUNO, papel="REPRESENTANTE_LEGAL", **_SINCE),
        ],
    )


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    document: Any

    @property
    def problem(self) -> tuple[int, str]:
        return self.status, self.document["type"].removeprefix("urn:aval:problema:")

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(fault["pointer"], fault["detail"]) for fault in self.document["errors"]]


@dataclass
class ContractApi:
    monkeypatch: pytest.MonkeyPatch
    answers: dict[str, Any] = field(default_factory=dict)
    log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.bus = ScriptedBus(self.answers)

    @property
    def asked(self) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
        return self.bus.asked

    def as_person(self, operation: str, method: str, path: str, *, cpf: str = ANA, **told: Any) -> Answer:
        caller = {"kind": "person", "subject": "sub", "person": cpf, "thumbprint": ""}
        return self._call(operation, event(method, path, caller=caller, **told))

    def as_system(self, operation: str, method: str, path: str, *, cnpj: str = BOLT, **told: Any) -> Answer:
        caller = {"kind": "system", "subject": cnpj, "person": "", "thumbprint": "0f" * 32}
        return self._call(operation, event(method, path, caller=caller, **told))

    def _call(self, operation: str, given: Mapping[str, Any]) -> Answer:
        module, known = import_module(f"lambdas.contracts.{operation}"), directory()
        self.monkeypatch.setattr(module, "_bus", lambda: self.bus, raising=False)
        self.monkeypatch.setattr(module, "_standing", lambda: Standing(known, known))
        self.monkeypatch.setattr(module, "_directory", lambda: known, raising=False)
        self.monkeypatch.setattr(module, "utc_now", lambda: NOW)
        self.monkeypatch.setattr(logger.registered_handler, "stream", self.log)
        answer = module.handler(dict(given), Context())
        return Answer(answer["statusCode"], answer["headers"], json.loads(answer["body"]))
