import json

import pytest

from aval.identifiers import EventCode
from aval.prudential.parameters_json import read_parameters
from aval.sealing.parameters_used import ParametersUsed
from aval.sealing.refusals import SealReason
from enclave_app.enclave.week_engine import week_engine
from tests.support.enclave import EVENT
from tests.support.sealing import refused
from tests.support.week_agents import parameters


def test_an_engine_is_that_of_the_parameters_and_named_by_them() -> None:
    made = week_engine(parameters(3), EVENT)
    assert made.used == ParametersUsed(3, read_parameters(parameters(3)).digest)
    assert (made.in_force.event, made.in_force.parameters, made.in_force.method) == (
        EVENT,
        made.used,
        "MP-2023.2.0",
    )


def test_a_switch_of_the_method_is_told_wherever_it_counts() -> None:
    made = week_engine(parameters(opcoes={"compensacaoEntreMeses": "COM_SINAL"}), EVENT)
    assert made.in_force.method == "MP-2023.2.0+COM_SINAL"
    assert made.switches == {"metodo": "MP-2023.2.0+COM_SINAL", "compensacaoEntreMeses": "COM_SINAL"}


@pytest.mark.parametrize(
    "told",
    [
        None,
        b"",
        b"{}",
        parameters(event=EventCode("202611004")),
        json.dumps({**json.loads(parameters()), "k": "1"}).encode(),
    ],
    ids=["none", "nothing", "another form", "another week", "another method"],
)
def test_refuses_what_are_not_the_parameters_of_the_week(told: bytes | None) -> None:
    with refused(SealReason.PARAMETERS_MISSING):
        week_engine(told, EVENT)


def test_the_same_parameters_are_judged_once() -> None:
    assert week_engine(parameters(), EVENT) is week_engine(parameters(), EVENT)
