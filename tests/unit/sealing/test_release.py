from typing import Any

import pytest

from aval.sealing.envelope import identity_of
from aval.sealing.refusals import SealReason
from aval.sealing.release import Released, Result, release
from aval.sealing.statements import Act, Statement
from tests.support.sealing import refused, sealed, statement

IDENTITY = identity_of(sealed())
OTHER = "b" * 64


def released(told: Statement, **changes: Any) -> Released:
    given = {"result": Result(IDENTITY, "0.17"), "validated": IDENTITY, "already_sent": False, **changes}
    return release(told, given.pop("result"), **given)


def test_gives_the_number_out_to_who_tells_it() -> None:
    given = released(statement())
    assert given == Released("0.17", "")
    assert given.as_json() == {"fa": "0.17"}


def test_gives_out_why_there_is_no_number() -> None:
    told = statement(extra={"fa": None, "motivo": "sem exposição"})
    given = released(told, result=Result(IDENTITY, None, "sem exposição"))
    assert given.as_json() == {"fa": None, "motivo": "sem exposição"}


@pytest.mark.parametrize("number", ["0.18", "0.170", "-0.17", "17"])
def test_refuses_any_number_but_the_same_text(number: str) -> None:
    with refused(SealReason.NUMBER_MISMATCH):
        released(statement(extra={"fa": number}))


def test_refuses_a_number_where_there_is_none_and_none_where_there_is_one() -> None:
    with refused(SealReason.NUMBER_MISMATCH):
        released(statement(), result=Result(IDENTITY, None, "sem exposição"))
    with refused(SealReason.NUMBER_MISMATCH):
        released(statement(extra={"fa": None, "motivo": "sem exposição"}))
    with refused(SealReason.NUMBER_MISMATCH):
        told = statement(extra={"fa": None, "motivo": "outro"})
        released(told, result=Result(IDENTITY, None, "sem exposição"))


def test_refuses_a_release_for_another_hash() -> None:
    with refused(SealReason.SUBJECT_MISMATCH):
        released(statement(subject=OTHER), validated=OTHER)


@pytest.mark.parametrize("validated", [None, OTHER])
def test_refuses_to_send_what_was_not_what_was_validated(validated: str | None) -> None:
    with refused(SealReason.NOT_VALIDATED):
        released(statement(), validated=validated)


def test_refuses_a_release_replayed() -> None:
    with refused(SealReason.ALREADY_SENT):
        released(statement(), already_sent=True)


def test_a_validation_releases_nothing() -> None:
    with refused(SealReason.ACT_MISMATCH):
        released(statement(act=Act.VALIDAR, extra={}))


def test_the_number_is_in_no_representation() -> None:
    assert "0.17" not in repr(Result(IDENTITY, "0.17")) + repr(Released("0.17", ""))
