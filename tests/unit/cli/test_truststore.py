"""`aval truststore construir`: what it takes, what it refuses, and what it leaves behind."""

import json
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from aval.cli.main import main
from aval.settings import Variable
from local.issuing import new_root
from tests.support import pki

AT = "2026-07-01T12:00:00Z"


@pytest.fixture(autouse=True)
def test_root_is_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Variable.TRUSTED_ROOTS, pki.hierarchy().root_fingerprint)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "conjunto.pem"
    path.write_bytes(pki.hierarchy().truststore_pem())
    return path


def build(source: Path | str, folder: Path, moment: str = AT) -> int:
    return main(["truststore", "construir", "--origem", str(source), "-o", str(folder), "--em", moment])


def archive(folder: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    path = folder / "ACcompactado.zip"
    with zipfile.ZipFile(path, "w", compression) as packed:
        packed.writestr("leia-me.txt", "certificados")
        for index, (name, authority) in enumerate(pki.hierarchy().authorities.items()):
            encoding = Encoding.DER if index % 2 else Encoding.PEM
            packed.writestr(f"acs/{name}.crt", authority.certificate.public_bytes(encoding))
    return path


def test_a_built_truststore_is_the_one_that_verification_takes(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "truststore"
    monkeypatch.setenv(Variable.TRUSTSTORE_FOLDER, str(folder))
    (tmp_path / "bom.cer").write_bytes(pki.leaf())
    assert build(bundle, folder) == 0
    assert main(["certificado", "verificar", str(tmp_path / "bom.cer"), "--em", AT]) == 0


def test_bundle_archive_and_folder_give_the_same_generation(bundle: Path, tmp_path: Path) -> None:
    sources = [bundle, archive(tmp_path), tmp_path / "pasta"]
    sources[2].mkdir()
    for name, authority in pki.hierarchy().authorities.items():
        (sources[2] / f"{name}.crt").write_bytes(authority.certificate.public_bytes(Encoding.DER))
    pointers = set()
    for number, source in enumerate(sources):
        assert build(source, tmp_path / str(number)) == 0
        pointers.add((tmp_path / str(number) / "atual.json").read_text())
    assert len(pointers) == 1


def test_a_later_generation_switches_the_pointer_and_keeps_the_earlier(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "truststore"
    assert build(bundle, folder) == 0
    assert build(bundle, folder, "2026-07-02T12:00:00Z") == 0
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 5
    assert json.loads((folder / "atual.json").read_text())["geracao"].startswith("20260702T120000Z-")


def test_a_root_that_nobody_pinned_gives_one_and_writes_nothing(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = new_root("Raiz Alheia", pki.rsa_key("stranger"), pki.AUTHORITIES_BEGIN)
    bundle.write_bytes(bundle.read_bytes() + stranger.certificate.public_bytes(Encoding.PEM))
    assert build(bundle, tmp_path / "truststore") == 1
    assert "Raiz Alheia" in capsys.readouterr().err
    assert not (tmp_path / "truststore").exists()


def test_without_the_deployments_own_pins_only_icp_brasil_is_taken(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(Variable.TRUSTED_ROOTS)
    assert build(bundle, tmp_path / "truststore") == 1


@pytest.mark.parametrize(
    "source",
    ["falta.pem", "http://iti.example/ac.zip", "ftp://iti.example/ac.zip", "mau.zip", "danificado.zip"],
)
def test_a_source_that_cannot_be_read_gives_two(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mau.zip").write_bytes(b"PK\x03\x04 e mais nada")
    damaged = bytearray(archive(tmp_path, zipfile.ZIP_DEFLATED).read_bytes())
    damaged[100:140] = bytes(40)
    (tmp_path / "danificado.zip").write_bytes(damaged)
    assert build(source, tmp_path / "truststore") == 2
    assert not (tmp_path / "truststore").exists()


def test_the_package_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "certifi_icpbr", None)
    assert build("certifi-icpbr", tmp_path / "truststore") == 2
    assert "não está instalado" in capsys.readouterr().err


def test_of_the_package_only_icp_brasils_authorities_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "certifi_icpbr"
    package.mkdir()
    (package / "__init__.py").write_text("")
    stranger = new_root("Raiz Alheia", pki.rsa_key("stranger"), pki.AUTHORITIES_BEGIN)
    (package / "cacert.pem").write_bytes(stranger.certificate.public_bytes(Encoding.PEM))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert build("certifi-icpbr", tmp_path / "truststore") == 1
    assert "nenhuma raiz" in capsys.readouterr().err
