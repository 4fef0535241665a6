"""Keys that follow one another, and measurements that overlap while code is rolled out."""

import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from aval.attestation.measurements import MOST_ACCEPTED
from aval.attestation.refusals import AttestationRefused, Reason
from aval.moments import utc_now
from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import SealedKind
from aval.sealing.key_items import ACTIVE_FOR, OVERLAP_FOR, RETAINED_FOR, KeyItem
from aval.sealing.offered_key import verify_offer
from enclave_app.enclave.ceremony import make_item
from enclave_app.enclave.configuration import KmsKey
from enclave_app.enclave.kms import Credentials, KmsClient
from local.ports import HOST
from tests.e2e.enclave_agent import Agent
from tests.e2e.enclave_wires import Attacker
from tests.support.stack import Stack, free_port_base

DAY = timedelta(days=1)
DENIED = "AccessDeniedException"
WAIT_SECONDS = 60.0


def made_before(stack: Stack, age: timedelta, *, version: int) -> KeyItem:
    """Have the measured code make a pair as it would have so long ago: every limit is judged by age."""
    attacker = Attacker(stack)
    told = attacker.host_credentials()
    port = stack.port_base + 5
    kms = KmsClient(
        KmsKey(stack.outputs["ConfidentialKeyArn"], "localhost", port),
        tls_roots=stack.authority.read_text(),
        connect=lambda: socket.create_connection((HOST, port), timeout=10),
        credentials=lambda: Credentials(told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"]),
        nsm=attacker.module(attacker.image),
    )
    return make_item(version, kms, utc_now() - age)


def with_key_items(stack: Stack, *items: KeyItem) -> None:
    """Put these in the place of the table's and start the enclave anew, which reads them."""
    vault = Attacker(stack).vault
    for stored in vault.key_items():
        vault.destroy_key_item(KeyItem.from_bytes(stored).version)
    for item in items:
        vault.add_key_item(item.version, item.to_bytes())
    os.kill(stack.pids()["enclave"], signal.SIGKILL)


def sealing_to(agent: Agent, item: KeyItem) -> Agent:
    """Return the same agent with that pair for the enclave's, fetched when it was offered."""
    sealing = load_der_public_key(item.sealing)
    assert isinstance(sealing, rsa.RSAPublicKey)
    other = Agent(agent.stack, agent.event, agent.reader)
    other.key = replace(agent.key, key_id=item.key_id, sealing=sealing)
    return other


@pytest.fixture
def keys_as_they_were(stack: Stack) -> Iterator[None]:
    assert Agent(stack).key
    before = [KeyItem.from_bytes(item) for item in Attacker(stack).vault.key_items()]
    yield
    with_key_items(stack, *before)


@pytest.mark.usefixtures("keys_as_they_were")
def test_a_new_pair_follows_the_old_one_which_still_opens(stack: Stack) -> None:
    before = Agent(stack)
    delivered = before.deliver("0.17")
    old = made_before(stack, ACTIVE_FOR + DAY, version=1)
    with_key_items(stack, old)
    agent = Agent(stack, before.event, before.reader)
    # The enclave made a second pair, and offers that one.
    assert agent.key.key_id != old.key_id
    stored = [KeyItem.from_bytes(item) for item in Attacker(stack).vault.key_items()]
    assert [(item.version, item.key_id) for item in stored] == [(1, old.key_id), (2, agent.key.key_id)]
    # A lote sealed to the old one opens in the overlap; what was stored before is read under any pair.
    told, request_id = agent.ask(TaskAct.READ, delivered.identity)
    assert agent.opened(told, request_id).payload["numero"] == "0.17"
    late = sealing_to(agent, old).deliver("0.18")
    assert agent.opened(agent.told(late.code), late.request_id).payload["numero"] == "0.18"


@pytest.mark.usefixtures("keys_as_they_were")
def test_a_retired_pair_takes_nothing_any_more(stack: Stack) -> None:
    retired = made_before(stack, ACTIVE_FOR + OVERLAP_FOR + DAY, version=1)
    with_key_items(stack, retired)
    agent = Agent(stack)
    late = sealing_to(agent, retired)
    answer = late.handed_in(TaskAct.DELIVER, late.sealed(SealedKind.ENSAIO, b'{"numero": "1"}'))
    assert answer.status == 422
    assert "kid" in answer.json()["detail"]


@pytest.mark.usefixtures("keys_as_they_were")
def test_a_pair_past_its_retention_is_destroyed(stack: Stack) -> None:
    over = made_before(stack, ACTIVE_FOR + OVERLAP_FOR + RETAINED_FOR + DAY, version=1)
    with_key_items(stack, over)
    assert Agent(stack).key.key_id != over.key_id
    vault, deadline = Attacker(stack).vault, time.monotonic() + WAIT_SECONDS
    while over.to_bytes() in vault.key_items():
        assert time.monotonic() < deadline, "the item is still there"
        time.sleep(0.2)


def rolled_out(stack: Stack, kept: Path) -> Path:
    """Start anew with another measured configuration, as new code is; return a copy of the image before."""
    shutil.copytree(Attacker(stack).image, kept)
    stack.stop()
    stack.port_base = free_port_base()
    stack.start()
    return kept


def test_two_measurements_overlap_and_the_oldest_goes(stack: Stack, tmp_path: Path) -> None:
    before = Agent(stack)
    delivered = before.deliver("0.17")
    known = before.log.accepted(utc_now())

    first = rolled_out(stack, tmp_path / "first")
    agent = Agent(stack, before.event, before.reader)
    told, request_id = agent.ask(TaskAct.READ, delivered.identity)
    assert agent.opened(told, request_id).payload["numero"] == "0.17"
    in_force = agent.log.accepted(utc_now())
    assert (len(in_force), in_force[0]) == (MOST_ACCEPTED, known[-1])
    # Both images are given keys, as both are in the policy; a client takes the newer by the newer log alone.
    attacker = Attacker(stack)
    for image in (first, attacker.image):
        assert len(attacker.unwrapped_by(attacker.module(image))) == 32
    nonce = secrets.token_bytes(32)
    offer = agent.offered(nonce)
    with pytest.raises(AttestationRefused) as refused:
        verify_offer(offer, root=agent.root, measurements=known, now=utc_now(), nonce=nonce)
    assert refused.value.reason is Reason.PCR_MISMATCH

    second = rolled_out(stack, tmp_path / "second")
    assert Agent(stack).log.accepted(utc_now())[0] == in_force[1]
    attacker = Attacker(stack)
    assert attacker.refusal_of(lambda: attacker.unwrapped_by(attacker.module(first))) == DENIED
    assert len(attacker.unwrapped_by(attacker.module(second))) == 32
