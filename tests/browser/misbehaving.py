"""A platform that lies about its enclave, between the page and the stack.

Each lie is a genuine thing in the wrong place: documents that a simulated module attests and signs, logs that
their keeper, or somebody else, signs. No byte is edited, so that what refuses it has read it to the end.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Page, Route

from aval.attestation.document import AttestationDocument, parse_document
from aval.attestation.measurements import LogAct, LogEntry, Measurement, MeasurementLog
from aval.attestation.verification import MAX_AGE
from aval.moments import utc_now
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from local.nsm.measuring import PCR_BYTES
from tests.support.stack import Stack

KEY_PATH: Final = re.compile(r"/prudencial/chave(\?|$)")
LOG_PATH: Final = re.compile(r"/prudencial/medidas(\?|$)")
OTHER_REGISTER: Final = b"\x5a" * PCR_BYTES
_SOME_TIME: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Genuine:
    """What the stack's own enclave just said of itself, and by which nonce it was asked."""

    stack: Stack
    document: AttestationDocument
    nonce: bytes

    @property
    def root(self) -> NitroRoot:
        """The root of this machine, which the page pins."""
        return NitroRoot.kept_in(self.stack.places.nsm, utc_now())

    def attested_again(
        self,
        *,
        root: NitroRoot | None = None,
        at: datetime | None = None,
        nonce: bytes | None = None,
        registers: Mapping[int, bytes] | None = None,
    ) -> bytes:
        """A document of another module about the same keys, lawful but for what is told here."""
        measured = {**self.document.pcrs, **(registers or {})}
        hierarchy = Hierarchy(root or self.root, self.document.module_id)
        module = SimulatedNsm(hierarchy, measured, clock=lambda: at or utc_now())
        asked = {
            "user_data": self.document.user_data,
            "public_key": self.document.public_key,
            "nonce": self.nonce if nonce is None else nonce,
        }
        reply = cbor2.loads(module.reply(cbor2.dumps({"Attestation": asked})))
        document: bytes = reply["Attestation"]["document"]
        return document


@dataclass(frozen=True, slots=True)
class Keeping:
    """The log of measurements as it is, and the key of who keeps it."""

    text: str
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def of(cls, stack: Stack) -> Self:
        folder = Path(stack.described["measurements"])
        key = load_pem_private_key((folder / "operador.key").read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls((folder / "measurements.jsonl").read_text(), key)

    @property
    def log(self) -> MeasurementLog:
        return MeasurementLog.parse(self.text, self.key.public_key())

    @property
    def in_force(self) -> tuple[Measurement, ...]:
        return self.log.accepted(utc_now())

    @property
    def other(self) -> Measurement:
        """A measurement that nobody released."""
        [measured, *_] = self.in_force
        return Measurement({**measured.pcrs, 0: OTHER_REGISTER})


def written(log: MeasurementLog, key: ec.EllipticCurvePrivateKey, *entries: LogEntry) -> str:
    """The lines that go on from `log`."""
    lines = ""
    for entry in entries:
        line = log.append(entry, key)
        log, lines = log.with_line(line, key.public_key()), f"{lines}{line}\n"
    return lines


def other_code(genuine: Genuine) -> bytes:
    """An image that nobody released, on a machine like any other."""
    return genuine.attested_again(registers={0: OTHER_REGISTER})


def debug_mode(genuine: Genuine) -> bytes:
    """An enclave into which its host can look: the hardware tells no measurement of it."""
    return genuine.attested_again(registers=dict.fromkeys((0, 1, 2), bytes(PCR_BYTES)))


def foreign_root(genuine: Genuine) -> bytes:
    """Everything as it should be, under a root that somebody else made."""
    return genuine.attested_again(root=NitroRoot.create(utc_now()))


def stale(genuine: Genuine) -> bytes:
    """Made for this very nonce, too long ago."""
    return genuine.attested_again(at=utc_now() - MAX_AGE - _SOME_TIME)


def other_nonce(genuine: Genuine) -> bytes:
    """The answer to another question."""
    return genuine.attested_again(nonce=bytes(len(genuine.nonce)))


def no_nonce(genuine: Genuine) -> bytes:
    """The answer to no question."""
    return genuine.attested_again(nonce=b"")


def other_release(keeping: Keeping) -> str:
    """A log of the same keeper in which what runs was never released."""
    [first, *_] = keeping.log.entries
    return written(MeasurementLog(), keeping.key, LogEntry(LogAct.RELEASE, first.at, "outra", keeping.other))


def retired(keeping: Keeping) -> str:
    """The keeper took back what runs, and nothing else is in force."""
    entries = (LogEntry(LogAct.RETIRE, utc_now(), "retirada", one) for one in keeping.in_force)
    return keeping.text + written(keeping.log, keeping.key, *entries)


def forged_line(keeping: Keeping) -> str:
    """The genuine log, continued by somebody who is not its keeper."""
    stranger = ec.generate_private_key(ec.SECP384R1())
    entry = LogEntry(LogAct.RELEASE, utc_now(), "forjada", keeping.other)
    return keeping.text + written(keeping.log, stranger, entry)


def empty(_: Keeping) -> str:
    return ""


def longer(keeping: Keeping) -> str:
    """No lie: one release more. Who saw this finds the genuine log cut."""
    return keeping.text + written(
        keeping.log, keeping.key, LogEntry(LogAct.RELEASE, utc_now(), "seguinte", keeping.other)
    )


KEY_LIES: Final[Sequence[tuple[Callable[[Genuine], bytes], str]]] = (
    (other_code, "PCR_DIVERGENTE"),
    (debug_mode, "MODO_DEBUG"),
    (foreign_root, "RAIZ_DESCONHECIDA"),
    (stale, "ANTIGO"),
    (other_nonce, "NONCE_DIVERGENTE"),
    (no_nonce, "NONCE_DIVERGENTE"),
)
"""With the code by which each is refused, where the log is as it is."""

LOG_LIES: Final[Sequence[tuple[Callable[[Keeping], str], str]]] = (
    (other_release, "PCR_DIVERGENTE"),
    (retired, "SEM_MEDIDA_ESPERADA"),
    (forged_line, "REGISTRO_ASSINATURA"),
    (empty, "REGISTRO_VAZIO"),
)
"""With the code by which each is refused, where the key is as it is, by who has seen no log before."""


def lie_about_the_key(page: Page, stack: Stack, lie: Callable[[Genuine], bytes]) -> None:
    """Answer this page's requests for the key with `lie` in the place of the document."""

    def fulfil(route: Route) -> None:
        _, _, token = route.request.headers["authorization"].partition(" ")
        offer, genuine = asked(stack, route.request.url, token)
        told = {**offer, "atestado": base64.b64encode(lie(genuine)).decode()}
        route.fulfill(json=told)

    page.route(KEY_PATH, fulfil)


def lie_about_the_log(page: Page, stack: Stack, lie: Callable[[Keeping], str]) -> None:
    def fulfil(route: Route) -> None:
        route.fulfill(body=lie(Keeping.of(stack)), content_type="application/jsonl")

    page.route(LOG_PATH, fulfil)


def asked(stack: Stack, url: str, token: str) -> tuple[dict[str, Any], Genuine]:
    """What the stack answers to the request for its key, and what its document says."""
    parts = urlsplit(url)
    answer = stack.request("GET", f"{parts.path}?{parts.query}", token=token)
    assert answer.status == 200, answer.body
    offer: dict[str, Any] = json.loads(answer.body)
    [nonce] = parse_qs(parts.query)["nonce"]
    document = parse_document(base64.b64decode(offer["atestado"])).content
    return offer, Genuine(stack, document, bytes.fromhex(nonce))
