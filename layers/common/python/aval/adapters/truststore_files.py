"""The truststore in a folder of this machine, as the command leaves it."""

import os
from dataclasses import dataclass
from pathlib import Path

from aval.certificates.generation import Generation
from aval.certificates.pointer import POINTER_NAME, Pointer
from aval.certificates.truststore import Truststore, TruststoreRefused


@dataclass(frozen=True, slots=True)
class FolderTruststore:
    folder: Path

    def current(self) -> Truststore:
        """Raise `TruststoreRefused` when there is none, or when it was changed by hand."""
        try:
            pointer = Pointer.parse((self.folder / POINTER_NAME).read_bytes())
            pem = (self.folder / pointer.pem_name).read_bytes()
        except OSError as failure:
            raise TruststoreRefused(f"não há conjunto de autoridades em {self.folder}") from failure
        pointer.require_intact(pem)
        return Truststore.from_pem(pem)

    def publish(self, generation: Generation) -> None:
        """Write the generation, then switch the pointer to it in one rename."""
        pointer = Pointer.to(generation)
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / pointer.pem_name, generation.pem)
        _replace(self.folder / pointer.manifest_name, generation.manifest)
        _replace(self.folder / POINTER_NAME, pointer.document)


def _replace(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, also after a fall of the machine."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
