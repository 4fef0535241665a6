"""evervault-attestation-bindings (Rust: ring, webpki), judging under a root that is not AWS's.

The peer carries AWS's root in its own file, asks the machine's clock, and takes no other of either; a genuine
document is valid for three hours. So a copy of the file is given a root that is exactly as long in DER as
AWS's, and the peer judges fresh documents with all that it does: signatures, chain, registers.
"""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Final, Self

import evervault_attestation_bindings
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.nsm.authority import ROOT, NitroRoot, issue

_BEGIN: Final = b"-----BEGIN CERTIFICATE-----\n"
_END: Final = b"\n-----END CERTIFICATE-----"
_AWS_ROOT_BYTES: Final = 533
# With a name so long a root is about so long; its serial and its signature vary by a few bytes.
_COMMON_NAME: Final = "simulada para comparar"
_TRIES: Final = 1_000


@dataclass(frozen=True, slots=True)
class AttestationPeer:
    """It compares a TLS certificate's key with `user_data`: documents for it carry `user_data`."""

    module: ModuleType
    certificate: bytes = field(repr=False)
    user_data: bytes

    @classmethod
    def under(cls, root: NitroRoot, folder: Path) -> Self:
        """A copy in `folder` that trusts `root`, which `root_as_long_as_awss` made."""
        key = ec.generate_private_key(ec.SECP256R1())
        begins = root.holder.certificate.not_valid_before_utc
        return cls(
            module=_loaded(_patched(root, folder)),
            certificate=issue(ROOT, "servidor", issuer=None, begins=begins, key=key).der,
            user_data=key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        )

    def accepts(self, document: bytes, image: Mapping[int, bytes]) -> bool:
        """Whether it believes a document of the registers 0, 1, 2 and 8."""
        expected = self.module.PCRs(*(image[index].hex() for index in (0, 1, 2, 8)))
        try:
            return bool(self.module.attest_enclave(self.certificate, [expected], document))
        except ValueError:
            return False


def root_as_long_as_awss(at: datetime) -> NitroRoot:
    """Raise `RuntimeError` where none comes out in so many bytes."""
    key = ec.generate_private_key(ec.SECP384R1())
    for _ in range(_TRIES):
        root = NitroRoot(issue(ROOT, _COMMON_NAME, issuer=None, begins=at, key=key))
        if len(root.holder.der) == _AWS_ROOT_BYTES:
            return root
    raise RuntimeError("no root came out as long as AWS's")


def _patched(root: NitroRoot, folder: Path) -> Path:
    [source] = Path(evervault_attestation_bindings.__file__).parent.glob("*.so")
    content = source.read_bytes()
    begins = content.index(_BEGIN)
    ends = content.index(_END, begins) + len(_END)
    pem = root.holder.certificate.public_bytes(Encoding.PEM).rstrip(b"\n")
    if len(pem) != ends - begins:
        raise RuntimeError("a root of another length would move what stands after it")
    target = folder / source.name
    target.write_bytes(content[:begins] + pem + content[ends:])
    return target


def _loaded(path: Path) -> ModuleType:
    # The last word of the name is the one that the file's entry point bears.
    spec = importlib.util.spec_from_file_location("peer.evervault_attestation_bindings", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} is no extension module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
