"""A platform with an enclave behind it, as the weekly commands meet them: keys attested, answers sealed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from aval.cli import lote_envio, platform_access
from aval.identifiers import KeyId
from aval.sealing import reader_file
from aval.sealing.answers import Binding, seal_answer
from aval.sealing.caveats import caveats_of
from aval.sealing.envelope import Expected, Opened, SealedKind, open_sealed
from aval.sealing.head import Head
from aval.settings import Variable
from tests.support.attested import offer
from tests.support.desk import PASSPHRASE, Desk, laid_out
from tests.support.platform import URL, Asked, Platform, Told, answer, opened
from tests.support.sealing import AT, COMPANY, EVENT, KEY_ID, reader, sealing_key, signing_key

WEEK: Final = f"/prudencial/semanas/{EVENT}"
LOTES: Final = f"{WEEK}/lotes"
LOTE: Final = "0a" * 16
STORE: Final = "https://store.example/bucket"
HEAD: Final = Head(7, "7" * 64)


@cache
def protected(name: str) -> bytes:
    return reader_file.protect(reader(name), PASSPHRASE, iterations=reader_file.FEWEST_ITERATIONS)


@dataclass
class WeekPlatform:
    """What comes in is opened as the enclave would; what it answers is set by the test."""

    platform: Platform
    desk: Desk
    uploads: list[bytes] = field(default_factory=list)
    lote: dict[str, Any] = field(default_factory=dict)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    head: Head = HEAD
    ended: "Callable[[WeekPlatform], None]" = field(default_factory=lambda: all_taken)
    """What becomes of a file that has come."""

    def told(self, **changes: Any) -> None:
        """How the lote is told from now on."""
        self.lote |= changes

    def sealed(self) -> Opened:
        return self.opened(self.uploads[-1], SealedKind(self.lote["tipo"]))

    def opened(self, body: bytes, kind: SealedKind) -> Opened:
        return open_sealed(body, {KEY_ID: sealing_key()}, Expected(EVENT, COMPANY, kind))

    def answer(self, payload: Mapping[str, object], about: Opened, company: str = COMPANY) -> bytes:
        header = about.header
        return self.answered(payload, header.request_id, header.readers, company)

    def answered(self, payload: Mapping[str, object], jti: str, readers: Any, company: Any) -> bytes:
        caveats = caveats_of(hardware=False, sender_authenticated=False)
        binding = Binding(EVENT, company, jti, self.head, caveats)
        return seal_answer(payload, binding, readers, signing_key=signing_key(), signing_kid=KeyId(KEY_ID))

    def offered(self, asked: Asked) -> Any:
        (nonce,) = parse_qs(urlsplit(asked.url).query)["nonce"]
        return answer(200, offer(nonce=bytes.fromhex(nonce)))

    def announced(self, asked: Asked) -> Told:
        self.lote = {
            **{name: asked.document[name] for name in ("remetente", "tipo", "tudoOuNada", "sha256")},
            "lote": LOTE,
            "estado": "AGUARDANDO_ARQUIVO",
            "progresso": 0,
            "aceitos": None,
            "recusados": None,
            "regras": {},
            "respostas": 0,
            "motivo": None,
            "frase": None,
        }
        return 201, {"lote": LOTE, "url": STORE, "campos": {"key": "k"}, "expiraEm": ""}

    def arrived(self, asked: Asked) -> Told:
        body = asked.body.partition(b"octet-stream\r\n\r\n")[2].rpartition(b"\r\n--")[0]
        self.uploads.append(body)
        self.ended(self)
        return 204, b""

    def sealed_answer(self, number: int, _: Asked) -> Any:
        about = self.sealed()
        payload = {"objeto": about.identity, **self.payloads[number]}
        return answer(200, self.answer(payload, about))


def all_taken(made: WeekPlatform) -> None:
    made.told(estado="PROCESSADO", progresso=100, aceitos=1, recusados=0, respostas=1)
    made.payloads = [piece([{"cnpj": COMPANY, "fa": "0.1"}])]


def piece(agents: list[dict[str, Any]], number: int = 0, of: int = 1, **more: Any) -> dict[str, Any]:
    return {"ato": "LOTE", "lote": LOTE, "pedaco": number, "de": of, "agentes": agents, **more}


def week_platform(folder: Path, monkeypatch: pytest.MonkeyPatch) -> WeekPlatform:
    desk = laid_out(folder, monkeypatch)
    desk.write("ana.chaves", protected("ana"))
    made = WeekPlatform(opened(monkeypatch), desk)
    for module in (platform_access, lote_envio):
        monkeypatch.setattr(module, "utc_now", lambda: AT)
    monkeypatch.setenv(Variable.PERSONAL_TOKEN, "token-da-ana")
    monkeypatch.chdir(folder)
    routes = made.platform.routes
    routes["GET /prudencial/chave"] = made.offered
    log = (folder / "medidas.jsonl").read_bytes()
    routes["GET /prudencial/medidas"] = lambda _: answer(200, log)
    routes[f"POST {LOTES}"] = made.announced
    routes[f"POST {STORE}"] = made.arrived
    routes[f"GET {LOTES}/{LOTE}"] = lambda _: (200, made.lote)
    for number in range(3):
        routes[f"GET {LOTES}/{LOTE}/respostas/{number}"] = partial(made.sealed_answer, number)
    return made


def access(desk: Desk) -> list[str]:
    """Options by which the platform and its released code are known."""
    return ["--api", URL, "--raiz", desk.path("raiz.pem"), "--chave-medidas", desk.path("medidas.pem")]


def state_of(folder: Path, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / name).read_text())
    return told
