"""`aval leitor autorizar` and `adicionar`: lists are signed, kept and sent."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from aval.cli import leitor_lista
from aval.cli.main import main
from aval.sealing import reader_file
from aval.sealing.authorisation import authorised_digest, readers_told
from aval.sealing.readers import ReaderKeys
from aval.settings import Variable
from tests.support import pki
from tests.support.authorisations import AT, COMPANY, authorisation, chain, roots_pem
from tests.support.platform import URL, Platform, opened
from tests.support.sealing import reader, readers

PASSPHRASE = "uma senha comprida"


@cache
def protected(name: str) -> bytes:
    """To derive a key is slow, as it must be."""
    return reader_file.protect(reader(name), PASSPHRASE, iterations=reader_file.FEWEST_ITERATIONS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pem = "".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode() for der in chain())
    key = pki.rsa_key("leaf")
    (tmp_path / "empresa.pem").write_text(pem)
    (tmp_path / "empresa.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "cifrada.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"segredo"))
    )
    for name in ("ana", "bia", "caio"):
        (tmp_path / f"{name}.json").write_text(json.dumps(reader(name).public.as_json()))
        (tmp_path / f"{name}.chaves").write_bytes(protected(name))
    monkeypatch.setenv(Variable.PASSWORD, PASSPHRASE)
    monkeypatch.setattr(leitor_lista, "utc_now", lambda: AT + timedelta(minutes=1))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    return opened(monkeypatch)


def authorise(*more: str, key: str = "empresa.key") -> int:
    told = ["--certificado", "empresa.pem", "--chave-do-certificado", key, "--cnpj", COMPANY]
    return main(["leitor", "autorizar", *told, "--leitor", "ana.json", "bia.json", *more])


def add(*more: str, by: str = "ana.chaves") -> int:
    return main(["leitor", "adicionar", by, "--cnpj", COMPANY, "--anterior", "lista.jws", *more])


def stands_for(*files: str) -> str | None:
    signed = [Path(name).read_text() for name in files]
    return authorised_digest(signed, COMPANY, roots_pem(), at=AT + timedelta(minutes=2))


@pytest.mark.usefixtures("folder")
def test_a_list_is_signed_by_the_certificate_and_the_next_one_by_a_reader(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert authorise("-o", "lista.jws") == 0
    assert stands_for("lista.jws") == readers("ana", "bia").digest
    shown = capsys.readouterr().out
    assert shown.splitlines() == [
        f"leitor      ana  {reader('ana').public.fingerprint}",
        f"leitor      bia  {reader('bia').public.fingerprint}",
        f"resumo      {readers('ana', 'bia').digest}",
        "ASSINADA em lista.jws",
    ]
    assert add("--leitor", "caio.json", "--retirar", "bia", "-o", "outra.jws") == 0
    assert stands_for("lista.jws", "outra.jws") == readers("ana", "caio").digest


@pytest.mark.usefixtures("folder")
def test_an_encrypted_key_is_asked_for_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"Senha da chave privada: ": "segredo"}
    monkeypatch.setattr(leitor_lista, "asked", told.__getitem__)
    assert authorise("-o", "lista.jws", key="cifrada.key") == 0
    monkeypatch.setattr(leitor_lista, "asked", lambda _: "outra")
    assert authorise("-o", "lista.jws", key="cifrada.key") == 2


@pytest.mark.usefixtures("folder")
def test_a_list_is_registered_where_the_platform_is_named(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(Variable.PERSONAL_TOKEN, "token-da-ana")
    platform.answers(f"PUT /prudencial/empresas/{COMPANY}/leitores", (200, {}))
    assert authorise("--api", URL) == 0
    (asked,) = platform.asked
    assert asked.headers["Authorization"] == "Bearer token-da-ana"
    assert readers_told(asked.document["autorizacao"]) == readers("ana", "bia")
    assert "REGISTRADA para 12.ABC.345/01DE-35" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_a_list_that_the_platform_refuses_ends_the_command_with_its_sentence(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(Variable.PERSONAL_TOKEN, "token-da-ana")
    platform.answers(
        f"PUT /prudencial/empresas/{COMPANY}/leitores", (422, {"detail": "o certificado venceu"})
    )
    assert authorise("--api", URL) == 1
    assert "o certificado venceu" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_system_brings_the_list_with_a_token_of_its_own(platform: Platform) -> None:
    Path("senha").write_text("12345678\r\n")
    platform.answers("POST https://sistemas.example/sistema/token", (200, {"access_token": "do-sistema"}))
    platform.answers(f"PUT /prudencial/empresas/{COMPANY}/leitores", (200, {}))
    access = ("--sistemas", "https://sistemas.example", "--arquivo-da-senha", "senha")
    assert authorise("--api", URL, *access) == 0
    token, put = platform.asked
    assert token.document == {"cnpj": COMPANY, "senha": "12345678"}
    assert put.headers["Authorization"] == "Bearer do-sistema"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "diga onde a lista assinada fica"),
        (("--api", "http://aval.example"), "https://"),
        (("--api", URL), "diga quem pede"),
        (("--api", URL, "--sistemas", URL), "--arquivo-da-senha"),
        (("--api", URL, "--autoridades", "nenhuma.pem"), "nenhuma.pem"),
        (("-o", "lista.jws", "--leitor", "ana.json"), "LEITORES_INVALIDOS"),
    ],
)
def test_options_that_do_not_do_end_the_command(
    more: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(Variable.PERSONAL_TOKEN, raising=False)
    assert authorise(*more) != 0
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["ana.json", "ausente.pem"])
def test_a_file_that_is_no_certificate_or_key_ends_the_command(name: str) -> None:
    told = ["--cnpj", COMPANY, "--leitor", "ana.json", "-o", "lista.jws"]
    assert main(["leitor", "autorizar", "--certificado", name, *told]) != 0
    assert authorise("-o", "lista.jws", key=name) == 2
    assert not Path("lista.jws").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("by", "more", "code"),
    [
        ("caio.chaves", (), 1),
        ("ana.chaves", ("--leitor", "bia.json"), 1),
        ("ana.chaves", ("--retirar", "ana", "--retirar", "bia"), 1),
        ("ana.chaves", ("--retirar", "caio"), 1),
    ],
    ids=["by a stranger", "twice", "nobody left", "a stranger taken out"],
)
def test_a_next_list_that_nobody_would_take_is_not_signed(by: str, more: tuple[str, ...], code: int) -> None:
    Path("lista.jws").write_text(authorisation())
    assert add(*more, "-o", "outra.jws", by=by) == code
    assert not Path("outra.jws").exists()


@pytest.mark.usefixtures("folder")
def test_a_namesake_of_a_reader_signs_nothing() -> None:
    Path("lista.jws").write_text(authorisation())
    namesake = ReaderKeys.generate("ana")
    fewest = reader_file.FEWEST_ITERATIONS
    Path("outra-ana.chaves").write_bytes(reader_file.protect(namesake, PASSPHRASE, iterations=fewest))
    assert add("--leitor", "caio.json", "-o", "outra.jws", by="outra-ana.chaves") == 2
