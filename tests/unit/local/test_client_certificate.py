import urllib.parse
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from local.emulator.client_certificate import describe, settle
from local.hierarchy import Hierarchy

BEGINS = datetime(2026, 8, 5, 9, 36, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def pem() -> str:
    return Hierarchy.create(BEGINS).root.certificate.public_bytes(Encoding.PEM).decode()


def event(**headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"headers": named, "requestContext": {"domainName": "api"}}


def test_a_certificate_is_described_as_by_api_gateway(pem: str) -> None:
    found = describe(pem)
    assert found["clientCertPem"] == pem
    assert found["subjectDN"] == found["issuerDN"]
    assert found["validity"]["notBefore"] == "Aug  5 09:36:04 2026 GMT"
    assert all(len(pair) == 2 for pair in found["serialNumber"].split(":"))


def test_with_the_secret_certificate_and_host_are_told(pem: str) -> None:
    told = event(
        host="api",
        x_aval_edge_secret="s",
        x_aval_host="localhost:9443",
        x_aval_client_certificate=urllib.parse.quote(pem),
    )
    settle(told, "s")
    assert told["headers"] == {"host": "localhost:9443"}
    assert told["requestContext"] == {
        "domainName": "localhost",
        "authentication": {"clientCert": describe(pem)},
    }


@pytest.mark.parametrize("guess", ["", "S", "s "])
def test_without_the_secret_every_header_of_ours_is_dropped(guess: str) -> None:
    told = event(
        host="api", accept="*/*", x_aval_edge_secret=guess, x_aval_client_certificate="x", x_aval_z="1"
    )
    settle(told, "s")
    assert told == {"headers": {"host": "api", "accept": "*/*"}, "requestContext": {"domainName": "api"}}


def test_without_a_certificate_none_is_told() -> None:
    told = event(x_aval_edge_secret="s", x_aval_host="localhost:8443")
    settle(told, "s")
    assert told["requestContext"] == {"domainName": "localhost"}


def test_lifetimes_are_told_to_the_second(pem: str) -> None:
    assert (
        timedelta(0)
        < datetime.strptime(describe(pem)["validity"]["notAfter"], "%b %d %H:%M:%S %Y GMT").replace(
            tzinfo=UTC
        )
        - BEGINS
    )
