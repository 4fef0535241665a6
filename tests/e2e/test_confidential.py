"""The confidential core on a running stack: an agent's rehearsal, and what opens it to nobody else."""

import json
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from aval.attestation.refusals import AttestationRefused, Reason
from aval.attestation.roots import NAO_ATESTADO_POR_HARDWARE
from aval.moments import utc_now
from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import SealedKind, identity_of, new_request_id
from aval.sealing.offered_key import verify_offer
from aval.sealing.readers import ReaderKeys
from aval.sealing.receipts import verify_receipt
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act
from local.nsm.authority import NitroRoot
from tests.e2e.enclave_agent import Agent
from tests.e2e.enclave_wires import Attacker
from tests.support.stack import Stack

DENIED = "AccessDeniedException"


@pytest.fixture
def agent(stack: Stack) -> Agent:
    return Agent(stack)


@pytest.fixture
def attacker(stack: Stack, agent: Agent) -> Attacker:
    """Comes when the enclave has made its keys."""
    assert agent.key
    return Attacker(stack)


def test_a_rehearsal_is_delivered_read_validated_and_sent(agent: Agent) -> None:
    delivered = agent.deliver("0.1700", "sem contrapartes")
    answer = agent.opened(agent.told(delivered.code), delivered.request_id)
    assert (answer.payload["numero"], answer.payload["objeto"]) == ("0.1700", delivered.identity)
    assert NAO_ATESTADO_POR_HARDWARE in answer.caveats

    told, request_id = agent.ask(TaskAct.READ, delivered.identity)
    read = agent.opened(told, request_id)
    assert (read.payload["numero"], read.payload["texto"]) == ("0.1700", "sem contrapartes")
    assert told["liberado"] is None

    told, _ = agent.ask(TaskAct.VALIDATE, delivered.identity)
    assert (told["estado"], told["liberado"]) == ("CONCLUIDA", None)

    told, request_id = agent.send(delivered.identity, "0.1700")
    assert (told["estado"], told["liberado"]["fa"]) == ("CONCLUIDA", "0.1700")
    assert agent.opened(told, request_id).head.counter == 3
    verified = verify_receipt(told["liberado"]["recibo"], root=agent.root, accepted=agent.log.accepted)
    assert verified.receipt.released is not None
    assert (verified.receipt.released.number, verified.hardware) == ("0.1700", False)


def test_the_same_request_again_is_the_same_task(agent: Agent) -> None:
    delivered = agent.deliver("1")
    assert agent.submit(TaskAct.DELIVER, delivered.body) == delivered.code
    assert agent.opened(agent.told(delivered.code), delivered.request_id).head.counter == 1


def test_a_number_that_is_not_the_result_is_not_released(agent: Agent) -> None:
    delivered = agent.deliver("0.17")
    agent.ask(TaskAct.VALIDATE, delivered.identity)
    told, _ = agent.send(delivered.identity, "0.170")
    assert (told["estado"], told["motivo"]) == ("RECUSADA", SealReason.NUMBER_MISMATCH)
    assert told["liberado"] is None


def test_nothing_is_sent_before_it_is_validated(agent: Agent) -> None:
    told, _ = agent.send(agent.deliver("0.17").identity, "0.17")
    assert (told["estado"], told["motivo"]) == ("RECUSADA", SealReason.NOT_VALIDATED)


def test_a_stranger_reads_nothing(agent: Agent) -> None:
    delivered = agent.deliver("0.17")
    stranger = Agent(agent.stack, agent.event, ReaderKeys.generate("leitor-1"))
    for act in (TaskAct.READ, TaskAct.VALIDATE):
        told, _ = stranger.ask(act, delivered.identity)
        assert (told["estado"], told["motivo"]) == ("RECUSADA", SealReason.SIGNATURE)
        assert told["resposta"] is None
    with pytest.raises(SealRefused):
        stranger.opened(agent.told(delivered.code), delivered.request_id)


def test_a_request_id_with_another_body_is_a_replay(agent: Agent) -> None:
    delivered = agent.deliver("0.17")
    other = agent.sealed(SealedKind.ENSAIO, b'{"numero": "0.18"}', delivered.request_id)
    told = agent.ended(agent.submit(TaskAct.DELIVER, other))
    assert (told["estado"], told["motivo"]) == ("RECUSADA", SealReason.REPLAYED)


def test_who_delivers_with_other_readers_gets_nothing_of_the_former(agent: Agent) -> None:
    former = agent.deliver("0.17")
    agent.ask(TaskAct.VALIDATE, former.identity)
    other = Agent(agent.stack, agent.event, ReaderKeys.generate("leitor-2"))
    forged = other.deliver("0.99")
    # The former result is void; what the others validated of it is none of theirs.
    told, _ = other.ask(TaskAct.READ, former.identity)
    assert (told["estado"], told["motivo"]) == ("RECUSADA", SealReason.SUBJECT_MISMATCH)
    told, _ = other.send(forged.identity, "0.99")
    assert (told["estado"], told["motivo"]) == ("RECUSADA", SealReason.NOT_VALIDATED)
    told, _ = agent.send(former.identity, "0.17")
    assert told["estado"] == "RECUSADA"


def test_a_sealed_file_opens_only_inside_the_enclave(agent: Agent, attacker: Attacker) -> None:
    """Whoever has the account sees ciphertext, and KMS gives its key to the measured code alone."""
    delivered = agent.deliver("0.17", "um texto que ninguém mais lê")
    record = attacker.vault.record(agent.event, agent.company, "ENSAIO", 1)
    assert record is not None
    for stored in (record.sealed, delivered.body, attacker.vault.event_key(agent.event) or b""):
        assert b"ningu" not in stored
    root, host = attacker.stack.client("kms"), attacker.host_kms
    for kms in (root, host):
        assert attacker.refusal_of(kms.decrypt, **attacker.wrapped()) == DENIED
        made = {"KeyId": agent.stack.outputs["ConfidentialKeyArn"], "KeySpec": "AES_256"}
        assert attacker.refusal_of(kms.generate_data_key, **made) == DENIED


def test_the_genuine_image_is_what_kms_releases_to(attacker: Attacker) -> None:
    """The control of the three tests that follow: they differ from this one in one thing each."""
    assert len(attacker.unwrapped_by(attacker.module(attacker.image))) == 32


def test_one_byte_of_the_code_changed_gets_no_key(attacker: Attacker, tmp_path: Path) -> None:
    edited = shutil.copytree(attacker.image, tmp_path / "image")
    code = edited / "root" / "app" / "enclave_app" / "enclave" / "rehearsal.py"
    content = bytearray(code.read_bytes())
    content[-2] ^= 1
    code.write_bytes(content)
    assert attacker.refusal_of(lambda: attacker.unwrapped_by(attacker.module(edited))) == DENIED


def test_an_enclave_that_somebody_edited_serves_nobody(agent: Agent, attacker: Attacker) -> None:
    """Its own processes, started anew over a changed image: the module measures what is there."""
    code = attacker.image / "root" / "app" / "enclave_app" / "enclave" / "rehearsal.py"
    genuine, before = code.read_bytes(), len(attacker.trail())
    code.write_bytes(genuine.replace(b"A rehearsal", b"a rehearsal", 1))
    attacker.restart_enclave()
    try:
        path = f"/prudencial/chave?nonce={secrets.token_hex(32)}"
        answer = agent.stack.request("GET", path, token=agent.token)
        assert answer.status == 503
        assert "Retry-After" in answer.headers
    finally:
        code.write_bytes(genuine)
        attacker.restart_enclave()
    tried = [event for event in attacker.trail()[before:] if event["eventName"] == "Decrypt"]
    assert tried
    assert {event["errorCode"] for event in tried} == {DENIED}
    assert agent.offered(secrets.token_bytes(32)).attestation


def test_a_stale_document_gets_no_key(attacker: Attacker) -> None:
    earlier = attacker.module(attacker.image, clock=lambda: utc_now() - timedelta(minutes=6))
    assert attacker.refusal_of(lambda: attacker.unwrapped_by(earlier)) == DENIED


def test_a_foreign_document_gets_no_key(attacker: Attacker) -> None:
    foreign = attacker.module(attacker.image, root=NitroRoot.create(utc_now()))
    assert attacker.refusal_of(lambda: attacker.unwrapped_by(foreign)) == DENIED


def test_a_measurement_that_is_not_in_the_log_is_refused_by_the_client(agent: Agent) -> None:
    nonce = secrets.token_bytes(32)
    offer = agent.offered(nonce)
    released = agent.log.accepted(utc_now())
    assert verify_offer(offer, root=agent.root, measurements=released, now=utc_now(), nonce=nonce)
    others = [type(one)({**one.pcrs, 0: secrets.token_bytes(48)}) for one in released]
    with pytest.raises(AttestationRefused) as refused:
        verify_offer(offer, root=agent.root, measurements=others, now=utc_now(), nonce=nonce)
    assert refused.value.reason is Reason.PCR_MISMATCH


def test_a_key_answered_to_somebody_else_is_refused(agent: Agent) -> None:
    offer = agent.offered(secrets.token_bytes(32))
    with pytest.raises(AttestationRefused) as refused:
        verify_offer(
            offer,
            root=agent.root,
            measurements=agent.log.accepted(utc_now()),
            now=utc_now(),
            nonce=secrets.token_bytes(32),
        )
    assert refused.value.reason is Reason.NONCE


def test_the_root_is_this_machines_and_is_said_to_be(stack: Stack, agent: Agent) -> None:
    pem = Path(stack.described["attestation_root"]).read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    assert certificate.fingerprint(hashes.SHA256()).hex() == agent.root
    configuration = json.loads((stack.places.enclave / "image/root/app/configuration.json").read_text())
    assert (configuration["raiz"], configuration["ambiente"]) == (agent.root, "LOCAL")


def test_what_was_sealed_for_something_else_is_not_taken(agent: Agent) -> None:
    """The door reads the header before anything is stored."""
    body = agent.sealed(SealedKind.ENSAIO, b'{"numero": "1"}')
    other = {"cnpj": agent.company, "evento": agent.event, "ato": "ENVIAR", "corpo": body.decode()}
    answer = agent.post(other)
    assert (answer.status, answer.json()["detail"]) == (422, "para ENVIAR sela-se um objeto do tipo ENVIO")


def test_a_signed_act_of_another_week_is_not_taken(agent: Agent) -> None:
    body = agent.signed(Act.LER, identity_of(b"x"), new_request_id()).decode()
    answer = agent.post({"cnpj": agent.company, "evento": "202611003", "ato": "LER", "corpo": body})
    assert (answer.status, answer.json()["detail"]) == (422, "a assinatura é de outro evento")
