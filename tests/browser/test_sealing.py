"""What only a browser shows: keys that stay in IndexedDB and give nothing out, and that seal and sign."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from aval.sealing.answers import Binding, seal_answer
from aval.sealing.envelope import open_sealed
from aval.sealing.reader_file import unprotect
from aval.sealing.readers import Reader, Readers
from aval.sealing.statements import Act, verify_statement
from local.node import node
from local.places import ROOT
from tests.support.attested import spki
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    PLAINTEXT,
    REQUEST,
    expected,
    expected_statement,
    header,
    keys,
    readers,
    sealing_key,
    signing_key,
    statement,
)

_ORIGIN: Final = "https://aval.test"
_DOCUMENT: Final = '<!doctype html><script type="importmap">{"imports": {"jose": "/jose/index.js"}}</script>'
_PASSPHRASE: Final = "uma senha bem comprida"


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    script = ROOT / "web" / "tests" / "sealing" / "stripped.ts"
    run = subprocess.run(
        [node(), "--no-warnings", str(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told: dict[str, str] = json.loads(run.stdout)
    return told


@pytest.fixture
def context(browser: Browser, modules: dict[str, str]) -> Iterator[BrowserContext]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(_ORIGIN)
        if path == "/":
            route.fulfill(body=_DOCUMENT, content_type="text/html")
        else:
            route.fulfill(body=modules[path], content_type="text/javascript")

    context = browser.new_context()
    context.route("**/*", answer)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{_ORIGIN}/")
    return page


def run(page: Page, body: str, told: object = None) -> Any:
    """The page's own modules, in a function that is given what it is told."""
    return page.evaluate(f"async (told) => {{ {_MODULES} {body} }}", told)


_MODULES: Final = """
const load = (name) => import(`/src/sealing/${name}.ts`);
const { KeysInBrowser } = await load("key-store");
const store = new KeysInBrowser(indexedDB);
"""


def made(page: Page, name: str = "ana") -> dict[str, Any]:
    """A reader whose keys the browser keeps for a login, and the file of them."""
    told: dict[str, Any] = run(
        page,
        """
        const { createReader } = await load("reader-file");
        const { keys, file } = await createReader(told.name, told.passphrase);
        await store.keep("login", keys);
        return { reader: keys.reader, file: new TextDecoder().decode(file) };
        """,
        {"name": name, "passphrase": _PASSPHRASE},
    )
    return told


def test_keys_stay_when_the_page_is_opened_again_and_open_what_is_sealed_to_them(
    context: BrowserContext, page: Page
) -> None:
    reader = Reader.from_json(made(page)["reader"])
    page.close()
    again = context.new_page()
    again.goto(f"{_ORIGIN}/")
    binding = Binding(EVENT, COMPANY, REQUEST, HEAD)
    sealed = seal_answer(
        {"texto": "olá"}, binding, Readers((reader,)), signing_key=signing_key(), signing_kid=KEY_ID
    )
    opened = run(
        again,
        """
        const { openAnswer } = await load("answers");
        const { readPublicJwk } = await load("ec-keys");
        const [keys] = await store.list("login");
        const expected = { event: told.event, company: told.company, requestId: told.jti,
          seen: null, readers: null, subject: null };
        const answer = await openAnswer(told.sealed, keys, await readPublicJwk(told.signer), expected);
        return { payload: answer.payload, reader: keys.reader };
        """,
        {
            "event": EVENT,
            "company": COMPANY,
            "jti": REQUEST,
            "sealed": sealed.decode(),
            "signer": Reader("x", signing_key().public_key(), signing_key().public_key()).as_json()["enc"],
        },
    )
    assert opened == {"payload": {"texto": "olá"}, "reader": reader.as_json()}


def test_neither_the_page_nor_the_store_gives_the_private_halves_out(page: Page) -> None:
    made(page)
    told = run(
        page,
        """
        const [{ encryption, signature }] = await store.list("login");
        const out = (form, key) => crypto.subtle.exportKey(form, key).then(() => "out", (no) => no.name);
        const ways = [["jwk", encryption], ["pkcs8", encryption], ["jwk", signature], ["pkcs8", signature]];
        return Promise.all(ways.map(([form, key]) => out(form, key)));
        """,
    )
    assert told == ["InvalidAccessError"] * 4


def test_keys_are_kept_by_login_and_removed_by_name(page: Page) -> None:
    for name in ("caio", "ana", "bia"):
        made(page, name)
    told = run(
        page,
        """
        const names = async (login) => (await store.list(login)).map((keys) => keys.reader.id);
        const before = await names("login");
        const strangers = await names("outro");
        await store.remove("login", "bia");
        await store.remove("outro", "ana");
        return { before, strangers, after: await names("login") };
        """,
    )
    assert told == {"before": ["ana", "bia", "caio"], "strangers": [], "after": ["ana", "caio"]}


def test_the_file_that_the_browser_gives_out_is_the_commands(page: Page) -> None:
    told = made(page)
    keys = unprotect(told["file"].encode(), _PASSPHRASE)
    assert keys.public.as_json() == told["reader"]


def test_what_the_browser_seals_and_signs_is_taken(page: Page) -> None:
    reader = Reader.from_json(made(page)["reader"])
    told = run(
        page,
        """
        const { seal } = await load("envelope");
        const { Readers } = await load("readers");
        const { signStatement } = await load("statements");
        const [keys] = await store.list("login");
        const spki = Uint8Array.from(told.spki.match(/../g), (pair) => parseInt(pair, 16));
        const key = await crypto.subtle.importKey(
          "spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, true, ["encrypt"]);
        const { kid, evento, remetente, tipo, iat, jti, leitores } = told.header;
        const issuedAt = new Date(iat * 1000);
        const header = { keyId: kid, event: evento, sender: remetente, kind: tipo, issuedAt, requestId: jti,
          readers: await Readers.read(leitores), seen: null };
        const { jwe } = await seal(new TextEncoder().encode(told.plaintext), header, key);
        const signed = await signStatement({ event: evento, company: remetente, subject: told.subject,
          requestId: jti, issuedAt, seen: null, what: { act: "VALIDAR" } }, keys);
        return { jwe, signed };
        """,
        {
            "spki": spki(sealing_key().public_key()).hex(),
            "header": header().as_json(),
            "plaintext": PLAINTEXT.decode(),
            "subject": statement().subject,
        },
    )
    opened = open_sealed(told["jwe"].encode(), keys(), expected())
    assert (opened.plaintext, opened.header.readers) == (PLAINTEXT, readers())
    acted = verify_statement(told["signed"], Readers((reader,)), expected_statement(act=Act.VALIDAR))
    assert acted == statement(act=Act.VALIDAR, extra={})


def test_only_heads_and_identities_are_in_the_storage_that_a_reload_keeps(page: Page) -> None:
    told = run(
        page,
        """
        const { HeadsInStorage } = await load("heads");
        const { SealedInStorage } = await load("sealed-here");
        new HeadsInStorage(localStorage, "raiz").keep("202611003", { counter: 7, digest: "7".repeat(64) });
        new SealedInStorage(localStorage, "raiz").add("202611003", "a".repeat(64));
        return { ...localStorage };
        """,
    )
    assert {name: json.loads(value) for name, value in told.items()} == {
        "aval.vistos.raiz": {"202611003": {"contador": 7, "resumo": "7" * 64}},
        "aval.selados.raiz": {"202611003": ["a" * 64]},
    }
