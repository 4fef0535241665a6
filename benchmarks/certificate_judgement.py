"""P4: one certificate fully judged, against pyhanko-certvalidator validating the path of the same file.

Ours answers every rule of docs/certificates.md; the peer builds the path, checks signatures, times,
constraints and key usage, and knows nothing of the chamber's rules. Each round gives both a fresh truststore,
so that neither answers from a cache.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from aval.certificates.judgement import judge
from aval.certificates.truststore import Truststore
from aval.identifiers import Cnpj
from local.hierarchy import Hierarchy
from local.issuing import Request, client_extensions, name_of, new_key

COMPANY: Final = Cnpj("33047509000149")
FILES: Final = 40
ROUNDS: Final = 9


@dataclass(frozen=True, slots=True)
class Bench:
    truststore_pem: bytes
    files: Sequence[bytes]
    at: datetime

    def ours(self) -> float:
        truststore = Truststore.from_pem(self.truststore_pem)

        def judged(file: bytes) -> bool:
            return judge(file, truststore=truststore, at=self.at, cnpj=COMPANY).accepted

        return self._seconds_per_file(judged)

    def peer(self) -> float:
        authorities = [
            asn1_x509.Certificate.load(der)
            for _, _, der in asn1_pem.unarmor(self.truststore_pem, multiple=True)
        ]
        context = ValidationContext(
            trust_roots=[one for one in authorities if one.self_issued],
            other_certs=[one for one in authorities if not one.self_issued],
            moment=self.at,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )

        with asyncio.Runner() as runner:

            def validated(file: bytes) -> bool:
                certificate = asn1_x509.Certificate.load(file)
                validator = CertificateValidator(certificate, validation_context=context)
                usage = validator.async_validate_usage(
                    {"digital_signature"}, extended_key_usage={"client_auth"}
                )
                return runner.run(usage) is not None

            return self._seconds_per_file(validated)

    def _seconds_per_file(self, judged: Callable[[bytes], bool]) -> float:
        begun = time.perf_counter()
        for file in self.files:
            if not judged(file):
                raise RuntimeError("the bench's own certificate was refused")
        return (time.perf_counter() - begun) / len(self.files)


def report() -> None:
    bench = _bench()
    bench.ours(), bench.peer()
    pairs = [(bench.ours(), bench.peer()) for _ in range(ROUNDS)]
    ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"\nP4  one certificate fully judged, median of {ROUNDS} rounds of {FILES} files")
    print(f"    aval, every rule            {ours * 1000:7.2f} ms   1.00")
    print(f"    pyhanko-certvalidator       {peer * 1000:7.2f} ms   {peer / ours:.2f}")


def _bench() -> Bench:
    begins = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    hierarchy = Hierarchy.create(begins)
    key = new_key().public_key()
    files = [
        hierarchy.issuing.issue(
            Request(
                subject=name_of(f"AGENTE {number}:{COMPANY}", serial_number=COMPANY),
                key=key,
                begins=begins,
                extensions=client_extensions(),
            )
        ).public_bytes(Encoding.DER)
        for number in range(FILES)
    ]
    return Bench(hierarchy.truststore_pem(), files, begins + timedelta(days=1))
