"""Who does not get through the handshake at the systems' door never reaches a function, whatever it knows."""

import http.client
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from aval.contracts.model import ProfileCode
from local.hierarchy import Hierarchy
from local.issuing import (
    Authority,
    Request,
    authority_request,
    client_extensions,
    name_of,
    new_authority,
    new_key,
    new_root,
)
from tests.support.agents import ANA, BOLT, Person, hierarchy_in, holder_key
from tests.support.stack import Stack
from tests.support.systems import REGISTRY, System, participants, send

NOW = datetime.now(UTC).replace(microsecond=0)
LOG = "aval-soap-participants.log"


def request(begins: datetime = NOW - timedelta(days=1), lifetime: timedelta = timedelta(days=300)) -> Request:
    return Request(
        subject=name_of(f"BOLT:{BOLT}", serial_number=BOLT),
        key=holder_key().public_key(),
        begins=begins,
        lifetime=lifetime,
        extensions=client_extensions(),
    )


def of_a_namesake(hierarchy: Hierarchy) -> list[x509.Certificate]:
    """Issued by an authority with every name of ours, and keys of its own."""
    begins, key = NOW - timedelta(days=2), new_key()
    root = new_root("Autoridade Certificadora Raiz de Teste v1", new_key(), begins)
    asked = authority_request("AC Titulares de Teste", key, begins)
    namesake = new_authority(root, key, asked)
    assert namesake.certificate.subject == hierarchy.issuing.certificate.subject
    return [namesake.issue(request()), namesake.certificate, root.certificate]


def of_a_client(hierarchy: Hierarchy) -> list[x509.Certificate]:
    """Issued by the holder of a lawful client certificate, who is no authority."""
    holder = hierarchy.issuing.issue(request())
    return [Authority(holder, holder_key()).issue(request()), holder, hierarchy.issuing.certificate]


SHOWN: dict[str, Callable[[Hierarchy], list[x509.Certificate]]] = {
    "expired": lambda ours: [ours.issuing.issue(request(NOW - timedelta(days=30), timedelta(days=29)))],
    "not yet begun": lambda ours: [ours.issuing.issue(request(NOW + timedelta(days=1)))],
    "of a namesake": of_a_namesake,
    "of a client": of_a_client,
    "of itself": lambda _: [new_root("BOLT", holder_key(), NOW - timedelta(days=1)).certificate],
}


@pytest.fixture(scope="module")
def bolt(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, Person.logged_in(stack, ANA), BOLT, 10010, tmp_path_factory.mktemp("bolt"))


def showing(stack: Stack, folder: Path, chain: list[x509.Certificate]) -> System:
    key = holder_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = folder / "shown.pem"
    pem.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in chain) + key)
    return System(stack, BOLT, ProfileCode(10010), pem)


def answered(stack: Stack) -> int:
    log = stack.logs / LOG
    return log.read_text().count('"request answered"') if log.exists() else 0


@pytest.mark.parametrize("kind", SHOWN)
def test_a_certificate_that_tls_refuses_reaches_no_function(
    stack: Stack, bolt: System, tmp_path: Path, kind: str
) -> None:
    assert bolt.asked(REGISTRY, participants()).status == 200
    before = answered(stack)
    refused = showing(stack, tmp_path, SHOWN[kind](hierarchy_in(stack.hierarchy)))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        refused.asked(REGISTRY, participants())
    assert answered(stack) == before
    assert bolt.asked(REGISTRY, participants()).status == 200


def test_without_a_certificate_no_function_is_reached(stack: Stack, bolt: System) -> None:
    before = answered(stack)
    connection = http.client.HTTPSConnection(
        "localhost", int(bolt.url.rpartition(":")[2]), context=stack.context(), timeout=30
    )
    with pytest.raises((ssl.SSLError, ConnectionError)):
        send(connection, REGISTRY, b"<a/>")
    connection.close()
    assert answered(stack) == before


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
def test_the_door_speaks_tls_1_2_and_1_3_and_nothing_older(stack: Stack, bolt: System) -> None:
    versions = (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    assert [speaks(stack, bolt, version) for version in versions] == [False, True, True]


def speaks(stack: Stack, bolt: System, version: ssl.TLSVersion) -> bool:
    context = stack.context(certificate=bolt.pem)
    # By its default OpenSSL would not even offer the older ones.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    port = int(bolt.url.rpartition(":")[2])
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=30)
    try:
        connection.request("GET", f"{REGISTRY.path}?wsdl")
        return connection.getresponse().status == 200
    except (ssl.SSLError, ConnectionError):
        return False
    finally:
        connection.close()
