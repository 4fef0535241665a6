import json
from typing import Any

import pytest

from aval.prudential.lote_reasons import LoteReason
from aval.prudential.lote_receiving import NextStep
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


def test_every_lambda_step_of_a_lote_has_an_end_of_its_own(assembly: Assembly) -> None:
    states = _states(assembly, "lote")
    inner = states["Persist"]["ItemProcessor"]["States"]
    tasks = {name: one for name, one in {**states, **inner}.items() if one["Type"] == "Task"}
    assert set(tasks) == {"ReceiveLote", "AskEnclave", "PersistLoteChunk", "SummariseLote", "RejectLote"}
    functions = {one.properties["FunctionName"]: one for one in assembly.resources("AWS::Lambda::Function")}
    for operation in ("receive", "summarise", "reject"):
        limit = functions[f"aval-{operation}-lote"].properties["Timeout"]
        assert limit < tasks[f"{operation.capitalize()}Lote"]["TimeoutSeconds"]
    chunk = functions["aval-persist-lote-chunk"].properties["Timeout"]
    assert chunk < tasks["PersistLoteChunk"]["TimeoutSeconds"]


def test_a_lote_is_asked_for_with_a_token_and_written_ten_chunks_at_a_time(assembly: Assembly) -> None:
    states, task = _states(assembly, "lote"), _states(assembly, "task")
    asking = states["AskEnclave"]
    assert asking["Parameters"]["MessageBody"] == {
        "lote.$": "$.recebido.lote",
        "token.$": "$$.Task.Token",
        "transacao.$": "$.recebido.transacao",
    }
    # The same queue and the same hosts: what holds of a task's patience holds of a lote's.
    for member in ("HeartbeatSeconds", "TimeoutSeconds", "Retry"):
        assert asking[member] == task["AskEnclave"][member]
    persisting = states["Persist"]
    assert (persisting["Type"], persisting["MaxConcurrency"]) == ("Map", 10)
    assert persisting["ItemProcessor"]["ProcessorConfig"] == {"Mode": "INLINE"}
    [retry] = persisting["ItemProcessor"]["States"]["PersistLoteChunk"]["Retry"]
    assert (retry["BackoffRate"], retry["JitterStrategy"], retry["MaxAttempts"]) == (2, "FULL", 20)


def test_whatever_fails_of_a_lote_ends_in_a_state_that_is_explained(assembly: Assembly) -> None:
    states = _states(assembly, "lote")
    for name in ("ReceiveLote", "AskEnclave", "Persist", "SummariseLote"):
        [caught] = states[name]["Catch"]
        # The cause's text stays out of what the machine carries.
        assert caught == {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "NotProcessed"}
    assert (states["NotProcessed"]["Result"], states["NotProcessed"]["Next"]) == (
        LoteReason.NOT_PROCESSED,
        "RejectLote",
    )
    assert states["Refused"] == {
        "Type": "Pass",
        "InputPath": "$.recebido.motivo",
        "ResultPath": "$.motivo",
        "Next": "RejectLote",
    }
    [failure] = states["WasItAFailure"]["Choices"]
    assert (failure["StringEquals"], failure["Next"]) == (LoteReason.NOT_PROCESSED, "Failed")
    assert states[states["WasItAFailure"]["Default"]]["Type"] == "Succeed"


def test_a_lote_goes_where_its_receipt_says(assembly: Assembly) -> None:
    choice = _states(assembly, "lote")["WhatNext"]
    assert {one["StringEquals"]: one["Next"] for one in choice["Choices"]} == {
        NextStep.ASK: "AskEnclave",
        NextStep.REJECT: "Refused",
    }
    assert {one["Variable"] for one in choice["Choices"]} == {"$.recebido.proximo"}
    assert (choice["Default"], set(NextStep)) == (
        "Ended",
        {NextStep.ASK, NextStep.REJECT, NextStep.NOTHING},
    )


def test_only_codes_and_numbers_pass_through_the_machine_of_a_lote(assembly: Assembly) -> None:
    states = _states(assembly, "lote")
    inner = states["Persist"]["ItemProcessor"]["States"]["PersistLoteChunk"]
    carried = {
        "ReceiveLote": states["ReceiveLote"]["ResultSelector"],
        "PersistLoteChunk": inner["ResultSelector"],
    }
    assert carried == {
        "ReceiveLote": {
            "lote.$": "$.Payload.lote",
            "transacao.$": "$.Payload.transacao",
            "proximo.$": "$.Payload.proximo",
            "motivo.$": "$.Payload.motivo",
        },
        "PersistLoteChunk": {},
    }
    for name in ("Persist", "SummariseLote", "RejectLote"):
        assert states[name]["ResultPath"] is None
