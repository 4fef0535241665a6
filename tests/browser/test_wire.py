"""The machinery itself: all that a window sends is kept, and a needle is found in whatever it was packed."""

import base64
import gzip
import io
import json
import zipfile
import zlib
from urllib.parse import quote, quote_plus

import pytest

from tests.browser import kept, made_pages
from tests.browser.layers import opened
from tests.browser.visits import Visits
from tests.browser.wire import Wire, haystack_of, seen_in

NEEDLE = "R$ 48.151.623,42 à vista"
PLAIN = NEEDLE.encode()
LOOKED_FOR = haystack_of({"it": NEEDLE})


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", content)
    return packed.getvalue()


PACKED = {
    "as it is": PLAIN,
    "UTF-16, little end first": NEEDLE.encode("utf-16-le"),
    "UTF-16, big end first": NEEDLE.encode("utf-16-be"),
    "in an address": quote(NEEDLE).encode(),
    "in a form": quote_plus(NEEDLE).encode(),
    "in JSON": json.dumps({"valor": NEEDLE}).encode(),
    "gzip": gzip.compress(PLAIN),
    "gzip amid other bytes": b"--boundary\r\n\r\n" + gzip.compress(b"before " + PLAIN) + b"\r\n--boundary--",
    "zlib": zlib.compress(PLAIN),
    "a workbook": zipped(PLAIN),
    "base64": base64.b64encode(b"x" + PLAIN),
    "base64url": base64.urlsafe_b64encode(b"xx" + PLAIN).rstrip(b"="),
    "gzip in base64": base64.b64encode(gzip.compress(PLAIN)),
    "a workbook in base64": b'{"arquivo":"data:application/zip;base64,'
    + base64.b64encode(zipped(PLAIN))
    + b'"}',
    "three deep": gzip.compress(json.dumps({"valor": base64.b64encode(zipped(PLAIN)).decode()}).encode()),
    "base64 in an address": quote(base64.b64encode(gzip.compress(PLAIN)).decode()).encode(),
    "hex": PLAIN.hex().encode(),
}


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_finds_a_needle_in_whatever_it_was_packed(packed: bytes) -> None:
    assert seen_in(LOOKED_FOR, [packed])


def test_finds_none_where_none_is() -> None:
    other = NEEDLE.replace("48", "49").encode()
    for packed in (other, gzip.compress(other), base64.b64encode(zipped(other))):
        assert seen_in(LOOKED_FOR, [packed]) == set()


def test_does_not_stumble_over_what_only_looks_packed() -> None:
    broken = [gzip.compress(PLAIN * 9)[:14], zipped(PLAIN)[:60], b"\x78\x9c" * 40, b"%zz+\\u00", b"A" * 37]
    assert all(part in list(opened(part)) for part in broken)


SEND = """
async ([address, needle]) => {
  const packed = new Response(new Blob([needle]).stream().pipeThrough(new CompressionStream("gzip")));
  const form = new FormData();
  form.append("file", new File([await packed.blob()], "carteira.bin"));
  await fetch(`${address}/aberto`, { method: "POST", body: new Blob([needle]) }).catch(() => 0);
  await fetch(`${address}/formulario`, { method: "POST", body: form }).catch(() => 0);
  await fetch(`${address}/consulta?valor=${encodeURIComponent(needle)}`).catch(() => 0);
  await fetch(`${address}/cabecalho`, { headers: { "x-valor": btoa(unescape(encodeURIComponent(needle))) } })
    .catch(() => 0);
  await fetch(`${address}/nada`, { method: "POST", body: "nothing" }).catch(() => 0);
}
"""


def sent(visits: Visits) -> None:
    visits.watch.expect("^answer: 40[34] .*/(aberto|formulario|consulta|cabecalho|nada)")
    page = visits.entrance()
    page.evaluate(SEND, [visits.stack.people_url, NEEDLE])


def test_keeps_what_a_window_sends_whatever_its_body_is_made_of(visits: Visits, wire: Wire) -> None:
    sent(visits)
    found = wire.carrying({"valor": NEEDLE})
    assert [place.rpartition("/")[2].partition("?")[0] for place in found] == [
        "aberto",
        "formulario",
        "consulta",
        "cabecalho",
    ]
    assert all(place.split()[1] == "asked:" for place in found)
    with pytest.raises(AssertionError):
        wire.require_none({"valor": NEEDLE})
    wire.require_none({"valor": NEEDLE.replace("48", "49")})


def test_is_no_proof_where_nothing_was_recorded(wire: Wire) -> None:
    with pytest.raises(AssertionError, match="nothing went through"):
        wire.require_none({"valor": NEEDLE})


def test_keeps_answers_as_they_came(visits: Visits, wire: Wire) -> None:
    visits.entrance().wait_for_load_state("networkidle")
    first, *_ = wire.exchanges
    assert (first.method, first.status) == ("GET", 200)
    assert b"<!doctype html>" in b"".join(opened(first.answer))
    assert "content-security-policy" in dict(first.answer_headers)


@pytest.mark.parametrize(
    "store",
    [
        "localStorage.setItem('a', needle)",
        "sessionStorage.setItem('a', needle)",
        "history.replaceState({a: needle}, '')",
        "history.replaceState(null, '', '#/a/' + needle)",
        "document.title = needle",
        """new Promise((done) => {
          const opening = indexedDB.open("base", 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore("store");
          opening.onsuccess = () => {
            const writing = opening.result.transaction("store", "readwrite");
            writing.objectStore("store").put({bytes: new TextEncoder().encode(needle)}, "key");
            writing.oncomplete = () => { opening.result.close(); done(); };
          };
        })""",
        "caches.open('c').then((cache) => cache.put('/a', new Response(needle)))",
    ],
)
def test_finds_what_a_page_left_in_any_store(visits: Visits, store: str) -> None:
    visits.watch.origins = [made_pages.ORIGIN]
    page = made_pages.serve(visits.window(), made_pages.EMPTY)
    assert seen_in(LOOKED_FOR, kept.everything(page)) == set()
    page.evaluate(f"async (needle) => {{ await ({store}); }}", NEEDLE)
    assert seen_in(LOOKED_FOR, kept.everything(page))
