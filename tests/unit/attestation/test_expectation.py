"""Which code it was: an empty list of checks is a failure, and what is missing matches nothing."""

import pytest

from aval.attestation.expectation import verify_code, verify_pcr
from aval.attestation.measurements import Measurement
from aval.attestation.refusals import AttestationRefused, Reason
from tests.support.nitro import IMAGE, MEASURED, MEASUREMENT, ZERO

OTHER = b"\x77" * 48


def reason_for(pcrs: dict[int, bytes], *measurements: Measurement) -> Reason:
    with pytest.raises(AttestationRefused) as refused:
        verify_code(pcrs, measurements)
    return refused.value.reason


def test_takes_the_expected_code() -> None:
    verify_code(MEASURED, [MEASUREMENT])


def test_takes_either_of_two_measurements_during_a_roll_out() -> None:
    newer = Measurement({**IMAGE, 0: OTHER})
    verify_code(MEASURED, [MEASUREMENT, newer])
    verify_code(MEASURED, [newer, MEASUREMENT])


def test_refuses_when_nothing_is_expected() -> None:
    assert reason_for(MEASURED) is Reason.NO_EXPECTATION


def test_refuses_a_measurement_that_names_no_register_even_beside_one_that_matches() -> None:
    assert reason_for(MEASURED, Measurement({})) is Reason.NO_EXPECTATION
    assert reason_for(MEASURED, MEASUREMENT, Measurement({})) is Reason.NO_EXPECTATION


@pytest.mark.parametrize("index", IMAGE)
def test_refuses_a_wrong_pcr(index: int) -> None:
    assert reason_for({**MEASURED, index: OTHER}, MEASUREMENT) is Reason.PCR_MISMATCH


@pytest.mark.parametrize("index", IMAGE)
def test_refuses_an_omitted_pcr(index: int) -> None:
    without = {number: value for number, value in MEASURED.items() if number != index}
    assert reason_for(without, MEASUREMENT) is Reason.PCR_MISSING


@pytest.mark.parametrize("index", IMAGE)
def test_refuses_a_zero_pcr_even_where_zero_is_expected(index: int) -> None:
    zero = {**MEASURED, index: ZERO}
    assert reason_for(zero, MEASUREMENT) is Reason.PCR_ZERO
    assert reason_for(zero, Measurement({**IMAGE, index: ZERO})) is Reason.PCR_ZERO


def test_refuses_a_mix_of_two_measurements() -> None:
    newer = Measurement(dict.fromkeys(IMAGE, OTHER))
    assert reason_for({**MEASURED, 0: OTHER}, MEASUREMENT, newer) is Reason.PCR_MISMATCH


@pytest.mark.parametrize("pcrs", [{0: bytes(32)}, {0: bytes(64)}, {0: b""}, {32: OTHER}, {-1: OTHER}])
def test_no_measurement_has_other_lengths_or_numbers(pcrs: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="no measurement"):
        Measurement(pcrs)


def test_a_measurement_does_not_change_with_what_it_was_made_from() -> None:
    told = dict(IMAGE)
    measurement = Measurement(told)
    told[0] = OTHER
    assert measurement.pcrs[0] == IMAGE[0]


def test_one_register_may_be_asked_for_alone() -> None:
    verify_pcr(MEASURED, 8, IMAGE[8])
    with pytest.raises(AttestationRefused):
        verify_pcr(MEASURED, 8, OTHER)
