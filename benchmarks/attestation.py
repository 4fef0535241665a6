"""P6: one attestation document judged, against evervault-attestation-bindings (attestation_peer.py).

Both read the form, verify four certificates and the document's signature, and compare registers 0, 1, 2, 8.
Ours also compares a nonce and an age, refuses repeated keys and bytes that are left over, and asks the path's
rules one by one; the peer also reads a TLS certificate.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import cbor2

from aval.attestation.measurements import Measurement
from aval.attestation.verification import verify_live
from benchmarks.attestation_peer import AttestationPeer, root_as_long_as_awss
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import SimulatedNsm
from local.nsm.measuring import PCR_BYTES, extended

DOCUMENTS: Final = 40
ROUNDS: Final = 9
NONCE: Final = bytes(32)
INSTANCE_ID: Final = "i-0123456789abcdef0"
IMAGE: Final = {index: bytes([16 + index]) * PCR_BYTES for index in (0, 1, 2, 8)}


@dataclass(frozen=True, slots=True)
class Bench:
    root: NitroRoot
    peer: AttestationPeer
    documents: Sequence[bytes]

    def ours(self) -> float:
        expected, now = [Measurement(IMAGE)], datetime.now(UTC)

        def judged(document: bytes) -> bool:
            told = verify_live(
                document, root=self.root.fingerprint, measurements=expected, now=now, nonce=NONCE
            )
            return told.user_data == self.peer.user_data

        return self._seconds_per_document(judged)

    def peers(self) -> float:
        return self._seconds_per_document(lambda document: self.peer.accepts(document, IMAGE))

    def _seconds_per_document(self, judged: Callable[[bytes], bool]) -> float:
        begun = time.perf_counter()
        for document in self.documents:
            if not judged(document):
                raise RuntimeError("the bench's own document was refused")
        return (time.perf_counter() - begun) / len(self.documents)


def report() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = _bench(Path(folder))
        bench.ours(), bench.peers()
        pairs = [(bench.ours(), bench.peers()) for _ in range(ROUNDS)]
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"\nP6  one attestation judged, median of {ROUNDS} rounds of {DOCUMENTS} documents")
    print(f"    aval                            {ours * 1000:7.2f} ms   1.00")
    print(f"    evervault-attestation-bindings  {peer * 1000:7.2f} ms   {peer / ours:.2f}")


def _bench(folder: Path) -> Bench:
    root = root_as_long_as_awss(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    peer = AttestationPeer.under(root, folder)
    zero = bytes(PCR_BYTES)
    measured = {**IMAGE, 3: extended(zero, b"arn"), 4: extended(zero, INSTANCE_ID.encode())}
    nsm = SimulatedNsm(Hierarchy(root, f"{INSTANCE_ID}-enc01"), measured)
    asked = cbor2.dumps({"Attestation": {"user_data": peer.user_data, "nonce": NONCE, "public_key": None}})
    documents = [cbor2.loads(nsm.reply(asked))["Attestation"]["document"] for _ in range(DOCUMENTS)]
    return Bench(root, peer, documents)
