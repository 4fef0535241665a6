"""Files that are no certificate, sent through the deployed API: each is told what it is and what to do."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support import openssl
from tests.support.agents import ANA, AURORA, PASSWORD, Person, certificate, hierarchy_in, offered
from tests.support.mutations import mutations
from tests.support.stack import Answer, Stack

MUTATED_FILES: Final = 200
# The words that tell each kind from every other.
SAYS: Final = {
    "pem": ("texto PEM", "DER"),
    "base64": ("texto base64", "DER"),
    "pkcs7": ("PKCS#7", "DER"),
    "pfx": ("PKCS#12", "chave privada", "não deve ser enviado"),
    "crl": ("lista de certificados revogados",),
    "csr": ("pedido de certificado (CSR)",),
    "key": ("é uma chave privada", "NÃO o envie"),
    "public key": ("só uma chave pública",),
    "empty": ("está vazio",),
    "1 MB": ("passa de 65536 bytes",),
    "trailing": ("bytes a mais depois do fim",),
    "cut": ("incompleto",),
    "ber": ("em BER",),
    "noise": ("não é um certificado X.509",),
}


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(autouse=True)
def the_next_request_is_answered(ana: Person) -> Iterator[None]:
    yield
    assert ana.get("/sessao").status == 200


@pytest.fixture(scope="module")
def files(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("hostile")
    openssl.lay_out(folder, hierarchy_in(stack.hierarchy))
    der = openssl.issue(folder).read_bytes()
    return {
        "pem": (folder / "leaf.pem").read_bytes(),
        "base64": base64.b64encode(der),
        "pkcs7": made(folder, "crl2pkcs7", "-nocrl", "-certfile", "leaf.pem", "-outform", "DER"),
        "pfx": made(
            folder, "pkcs12", "-export", "-in", "leaf.pem", "-inkey", "leaf.key", "-passout", "pass:x"
        ),
        "crl": openssl.revocation_list(folder).read_bytes(),
        "csr": made(folder, "req", "-in", "leaf.csr", "-outform", "DER"),
        "key": made(folder, "pkcs8", "-topk8", "-nocrypt", "-in", "leaf.key", "-outform", "DER"),
        "public key": made(folder, "pkey", "-in", "leaf.key", "-pubout", "-outform", "DER"),
        "empty": b"",
        "1 MB": os.urandom(1_000_000),
        "trailing": der + b"\x00",
        "cut": der[:-1],
        "ber": b"\x30\x80" + der[4:] + b"\x00\x00",
        "noise": b"\x00" + os.urandom(2000),
    }


def made(folder: Path, *command: str) -> bytes:
    openssl.run(*command, "-out", "made", cwd=folder)
    return (folder / "made").read_bytes()


def fault_of_dry_run(answer: Answer) -> str:
    assert (answer.status, answer.json()["aceito"]) == (200, False)
    (fault,) = [rule["detalhe"] for rule in answer.json()["regras"] if not rule["ok"]]
    return str(fault)


def fault_of_change(answer: Answer) -> dict[str, Any]:
    assert (answer.status, answer.headers["Content-Type"]) == (422, "application/problem+json")
    (fault,) = answer.json()["errors"]
    return dict(fault)


@pytest.mark.parametrize("kind", SAYS)
def test_a_file_that_is_no_certificate_has_its_own_sentence(
    ana: Person, files: dict[str, bytes], kind: str
) -> None:
    checked = fault_of_dry_run(ana.verify(AURORA, files[kind]))
    changed = fault_of_change(ana.change(AURORA, senha=PASSWORD, adicionar=[offered(files[kind])]))
    assert checked in changed["detail"]
    assert changed["pointer"] == "#/adicionar/0"
    assert changed["rule"] == ("tamanho" if kind == "1 MB" else "formato")
    for words in SAYS[kind]:
        assert words in checked


def test_no_two_kinds_share_a_sentence(ana: Person, files: dict[str, bytes]) -> None:
    assert set(files) == set(SAYS)
    sentences = {kind: fault_of_dry_run(ana.verify(AURORA, file)) for kind, file in files.items()}
    assert len(set(sentences.values())) == len(SAYS), sentences


def test_every_file_of_a_change_is_told_apart_by_its_place(ana: Person, files: dict[str, bytes]) -> None:
    kinds = ["pem", "pfx", "crl"]
    sent = [offered(files[kind], f"{kind}.cer") for kind in kinds]
    answer = ana.change(AURORA, senha=PASSWORD, adicionar=sent)
    told = {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"] if "pointer" in fault}
    for index, kind in enumerate(kinds):
        assert SAYS[kind][0] in told[f"#/adicionar/{index}"]


@pytest.mark.parametrize("content", ["@@", "YQ=", "Y Q==", "YQ==\n", "YWJj=", "ação", "-_-_"])
def test_a_content_that_is_no_base64_is_told_with_its_place(ana: Person, content: str) -> None:
    sent = {"nome": "empresa.cer", "conteudo": content}
    checked = ana.stack.request(
        "POST",
        f"/adesoes/{AURORA}/certificados/verificacao",
        token=ana.token,
        body=json.dumps(sent).encode(),
        headers={"Content-Type": "application/json"},
    )
    for answer, pointer in (
        (checked, "#/conteudo"),
        (ana.change(AURORA, senha=PASSWORD, adicionar=[sent]), "#/adicionar/0/conteudo"),
    ):
        fault = fault_of_change(answer)
        assert (fault["rule"], fault["pointer"]) == ("formato", pointer)
        assert "base64" in fault["detail"]


@pytest.mark.parametrize(
    "name", ["", "a" * 256, "../a.cer", "a\\b.cer", "a\x00.cer", "a\r\nSet-Cookie: x"], ids=ascii
)
def test_a_name_that_is_no_file_name_is_told_with_its_place(ana: Person, name: str) -> None:
    fault = fault_of_change(ana.change(AURORA, senha=PASSWORD, adicionar=[offered(b"x", name)]))
    assert (fault["rule"], fault["pointer"]) == ("forma", "#/adicionar/0/nome")


def test_mutated_certificates_are_answered_and_none_is_taken(stack: Stack, ana: Person) -> None:
    shapes = [certificate(stack, "AURORA MUTANTE", cnpj=AURORA)]
    for content in mutations(shapes, 8, MUTATED_FILES):
        answer = ana.verify(AURORA, content)
        assert answer.status == 200
        assert not answer.json()["aceito"] or content in shapes
