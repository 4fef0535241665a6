"""A platform that answers as told, for whoever is a client of its JSON API."""

import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult

import pytest

from aval.adapters import platform_api
from aval.adapters.platform_api import Answer

URL: Final = "https://aval.example"
Route = Callable[["Asked"], "Told | Answer"]
Told = tuple[int, Any]


@dataclass(frozen=True)
class Asked:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def document(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Platform:
    """Routes by method and address; what is asked of none is a failure of the test."""

    routes: dict[str, Route | list[Told]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def answers(self, route: str, *told: Told) -> None:
        """One after another, the last one from then on."""
        self.routes[route] = list(told)

    def exchange(
        self,
        target: SplitResult,
        context: ssl.SSLContext,
        method: str,
        headers: Mapping[str, str],
        pieces: Callable[[], Iterator[bytes]],
    ) -> Answer:
        assert isinstance(context, ssl.SSLContext)
        asked = Asked(method, target.geturl(), headers, b"".join(pieces()))
        self.asked.append(asked)
        place = f"{target.scheme}://{target.netloc}{target.path}".removeprefix(URL)
        route = self.routes[f"{method} {place}"]
        told = route(asked) if callable(route) else route.pop(0) if len(route) > 1 else route[0]
        if isinstance(told, Answer):
            return told
        status, content = told
        if isinstance(content, Exception):
            raise content
        return answer(status, content)

    def told(self, method: str) -> list[str]:
        return [one.url.removeprefix(URL) for one in self.asked if one.method == method]


def answer(status: int, content: object, **headers: str) -> Answer:
    kind = "application/problem+json" if status >= 400 else "application/json"
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer(status, {"content-type": kind, **headers}, body)


def opened(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    monkeypatch.setattr(platform_api, "exchange", platform.exchange)
    monkeypatch.setattr(time, "sleep", platform.pauses.append)
    return platform
