"""Who asks, whom, and with what: read from one secret, and refused by the name of what is wrong."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from aval.adapters.ccee.access import Access, AccessUnusable, Environment, tls_context
from aval.contracts.model import ProfileCode
from aval.identifiers import Cnpj
from tests.support import pki
from tests.support.soap_peer import identity


def secret(**changes: Any) -> str:
    shown = identity()
    made = {
        "cnpj": "33.047.509/0001-49",
        "perfil": 10010,
        "senha": "73918264",
        "certificado": shown.certificate.decode(),
        "chave": shown.private_key.decode(),
        **changes,
    }
    return json.dumps({name: value for name, value in made.items() if value is not None})


def access(**changes: Any) -> Access:
    return Access.from_secret(secret(**changes))


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("piloto", "https://piloto-servicos.ccee.org.br:443"),
        ("producao", "https://servicos.ccee.org.br:443"),
    ],
)
def test_the_chambers_environments_have_names_and_none_of_our_inventions(name: str, url: str) -> None:
    assert Environment.named(name) == Environment(url, knows_our_inventions=False)


def test_another_deployment_of_this_product_has_an_address() -> None:
    named = Environment.named("https://servicos.aval.example:9443/")
    assert named == Environment("https://servicos.aval.example:9443", knows_our_inventions=True)


@pytest.mark.parametrize(
    "text",
    ["", "homologacao", "http://localhost", "https://", "https:///x", "https://a/?wsdl", "ftp://a", "a:443"],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AccessUnusable):
        Environment.named(text)


def test_a_secret_is_read_whole() -> None:
    told = access(autoridades="PEM", senhaDaChave="x")
    assert (told.company, told.profile, told.password) == (
        Cnpj("33047509000149"),
        ProfileCode(10010),
        "73918264",
    )
    assert (told.authorities, told.identity.key_password) == (b"PEM", "x")


def test_numbers_in_a_secret_may_be_numbers() -> None:
    told = access(perfil="10010", senha=73918264)
    assert (told.profile, told.password) == (ProfileCode(10010), "73918264")


@pytest.mark.parametrize("name", ["cnpj", "perfil", "senha", "certificado", "chave"])
@pytest.mark.parametrize("value", [None, "", True, [], {}])
def test_a_secret_without_one_of_its_fields_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(AccessUnusable) as refused:
        access(**{name: value})
    assert name in refused.value.detail


@pytest.mark.parametrize("text", ["", "[]", "senha", '"a"', "{"])
def test_a_secret_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(AccessUnusable):
        Access.from_secret(text)


@pytest.mark.parametrize(("name", "value"), [("cnpj", "33047509000140"), ("perfil", "dez")])
def test_a_refusal_quotes_nothing_of_the_secret(name: str, value: str) -> None:
    with pytest.raises(AccessUnusable) as refused:
        access(**{name: value})
    assert value not in refused.value.detail


def test_nothing_secret_is_in_a_representation() -> None:
    told = repr(access(senhaDaChave="outra-senha"))
    assert "73918264" not in told
    assert "outra-senha" not in told
    assert "PRIVATE KEY" not in told


# TLS


def test_the_key_never_has_a_name_in_a_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", never)
    before = len(list(Path("/proc/self/fd").iterdir()))
    tls_context(access())
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_where_memory_has_no_files_a_private_one_is_gone_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tls_context(access())
    assert list(tmp_path.iterdir()) == []


def test_an_encrypted_key_is_opened_by_its_password_and_by_no_other() -> None:
    encryption = BestAvailableEncryption(b"segredo")
    key = pki.rsa_key("leaf").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()
    tls_context(access(chave=key, senhaDaChave="segredo"))
    for wrong in ("outro", ""):
        with pytest.raises(AccessUnusable):
            tls_context(access(chave=key, senhaDaChave=wrong))


def _another_key() -> str:
    key = pki.rsa_key("another").private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    return key.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"certificado": "x"},
        {"chave": "x"},
        {"chave": _another_key, "senhaDaChave": "x"},
        {"autoridades": "x"},
    ],
    ids=["certificate", "key", "another key", "authorities"],
)
def test_pem_that_cannot_be_used_is_refused(changes: dict[str, Any]) -> None:
    told = {name: value() if callable(value) else value for name, value in changes.items()}
    with pytest.raises(AccessUnusable):
        tls_context(access(**told))
