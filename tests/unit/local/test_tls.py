import ssl
from pathlib import Path

from cryptography import x509

from local import tls


def test_the_server_certificate_comes_from_the_authority_beside_it_and_serves_a_context(
    tmp_path: Path,
) -> None:
    files = tls.server_files(tmp_path)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    server = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    server.verify_directly_issued_by(authority)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.certificate, files.key)
    assert files.key.stat().st_mode & 0o777 == 0o600


def test_files_that_last_are_kept(tmp_path: Path) -> None:
    before = tls.server_files(tmp_path).certificate.read_bytes()
    assert tls.server_files(tmp_path).certificate.read_bytes() == before


def test_files_of_which_one_is_gone_are_made_anew(tmp_path: Path) -> None:
    files = tls.server_files(tmp_path)
    before = files.certificate.read_bytes()
    files.key.unlink()
    assert tls.server_files(tmp_path).certificate.read_bytes() != before
