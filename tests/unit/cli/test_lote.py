"""`aval lote selar`: what is sealed, and what is not when an attestation does not hold."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aval.sealing import reader_file
from aval.sealing.envelope import SealedKind, open_sealed, read_header
from aval.sealing.readers import ReaderKeys
from aval.sealing.statements import Act, ExpectedStatement, verify_statement
from tests.support.attested import NONCE, PCRS, offer
from tests.support.desk import PASSPHRASE, Desk, laid_out
from tests.support.sealing import (
    AT,
    COMPANY,
    EVENT,
    HEAD,
    KEY_ID,
    PLAINTEXT,
    expected,
    keys,
    reader,
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return laid_out(tmp_path, monkeypatch)


def test_seals_to_the_attested_key_for_the_readers_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.seal("--nonce", NONCE.hex(), "--json") == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    sealed = (desk.folder / "selado").read_bytes()
    opened = open_sealed(sealed, keys(), expected())
    assert opened.plaintext == PLAINTEXT
    assert [one.id for one in opened.header.readers.listed] == ["ana", "bia"]
    assert told == {
        "identidade": opened.identity,
        "jti": opened.header.request_id,
        "kid": KEY_ID,
        "leitores": opened.header.readers.digest,
        "bytes": len(sealed),
    }
    assert "NÃO ATESTADO POR HARDWARE" in shown.err
    assert "--nonce" not in shown.err


def test_seals_as_the_command_is_written_in_the_manual_and_says_what_was_not_checked(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.seal() == 0
    shown = capsys.readouterr()
    assert "sem --nonce" in shown.err
    assert reader("ana").public.fingerprint in shown.out


PCR_0 = f"0={PCRS[0].hex()}"


def test_seals_to_measurements_told_one_by_one(desk: Desk) -> None:
    assert desk.seal(code=["--raiz", desk.path("raiz.pem"), "--pcr", PCR_0]) == 0


@pytest.mark.parametrize(
    ("change", "more", "reason"),
    [
        ({}, ["--nonce", "00"], "NONCE_DIVERGENTE"),
        ({"at": AT - timedelta(minutes=10)}, [], "ANTIGO"),
        ({"at": AT + timedelta(minutes=30)}, [], "RELOGIO"),
        ({"pcrs": {0: b"x" * 48}}, [], "PCR_DIVERGENTE"),
        ({"pcrs": {8: b"x" * 48}}, [], "PCR_DIVERGENTE"),
        ({"nonce": None}, [], "NONCE_DIVERGENTE"),
        ({"user_data": bytes(32)}, [], "DECLARACAO_DIVERGE"),
        ({}, ["--pcr", f"0={'ab' * 48}"], "SEM_MEDIDA_ESPERADA"),
        ({}, ["--jti", "curto"], "MALFORMADO"),
        ({}, ["--leitor", "{ana}"], "LEITORES_INVALIDOS"),
    ],
)
def test_seals_nothing_when_the_attestation_does_not_hold(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    more: list[str],
    reason: str,
) -> None:
    desk.write("chave.json", offer(**change))
    assert desk.seal(*(one.format(ana=desk.path("ana.json")) for one in more)) == 1
    assert reason in capsys.readouterr().err
    assert not (desk.folder / "selado").exists()


def test_seals_nothing_under_another_root_than_that_of_the_hardware_unless_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.seal(code=desk.log()) == 1
    assert "RAIZ_DESCONHECIDA" in capsys.readouterr().err


def test_seals_nothing_without_being_told_what_code_is_expected(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.seal(code=["--raiz", desk.path("raiz.pem")]) == 2
    assert "--medidas" in capsys.readouterr().err
    assert not (desk.folder / "selado").exists()


def test_tells_how_far_a_reader_saw_the_journal(desk: Desk) -> None:
    desk.write("ana.chaves.vistos.json", json.dumps({EVENT: HEAD.as_json()}))
    assert desk.seal("--vistos", desk.path("ana.chaves.vistos.json")) == 0
    assert read_header((desk.folder / "selado").read_bytes()).seen == HEAD


def test_seals_nothing_to_whatever_code_of_a_signer(desk: Desk) -> None:
    """A register beside the image's is one that other code has as well."""
    assert desk.seal(code=["--raiz", desk.path("raiz.pem"), "--pcr", f"8={PCRS[8].hex()}"]) == 2
    assert not (desk.folder / "selado").exists()


def test_a_measurement_that_is_not_in_the_log_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    log = (desk.folder / "medidas.jsonl").read_text()
    desk.write("medidas.jsonl", log.replace(".", ".A", 1))
    assert desk.seal() == 1
    assert "REGISTRO_" in capsys.readouterr().err


def test_a_log_that_went_back_behind_what_was_seen_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who serves the log could leave out the line that retires a measurement."""
    line = (desk.folder / "medidas.jsonl").read_text().rstrip()
    seen = f"1:{hashlib.sha256(line.encode()).hexdigest()}"
    assert desk.seal("--medidas-vistas", seen) == 0
    (desk.folder / "selado").unlink()
    assert desk.seal("--medidas-vistas", f"2:{'a' * 64}") == 1
    assert "REGISTRO_CORTADO" in capsys.readouterr().err
    assert not (desk.folder / "selado").exists()


@pytest.mark.parametrize("name", ["ensaio.json", "chave.json", "ana.json"])
def test_a_file_that_is_not_there_is_no_refusal(desk: Desk, name: str) -> None:
    (desk.folder / name).unlink()
    assert desk.seal() == 2


def test_the_moment_of_sealing_is_now(desk: Desk) -> None:
    assert desk.seal() == 0
    opened = open_sealed((desk.folder / "selado").read_bytes(), keys(), expected())
    moment: datetime = opened.header.issued_at
    assert moment == AT + timedelta(minutes=1)


def test_counterparties_are_signed_by_a_reader_before_they_are_sealed(desk: Desk) -> None:
    told = ("--tipo", "CONTRAPARTES", "--assinar", desk.path("ana.chaves"), "--nonce", NONCE.hex())
    assert desk.seal(*told) == 0
    sealed = (desk.folder / "selado").read_bytes()
    opened = open_sealed(sealed, keys(), expected(kind=SealedKind.CONTRAPARTES))
    listed = opened.header.readers
    statement = verify_statement(
        opened.plaintext.decode(), listed, ExpectedStatement(Act.CONTRAPARTES, EVENT, COMPANY, listed.digest)
    )
    assert statement.extra == {"conteudo": PLAINTEXT.decode()}
    assert statement.request_id == opened.header.request_id


@pytest.mark.parametrize("change", ["another kind", "a stranger's keys", "no text"])
def test_what_no_reader_may_sign_is_not_sealed(desk: Desk, change: str) -> None:
    told = ["--tipo", "PORTFOLIO" if change == "another kind" else "CONTRAPARTES", "--assinar"]
    if change == "a stranger's keys":
        namesake = reader_file.protect(
            ReaderKeys.generate("ana"), PASSPHRASE, iterations=reader_file.FEWEST_ITERATIONS
        )
        desk.write("ana.chaves", namesake)
    if change == "no text":
        desk.write("ensaio.json", b"\xff")
    assert desk.seal(*told, desk.path("ana.chaves"), "--nonce", NONCE.hex()) == 2
    assert not (desk.folder / "selado").exists()
