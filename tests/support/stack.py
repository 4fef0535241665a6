"""A local stack as tests drive it: started in a folder and on ports of its own, or one that runs already."""

import contextlib
import json
import os
import random
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest

from local.aws import Emulator
from local.emulator.environment import SNAPSHOT_BEGINNING
from local.login import access_token
from local.places import ROOT, Places
from local.ports import Ports, PortTaken

# A fresh clone synthesises and builds first, on a busy machine for minutes. Below pytest's own limit for a
# test, so that what the stack said is told.
START_SECONDS = 540.0
SNAPSHOT_WITHIN_SECONDS = 120.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Stack:
    """A stack started with `make run`'s own command; `described` is its local.json."""

    places: Places
    port_base: int
    described: dict[str, Any] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        output = self.places.state / "run.log"
        base: str = getattr(sys, "_base_executable", sys.executable)
        command = [base, "local/bootstrap.py", "python", "-m", "local.run", "--stop-with-parent"]
        command += ["--state", str(self.places.state), "--port-base", str(self.port_base)]
        with output.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.places.ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the stack did not start:\n{output.read_text()[-6000:]}")
            time.sleep(0.05)
        self.described = json.loads(self.places.ready.read_text())

    @classmethod
    def that_runs(cls, places: Places) -> Self:
        """The one that somebody started on this folder, who also ends it."""
        return cls(places, port_base=0, described=places.running())

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """Kill -9 every process of the stack at once; Lambda workers go with the emulator."""
        assert self._process is not None
        # The supervisor first: it would start again what it sees dead.
        for pid in (self._process.pid, *self.pids().values()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(STOP_SECONDS)
        self.places.ready.unlink(missing_ok=True)

    def await_snapshot(self) -> None:
        """Until what there is now outlives a kill of everything."""
        asked, deadline = time.time(), time.monotonic() + SNAPSHOT_WITHIN_SECONDS
        self.client("sts").get_caller_identity()  # no snapshot is taken unless something was asked
        while float((self.places.emulator / SNAPSHOT_BEGINNING).read_text()) <= asked:
            assert time.monotonic() < deadline, "no snapshot is taken any more"
            time.sleep(0.1)

    def pids(self) -> Mapping[str, int]:
        """Return the processes as they are now: some are started again when they die."""
        told: Mapping[str, int] = json.loads(self.places.ready.read_text())["pids"]
        return told

    @property
    def people_url(self) -> str:
        return str(self.described["people_url"])

    @property
    def systems_url(self) -> str:
        return str(self.described["systems_url"])

    @property
    def authority(self) -> Path:
        return Path(self.described["certificate_authority"])

    @property
    def hierarchy(self) -> Path:
        return Path(self.described["hierarchy"])

    @property
    def logs(self) -> Path:
        return Path(self.described["logs"])

    @property
    def outputs(self) -> Mapping[str, str]:
        outputs: Mapping[str, str] = self.described["outputs"]
        return outputs

    @property
    def passwords(self) -> Mapping[str, str]:
        """Passwords of the demo people by e-mail."""
        people: Mapping[str, str] = json.loads(self.places.secrets.read_text())["people"]
        return people

    def client(self, service: str) -> Any:
        """Return a boto3 client of the account's root in the emulator."""
        return Emulator(self.described["emulator_url"]).client(service)

    def client_as(self, role: str, service: str) -> Any:
        """Return a client of a role: key policies let nobody by for being the root."""
        told = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        keys = (told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"])
        return Emulator(self.described["emulator_url"], *keys).client(service)

    def role_of(self, function: str) -> str:
        configuration = self.client("lambda").get_function_configuration(FunctionName=function)
        return str(configuration["Role"])

    def token(self, email: str) -> str:
        """Log a demo person in, as the page does."""
        return access_token(self.described, email, self.passwords[email])

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails sent so far, newest first."""
        with urllib.request.urlopen(f"{self.described['mailbox_url']}/mensagens.json", timeout=10) as answer:
            mails: list[dict[str, Any]] = json.load(answer)
            return mails

    def context(self, *, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
        """Return a TLS context that trusts the local edge and shows `certificate`, when given."""
        context = ssl.create_default_context(cafile=self.authority)
        if certificate is not None:
            context.load_cert_chain(certificate, key)
        return context

    def request(
        self,
        method: str,
        url: str,
        *,
        token: str | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> Answer:
        """Send one request to `url`, a path of the people's door or a whole address, whatever its answer."""
        whole = url if "://" in url else f"{self.people_url}{url}"
        request = urllib.request.Request(whole, data=body, method=method, headers=dict(headers or {}))
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=60, context=context or self.context()) as answer:
                return Answer(answer.status, dict(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers.items()), error.read())


def free_port_base() -> int:
    while True:
        base = random.randrange(20_000, 32_000)
        try:
            Ports.from_base(base).require_free()
        except PortTaken:
            continue
        return base
