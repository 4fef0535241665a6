"""`aval atestado verificar`: its JSON, its words and its exit codes."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aval.cli import atestado
from aval.cli.main import main
from aval.settings import Variable
from tests.support import measurements, nitro

AT = nitro.START.isoformat()
MEMBERS = ["valido", "codigoComparado", "motivo", "modulo", "instante", "pcrs", "debug"]
RIGHT = [f"{index}={value.hex()}" for index, value in nitro.IMAGE.items()]


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(Variable.MEASUREMENTS_SIGNER, raising=False)


@pytest.fixture
def verify(tmp_path: Path) -> Callable[..., int]:
    """Judge a document under the root of the tests, at its own moment unless told otherwise."""
    (tmp_path / "raiz.pem").write_bytes(nitro.root().holder.certificate.public_bytes(Encoding.PEM))

    def run(data: bytes, *options: str, em: str = AT) -> int:
        (tmp_path / "doc.cbor").write_bytes(data)
        told = ["--raiz", str(tmp_path / "raiz.pem"), "--em", em]
        return main(["atestado", "verificar", str(tmp_path / "doc.cbor"), *told, *options])

    return run


@pytest.fixture
def log(tmp_path: Path) -> list[str]:
    """Options for a log that released what the tests' enclave runs."""
    entry = measurements.release(1, day=-1)
    released = type(entry)(entry.act, entry.at, entry.version, nitro.MEASUREMENT)
    (tmp_path / "medidas.jsonl").write_text("".join(f"{line}\n" for line in measurements.written(released)))
    public = measurements.KEY.public_key()
    (tmp_path / "medidas.pem").write_bytes(
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return ["--medidas", str(tmp_path / "medidas.jsonl"), "--chave-medidas", str(tmp_path / "medidas.pem")]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document = json.loads(capsys.readouterr().out)
    assert list(document) == MEMBERS
    return dict(document)


def pcrs(*values: str) -> list[str]:
    return [word for value in values for word in ("--pcr", value)]


def test_a_verified_document_gives_zero_and_the_whole_shape(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(nitro.document(), "--json") == 0
    assert told(capsys) == {
        "valido": True,
        "codigoComparado": False,
        "motivo": None,
        "modulo": nitro.MODULE_ID,
        "instante": "2026-07-01T12:00:00.000Z",
        "pcrs": {str(index): nitro.MEASURED.get(index, nitro.ZERO).hex() for index in range(16)},
        "debug": False,
    }


def test_malformed_cbor_gives_one_and_nulls(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    for junk in (b"", b"\xff", nitro.document()[:-1], bytes(100_000)):
        assert verify(junk, "--json") == 1
        document = told(capsys)
        assert (document["valido"], document["codigoComparado"]) == (False, False)
        assert document["motivo"] in {"CBOR_MALFORMADO", "DOCUMENTO_GRANDE"}
        assert [document[name] for name in MEMBERS[3:]] == [None] * 4


def test_debug_mode_gives_one_and_says_debug(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    zeros = nitro.pcrs(pcr0=nitro.ZERO, pcr1=nitro.ZERO, pcr2=nitro.ZERO)
    assert verify(nitro.document(pcrs=zeros), "--json") == 1
    document = told(capsys)
    assert (document["motivo"], document["debug"], document["pcrs"]["0"]) == ("MODO_DEBUG", True, "00" * 48)


def test_a_refused_document_is_still_read(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(nitro.document(signer=nitro.key_of("estranha")), "--json") == 1
    document = told(capsys)
    assert (document["motivo"], document["modulo"]) == ("ASSINATURA", nitro.MODULE_ID)
    assert len(document["pcrs"]) == 16


def test_without_a_root_it_is_awss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "doc").write_bytes(nitro.document())
    assert main(["atestado", "verificar", str(tmp_path / "doc"), "--em", "documento", "--json"]) == 1
    assert told(capsys)["motivo"] == "RAIZ_DESCONHECIDA"


@pytest.mark.parametrize(
    ("em", "code", "reason"),
    [
        ("documento", 0, None),
        ((nitro.START + timedelta(hours=2)).isoformat(), 0, None),
        ((nitro.START + timedelta(hours=4)).isoformat(), 1, "EXPIRADO"),
        ("2026-06-30", 1, "AINDA_NAO_VALE"),
        ("9999-12-31T23:59:59Z", 1, "EXPIRADO"),
        ("0001-01-02", 1, "AINDA_NAO_VALE"),
    ],
)
def test_the_moment_is_the_one_asked_for(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str], em: str, code: int, reason: str | None
) -> None:
    assert verify(nitro.document(), "--json", em=em) == code
    assert told(capsys)["motivo"] == reason


def test_without_a_moment_it_is_now(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atestado, "utc_now", lambda: nitro.START)
    assert verify(nitro.document(), "--json", em="agora") == 0
    monkeypatch.setattr(atestado, "utc_now", lambda: nitro.START + timedelta(days=1))
    assert verify(nitro.document(), "--json", em="agora") == 1


def test_a_nonce_is_compared_and_asks_for_freshness(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    late = (nitro.START + timedelta(minutes=6)).isoformat()
    right, wrong = ["--json", "--nonce", nitro.NONCE.hex()], ["--json", "--nonce", "00"]
    for options, em, reason in (
        (right, AT, None),
        (wrong, AT, "NONCE_DIVERGENTE"),
        (right, late, "ANTIGO"),
        (right, "documento", None),
        (wrong, "documento", "NONCE_DIVERGENTE"),
    ):
        assert verify(nitro.document(), *options, em=em) == (1 if reason else 0)
        assert told(capsys)["motivo"] == reason


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (RIGHT, None),
        (RIGHT[:1], None),
        ([RIGHT[0].upper()], None),
        ([f"0={'66' * 48}"], "PCR_DIVERGENTE"),
        ([*RIGHT, f"3={'66' * 48}"], "PCR_DIVERGENTE"),
        ([f"5={'00' * 48}"], "PCR_ZERO"),
        ([f"31={'66' * 48}"], "PCR_AUSENTE"),
    ],
)
def test_registers_are_compared(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str], values: list[str], reason: str | None
) -> None:
    assert verify(nitro.document(), "--json", *pcrs(*values)) == (1 if reason else 0)
    document = told(capsys)
    assert (document["motivo"], document["codigoComparado"]) == (reason, True)


def test_a_released_measurement_is_taken_and_any_other_refused(
    verify: Callable[..., int], log: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(nitro.document(), "--json", *log) == 0
    assert told(capsys)["codigoComparado"] is True
    other = nitro.document(pcrs=nitro.pcrs(pcr0=b"\x66" * 48))
    assert verify(other, "--json", *log) == 1
    assert told(capsys)["motivo"] == "PCR_DIVERGENTE"


def test_registers_and_a_log_must_both_agree(
    verify: Callable[..., int], log: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(nitro.document(), "--json", *log, *pcrs(f"3={nitro.MEASURED[3].hex()}")) == 0
    assert verify(nitro.document(), *log, *pcrs(f"3={'66' * 48}")) == 1
    assert verify(nitro.document(), *log, *pcrs(f"0={'66' * 48}")) == 1
    assert "VÁLIDO" not in capsys.readouterr().out


def test_before_its_release_a_measurement_is_not_taken(
    verify: Callable[..., int], tmp_path: Path, log: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    entry = measurements.release(1, day=1)
    later = type(entry)(entry.act, entry.at, entry.version, nitro.MEASUREMENT)
    (tmp_path / "medidas.jsonl").write_text("".join(measurements.written(later)))
    assert verify(nitro.document(), "--json", *log) == 1
    assert told(capsys)["motivo"] == "SEM_MEDIDA_ESPERADA"


@pytest.mark.parametrize("content", ["", "x\n", "é\n", "a.b.c"])
def test_a_log_that_does_not_hold_refuses_the_document(
    verify: Callable[..., int],
    tmp_path: Path,
    log: list[str],
    capsys: pytest.CaptureFixture[str],
    content: str,
) -> None:
    (tmp_path / "medidas.jsonl").write_text(content)
    assert verify(nitro.document(), "--json", *log) == 1
    document = told(capsys)
    assert document["motivo"].startswith("REGISTRO_")
    assert (document["codigoComparado"], document["modulo"]) == (False, nitro.MODULE_ID)


def test_no_log_is_believed_without_its_key(
    verify: Callable[..., int],
    log: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert verify(nitro.document(), *log[:2]) == 2
    assert "--chave-medidas" in capsys.readouterr().err
    monkeypatch.setenv(Variable.MEASUREMENTS_SIGNER, log[3])
    assert verify(nitro.document(), *log[:2]) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--em", "ontem"],
        ["--nonce", "xyz"],
        ["--nonce", ""],
        ["--pcr", "0=00"],
        ["--pcr", f"32={'66' * 48}"],
        ["--pcr", "66" * 48],
        ["--raiz", "/nao/ha"],
        ["--medidas", "/nao/ha", "--chave-medidas", "/nao/ha"],
        ["--pcr", f"0={'66' * 48}", "--pcr", f"0={'67' * 48}"],
    ],
    ids=str,
)
def test_arguments_that_cannot_be_used_give_two(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    try:
        code = verify(nitro.document(), *options)
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2
    assert capsys.readouterr().out == ""


def test_a_path_that_cannot_be_read_gives_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "nao-ha", tmp_path):
        assert main(["atestado", "verificar", str(path), "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_a_root_that_is_no_certificate_gives_two(
    verify: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outra.pem").write_text("x")
    assert verify(nitro.document(), "--raiz", str(tmp_path / "outra.pem")) == 2
    assert "PEM" in capsys.readouterr().err


def test_words_for_people_say_what_was_not_compared_and_that_no_hardware_attested(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(nitro.document()) == 0
    out = capsys.readouterr().out
    assert "NÃO ATESTADO POR HARDWARE" in out
    assert "não foi conferido qual código é" in out
    assert out.endswith("VÁLIDO\n")
    assert verify(nitro.document(), *pcrs(*RIGHT)) == 0
    assert "não foi conferido" not in capsys.readouterr().out


def test_words_for_people_name_the_rule_that_refused(
    verify: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(nitro.document(), em="2026-06-30") == 1
    out = capsys.readouterr().out
    assert "RECUSADO  AINDA_NAO_VALE" in out
    assert "relógio" in out
