"""After a full run, nothing that is secret lies anywhere outside the enclave, in any spelling."""

import secrets
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from aval.prudential.tasks import TaskAct
from aval.sealing.envelope import SealedKind, new_request_id
from aval.sealing.event_keys import EventKeys
from aval.sealing.key_items import KeyItem, unwrap
from aval.sealing.readers import ReaderKeys
from enclave_app.enclave.ceremony import event_context
from local.places import ROOT
from tests.e2e.enclave_agent import Agent
from tests.e2e.enclave_wires import Attacker
from tests.e2e.hiding_places import histories_of, rows_of, stored_files, written_to_disk
from tests.e2e.needles import Haystack
from tests.support.stack import Stack

MACHINE = "aval-task"


@dataclass(frozen=True, slots=True)
class Run:
    """What was said to the enclave, and what the search must find: what is public."""

    agent: Agent
    began: float
    secrets: Mapping[str, bytes]
    public: Mapping[str, bytes]


@pytest.fixture(scope="module")
def run(stack: Stack) -> Run:
    """Every act, done and refused, with values that nobody else has."""
    began = time.time()
    agent = Agent(stack)
    number, text = f"0.{secrets.randbelow(10**18):018d}", f"plantado-{secrets.token_hex(12)}"
    delivered = agent.deliver(number, text)
    agent.ask(TaskAct.READ, delivered.identity)
    agent.ask(TaskAct.VALIDATE, delivered.identity)
    told, _ = agent.send(delivered.identity, f"{number}1")
    assert told["estado"] == "RECUSADA"
    stranger = Agent(stack, agent.event, ReaderKeys.generate("leitor-9"))
    told, _ = stranger.ask(TaskAct.READ, delivered.identity)
    assert told["estado"] == "RECUSADA"
    for broken in (f'{{"numero": "{number}", "texto": "{text}"', f'{{"numero": "{text}"}}', text):
        body = agent.sealed(SealedKind.ENSAIO, broken.encode(), new_request_id())
        assert agent.ended(agent.submit(TaskAct.DELIVER, body))["estado"] == "RECUSADA"
    said = {"number": number.encode(), "text": text.encode()}
    return Run(agent, began, {**said, **keys_of(agent)}, {"task": delivered.code.encode()})


def keys_of(agent: Agent) -> dict[str, bytes]:
    """Open what the enclave wrapped, by the one way there is: attested, with its own image."""
    attacker = Attacker(agent.stack)
    module = attacker.module(attacker.image)
    item = KeyItem.from_bytes(attacker.vault.key_items()[-1])
    pair_key = attacker.unwrapped_by(module)
    pairs = unwrap(item, pair_key)
    wrapped = attacker.vault.event_key(agent.event)
    assert wrapped is not None
    context = dict(event_context(agent.event))
    event_key = attacker.unwrapped_by(module, {"CiphertextBlob": wrapped, "EncryptionContext": context})
    keys = EventKeys.derive(agent.event, event_key)
    return {
        "data key of the pairs": pair_key,
        "data key of the event": event_key,
        "record key": keys.record,
        "journal key": keys.journal,
        "sealing key": prime_of(pairs.sealing),
        "signing key": scalar_of(pairs.signing),
        "reader's key": scalar_of(agent.reader.encryption),
    }


def prime_of(key: rsa.RSAPrivateKey) -> bytes:
    prime = key.private_numbers().p
    return prime.to_bytes((prime.bit_length() + 7) // 8, "big")


def scalar_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_numbers().private_value.to_bytes(32, "big")


def test_no_secret_is_in_logs_tables_objects_queues_or_metrics(stack: Stack, run: Run) -> None:
    written_to_disk(stack)
    assert Haystack(run.secrets).in_files(stored_files(stack)) == {}
    # The same search finds what is public, in the table and in a log: it looks where things are.
    public = Haystack(run.public).in_files(stored_files(stack))
    assert {stack.places.emulator, stack.logs} <= {folder for file in public for folder in file.parents}
    planted = stack.logs / "control.log"
    planted.write_bytes(run.secrets["record key"].hex().encode())
    try:
        assert Haystack(run.secrets).in_files(stored_files(stack)) == {planted: {"record key"}}
    finally:
        planted.unlink()


def test_no_secret_is_in_the_history_of_any_execution(stack: Stack, run: Run) -> None:
    histories = list(histories_of(stack, MACHINE))
    assert histories
    for history in histories:
        assert Haystack(run.secrets).in_bytes(history) == set()


def test_no_secret_is_in_any_row_or_record(stack: Stack, run: Run) -> None:
    content = rows_of(stack, "ConfidentialTableName")
    assert Haystack(run.secrets).in_bytes(content) == set()
    assert Haystack(run.public).in_bytes(content) == {"task"}


def test_no_secret_is_in_arguments_or_environments(stack: Stack, run: Run) -> None:
    pids = set(stack.pids().values())
    shown = {
        path: path.read_bytes()
        for pid in pids | {child for parent in pids for child in children_of(parent)}
        for path in (Path(f"/proc/{pid}/cmdline"), Path(f"/proc/{pid}/environ"))
        if path.exists()
    }
    assert len(shown) >= 2 * len(pids)
    assert {path for path, content in shown.items() if Haystack(run.secrets).in_bytes(content)} == set()


def test_no_secret_is_in_temporary_files_or_core_dumps(stack: Stack, run: Run) -> None:
    folder = Path(tempfile.gettempdir())
    fresh = [
        file
        for file in folder.iterdir()
        if file.is_file() and not file.is_symlink() and file.stat().st_mtime >= run.began
    ]
    assert Haystack(run.secrets).in_files(fresh) == {}
    for place in (ROOT, stack.places.enclave, folder):
        assert not [file for file in place.glob("core*") if file.is_file()]
    limits = Path(f"/proc/{stack.pids()['enclave']}/limits").read_text().splitlines()
    (cores,) = [line for line in limits if line.startswith("Max core file size")]
    assert cores.split()[4:6] == ["0", "0"]


def children_of(pid: int) -> set[int]:
    return {
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    }
