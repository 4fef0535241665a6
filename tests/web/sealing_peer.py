"""The page's own sealing, in a Node that stays: asked in Python's words, its refusals told by their codes."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from aval.sealing import ec_keys
from aval.sealing.readers import ReaderKeys
from local.node import node
from local.places import ROOT

SCRIPT: Final = ROOT / "web" / "tests" / "sealing" / "peer.ts"
Answering = Callable[[str, str, Any], tuple[int, Any]]
"""Method, path with its query, body: the status and the JSON, or text, that the platform answers."""


class PageRefused(Exception):
    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(f"{told['refused']}: {told['detail']}")
        self.code: str = told["refused"]
        self.detail: str = told["detail"]
        self.told = told


@dataclass
class SealingPeer:
    """One Node; what a desk asks of the platform is answered by `platform`."""

    process: "subprocess.Popen[str]"
    platform: Answering | None = field(default=None)

    def ask(self, operation: str, **request: object) -> Any:
        """Raise `PageRefused` for what the page refuses; anything else that it cannot do fails the test."""
        told = self._exchanged({"operation": operation, **request})
        while "ask" in told:
            assert self.platform is not None, f"the page asked {told['ask']}"
            asked = told["ask"]
            status, answer = self.platform(asked["method"], asked["path"], asked["body"])
            text = answer if isinstance(answer, str) else json.dumps(answer)
            told = self._exchanged({"status": status, "text": text})
        if "refused" in told:
            raise PageRefused(told)
        assert "failed" not in told, told["failed"]
        return told["told"]

    def _exchanged(self, request: Mapping[str, object]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "Node ended; its words are above"
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def sealing_peer() -> Iterator[SealingPeer]:
    command = [node(), str(SCRIPT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield SealingPeer(process)
        finally:
            process.kill()


@contextmanager
def page_refuses(code: str) -> Iterator[None]:
    """The block must be refused by the page for that reason, in a sentence."""
    with pytest.raises(PageRefused) as told:
        yield
    assert told.value.code == code, told.value
    assert len(told.value.detail) > len("não é")


def private(keys: ReaderKeys) -> dict[str, Any]:
    """A reader's keys as the page takes them out of a file."""
    return {
        "id": keys.id,
        "enc": ec_keys.private_jwk(keys.encryption),
        "sig": ec_keys.private_jwk(keys.signature),
    }
