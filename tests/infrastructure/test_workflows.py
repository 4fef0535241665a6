import json
from typing import Any

import pytest

from cdk.components.state_machine import ENDINGS, WORKFLOWS
from tests.infrastructure.assembly import Assembly, Resource

DEFINITIONS = sorted(path.name.removesuffix(".asl.json") for path in WORKFLOWS.glob("*.asl.json"))


def _machine(assembly: Assembly, name: str) -> Resource:
    return assembly.the("AWS::StepFunctions::StateMachine", StateMachineName=f"aval-{name}")


def _states(assembly: Assembly, name: str) -> dict[str, dict[str, Any]]:
    definition = json.loads(_machine(assembly, name).properties["DefinitionString"])
    states: dict[str, dict[str, Any]] = definition["States"]
    return states


def test_there_is_a_machine_for_each_workflow_and_no_other(assembly: Assembly) -> None:
    machines = assembly.resources("AWS::StepFunctions::StateMachine")
    assert sorted(one.properties["StateMachineName"] for one in machines) == [
        f"aval-{name}" for name in DEFINITIONS
    ]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_placeholder_is_given_and_every_gift_is_used(assembly: Assembly, name: str) -> None:
    properties = _machine(assembly, name).properties
    for placeholder in properties["DefinitionSubstitutions"]:
        assert f"${{{placeholder}}}" in properties["DefinitionString"]
    assert properties["DefinitionString"].count("${") == len(properties["DefinitionSubstitutions"])


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_task_is_tried_again_at_growing_and_scattered_distances(assembly: Assembly, name: str) -> None:
    tasks = [state for state in _states(assembly, name).values() if state["Type"] == "Task"]
    assert tasks
    for task in tasks:
        assert task["Retry"][-1]["ErrorEquals"] == ["States.ALL"]
        for retry in task["Retry"]:
            assert (retry["BackoffRate"], retry["JitterStrategy"]) == (2, "FULL")
            assert retry["MaxAttempts"] >= 10


@pytest.mark.parametrize("name", DEFINITIONS)
def test_no_machine_ends_badly_unnoticed_or_logs_what_it_carries(assembly: Assembly, name: str) -> None:
    arn = f"stateMachine:aval-{name}"
    rung = {
        alarm.properties["MetricName"]
        for alarm in assembly.resources("AWS::CloudWatch::Alarm")
        if alarm.properties["Namespace"] == "AWS/States"
        and alarm.properties["Dimensions"][0]["Value"].endswith(arn)
    }
    assert rung == set(ENDINGS)
    logging = _machine(assembly, name).properties["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)


def test_a_machine_calls_its_own_functions_and_nothing_else(assembly: Assembly) -> None:
    machine = _machine(assembly, "import")
    called = {
        resource
        for statement in assembly.role_statements("aval-import")
        for resource in statement.resources
        if statement.actions == ["lambda:InvokeFunction"]
    }
    assert called == set(machine.properties["DefinitionSubstitutions"].values())


def test_an_import_goes_on_until_nothing_is_left_and_says_so_when_it_is_given_up(assembly: Assembly) -> None:
    states = _states(assembly, "import")
    [caught] = states["ProcessSlice"]["Catch"]
    assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "FailImport")
    assert states["ProcessSlice"]["Next"] == "IsMoreToDo"
    [more] = states["IsMoreToDo"]["Choices"]
    assert (more["Variable"], more["Next"]) == ("$.fatia.segue", "ProcessSlice")
    assert states[states["IsMoreToDo"]["Default"]]["Type"] == "Succeed"
    assert states[states["FailImport"]["Next"]]["Type"] == "Fail"
