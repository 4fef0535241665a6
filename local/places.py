"""Where things lie: caches shared by every stack of this checkout, and the state that one stack owns."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_STATE = ROOT / ".aval"
CACHE = ROOT / ".aval" / "cache"
NOT_RUNNING = "No stack is running: `make run` first."


class NotRunning(Exception):
    """No stack is ready on this folder."""


@dataclass(frozen=True, slots=True)
class Places:
    state: Path

    @property
    def emulator(self) -> Path:
        return self.state / "emulator"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def tls(self) -> Path:
        return self.state / "tls"

    @property
    def hierarchy(self) -> Path:
        return self.state / "pki"

    @property
    def company(self) -> Path:
        return self.state / "empresa"

    @property
    def nsm(self) -> Path:
        """Authorities of the simulated NSM."""
        return self.state / "nsm"

    @property
    def attestation_root(self) -> Path:
        return self.nsm / "root.pem"

    @property
    def enclave(self) -> Path:
        return self.state / "enclave"

    @property
    def measurements(self) -> Path:
        """The log of released measurements, with the keys of who keeps it."""
        return self.state / "medidas"

    @property
    def page(self) -> Path:
        """What is this stack's own of the page: whom it believes, and how it is served."""
        return self.state / "pagina"

    @property
    def week(self) -> Path:
        """What `make demo` makes: a reader's keys, and a folder of files for each run."""
        return self.state / "semana"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets.json"

    @property
    def deployed(self) -> Path:
        return self.state / "deployed.json"

    @property
    def ready(self) -> Path:
        return self.state / "local.json"

    @property
    def lock(self) -> Path:
        return self.state / "lock"

    @property
    def everything_of_a_stack(self) -> tuple[Path, ...]:
        kept = (self.emulator, self.logs, self.tls, self.hierarchy, self.company)
        confidential = (self.nsm, self.enclave, self.measurements)
        return (*kept, *confidential, self.page, self.week, self.secrets, self.deployed, self.ready)

    def running(self) -> dict[str, Any]:
        """Addresses, outputs and process ids of the stack that is ready here. Raises `NotRunning`."""
        try:
            told: dict[str, Any] = json.loads(self.ready.read_text())
        except FileNotFoundError as absent:
            raise NotRunning(NOT_RUNNING) from absent
        # What `kill -9` ended leaves its file behind.
        if not Path(f"/proc/{told['pids']['emulator']}").exists():
            raise NotRunning(NOT_RUNNING)
        return told

    def make_folders(self) -> None:
        for folder in (self.emulator, self.logs, self.tls, self.page, CACHE):
            folder.mkdir(parents=True, exist_ok=True)
