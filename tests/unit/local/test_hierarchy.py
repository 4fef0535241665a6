"""The hierarchy of the local stack: kept in a folder, and giving out certificates that are accepted."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from aval.certificates.judgement import judge
from aval.certificates.truststore import Truststore
from local.hierarchy import Client, Hierarchy, issue_client, main
from tests.support import pki


def test_a_saved_hierarchy_is_loaded_as_it_was(tmp_path: Path) -> None:
    pki.hierarchy().save(tmp_path)
    loaded = Hierarchy.load(tmp_path)
    assert loaded.truststore_pem() == pki.hierarchy().truststore_pem()
    assert loaded.root_fingerprint == pki.hierarchy().root_fingerprint
    assert stat.S_IMODE((tmp_path / "root.key").stat().st_mode) == 0o600


def test_an_issued_client_is_accepted_and_its_key_belongs_to_it(tmp_path: Path) -> None:
    files = issue_client(pki.hierarchy(), Client(pki.COMPANY, begins=pki.START), tmp_path, "agente")
    upload = files.certificate.read_bytes()
    assert judge(upload, truststore=pki.truststore(), at=pki.START, cnpj=pki.COMPANY).accepted
    key = load_pem_private_key(files.key.read_bytes(), password=None)
    certificate = x509.load_der_x509_certificate(upload)
    assert key.public_key() == certificate.public_key()
    chain = x509.load_pem_x509_certificates(files.chain.read_bytes())
    assert chain[0] == certificate
    assert len(chain) == 4


def test_the_command_keeps_its_hierarchy_from_one_call_to_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pki.hierarchy().save(tmp_path)
    for name in ("um", "dois"):
        assert main([str(tmp_path), "--client", pki.COMPANY, "--name", name, "--holder", name]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["root"] == pki.hierarchy().root_fingerprint
        truststore = Truststore.from_pem(Path(told["truststore"]).read_bytes())
        upload = Path(told["certificate"]).read_bytes()
        assert judge(upload, truststore=truststore, at=datetime.now(UTC), cnpj=pki.COMPANY).accepted
