"""What must hold before the enclave listens: its module, its randomness and its clock."""

import fcntl
import hashlib
import os
import secrets
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from aval.attestation.document import PCR_BYTES, AttestationDocument
from aval.attestation.refusals import AttestationRefused
from aval.attestation.verification import verify_nonce, verify_origin
from enclave_app.enclave.configuration import MeasuredConfiguration
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused

MOST_CLOCK_DIFFERENCE: Final = timedelta(seconds=60)
"""KMS takes a signature five minutes off; the module's own time judges everything else."""
SEED_BYTES: Final = 256
_SIGNER_PCR: Final = 8
_NONCE_BYTES: Final = 32
# _IOW('R', 0x03, int[2]): linux/random.h.
_ADD_ENTROPY: Final = 1 << 30 | 8 << 16 | ord("R") << 8 | 0x03
# _IO('R', 0x07): what was added counts at once, not when the generator next thinks of it.
_RESEED: Final = ord("R") << 8 | 0x07
_POOL_INFO: Final = struct.Struct("@ii")


class RandomPool(Protocol):
    def feed(self, seed: bytes) -> None:
        """Mix `seed` into the kernel's generator; raise `OSError`."""

    def is_ready(self) -> bool: ...


class KernelPool:
    """Linux's generator. Inside an enclave what is fed counts as entropy, which takes root there."""

    def __init__(self, *, counted: bool) -> None:
        self._counted = counted

    def feed(self, seed: bytes) -> None:
        if not self._counted:
            Path("/dev/urandom").write_bytes(seed)
            return
        descriptor = os.open("/dev/random", os.O_WRONLY | os.O_CLOEXEC)
        try:
            fcntl.ioctl(descriptor, _ADD_ENTROPY, _POOL_INFO.pack(8 * len(seed), len(seed)) + seed)
            fcntl.ioctl(descriptor, _RESEED)
        finally:
            os.close(descriptor)

    def is_ready(self) -> bool:
        try:
            return len(os.getrandom(1, os.GRND_NONBLOCK)) == 1
        except BlockingIOError:
            return False


def run_start_checks(
    configuration: MeasuredConfiguration, nsm: Nsm, pool: RandomPool, clock: Callable[[], datetime]
) -> AttestationDocument:
    """Return what this enclave attests of itself; raise `EnclaveRefused` at the first check that fails."""
    # (1) Randomness first: the checks after it draw a nonce.
    feed_randomness(nsm, pool)
    # (2) The module is one of the measured root, and shows the signer that the image was made with.
    document = verify_module(configuration, nsm)
    # (3) The clock that TLS and request signatures read.
    verify_clock(document.timestamp, clock())
    return document


def feed_randomness(nsm: Nsm, pool: RandomPool) -> None:
    """Raise `EnclaveRefused` when the module draws the same twice, or the kernel's generator is not ready."""
    first, second = nsm.random(SEED_BYTES), nsm.random(SEED_BYTES)
    # A source that repeats itself is stuck; what else may be wrong with it cannot be seen from here.
    if first == second or len(set(first)) == 1 or len(set(second)) == 1:
        raise _without_entropy()
    try:
        pool.feed(first + second)
    except OSError as error:
        raise _without_entropy() from error
    if not pool.is_ready():
        raise _without_entropy()


def verify_module(configuration: MeasuredConfiguration, nsm: Nsm) -> AttestationDocument:
    """Raise `EnclaveRefused` unless the module's chain ends at the measured root and PCR8 is the signer's."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    try:
        # At its own time: whether the clock here is right is asked after it.
        document = verify_origin(nsm.attest(nonce=nonce), root=configuration.root, at=None)
        verify_nonce(document, nonce)
    except AttestationRefused as error:
        raise EnclaveRefused(
            EnclaveReason.MODULE, f"o módulo de segurança não é o da raiz medida: {error.reason}"
        ) from error
    expected = hashlib.sha384(bytes(PCR_BYTES) + bytes.fromhex(configuration.signer)).digest()
    if document.pcrs.get(_SIGNER_PCR) != expected:
        raise EnclaveRefused(EnclaveReason.MODULE, "a imagem não foi assinada por quem a configuração diz")
    return document


def verify_clock(module: datetime, system: datetime) -> None:
    """Raise `EnclaveRefused` when the system's clock and the module's differ by more than the limit."""
    if abs(module - system) > MOST_CLOCK_DIFFERENCE:
        raise EnclaveRefused(
            EnclaveReason.CLOCK, "o relógio do sistema difere do relógio do módulo de segurança"
        )


def _without_entropy() -> EnclaveRefused:
    return EnclaveRefused(EnclaveReason.ENTROPY, "não há aleatoriedade em que se possa confiar")
