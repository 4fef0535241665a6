"""Whether the measurements of a document are of expected code."""

from collections.abc import Mapping, Sequence

from aval.attestation.document import ZERO
from aval.attestation.measurements import Measurement
from aval.attestation.refusals import AttestationRefused, Reason


def verify_code(pcrs: Mapping[int, bytes], measurements: Sequence[Measurement]) -> None:
    """Raise `AttestationRefused` unless one of `measurements` is shown whole."""
    # An empty list of checks is a failure, never a pass.
    if not measurements or not all(measurement.pcrs for measurement in measurements):
        raise AttestationRefused(Reason.NO_EXPECTATION, "nenhuma medida esperada foi informada")
    faults = [_fault(pcrs, measurement) for measurement in measurements]
    if None in faults:
        return
    # Of several, the newest tells best what differs.
    raise next(fault for fault in reversed(faults) if fault is not None)


def verify_pcr(pcrs: Mapping[int, bytes], index: int, expected: bytes) -> None:
    """Raise `AttestationRefused` unless the PCR is there, is not zero, and is the expected one."""
    measured = pcrs.get(index)
    # A PCR that is left out does not match anything: CVE-2025-64186 took it for a match.
    if measured is None:
        raise AttestationRefused(Reason.PCR_MISSING, f"o PCR{index} falta no atestado")
    if ZERO in (measured, expected):
        raise AttestationRefused(Reason.PCR_ZERO, f"o PCR{index} é zero: nada foi medido nele")
    if measured != expected:
        raise AttestationRefused(Reason.PCR_MISMATCH, f"o PCR{index} não é o esperado: outro código")


def _fault(pcrs: Mapping[int, bytes], measurement: Measurement) -> AttestationRefused | None:
    try:
        for index, expected in sorted(measurement.pcrs.items()):
            verify_pcr(pcrs, index, expected)
    except AttestationRefused as refusal:
        return refusal
    return None
