"""Both ways between the page and Python: what one seals and signs the other takes, and both refuse alike."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from aval.sealing import base64url, ec_keys
from aval.sealing.canonical import canonical
from aval.sealing.envelope import SealedKind, identity_of, open_sealed
from aval.sealing.head import Head
from aval.sealing.reader_file import FEWEST_ITERATIONS, protect, unprotect
from aval.sealing.readers import Reader, ReaderKeys, Readers
from aval.sealing.refusals import SealReason, SealRefused
from tests.support import attested
from tests.support.sealing import HEAD, PLAINTEXT, expected, header, keys, reader, readers, sealing_key
from tests.web.sealing_peer import SealingPeer, page_refuses, private, sealing_peer

PASSPHRASE: Final = "senha comprida ção"


@pytest.fixture(scope="module")
def page() -> Iterator[SealingPeer]:
    with sealing_peer() as peer:
        yield peer


def spki(bits: int = 3072) -> str:
    return attested.spki(sealing_key(bits).public_key()).hex()


@pytest.mark.parametrize("kind", SealedKind)
@pytest.mark.parametrize("seen", [None, HEAD], ids=["nothing seen", "a head seen"])
def test_what_the_page_seals_opens(page: SealingPeer, kind: SealedKind, seen: Head | None) -> None:
    told = header(kind=kind, seen=seen)
    made = page.ask("seal", plaintext=PLAINTEXT.decode(), spki=spki(), header=told.as_json())
    opened = open_sealed(made["jwe"].encode(), keys(), expected(kind=kind))
    assert (opened.plaintext, opened.header) == (PLAINTEXT, told)
    assert opened.identity == made["identity"] == identity_of(made["jwe"].encode())


def test_the_page_does_not_seal_to_a_short_key(page: SealingPeer) -> None:
    with page_refuses("CHAVE_FRACA"):
        page.ask("seal", plaintext="x", spki=spki(2048), header=header().as_json())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"jti": "short"}, "MALFORMADO"),
        ({"kid": "short"}, "MALFORMADO"),
        ({"evento": "202613001"}, "MALFORMADO"),
        ({"remetente": "33047509000140"}, "MALFORMADO"),
        ({"remetente": "33.047.509/0001-49"}, "MALFORMADO"),
        ({"leitores": []}, "LEITORES_INVALIDOS"),
    ],
    ids=str,
)
def test_the_page_seals_nothing_that_the_enclave_would_refuse(
    page: SealingPeer, change: dict[str, object], code: str
) -> None:
    told = header().as_json() | change
    with page_refuses(code):
        page.ask("seal", plaintext="x", spki=spki(), header=told)


def test_both_name_a_list_and_a_reader_alike(page: SealingPeer) -> None:
    told = readers("caio", "ana", "bia")
    found = page.ask("readers", listed=[one.as_json() for one in reversed(told.listed)])
    assert found == {"digest": told.digest, "fingerprints": [one.fingerprint for one in told.listed]}


def test_a_reader_that_the_page_makes_is_taken(page: SealingPeer) -> None:
    made = page.ask("newReader", id="pagina")
    taken = ReaderKeys("pagina", ec_keys.private_key(made["enc"]), ec_keys.private_key(made["sig"]))
    assert page.ask("readers", listed=[taken.public.as_json()])["fingerprints"] == [taken.public.fingerprint]


def _of_another_curve(told: list[dict[str, Any]]) -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    told[0]["enc"]["x"] = base64url.encode_text(other.x.to_bytes(48, "big"))


def _off_the_curve(told: list[dict[str, Any]]) -> None:
    told[0]["enc"]["y"] = told[0]["enc"]["x"]


def _same_key_twice(told: list[dict[str, Any]]) -> None:
    told[0]["sig"] = told[0]["enc"]


BAD_LISTS: Final[dict[str, Callable[[list[dict[str, Any]]], Any]]] = {
    "none": lambda told: told.clear(),
    "nine": lambda told: told.extend(reader(f"r{number}").public.as_json() for number in range(7)),
    "one name twice": lambda told: told[1].update(id="ana"),
    "one key for two uses": _same_key_twice,
    "one key for two readers": lambda told: told[1].update(enc=told[0]["enc"]),
    "a name with a space": lambda told: told[0].update(id="a b"),
    "no name": lambda told: told[0].pop("id"),
    "a member more": lambda told: told[0].update(nome="Ana"),
    "a private half": lambda told: told[0].update(enc=ec_keys.private_jwk(reader("ana").encryption)),
    "another curve": _of_another_curve,
    "no point of the curve": _off_the_curve,
    "padding": lambda told: told[0]["enc"].update(x=told[0]["enc"]["x"] + "="),
}


@pytest.mark.parametrize("change", BAD_LISTS.values(), ids=BAD_LISTS.keys())
def test_both_refuse_what_is_no_list_of_readers(
    page: SealingPeer, change: Callable[[list[dict[str, Any]]], Any]
) -> None:
    told: Any = json.loads(json.dumps(readers().as_json()))
    change(told)
    with pytest.raises(SealRefused) as here:
        Readers.from_json(told)
    assert here.value.reason is SealReason.READERS_INVALID
    with page_refuses("LEITORES_INVALIDOS"):
        page.ask("readers", listed=told)


def test_a_file_of_the_command_opens_in_the_page(page: SealingPeer) -> None:
    file = protect(reader(), PASSPHRASE, iterations=FEWEST_ITERATIONS).decode()
    assert page.ask("unprotect", file=file, passphrase=PASSPHRASE) == private(reader())
    assert page.ask("openReaderFile", file=file, passphrase=PASSPHRASE) == reader().public.as_json()


def test_a_passphrase_in_other_code_points_is_the_same(page: SealingPeer) -> None:
    file = protect(reader(), PASSPHRASE, iterations=FEWEST_ITERATIONS).decode()
    told = page.ask("openReaderFile", file=file, passphrase="senha comprida c\u0327a\u0303o")
    assert told == reader().public.as_json()


def test_a_file_of_the_page_opens_in_the_command(page: SealingPeer) -> None:
    made = page.ask("createReader", id="pagina", passphrase=PASSPHRASE)
    assert unprotect(made["file"].encode(), PASSPHRASE).public == Reader.from_json(made["reader"])
    assert made["isOpen"] is False
    again = page.ask("protect", keys=private(reader()), passphrase=PASSPHRASE)
    assert private(unprotect(again.encode(), PASSPHRASE)) == private(reader())


def test_both_refuse_another_passphrase(page: SealingPeer) -> None:
    file = protect(reader(), PASSPHRASE, iterations=FEWEST_ITERATIONS)
    with pytest.raises(SealRefused) as here:
        unprotect(file, "outra senha comprida")
    assert here.value.reason is SealReason.PASSPHRASE
    with page_refuses("SENHA_NAO_ABRE"):
        page.ask("openReaderFile", file=file.decode(), passphrase="outra senha comprida")


def test_both_refuse_a_short_passphrase(page: SealingPeer) -> None:
    assert page.ask("createReader", id="ana", passphrase="x" * 12)["isOpen"] is False
    with page_refuses("SENHA_NAO_ABRE"):
        page.ask("createReader", id="ana", passphrase="x" * 11)


def _with_header(**changes: Any) -> str:
    file = protect(reader(), PASSPHRASE, iterations=FEWEST_ITERATIONS).decode()
    encoded, _, rest = file.partition(".")
    members = json.loads(base64url.decode_text(encoded)) | changes
    told = {name: value for name, value in members.items() if value is not ...}
    return base64url.encode_text(canonical(told)) + "." + rest


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (lambda: "x.y", "MALFORMADO"),
        (lambda: "a" * 9000, "MALFORMADO"),
        (lambda: "\x00.\x00.\x00.\x00.\x00", "MALFORMADO"),
        (lambda: _with_header(alg="PBES2-HS256+A128KW"), "ALGORITMO_NAO_ACEITO"),
        (lambda: _with_header(enc="A128GCM"), "ALGORITMO_NAO_ACEITO"),
        (lambda: _with_header(p2c=FEWEST_ITERATIONS - 1), "ALGORITMO_NAO_ACEITO"),
        (lambda: _with_header(p2c=10_000_001), "ALGORITMO_NAO_ACEITO"),
        (lambda: _with_header(p2c="210000"), "MALFORMADO"),
        (lambda: _with_header(typ="outro"), "CABECALHO_NAO_ACEITO"),
        (lambda: _with_header(typ=...), "CABECALHO_NAO_ACEITO"),
        (lambda: _with_header(crit=["x"]), "CABECALHO_NAO_ACEITO"),
        (lambda: _with_header(p2s="AAAAAAAAAAA"), "SENHA_NAO_ABRE"),
    ],
)
def test_both_refuse_what_is_no_file_of_a_reader(
    page: SealingPeer, file: Callable[[], str], code: str
) -> None:
    told = file()
    with pytest.raises(SealRefused) as here:
        unprotect(told.encode(), PASSPHRASE)
    assert here.value.reason == code
    with page_refuses(code):
        page.ask("openReaderFile", file=told, passphrase=PASSPHRASE)
