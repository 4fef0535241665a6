import gzip
import os
import shutil
from pathlib import Path

import pytest

from local.edge.page import Page, with_headers
from local.edge.upstream import Request, Response
from local.page_template import Behaviour, Distribution

FILES = Behaviour("*", of_files=True, methods=("GET", "HEAD"), headers={"x-own": "a"})
API = Behaviour("sessao", of_files=False, methods=("GET", "POST"), headers={})
SCRIPT = b"let a = 1;\n" * 200


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "dist/assets").mkdir(parents=True)
    (tmp_path / "dist/index.html").write_text("<!doctype html>")
    (tmp_path / "dist/assets/a.js").write_bytes(SCRIPT)
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "told").mkdir()
    (tmp_path / "told/pagina.json").write_text('{"raiz": "aa"}')
    Distribution("index.html", (API, FILES)).write(tmp_path / "told/distribution.json")
    return Page.read(tmp_path / "dist", tmp_path / "told")


def get(page: Page, target: str, *headers: tuple[bytes, bytes], method: bytes = b"GET") -> Response:
    request = Request(method, target.encode(), headers, b"")
    return page.answer(request, page.behaviour_of(request.target))


def told(response: Response) -> dict[bytes, bytes]:
    return dict(response.headers)


def test_the_root_is_the_document(page: Page) -> None:
    assert get(page, "/").body == get(page, "/index.html").body == b"<!doctype html>"
    assert get(page, "/?a=1").status == 200


def test_the_document_of_trust_is_the_stacks_own(page: Page) -> None:
    found = get(page, "/pagina.json")
    assert (found.body, told(found)[b"cache-control"]) == (b'{"raiz": "aa"}', b"no-cache")


def test_a_file_comes_compressed_to_whoever_takes_it(page: Page) -> None:
    plain, packed = (
        get(page, "/assets/a.js", *accepted) for accepted in ((), [(b"accept-encoding", b"br, gzip")])
    )
    assert (plain.body, gzip.decompress(packed.body)) == (SCRIPT, SCRIPT)
    assert told(packed)[b"content-encoding"] == b"gzip"
    assert told(packed)[b"etag"] == b"W/" + told(plain)[b"etag"]
    assert told(plain)[b"vary"] == told(packed)[b"vary"] == b"accept-encoding"


@pytest.mark.parametrize("accepted", [b"", b"br", b"gzip;q=0", b"xgzip"])
def test_nobody_gets_compressed_what_he_does_not_take(page: Page, accepted: bytes) -> None:
    assert get(page, "/assets/a.js", (b"accept-encoding", accepted)).body == SCRIPT


def test_a_file_that_is_known_is_not_sent_again(page: Page) -> None:
    tag = told(get(page, "/assets/a.js"))[b"etag"]
    for known in (tag, b"W/" + tag, b'"x", ' + tag, b"*"):
        again = get(page, "/assets/a.js", (b"if-none-match", known))
        assert (again.status, again.body) == (304, b"")
    assert get(page, "/assets/a.js", (b"if-none-match", b'"x"')).status == 200


def test_head_tells_the_length_and_sends_nothing(page: Page) -> None:
    found = get(page, "/assets/a.js", method=b"HEAD")
    assert (found.status, found.body, told(found)[b"content-length"]) == (200, b"", b"%d" % len(SCRIPT))


@pytest.mark.parametrize(
    "target",
    [
        "/nada",
        "/secret.json",
        "/../secret.json",
        "/%2e%2e/secret.json",
        "/assets/../../secret.json",
        "/assets/",
        "//",
    ],
)
def test_a_file_that_is_not_there_is_not_found(page: Page, target: str) -> None:
    assert get(page, target).status == 404


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"OPTIONS"])
def test_a_file_is_read_and_nothing_else(page: Page, method: bytes) -> None:
    assert get(page, "/", method=method).status == 403


def test_the_paths_of_the_api_are_not_files(page: Page) -> None:
    assert not page.behaviour_of(b"/sessao?a=1").of_files


def test_a_new_build_is_served_at_once_and_while_it_is_made_the_old_one(page: Page) -> None:
    assert get(page, "/").body == b"<!doctype html>"
    shutil.rmtree(page.files)
    assert get(page, "/").body == b"<!doctype html>"
    page.files.mkdir()
    document = page.files / "index.html"
    document.write_text("new")
    os.utime(document, ns=(1, 1))
    assert get(page, "/").body == b"new"
    assert get(page, "/assets/a.js").status == 404


def test_headers_of_a_behaviour_take_the_place_of_the_answers_own() -> None:
    answer = Response(200, [(b"X-Own", b"b"), (b"x-transacao", b"1")], b"")
    assert with_headers(answer, {"x-own": "a"}).headers == [(b"x-transacao", b"1"), (b"x-own", b"a")]
