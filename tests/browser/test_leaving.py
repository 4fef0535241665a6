"""What a person leaves behind in a browser that others use: nothing on the screen or in its stores."""

import json
import re
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.browser import failing
from tests.browser.own_keys import PASSPHRASE, make_keys
from tests.browser.signing_in import sign_in
from tests.browser.visits import SignedIn, Visits
from tests.browser.watch import Watch
from tests.support.stack import Stack

ANA: Final = "ana@demo.aval.example"
FABIO: Final = "fabio@demo.aval.example"
LAPSED: Final = "O seu acesso venceu"

_STORED: Final = """async () => {
  const databases = await indexedDB.databases();
  const caches_ = await caches.keys();
  const rows = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("aval.leitores", 1);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = opening.result.transaction("leitores").objectStore("leitores").getAll();
      asked.onsuccess = () => {
        opening.result.close();
        const halves = ({ encryption, signature }) => [encryption.extractable, signature.extractable];
        resolve(asked.result.map(halves));
      };
    };
  });
  return {
    databases: databases.map(({ name }) => name), caches: caches_, rows,
    local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie,
  };
}"""


def stored(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(_STORED)
    return told


def leave(page: Page) -> None:
    page.get_by_role("banner").locator("summary").last.click()
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_label("Senha", exact=True)).to_be_visible()


def test_the_next_person_in_the_same_window_finds_no_keys_of_the_former(
    page_signed_in: SignedIn, stack: Stack, tmp_path: Path
) -> None:
    page = page_signed_in(FABIO, anew=True)
    make_keys(page, "chave-de-fabio", tmp_path)
    leave(page)
    expect(page.get_by_text("chave-de-fabio")).to_have_count(0)
    # An agent's person, whose page asks for no keys, must see nobody else's name either.
    sign_in(page, ANA, stack.passwords[ANA])
    page.goto("/#/prudencial/leitores")
    expect(page.get_by_role("heading", name="Chaves de leitor")).to_be_visible()
    expect(page.get_by_text("chave-de-fabio")).to_have_count(0)
    expect(page.get_by_role("banner")).not_to_contain_text("Fábio")
    leave(page)
    sign_in(page, FABIO, stack.passwords[FABIO])
    page.goto("/#/prudencial/leitores")
    expect(page.get_by_text("chave-de-fabio", exact=True).first).to_be_visible()


def test_what_stays_in_the_browser_is_no_secret(page_signed_in: SignedIn, tmp_path: Path) -> None:
    page = page_signed_in(FABIO, anew=True)
    make_keys(page, "chave-guardada", tmp_path)
    leave(page)
    left = stored(page)
    assert left["session"] == {}
    assert left["caches"] == []
    assert left["cookies"] == ""
    assert left["databases"] == ["aval.leitores"]
    assert left["rows"] == [[False, False]]
    allowed = re.compile(r"aval\.(tema|leitor|lista|vistos|medidas|selados|lotes|chaves)(\.|$)")
    assert [name for name in left["local"] if not allowed.match(name)] == []
    told = json.dumps(left)
    assert PASSPHRASE not in told
    assert '"d"' not in told
    assert "eyJ" not in told


def test_leaving_without_a_line_leaves_all_the_same(page_signed_in: SignedIn, watch: Watch) -> None:
    page = page_signed_in(ANA, anew=True)
    expect(page.get_by_role("navigation", name="Principal")).to_be_visible()
    watch.expect("^failed: ")
    with failing.offline(page.context):
        leave(page)
    page.reload()
    expect(page.get_by_label("Senha", exact=True)).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_reload_without_the_service_of_logins_says_whose_login_lies_here(
    page_signed_in: SignedIn, stack: Stack, watch: Watch
) -> None:
    page = page_signed_in(ANA, anew=True)
    expect(page.get_by_role("navigation", name="Principal")).to_be_visible()
    watch.expect("^failed: ")
    cognito = re.compile(re.escape(stack.described["cognito_url"]))
    page.context.route(cognito, lambda route: route.abort())
    page.reload()
    dialog = page.get_by_role("dialog", name=LAPSED)
    expect(dialog.get_by_label("Login", exact=True)).to_have_value(ANA)
    dialog.get_by_role("button", name="Sair").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Senha", exact=True)).to_be_visible()
    page.context.unroute(cognito)
    page.reload()
    expect(page.get_by_label("Login", exact=True)).to_be_editable()


def test_nothing_typed_is_kept_or_sent_to_a_service_by_the_browser(visits: Visits) -> None:
    page = visits.entrance()
    expect(page.get_by_label("Senha", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("translate") == "no"
    assert page.locator("body").get_attribute("spellcheck") == "false"
    assert page.locator("body").get_attribute("writingsuggestions") == "false"
