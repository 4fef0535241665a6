"""The TLS edge: who comes in, what it refuses by itself, and that it adds nothing but what it attests."""

import http.client
import json
import os
import socket
import ssl
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from aval.identifiers import Cnpj
from local.edge.limits import MOST_BODY_BYTES, MOST_HEADER_BYTES
from local.hierarchy import Client, ClientFiles, Hierarchy, issue_client
from tests.e2e.contract.stack import ContractStack

CNPJ = Cnpj.parse("33047509000149")


@pytest.fixture
def client_files(contract: ContractStack) -> ClientFiles:
    return contract.client_files()


def ask(
    contract: ContractStack,
    path: str,
    *,
    files: ClientFiles | None = None,
    method: str = "GET",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    chunked: bool = False,
) -> tuple[int, dict[str, str], bytes]:
    port = contract.ports.systems if files else contract.ports.people
    connection = contract.https(port, files)
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}), encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def curl(contract: ContractStack, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["curl", "--silent", "--show-error", "--cacert", str(contract.places.tls / "ca.pem")]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def people(contract: ContractStack, path: str) -> str:
    return f"https://localhost:{contract.ports.people}{path}"


# Who comes in


def test_a_certificate_of_the_truststore_is_attested_to_the_function(
    contract: ContractStack, client_files: ClientFiles
) -> None:
    status, _, body = ask(contract, "/do/echo", files=client_files)
    certificate = x509.load_der_x509_certificate(client_files.certificate.read_bytes())
    context = json.loads(body)["requestContext"]
    found = context["authentication"]["clientCert"]
    assert status == 200
    assert x509.load_pem_x509_certificate(found["clientCertPem"].encode()) == certificate
    assert int(found["serialNumber"].replace(":", ""), 16) == certificate.serial_number
    assert found["subjectDN"] == certificate.subject.rfc4514_string()
    assert found["issuerDN"] == certificate.issuer.rfc4514_string()
    parsed = datetime.strptime(found["validity"]["notAfter"], "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
    assert parsed == certificate.not_valid_after_utc
    assert context["domainName"] == "localhost"


def test_the_leaf_alone_is_enough_because_intermediates_are_in_the_truststore(
    contract: ContractStack, client_files: ClientFiles, tmp_path: Path
) -> None:
    leaf = tmp_path / "leaf.pem"
    leaf.write_text(ssl.DER_cert_to_PEM_cert(client_files.certificate.read_bytes()))
    alone = ClientFiles(client_files.certificate, client_files.key, leaf)
    assert ask(contract, "/do/echo", files=alone)[0] == 200


def refused(contract: ContractStack, files: ClientFiles | None) -> bool:
    """Whether TLS refuses; with TLS 1.3 a client learns it at its first read."""
    connection = contract.https(contract.ports.systems, files)
    try:
        connection.request("GET", "/do/echo")
        connection.getresponse()
    except (ssl.SSLError, ConnectionError):
        return True
    finally:
        connection.close()
    return False


def test_the_systems_door_refuses_who_shows_no_certificate(contract: ContractStack) -> None:
    assert refused(contract, None)


def test_the_systems_door_refuses_a_certificate_that_has_expired(contract: ContractStack) -> None:
    client = Client(CNPJ, datetime.now(UTC) - timedelta(days=20), lifetime=timedelta(days=10))
    expired = issue_client(contract.hierarchy, client, contract.places.state / "expired")
    assert refused(contract, expired)


def test_the_systems_door_refuses_a_certificate_of_another_authority(
    contract: ContractStack, tmp_path: Path
) -> None:
    foreign = Hierarchy.create(datetime.now(UTC) - timedelta(days=2))
    client = Client(CNPJ, datetime.now(UTC) - timedelta(days=1))
    assert refused(contract, issue_client(foreign, client, tmp_path))


def test_the_peoples_door_asks_for_no_certificate_and_attests_none(contract: ContractStack) -> None:
    event = json.loads(ask(contract, "/do/echo")[2])
    assert "authentication" not in event["requestContext"]


def test_a_client_cannot_attest_itself(contract: ContractStack, client_files: ClientFiles) -> None:
    forged = {
        "X-Aval-Client-Certificate": "forged",
        "X-Aval-Edge-Secret": "contract-secret",
        "X-AVAL-Host": "evil",
        "x-aval-other": "1",
    }
    for files in (None, client_files):
        event = json.loads(ask(contract, "/do/echo", files=files, headers=forged)[2])
        assert not [name for name in event["headers"] if name.startswith("x-aval-")]
        assert event["headers"]["host"].startswith("localhost:")
        attested = event["requestContext"].get("authentication", {}).get("clientCert", {})
        assert "forged" not in attested.get("clientCertPem", "")


def test_everything_listens_on_the_loopback_alone(contract: ContractStack) -> None:
    # proc(5): local address and port in hexadecimal, state 0A is LISTEN.
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {int(row[1].split(":")[1], 16): row[1].split(":")[0] for row in rows if row[3] == "0A"}
    ports = (contract.ports.people, contract.ports.systems, contract.ports.emulator)
    assert {listening[port] for port in ports} == {"0100007F"}


# What is passed on


def test_bytes_come_out_as_they_went_in(contract: ContractStack) -> None:
    assert ask(contract, "/do/binary")[2] == bytes(range(256))


def test_a_chunked_body_arrives_whole(contract: ContractStack) -> None:
    pieces = [os.urandom(70_000) for _ in range(3)]
    headers = {"Transfer-Encoding": "chunked", "Content-Type": "text/plain"}
    sent = [piece.hex().encode() for piece in pieces]
    status, _, body = ask(contract, "/do/echo", method="POST", body=iter(sent), headers=headers, chunked=True)
    assert (status, json.loads(body)["body"].encode()) == (200, b"".join(sent))


def test_a_connection_serves_one_request_after_another(contract: ContractStack) -> None:
    connection = contract.https(contract.ports.people)
    local = []
    for _ in range(3):
        connection.request("GET", "/do/echo")
        assert connection.getresponse().read()
        local.append(connection.sock.getsockname())
    connection.close()
    assert len(set(local)) == 1


def test_a_head_has_no_body(contract: ContractStack) -> None:
    status, headers, body = ask(contract, "/do/echo", method="HEAD")
    assert (status, body) == (200, b"")
    assert "transfer-encoding" not in headers


def test_a_function_that_is_not_answered_by_a_route_is_not_found(contract: ContractStack) -> None:
    status, headers, body = ask(contract, "/nowhere")
    assert (status, headers["content-type"], body) == (404, "application/json", b'{"message":"Not Found"}')


def test_nothing_is_added_to_an_answer(contract: ContractStack) -> None:
    _, headers, _ = ask(contract, "/do/echo")
    assert set(headers) <= {"content-type", "content-length", "date", "x-mixed", "apigw-requestid"}


# What is refused


def assert_too_large(found: subprocess.CompletedProcess[str]) -> None:
    head, _, body = found.stdout.rpartition("\n\n")
    assert found.returncode == 0, found.stderr
    assert " 413 " in head
    assert "content-type: application/problem+json" in head.lower()
    problem = json.loads(body)
    assert (problem["status"], problem["message"]) == (413, "Request Entity Too Large")
    assert problem["title"] == "Corpo grande demais"


@pytest.mark.parametrize("how", [[], ["--header", "Expect:"], ["--header", "Transfer-Encoding: chunked"]])
def test_a_body_over_the_limit_is_told_so(contract: ContractStack, tmp_path: Path, how: list[str]) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * (MOST_BODY_BYTES + 1))
    command = ["--include", "--http1.1", "--data-binary", f"@{large}", *how]
    assert_too_large(curl(contract, *command, people(contract, "/do/echo")))


def test_a_body_of_the_limit_is_no_affair_of_the_edge(contract: ContractStack) -> None:
    body = b"x" * MOST_BODY_BYTES
    status, _, _ = ask(contract, "/nowhere", method="POST", body=body, headers={"Content-Type": "text/plain"})
    assert status == 404


def test_headers_over_the_limit_are_told_so(contract: ContractStack) -> None:
    for size in (MOST_HEADER_BYTES, 20 * MOST_HEADER_BYTES):
        status, _, body = ask(contract, "/do/echo", headers={"X-Long": "x" * size})
        assert (status, body) == (431, b'{"message":"Request Header Fields Too Large"}')


def test_what_is_no_http_is_a_bad_request(contract: ContractStack) -> None:
    context = contract.context()
    with (
        socket.create_connection(("127.0.0.1", contract.ports.people)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(b"rubbish\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_without_the_emulator_the_door_is_unavailable(contract: ContractStack) -> None:
    contract.snapshot()
    contract.stop_emulator()
    try:
        status, _, body = ask(contract, "/do/echo")
        assert (status, body) == (503, b'{"message":"Service Unavailable"}')
    finally:
        contract.start_emulator()
    assert ask(contract, "/do/echo")[0] == 200


def test_the_certificate_names_localhost_and_the_loopback(contract: ContractStack) -> None:
    for host in ("localhost", "127.0.0.1"):
        connection = http.client.HTTPSConnection(
            host, contract.ports.people, timeout=10, context=contract.context()
        )
        connection.request("GET", "/do/echo")
        assert connection.getresponse().status == 200
        connection.close()
