"""What goes over the wire, to whom, for how long, and what no log ever holds."""

import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from urllib3.exceptions import MaxRetryError, SSLError

from aval.adapters.ccee.bus import CceeContractBus
from aval.adapters.ccee.transport import MOST_ANSWER_BYTES, AnswerLost, NotSent, Patience, _translated
from aval.contracts.bus import ParticipantQuery, Submission
from aval.contracts.model import ContractCode
from aval.contracts.paging import PageRequest
from aval.contracts.refusals import NothingFound, ProviderFailed
from tests.support import pki
from tests.support.contracts import NOW
from tests.support.soap_peer import (
    ACTING,
    HURRIED,
    PASSWORD,
    UNHURRIED,
    Answer,
    Peer,
    accepted,
    envelope,
    fault,
    identity,
    peer_running,
)

LONG_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=400)
PARTICIPANTS = "listarParticipanteMercado"


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    with peer_running(tmp_path) as running:
        yield running


def asked(peer: Peer, patience: Patience = UNHURRIED, **access: Any) -> None:
    peer.bus(patience=patience, **access).participants(ParticipantQuery(), PageRequest())


def context_of(bus: CceeContractBus) -> ssl.SSLContext:
    adapter: Any = bus.caller._transport.session.get_adapter(bus.caller.environment.url)
    context: ssl.SSLContext = adapter._context
    return context


def test_the_password_is_in_no_log_even_where_everything_is_logged(
    peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.on("obterResultadoProcessamento", fault("3001"))
    peer.on("importarArquivo", accepted(1))
    peer.on(PARTICIPANTS, fault("2001"))
    caplog.set_level(logging.DEBUG)
    libraries = ("zeep", "zeep.transports", "zeep.wsdl", "zeep.xsd", "urllib3", "requests")
    for name in libraries:
        caplog.set_level(logging.DEBUG, name)
    bus = peer.bus()
    bus.submit(Submission(ACTING, "<a>segredo do contrato</a>"), at=NOW)
    with pytest.raises(ProviderFailed) as refused:
        bus.participants(ParticipantQuery(), PageRequest())
    everything = caplog.text + repr([vars(record) for record in caplog.records])
    told = everything + repr(bus) + repr(bus.caller.access) + repr(refused.value)
    assert peer.sent("importarArquivo")[0].text("Password") == PASSWORD
    for secret in ("73918264", "segredo do contrato", "PRIVATE KEY"):
        assert secret not in told
    assert "other bus refused" in everything


def test_the_libraries_are_held_above_debug_without_being_asked(peer: Peer) -> None:
    for name in ("zeep", "zeep.transports", "urllib3"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    peer.bus()
    for name in ("zeep", "zeep.transports", "zeep.wsdl.wsdl", "requests", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name


def test_the_certificate_of_the_access_is_shown(peer: Peer) -> None:
    peer.on(PARTICIPANTS, fault("3001"))
    with pytest.raises(NothingFound):
        asked(peer)
    assert pki.SUBJECT in peer.received[0].client


def test_a_redirect_is_not_followed(peer: Peer) -> None:
    for status in (301, 307, 308):
        peer.on(PARTICIPANTS, Answer(b"", status=status, headers=(("Location", f"{peer.url}/elsewhere"),)))
        with pytest.raises(ProviderFailed) as refused:
            asked(peer)
        assert str(status) in refused.value.detail
    assert len(peer.received) == 3


def test_a_cookie_is_not_kept(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(envelope(""), headers=(("Set-Cookie", "a=b"),)))
    bus = peer.bus()
    for _ in range(2):
        with pytest.raises(AnswerLost):
            bus.participants(ParticipantQuery(), PageRequest())
    assert not bus.caller._transport.session.cookies


def test_proxies_of_the_environment_are_not_asked(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    peer.on(PARTICIPANTS, fault("3001"))
    with pytest.raises(NothingFound):
        asked(peer)


def test_a_message_that_was_cut_is_not_sent_again(peer: Peer) -> None:
    peer.on(PARTICIPANTS, None)
    with pytest.raises(AnswerLost):
        asked(peer)
    assert len(peer.received) == 1


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(fault("3001").body, 500, (("Connection", "close"),)))
    bus = peer.bus()
    for _ in range(3):
        with pytest.raises(NothingFound):
            bus.participants(ParticipantQuery(), PageRequest())
    assert len(peer.received) == 3


def test_an_answer_that_takes_too_long_is_lost(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(b"", after_seconds=1.5))
    with pytest.raises(AnswerLost) as lost:
        asked(peer, HURRIED)
    assert "não respondeu a tempo" in lost.value.detail


def test_an_answer_beyond_the_limit_is_lost_and_not_kept(peer: Peer) -> None:
    peer.on(PARTICIPANTS, Answer(b" " * (MOST_ANSWER_BYTES + 1)))
    with pytest.raises(AnswerLost) as lost:
        asked(peer)
    assert "grande demais" in lost.value.detail


def test_the_messages_of_one_call_share_its_time(peer: Peer) -> None:
    peer.on("obterContrato", Answer(b"", after_seconds=1.5))
    patience = Patience(connect_seconds=20, operation_seconds=20, total_seconds=0.5)
    with pytest.raises(AnswerLost):
        peer.bus(patience=patience).contract(ContractCode(1), None, None, ACTING)


# TLS


def test_a_server_of_another_authority_is_told_nothing(peer: Peer) -> None:
    foreign = pki.hierarchy().root.certificate.public_bytes(Encoding.PEM)
    with pytest.raises(NotSent) as refused:
        asked(peer, authorities=foreign)
    assert "certificado do servidor" in refused.value.detail
    assert peer.received == []


def test_without_authorities_of_its_own_the_systems_judge(peer: Peer) -> None:
    with pytest.raises(NotSent):
        asked(peer, authorities=b"")
    assert peer.received == []


def test_a_server_of_another_name_is_told_nothing(peer: Peer) -> None:
    peer.url = peer.url.replace("localhost", "127.0.0.2")
    with pytest.raises(NotSent):
        asked(peer)
    assert peer.received == []


def test_a_certificate_that_the_server_refuses_was_no_message(tmp_path: Path) -> None:
    with peer_running(tmp_path, maximum_version=ssl.TLSVersion.TLSv1_2) as peer:
        with pytest.raises(NotSent) as refused:
            asked(peer, identity=identity(begins=LONG_AGO))
        assert "não aceitou o certificado" in refused.value.detail
        assert peer.received == []


def test_a_refusal_after_tls_1_3_let_the_message_go_may_be_cut_off_by_a_reset(tmp_path: Path) -> None:
    with peer_running(tmp_path, minimum_version=ssl.TLSVersion.TLSv1_3) as peer:
        with pytest.raises((NotSent, AnswerLost)):
            asked(peer, identity=identity(begins=LONG_AGO))
        assert peer.received == []


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", NotSent),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", NotSent),
        ("SSLV3_ALERT_BAD_CERTIFICATE", NotSent),
        ("TLSV1_ALERT_UNKNOWN_CA", NotSent),
        ("TLSV1_ALERT_INTERNAL_ERROR", AnswerLost),
        ("SSLV3_ALERT_BAD_RECORD_MAC", AnswerLost),
        ("UNEXPECTED_EOF_WHILE_READING", AnswerLost),
    ],
)
def test_only_what_a_server_says_of_a_certificate_tells_that_nothing_was_taken(
    reason: str, told: type[ProviderFailed]
) -> None:
    failure = ssl.SSLError(1, reason)
    failure.reason = reason
    wrapped = requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(failure)))  # type: ignore[arg-type]
    assert type(_translated(wrapped)) is told


def test_tls_older_than_1_2_is_not_spoken(tmp_path: Path) -> None:
    with peer_running(tmp_path) as peer:
        context = context_of(peer.bus())
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_an_authority_of_the_python_package_is_not_trusted_beside_ours(peer: Peer) -> None:
    peer.on(PARTICIPANTS, fault("3001"))
    bus = peer.bus()
    with pytest.raises(NothingFound):
        bus.participants(ParticipantQuery(), PageRequest())
    context = context_of(bus)
    ours = x509.load_pem_x509_certificate(peer.authority).public_bytes(Encoding.DER)
    assert context.get_ca_certs(binary_form=True) == [ours]


def test_nobody_listening_is_told_as_such(tmp_path: Path) -> None:
    with peer_running(tmp_path) as peer:
        pass
    with pytest.raises(NotSent) as refused:
        asked(peer)
    assert "não foi possível conectar" in refused.value.detail
