"""Messages made to break a reader: each refused by a fault, in flat memory, on a connection that lives on."""

import http.client
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from aval.edge.soap.namespaces import SOAP
from aval.edge.soap.services import IMPORT
from tests.support.agents import ANA, BOLT, PASSWORD, Person
from tests.support.soap import envelope, message_header, security
from tests.support.stack import Stack
from tests.support.systems import System, send

PROFILE: Final = 10010
MEGABYTE: Final = 1_000_000
# What a lawful message of 4 MB costs on its way through the function, which nobody calls hostile, is paid
# before anything is measured.
MOST_GROWTH_BYTES: Final = 24 * MEGABYTE
MOST_SECONDS: Final = 10.0


def submission(file: str) -> str:
    return f"<m:importarArquivo><m:arquivo>{file}</m:arquivo></m:importarArquivo>"


def message(body: str = submission("<![CDATA[<a/>]]>"), *headers: str) -> str:
    told = headers or (message_header(PROFILE, ""), security(BOLT, PASSWORD))
    return envelope(body, *told, dialect=IMPORT.dialect)


LAWFUL: Final = message()
DOCTYPE: Final = "<!DOCTYPE s:Envelope"
LAUGHS: Final = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ha">' for level in range(30)
)
# With the entity where the file stands, so that a reader that expands it accepts the message.
ENTITY_IN_FILE: Final = message(submission("&x;"))


@dataclass(frozen=True, slots=True)
class Hostile:
    sent: bytes
    code: str = "3006"
    headers: dict[str, str] = field(default_factory=dict)
    action: str | None = None


def text(sent: str, **told: str) -> Hostile:
    return Hostile(sent.encode(), **told)  # type: ignore[arg-type]


def named(charset: str) -> dict[str, str]:
    return {"Content-Type": f"text/xml; charset={charset}"}


HOSTILE: dict[str, Hostile] = {
    "doctype": text(f"{DOCTYPE}>{LAWFUL}"),
    "doctype after a declaration": text(f'<?xml version="1.0"?>\n{DOCTYPE} []>{LAWFUL}'),
    "billion laughs": text(f"{DOCTYPE} [{LAUGHS}]>{ENTITY_IN_FILE.replace('&x;', '&l29;')}"),
    "quadratic blow-up": text(
        f'{DOCTYPE} [<!ENTITY x "{"x" * 100_000}">]>{ENTITY_IN_FILE.replace("&x;", "&x;" * 1000)}'
    ),
    "external entity": text(f'{DOCTYPE} [<!ENTITY x SYSTEM "file:///etc/hostname">]>{ENTITY_IN_FILE}'),
    "external subset": text(f'{DOCTYPE} SYSTEM "http://127.0.0.1:9/x.dtd">{LAWFUL}'),
    "parameter entity": text(f'{DOCTYPE} [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]>{LAWFUL}'),
    "undeclared entity": text(ENTITY_IN_FILE),
    "xinclude": text(
        message(submission('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>'))
    ),
    "200 deep": text(message(f"{'<a>' * 200}{'</a>' * 200}")),
    "utf-16": Hostile(LAWFUL.encode("utf-16"), headers=named("utf-16")),
    "utf-16 told as utf-8": Hostile(LAWFUL.encode("utf-16")),
    "utf-16 without its mark": Hostile(LAWFUL.encode("utf-16-le")),
    "utf-16 declared": Hostile(f'<?xml version="1.0" encoding="UTF-16"?>{LAWFUL}'.encode()),
    "utf-32": Hostile(LAWFUL.encode("utf-32")),
    "utf-7": Hostile(LAWFUL.encode("utf-7"), headers=named("utf-7")),
    "utf-7 declared": Hostile(f'<?xml version="1.0" encoding="UTF-7"?>{LAWFUL}'.encode("utf-7")),
    "ebcdic": Hostile(f'<?xml version="1.0" encoding="cp037"?>{LAWFUL}'.encode("cp037")),
    "latin bytes": Hostile(message(submission("ção")).encode("latin-1")),
    "overlong utf-8": Hostile(LAWFUL.replace("<a/>", "\0").encode().replace(b"\0", b"\xc0\xbca/>")),
    "nul": text(LAWFUL.replace("<a/>", "\0")),
    "compressed": Hostile(b"\x1f\x8b\x08\x00", headers={"Content-Encoding": "gzip"}),
    "two securities": text(
        message(submission("x"), message_header(PROFILE, ""), *[security(BOLT, PASSWORD)] * 2), code="2001"
    ),
    "a second security of somebody else": text(
        message(
            submission("x"),
            message_header(PROFILE, ""),
            security(BOLT, PASSWORD),
            security("58290417000116", "x"),
        ),
        code="2001",
    ),
    "two profiles": text(
        message(submission("x"), *[message_header(PROFILE, "")] * 2, security(BOLT, PASSWORD))
    ),
    "second body": text(LAWFUL.replace("</s:Body>", f"</s:Body><s:Body>{submission('x')}</s:Body>")),
    "body before the header": text(
        LAWFUL.replace("<s:Header>", f"<s:Body>{submission('x')}</s:Body><s:Header>")
    ),
    "body wrapped in a header": text(
        LAWFUL.replace("</s:Header>", f"<w:x><s:Body>{submission('x')}</s:Body></w:x></s:Header>")
    ),
    "envelope in the body": text(message(f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>')),
    "two requests": text(message(submission("<![CDATA[<a/>]]>") * 2)),
    "no request": text(message("")),
    "cdata with its own doctype": text(
        message(submission('<![CDATA[<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>]]>'))
    ),
    "doctype escaped": text(message(submission("&lt;!DOCTYPE a [&lt;!ENTITY b 'c'&gt;]&gt;&lt;a/&gt;"))),
    "action of another service": text(LAWFUL, code="2001", action="listarContrato"),
    "action of nothing": text(LAWFUL, code="2001", action="x" * 2000),
    "request of another service": text(message("<m:listarContratoRequest/>"), code="2001"),
    "soap 1.2": text(LAWFUL.replace(SOAP, "http://www.w3.org/2003/05/soap-envelope")),
    "html": text("<html><body/></html>"),
    "json": Hostile(b"{}", headers={"Content-Type": "application/json"}),
    "nothing": Hostile(b""),
    "cut": text(LAWFUL[:-20]),
    "two documents": text(LAWFUL * 2),
}


# Made when they are sent: together they are tens of megabytes.
LARGE: dict[str, Callable[[], str]] = {
    "a million deep": lambda: message("<a>" * MEGABYTE),
    "4.1 MB": lambda: message(submission(f"<![CDATA[{'x' * 4_100_000}]]>")),
    "100 000 attributes": lambda: message("<a " + numbered('a{}="1"') + "/>"),
    "100 000 namespaces": lambda: message("<a " + numbered('xmlns:a{}="u:{}"') + "/>"),
    "a million elements": lambda: message(f"<a>{'<b/>' * 900_000}</a>"),
    "one long name": lambda: message(f"<{'a' * 3 * MEGABYTE}/>"),
    "one long comment": lambda: message(f"<!--{'a' * 3 * MEGABYTE}-->"),
}


def numbered(pattern: str) -> str:
    return " ".join(pattern.format(number, number) for number in range(100_000))


@pytest.fixture(scope="module")
def bolt(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(
        stack, Person.logged_in(stack, ANA), BOLT, PROFILE, tmp_path_factory.mktemp("bolt")
    )


@pytest.fixture(scope="module")
def connection(bolt: System) -> Iterator[http.client.HTTPSConnection]:
    """One for all: what one message does to it, the next one feels."""
    with bolt.connected() as opened:
        yield opened


@pytest.fixture(scope="module")
def workers(bolt: System, connection: http.client.HTTPSConnection) -> "Workers":
    found = Workers(bolt.stack)
    padded = message(submission(f"<![CDATA[<a>{'x' * 3_900_000}</a>]]>")).encode()
    for _ in range(3):
        assert send(connection, IMPORT, padded).status == 200
    found.start()
    return found


@dataclass(slots=True)
class Workers:
    """The processes of the importing function; the emulator keeps them for the next call."""

    stack: Stack
    peaks: dict[int, int] = field(default_factory=dict)

    def start(self) -> None:
        self.peaks = self.peak_bytes()
        assert self.peaks

    def growth(self) -> int:
        """By how much the peak of any of them grew; one that died and was replaced counts whole."""
        found = self.peak_bytes()
        return max(peak - self.peaks.get(pid, 0) for pid, peak in found.items())

    def peak_bytes(self) -> dict[int, int]:
        emulator = self.stack.described["pids"]["emulator"]
        found = {}
        for process in Path("/proc").iterdir():
            if process.name.isdecimal() and "contracts.soap_import_file" in _read(process / "cmdline"):
                told = dict(line.partition(":")[::2] for line in _read(process / "status").splitlines())
                if int(told["PPid"]) == emulator:
                    found[int(process.name)] = int(told["VmHWM"].split()[0]) * 1024
        return found


def _read(path: Path) -> str:
    """Empty when the process has just gone."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.mark.parametrize("kind", [*HOSTILE, *LARGE])
def test_a_hostile_message_is_refused_in_flat_memory_and_the_next_one_answered(
    workers: Workers, connection: http.client.HTTPSConnection, kind: str
) -> None:
    hostile = HOSTILE[kind] if kind in HOSTILE else text(LARGE[kind]())
    started = time.monotonic()
    answer = send(connection, IMPORT, hostile.sent, headers=hostile.headers, action=hostile.action)
    assert time.monotonic() - started < MOST_SECONDS
    code, sentence = answer.fault
    assert (code, bool(sentence)) == (hostile.code, True), sentence
    assert workers.growth() < MOST_GROWTH_BYTES
    local = connection.sock.getsockname()
    assert send(connection, IMPORT, LAWFUL.encode()).status == 200
    assert connection.sock.getsockname() == local


def test_nothing_of_the_machine_is_in_any_answer(connection: http.client.HTTPSConnection) -> None:
    hostname = Path("/etc/hostname").read_text().strip().encode()
    for kind in ("external entity", "xinclude", "external subset"):
        assert hostname not in send(connection, IMPORT, HOSTILE[kind].sent).body
