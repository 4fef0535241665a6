"""Who calls a SOAP service is proved by certificate and password, and acts through a profile of its own."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from aval.identifiers import Cnpj
from tests.support.agents import (
    ANA,
    BOLT,
    MOINHO,
    PASSWORD,
    VENTO,
    Person,
    certificate,
    hierarchy_in,
    system_pem,
)
from tests.support.soap import message_header, security
from tests.support.stack import Stack
from tests.support.systems import REGISTRY, System, participants

NOT_AUTHORISED = "Rejected: Usuario nao esta autorizado a usar o codigoPerfilAgente."
OWN = 10010
REPRESENTED, CONTROLLED, FOREIGN, UNKNOWN = 10040, 10030, 10020, 99999
GUESSES = 30
DELIVERED_WITHIN_SECONDS = 20


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def bolt(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, BOLT, OWN, tmp_path_factory.mktemp("bolt"))


@pytest.fixture(scope="module")
def stranger(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    """Enrolled for VENTO, and not for BOLT."""
    return System.enrolled(stack, ana, VENTO, CONTROLLED, tmp_path_factory.mktemp("vento"))


@pytest.fixture(autouse=True)
def the_right_system_is_answered_afterwards(bolt: System) -> Iterator[None]:
    yield
    assert bolt.asked(REGISTRY, participants()).status == 200


def showing(stack: Stack, folder: Path, file: bytes, company: Cnpj = BOLT) -> System:
    return System(stack, company, 10010, system_pem(stack, folder, file))  # type: ignore[arg-type]


def revoke(ana: Person, file: bytes) -> None:
    """Drop a list of its authority with this certificate on it, and let the daily run see it."""
    stack, serial = ana.stack, x509.load_der_x509_certificate(file).serial_number
    issuing, begins = hierarchy_in(stack.hierarchy).issuing, datetime.now(UTC) - timedelta(minutes=5)
    dropped = issuing.revoke([serial], begins=begins, lifetime=timedelta(days=2))
    bucket = stack.outputs["TrustBucketName"]
    stack.client("s3").put_object(Bucket=bucket, Key="lcr/entrada/ac-titulares.crl", Body=dropped)
    deadline = time.monotonic() + DELIVERED_WITHIN_SECONDS
    while ana.read(MOINHO)["certificados"][0]["status"] != "REVOGADO":
        assert time.monotonic() < deadline, "the list was not taken"
        stack.client("lambda").invoke(FunctionName="aval-recheck-revocations", Payload=b"{}")
        time.sleep(0.2)


def refused(system: System, *headers: str) -> str:
    """The sentence of a fault that denies access."""
    code, message = system.asked(REGISTRY, participants(), *headers).fault
    assert code == "2001"
    return message


def test_certificate_password_and_profile_together_open_the_services(bolt: System) -> None:
    answer = bolt.asked(REGISTRY, participants(), message_header(OWN), security(BOLT.masked, PASSWORD))
    assert (answer.status, answer.text("versao")) == (200, "2.1")
    assert answer.text("transactionId") == answer.headers["x-transacao"]


# Certificates


def test_a_certificate_that_nobody_registered_opens_nothing(stack: Stack, tmp_path: Path) -> None:
    unregistered = showing(stack, tmp_path, certificate(stack, "NUNCA CADASTRADO", cnpj=BOLT))
    assert refused(unregistered)


def test_a_deleted_certificate_opens_nothing_from_the_next_call_on(
    stack: Stack, ana: Person, tmp_path: Path
) -> None:
    system = System.enrolled(stack, ana, MOINHO, REPRESENTED, tmp_path)
    assert system.asked(REGISTRY, participants()).status == 200
    ana.empty(MOINHO)
    assert refused(system)


def test_a_revoked_certificate_opens_nothing_once_its_list_was_dropped(
    stack: Stack, ana: Person, tmp_path: Path
) -> None:
    file = certificate(stack, "MOINHO REVOGADO", cnpj=MOINHO)
    assert ana.enrol(MOINHO, file).status == 200
    system = System(stack, MOINHO, 10040, system_pem(stack, tmp_path, file))  # type: ignore[arg-type]
    assert system.asked(REGISTRY, participants()).status == 200
    revoke(ana, file)
    assert refused(system)
    ana.empty(MOINHO)


def test_the_certificate_of_another_company_opens_nothing_and_tells_nothing(
    bolt: System, stranger: System
) -> None:
    right = refused(stranger, message_header(OWN), security(BOLT, PASSWORD))
    wrong = refused(stranger, message_header(OWN), security(BOLT, "40281953"))
    nobody = refused(stranger, message_header(OWN), security("58290417000116", PASSWORD))
    assert right == wrong == nobody


def test_thirty_wrong_passwords_from_outside_lock_nobody_out(bolt: System, stranger: System) -> None:
    headers = (message_header(OWN), security(BOLT, "40281953"))
    assert {refused(stranger, *headers) for _ in range(GUESSES)} == {refused(stranger, *headers)}
    assert bolt.asked(REGISTRY, participants()).status == 200


# Passwords


def test_a_wrong_password_is_told_as_any_other_denial(bolt: System, stranger: System) -> None:
    wrong = refused(bolt, message_header(OWN), security(BOLT, "40281953"))
    assert wrong == refused(stranger, message_header(OWN), security(BOLT, PASSWORD))
    assert "40281953" not in wrong


DIGEST = ' Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"'
UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"


@pytest.mark.parametrize(
    "token",
    [
        security(BOLT, "weYI3nXd8LjMNVksCKFV8t3rgHh3Rw==", attributes=DIGEST),
        security(BOLT, PASSWORD, more="<w:Nonce>AAAA</w:Nonce>"),
        security(BOLT, PASSWORD, more=f'<u:Created xmlns:u="{UTILITY}">2026-01-01T00:00:00Z</u:Created>'),
    ],
    ids=["digest", "nonce", "created"],
)
def test_a_password_in_another_form_is_told_which_one_is_taken(bolt: System, token: str) -> None:
    sentence = refused(bolt, message_header(OWN), token)
    assert "PasswordText" in sentence
    assert "PasswordDigest" in sentence


@pytest.mark.parametrize(
    "token",
    [
        "",
        "<w:Security/>",
        security("", PASSWORD),
        security("33047509000140", PASSWORD),
        security(BOLT, ""),
        security(BOLT, "x" * 10_000),
        f"<w:Security><w:UsernameToken><w:Username>{BOLT}</w:Username></w:UsernameToken></w:Security>",
        security(BOLT, PASSWORD).replace("w:", "h:"),
        f"<x:Security xmlns:x='urn:x'>{security(BOLT, PASSWORD)}</x:Security>",
    ],
    ids=["none", "empty", "no cnpj", "wrong digits", "no password", "long", "half", "other", "wrapped"],
)
def test_credentials_that_are_none_are_refused(bolt: System, token: str) -> None:
    assert refused(bolt, message_header(OWN), token)


# Profiles


def test_a_company_acts_through_the_profile_of_one_that_it_represents(bolt: System) -> None:
    answer = bolt.asked(REGISTRY, participants(), message_header(REPRESENTED), security(BOLT, PASSWORD))
    assert answer.status == 200


@pytest.mark.parametrize("profile", [FOREIGN, CONTROLLED, UNKNOWN])
def test_through_a_foreign_profile_nobody_acts(bolt: System, profile: int) -> None:
    assert refused(bolt, message_header(profile), security(BOLT, PASSWORD)) == NOT_AUTHORISED


@pytest.mark.parametrize("profile", ["", " ", "mil", "-1", "1e4", "10010.0"])
def test_a_profile_that_is_none_is_a_wrong_parameter(bolt: System, profile: str) -> None:
    code, message = bolt.asked(
        REGISTRY, participants(), message_header(profile), security(BOLT, PASSWORD)
    ).fault
    assert code == "3006"
    assert "codigoPerfilAgente" in message


def test_who_may_not_act_learns_nothing_of_what_was_asked(bolt: System) -> None:
    """Credentials come before anything that the request says."""
    nonsense = "<m:nadaDisto/>"
    code, message = bolt.asked(REGISTRY, nonsense, message_header(FOREIGN), security(BOLT, PASSWORD)).fault
    assert (code, message) == ("2001", NOT_AUTHORISED)
