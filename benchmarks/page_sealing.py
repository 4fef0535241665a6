"""Sealing 50 MB in the page: how long nothing else moves, against the same cryptography bare."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Route

from aval.sealing.readers import ReaderKeys
from benchmarks.page_window import spread
from local.node import node
from local.places import ROOT

RUNS: Final = 5
SIZE: Final = 50_000_000
_ORIGIN: Final = "https://aval.test"
_DOCUMENT: Final = '<!doctype html><script type="importmap">{"imports": {"jose": "/jose/index.js"}}</script>'
_PEAK: Final = "VmHWM:"
_RESIDENT: Final = "VmRSS:"
_BEATS: Final = """
let longest = 0, before = performance.now(), beating = true;
const channel = new MessageChannel();
channel.port1.onmessage = () => {
  const now = performance.now();
  longest = Math.max(longest, now - before);
  before = now;
  if (beating) channel.port2.postMessage(null);
};
const text = new TextEncoder().encode('{"contrato":"00000000","montante":"12.345"},');
const plaintext = new Uint8Array(told.size);
for (let at = 0; at < told.size; at += text.length) plaintext.set(text.subarray(0, told.size - at), at);
const measured = async (work) => {
  channel.port2.postMessage(null);
  await new Promise((rest) => setTimeout(rest, 300));
  longest = 0;
  const begun = performance.now();
  const made = await work();
  const lasted = performance.now() - begun;
  await new Promise((rest) => setTimeout(rest, 50));
  beating = false;
  return { lasted, longest };
};
"""
_OURS: Final = """
const { seal } = await import("/src/sealing/envelope.ts");
const { Readers } = await import("/src/sealing/readers.ts");
const publicExponent = new Uint8Array([1, 0, 1]);
const parameters = { name: "RSA-OAEP", modulusLength: 3072, publicExponent, hash: "SHA-256" };
const { publicKey } = await crypto.subtle.generateKey(parameters, false, ["encrypt", "decrypt"]);
const readers = await Readers.read([told.reader]);
const header = { keyId: "chave-de-medida", event: "202611003", sender: "33047509000149", kind: "PORTFOLIO",
  issuedAt: new Date(), requestId: "pedido-de-medida-1", readers, seen: null };
return measured(async () => (await seal(plaintext, header, publicKey)).bytes.length);
"""
_BARE: Final = """
const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
return measured(async () => {
  const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, plaintext);
  await crypto.subtle.digest("SHA-256", made);
  return made.byteLength;
});
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    lasted: float
    longest: float
    """Milliseconds in which no other task of the page had its turn."""
    grown_mb: float
    """By which the page's process was larger at its peak than before, the 50 MB to seal included."""


def report(browser: Browser) -> None:
    modules = _modules()
    print(f"\nP11 sealing {SIZE // 1_000_000} MB in Chromium, least / median / most of {RUNS}")
    rounds = [(_run(browser, modules, _OURS), _run(browser, modules, _BARE)) for _ in range(RUNS)]
    ours, bare = (list(side) for side in zip(*rounds, strict=True))
    for name, sealed in (("the page's seal", ours), ("AES-GCM and SHA-256 bare", bare)):
        print(
            f"    {name}: {spread([one.lasted for one in sealed])}, longest block "
            f"{spread([one.longest for one in sealed])}, "
            f"{spread([one.grown_mb for one in sealed], 'MB')} more at the peak"
        )
    ratio = min(one.lasted for one in ours) / min(one.lasted for one in bare)
    print(f"    seal/bare {ratio:.2f}")


def _run(browser: Browser, modules: Mapping[str, str], work: str) -> Sealed:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(_ORIGIN)
        if path == "/":
            route.fulfill(body=_DOCUMENT, content_type="text/html")
        else:
            route.fulfill(body=modules[path], content_type="text/javascript")

    context = browser.new_context()
    context.set_default_timeout(120_000)
    try:
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(f"{_ORIGIN}/")
        before = {process: _memory(process, _RESIDENT) for process in _renderers(browser)}
        for process in before:
            # Its highest so far is forgotten (proc(5), clear_refs).
            (process / "clear_refs").write_text("5")
        told = {"size": SIZE, "reader": ReaderKeys.generate("leitor").public.as_json()}
        took = page.evaluate(f"async (told) => {{ {_BEATS} {work} }}", told)
        grown = max(_memory(process, _PEAK) - was for process, was in before.items())
    finally:
        context.close()
    return Sealed(**took, grown_mb=grown)


def _renderers(browser: Browser) -> Iterator[Path]:
    session = browser.new_browser_cdp_session()
    told: dict[str, Any] = session.send("SystemInfo.getProcessInfo")
    session.detach()
    for process in told["processInfo"]:
        if process["type"] == "renderer":
            yield Path("/proc") / str(process["id"])


def _memory(process: Path, what: str) -> float:
    lines = (process / "status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(what)) / 1000


def _modules() -> dict[str, str]:
    script = ROOT / "web" / "tests" / "sealing" / "stripped.ts"
    command = [node(), "--no-warnings", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    told: dict[str, str] = json.loads(done.stdout)
    return told
