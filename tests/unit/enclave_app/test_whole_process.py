"""The measured code as a process of its own, started from its image, behind the parent's own code."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from aval.attestation.measurements import Measurement
from aval.prudential.tasks import Task, TaskAct, TaskState
from aval.sealing.declaration import Declaration
from aval.sealing.ec_keys import public_key
from aval.sealing.offered_key import KeyOffer, verify_offer
from enclave_app.configure import EXAMPLE_SIGNER
from enclave_app.enclave.addresses import UnixAddress
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration, Setting
from enclave_app.image import APPLICATION, COMMAND, Image, build
from enclave_app.measurement import ROOT as FILE_SYSTEM
from enclave_app.measurement import measure
from enclave_app.parent.conversation import EnclaveDeclined, conversation_with
from enclave_app.parent.relay import Relay
from enclave_app.parent.session import EnclaveSession, RoleCredentials
from enclave_app.parent.turns import EventTurns
from enclave_app.parent.work import TaskWork
from enclave_app.protocol import Operation
from local import synth
from local.nsm.authority import NitroRoot
from tests.support.attested_kms import Kms
from tests.support.enclave import COMPANY, EVENT, Agent, Desk, configuration
from tests.support.measured import ARN, HOST, authority
from tests.support.vault_memory import VaultInMemory
from tests.support.week_agents import FACTOR, WeekAgent, parameters

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(120)]
INTERPRETER = [sys.executable, *COMMAND[1:4]]
CREDENTIALS = RoleCredentials("AKIDEXAMPLE", "planted-secret-key", "planted-session-token")
ROLE = "arn:aws:iam::000000000000:role/aval-enclave-parent"
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Stage:
    """Image, simulated module, KMS over TLS, relay: all that an enclave's process needs around it."""

    folder: Path
    registers: dict[int, bytes]
    root: NitroRoot
    kms: Kms
    enclave: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        application = self.folder / "image" / FILE_SYSTEM / APPLICATION
        log = (self.folder / "enclave.log").open("ab")
        # An environment that would lead imports astray, write sessions' keys down or plant code.
        environment = {
            "PYTHONPATH": str(self.folder / "elsewhere"),
            "PYTHONSTARTUP": "/nowhere",
            "SSLKEYLOGFILE": str(self.folder / "keys.log"),
        }
        self.enclave = subprocess.Popen(
            [*INTERPRETER, str(application)], env=environment, cwd=self.folder, stdout=log, stderr=log
        )
        log.close()

    def kill(self) -> None:
        if self.enclave:
            self.enclave.send_signal(signal.SIGKILL)
            self.enclave.wait()
        self.enclave = None

    @property
    def log(self) -> str:
        return (self.folder / "enclave.log").read_text()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    # A path of pytest's own would be longer than a socket's may be.
    with tempfile.TemporaryDirectory(prefix="enclave-", dir="/tmp") as name:
        folder = Path(name)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            kms = Kms()
            Thread(target=serve_kms, args=(kms, listener), daemon=True).start()
            root = NitroRoot.kept_in(folder / "nsm", datetime.now(UTC))
            registers = build(folder / "image", local_image(folder, root))
            module = started_module(folder)
            relay = Relay(UnixAddress(str(folder / "relay")), *listener.getsockname())
            Thread(target=relay.serve, daemon=True).start()
            made = Stage(folder, registers, root, kms)
            try:
                yield made
            finally:
                made.kill()
                relay.stop()
                module.kill()
                module.wait()


def serve_kms(kms: Kms, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        Thread(target=kms._serve, args=(connection,), daemon=True).start()


def local_image(folder: Path, root: NitroRoot) -> Image:
    """As for AWS, but for the measured configuration."""
    measured: MeasuredConfiguration = replace(
        configuration(),
        setting=Setting.DESK,
        root=root.fingerprint,
        kms_keys=(KmsKey(ARN, HOST),),
        tls_roots=authority()[0].public_bytes(Encoding.PEM).decode(),
        nsm=UnixAddress(str(folder / "nsm.sock")),
        listener=UnixAddress(str(folder / "enclave.sock")),
        relay=UnixAddress(str(folder / "relay")),
    )
    platform = synth.layer_builder().local_platform()
    return Image(platform, measured.to_bytes(), EXAMPLE_SIGNER)


def started_module(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "local.nsm", "--image", str(folder / "image"), "--role-arn", ROLE]
    command += ["--state", str(folder / "nsm"), "--socket", str(folder / "nsm.sock")]
    process = subprocess.Popen(command, cwd=ROOT, env={"PATH": os.environ["PATH"]})
    ends = time.monotonic() + 30
    while not (folder / "nsm.sock").exists():
        assert process.poll() is None
        assert time.monotonic() < ends
        time.sleep(0.05)
    return process


@dataclass
class Served:
    stage: Stage
    desk: Desk
    session: EnclaveSession
    work: TaskWork

    def do(self, task: Task) -> TaskState:
        self.desk.vault.tasks.setdefault(task.id, task)
        return self.work.do(task.id)


@pytest.fixture
def served(stage: Stage) -> Iterator[Served]:
    desk = Desk(now=datetime.now(UTC).replace(microsecond=0), vault=VaultInMemory())
    converse = conversation_with(UnixAddress(str(stage.folder / "enclave.sock")))
    session = EnclaveSession(converse, desk.vault, lambda: CREDENTIALS, Event().wait)
    stage.start()
    work = TaskWork(EventTurns(session, desk.vault), desk.vault, lambda: desk.now)
    yield Served(stage, desk, session, work)
    stage.kill()


def test_a_rehearsal_goes_the_whole_way_and_outlives_a_killed_enclave(served: Served) -> None:
    served.session.hold_ceremony()
    agent = Agent(served.desk, names=("ana", "bia"))
    delivery = agent.delivery()
    assert served.do(delivery) is TaskState.DONE
    served.stage.kill()
    served.stage.start()
    assert served.do(agent.validation(delivery)) is TaskState.DONE
    sending = agent.sending(delivery)
    assert served.do(sending) is TaskState.DONE
    outcome = served.desk.vault.task(sending.id).outcome
    assert outcome
    assert '"fa":"0.17"' in outcome.released
    assert agent.opened(outcome, "sending-of-the-number").head.counter == 3


def test_a_week_goes_the_whole_way_and_outlives_a_killed_enclave(served: Served) -> None:
    """The engine runs from the image: nothing of this machine's packages reaches it."""
    served.session.hold_ceremony()
    vault = served.desk.vault
    vault.weeks[EVENT] = parameters()
    agent = WeekAgent(served.desk, names=("ana", "bia"))
    assert served.do(agent.portfolio()) is TaskState.DONE
    assert served.do(agent.counterparties()) is TaskState.DONE
    calculation = vault.rows[EVENT, COMPANY].standing.calculation
    served.stage.kill()
    served.stage.start()
    assert served.do(agent.stated(TaskAct.APPROVE, calculation)) is TaskState.DONE
    assert served.do(agent.release(calculation)) is TaskState.DONE
    assert vault.released[EVENT, COMPANY].number == FACTOR
    seen = served.stage.log.encode() + b"".join(served.stage.kms.wire)
    for planted in (FACTOR.encode(), b"20000000", b"COMERC EXEMPLO"):
        assert planted not in seen + b"".join(vault.records.values())


def test_the_key_on_offer_is_attested_as_the_image_measures(served: Served) -> None:
    nonce = os.urandom(32)
    offered = served.session.ask(Operation.KEY, nonce=nonce).fields
    declaration = Declaration.from_json(offered["declaracao"])
    offer = KeyOffer(offered["atestado"], declaration, public_key(offered["assinatura"]))
    key = verify_offer(
        offer,
        root=served.stage.root.fingerprint,
        measurements=[Measurement(measure(served.stage.folder / "image"))],
        now=datetime.now(UTC),
        nonce=nonce,
    )
    assert declaration.key_id == key.key_id


def test_running_changes_nothing_of_what_was_measured(served: Served) -> None:
    served.session.hold_ceremony()
    assert measure(served.stage.folder / "image") == served.stage.registers


def test_neither_arguments_nor_environment_nor_log_tell_a_secret(served: Served) -> None:
    served.session.hold_ceremony()
    agent = Agent(served.desk)
    served.do(agent.delivery())
    process = served.stage.enclave
    assert process
    arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    data_keys = [plaintext for plaintext, _ in served.stage.kms.wrapped.values()]
    for planted in (b"planted-secret-key", b"segredo plantado", b"0.17", *data_keys):
        assert planted not in arguments + served.stage.log.encode()
        assert planted not in b"".join(served.stage.kms.wire)
    assert not (served.stage.folder / "keys.log").exists()


def test_the_process_leaves_no_core(served: Served) -> None:
    served.session.ask(Operation.STATE)
    process = served.stage.enclave
    assert process
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


def test_a_process_that_forbids_looking_inside_is_not_dumpable() -> None:
    look = "import ctypes; from enclave_app.enclave.__main__ import forbid_looking_inside as forbid; forbid()"
    # PR_GET_DUMPABLE of prctl(2).
    ask = "raise SystemExit(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    assert subprocess.run([sys.executable, "-c", f"{look}; {ask}"], cwd=ROOT, check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", f"import ctypes; {ask}"], check=False).returncode == 1


def test_an_enclave_whose_kms_does_not_know_its_keys_says_so(served: Served) -> None:
    served.session.hold_ceremony()
    kept = dict(served.stage.kms.wrapped)
    served.stage.kms.status = 400
    served.stage.kms.content = b'{"__type":"AccessDeniedException","Message":"planted"}'
    served.stage.kill()
    served.stage.start()
    try:
        with pytest.raises(EnclaveDeclined) as declined:
            served.session.hold_ceremony()
    finally:
        served.stage.kms.status, served.stage.kms.content = 200, None
    assert declined.value.reason == "KMS_RECUSOU"
    assert served.stage.kms.wrapped == kept
