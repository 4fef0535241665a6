import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from enclave_app.configure import EXAMPLE_KEY, EXAMPLE_SIGNER, for_aws
from enclave_app.enclave import __main__ as enclave
from enclave_app.enclave.addresses import UnixAddress
from tests.support.enclave import configuration
from tests.support.measured import authority

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration, for a process that stays as it is."""
    monkeypatch.setattr(enclave, "CONFIGURATION", tmp_path / "configuration.json")
    monkeypatch.setattr(enclave, "forbid_looking_inside", lambda: None)
    monkeypatch.setattr(enclave, "listen", lambda _address: pytest.fail("it listens"))
    return tmp_path / "configuration.json"


def reason_told(capfd: pytest.CaptureFixture[str]) -> str:
    line = json.loads(capfd.readouterr().err)
    assert line["message"] == "enclave does not start"
    return str(line["reason"])


def test_does_not_listen_without_a_whole_configuration(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file.write_text("{}")
    assert enclave.main() == 1
    assert reason_told(capfd) == "CONFIGURACAO_MALFORMADA"


def test_does_not_listen_without_its_module(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tls_roots = authority()[0].public_bytes(Encoding.PEM).decode()
    nowhere = UnixAddress(str(tmp_path / "nobody"))
    file.write_bytes(replace(configuration(), tls_roots=tls_roots, nsm=nowhere).to_bytes())
    assert enclave.main() == 1
    assert reason_told(capfd) == "NSM_FALHOU"


def test_an_image_for_aws_does_not_start_on_a_desk(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if Path("/dev/nsm").exists():
        pytest.skip("this is an enclave")
    file.write_bytes(for_aws([EXAMPLE_KEY], EXAMPLE_SIGNER))
    assert enclave.main() == 1
    assert reason_told(capfd) == "NSM_FALHOU"
