import fcntl
import os
import struct
from datetime import timedelta

import pytest

from aval.attestation.refusals import Reason
from aval.attestation.roots import AWS_ROOT
from enclave_app.enclave.configuration import Setting
from enclave_app.enclave.nsm import Nsm
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from enclave_app.enclave.start_checks import (
    MOST_CLOCK_DIFFERENCE,
    SEED_BYTES,
    KernelPool,
    run_start_checks,
    verify_clock,
)
from tests.support.measured import NOW, InMemory, configuration, fingerprint_of, nsm, simulated

SECOND = timedelta(seconds=1)


class Pool:
    def __init__(self, *, ready: bool = True, broken: bool = False) -> None:
        self.fed = b""
        self._ready = ready
        self._broken = broken

    def feed(self, seed: bytes) -> None:
        if self._broken:
            raise PermissionError
        self.fed += seed

    def is_ready(self) -> bool:
        return self._ready


def refusal(module: Nsm | None = None, pool: Pool | None = None, **changes: object) -> EnclaveRefused:
    with pytest.raises(EnclaveRefused) as caught:
        run_start_checks(configuration(**changes), module or nsm(), pool or Pool(), lambda: NOW)
    return caught.value


def test_starts_with_its_module_its_signer_and_a_clock_that_is_right() -> None:
    pool = Pool()
    document = run_start_checks(configuration(), nsm(), pool, lambda: NOW)
    assert document.timestamp == NOW
    assert len(pool.fed) == 2 * SEED_BYTES
    assert pool.fed[:SEED_BYTES] != pool.fed[SEED_BYTES:]


def test_refuses_a_module_of_another_root() -> None:
    refused = refusal(root=fingerprint_of("another"))
    assert refused.reason is EnclaveReason.MODULE
    assert Reason.ROOT.value in refused.detail


def test_an_image_for_aws_does_not_start_on_a_simulated_module() -> None:
    assert Reason.ROOT.value in refusal(setting=Setting.AWS, root=AWS_ROOT, nsm=None).detail


def test_refuses_an_image_signed_by_somebody_else() -> None:
    for refused in (refusal(signer="00" * 48), refusal(nsm(pcr8=bytes(48)))):
        assert refused.reason is EnclaveReason.MODULE
        assert "assinada" in refused.detail


def test_refuses_to_run_where_the_operator_can_look_inside() -> None:
    debugged = nsm(pcr0=bytes(48), pcr1=bytes(48), pcr2=bytes(48))
    assert Reason.DEBUG.value in refusal(debugged).detail


def test_refuses_a_module_that_answers_another_question() -> None:
    module = simulated()
    recorded = Nsm(InMemory(module.reply)).attest(nonce=b"another question")
    assert recorded

    class Replaying(Nsm):
        def attest(self, **_asked: object) -> bytes:
            return recorded

    assert Reason.NONCE.value in refusal(Replaying(InMemory(module.reply))).detail


@pytest.mark.parametrize(
    "stuck",
    [bytes, lambda size: bytes(range(256))[:size]],
    ids=["zeros", "the same twice"],
)
def test_refuses_a_module_whose_randomness_is_stuck(stuck: object) -> None:
    class Stuck(Nsm):
        def random(self, size: int) -> bytes:
            return stuck(size)  # type: ignore[operator, no-any-return]

    assert refusal(Stuck(InMemory(simulated().reply))).reason is EnclaveReason.ENTROPY


def test_refuses_a_kernel_whose_generator_is_not_ready() -> None:
    assert refusal(pool=Pool(ready=False)).reason is EnclaveReason.ENTROPY


def test_refuses_a_kernel_that_takes_no_seed() -> None:
    assert refusal(pool=Pool(broken=True)).reason is EnclaveReason.ENTROPY


@pytest.mark.parametrize("difference", [-MOST_CLOCK_DIFFERENCE, timedelta(0), MOST_CLOCK_DIFFERENCE])
def test_takes_a_clock_within_the_limit(difference: timedelta) -> None:
    verify_clock(NOW, NOW + difference)


@pytest.mark.parametrize("difference", [-MOST_CLOCK_DIFFERENCE - SECOND, MOST_CLOCK_DIFFERENCE + SECOND])
def test_refuses_a_clock_that_differs_from_the_modules(difference: timedelta) -> None:
    with pytest.raises(EnclaveRefused) as caught:
        run_start_checks(configuration(), nsm(), Pool(), lambda: NOW + difference)
    assert caught.value.reason is EnclaveReason.CLOCK


def test_the_kernel_of_a_desk_takes_a_seed_and_is_ready() -> None:
    pool = KernelPool(counted=False)
    pool.feed(os.urandom(64))
    assert pool.is_ready()


def test_inside_an_enclave_a_seed_counts_as_entropy(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, bytes]] = []

    def ioctl(_descriptor: int, request: int, argument: bytes = b"") -> int:
        calls.append((request, argument))
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    KernelPool(counted=True).feed(b"seed")
    # RNDADDENTROPY, _IOW('R', 0x03, int[2]): the bits that count, the bytes that follow, the bytes. Then
    # RNDRESEEDCRNG, _IO('R', 0x07).
    assert calls == [(0x40085203, struct.pack("@ii", 32, 4) + b"seed"), (0x5207, b"")]


def test_a_generator_that_is_not_seeded_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def would_block(_size: int, _flags: int) -> bytes:
        raise BlockingIOError

    monkeypatch.setattr(os, "getrandom", would_block)
    assert not KernelPool(counted=False).is_ready()
