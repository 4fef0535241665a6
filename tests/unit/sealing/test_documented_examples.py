"""docs/sealing.md: its examples run as they stand, and it lists every code."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.identifiers import EventCode
from aval.sealing import ec_keys
from aval.sealing.answers import Binding, seal_answer
from aval.sealing.envelope import Expected, SealedKind, identity_of, open_sealed
from aval.sealing.refusals import SealReason
from aval.sealing.statements import Act, ExpectedStatement, verify_statement
from local import page_tools
from local.node import node as node_binary
from tests.support.sealing import (
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    keys,
    reader,
    readers,
    sealing_key,
    signing_key,
)

DOCS: Final = Path(__file__).resolve().parents[3] / "docs"
PAGE: Final = (DOCS / "sealing.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(block)


def node(folder: Path) -> Sequence[str]:
    file = folder / "exemplo.mjs"
    file.write_text(example("js").replace('from "jose"', f'from "{page_tools.JOSE.as_uri()}"'))
    return [node_binary(), str(file)]


def python(folder: Path) -> Sequence[str]:
    file = folder / "exemplo.py"
    file.write_text(example("python"))
    return [sys.executable, str(file)]


def lay_out(folder: Path) -> None:
    answer = seal_answer(
        {"texto": "olá"},
        Binding(EVENT, COMPANY, "pedido-de-exemplo-2", HEAD),
        readers("ana"),
        signing_key=signing_key(),
        signing_kid=KEY_ID,
    )
    spki = sealing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    told = {
        "spki": spki.decode(),
        "kid": KEY_ID,
        "leitor": reader().public.as_json(),
        "sig": ec_keys.private_jwk(reader().signature),
        "enc": ec_keys.private_jwk(reader().encryption),
        "signer": ec_keys.public_jwk(signing_key().public_key()),
        "resposta": json.loads(answer),
    }
    (folder / "entrada.json").write_text(json.dumps(told))


@pytest.mark.parametrize("command", [node, python], ids=["node", "python"])
def test_an_example_seals_signs_and_opens(tmp_path: Path, command: Callable[[Path], Sequence[str]]) -> None:
    lay_out(tmp_path)
    subprocess.run(command(tmp_path), cwd=tmp_path, check=True, timeout=60)
    sealed = (tmp_path / "ensaio.selado").read_bytes()
    event = EventCode.parse("202611003")
    opened = open_sealed(sealed, keys(), Expected(event, COMPANY, SealedKind.ENSAIO))
    assert opened.plaintext == b'{"numero":"0.17"}'
    assert opened.header.readers == readers("ana")
    expected = ExpectedStatement(Act.VALIDAR, event, COMPANY, identity_of(sealed))
    verify_statement((tmp_path / "validacao.jws").read_text(), opened.header.readers, expected)
    assert json.loads((tmp_path / "conteudo.json").read_text())["conteudo"] == {"texto": "olá"}


@pytest.mark.parametrize("reason", SealReason)
def test_every_code_is_explained(reason: SealReason) -> None:
    assert f"`{reason}`" in PAGE + (DOCS / "keys.md").read_text(encoding="utf-8")
