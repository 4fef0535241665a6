"""Where the enclave's things lie in a stack's folder."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.places import Places

# `sun_path` takes 108 bytes with its closing zero (unix(7)); the longest name here is put behind a folder.
LONGEST_FOLDER_BYTES = 108 - len("/enclave.sock") - 1


@dataclass(frozen=True, slots=True)
class EnclavePlaces:
    stack: Places

    @property
    def image(self) -> Path:
        """What is measured; the code that runs is in here and nowhere else."""
        return self.stack.enclave / "image"

    @property
    def built(self) -> Path:
        """From what the image was built, and what it measured then."""
        return self.stack.enclave / "built.json"

    @property
    def signer(self) -> Path:
        return self.stack.enclave / "signer.pem"

    @property
    def aws_config(self) -> Path:
        """For the parent: which role it has, as an instance's profile says in AWS."""
        return self.stack.enclave / "aws.config"

    @property
    def sockets(self) -> Path:
        inside = self.stack.enclave / "run"
        if len(str(inside).encode()) <= LONGEST_FOLDER_BYTES:
            return inside
        named = hashlib.sha256(str(inside).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"aval-{named}"

    @property
    def nsm_socket(self) -> Path:
        return self.sockets / "nsm.sock"

    @property
    def enclave_socket(self) -> Path:
        return self.sockets / "enclave.sock"

    @property
    def relay_socket(self) -> Path:
        return self.sockets / "relay.sock"

    def make_folders(self) -> None:
        self.stack.enclave.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
