"""State machines run by moto's interpreter, which is stricter than the emulator's own.

The emulator's gives null for a path that is missing and ignores heartbeats and time-outs. Calls of states are
made as the account's root: the role of the machine is not enforced here.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

from local.emulator.task_tokens import TaskIsOver
from local.emulator.upstream import replace

if TYPE_CHECKING:
    from local.emulator.asl_interpreter import Interpreted

Record = dict[str, Any]
Answer = Any

# Of another language or for the emulator's own engine only.
LEFT_TO_THE_EMULATOR = ('"JSONata"', ":activity:")


class StateMachines:
    def __init__(self) -> None:
        self._live: dict[str, Interpreted] = {}

    def running(self, original: Callable[[str], None]) -> Callable[[str], None]:
        def run(arn: str) -> None:
            execution = stepfunctions._executions.get(arn)
            machine = execution and stepfunctions._state_machines.get(execution["stateMachineArn"])
            if not machine or execution.get("testCase") or _is_left(machine["definition"]):
                original(arn)
            else:
                self._run(arn, machine, execution)

        return run

    def _run(self, arn: str, machine: Record, execution: Record) -> None:
        from local.emulator.asl_interpreter import Interpreted  # noqa: PLC0415 - takes seconds, at first use

        interpreted = Interpreted(machine, execution, account_id=get_account_id(), region=get_region())
        self._live[arn] = interpreted
        try:
            interpreted.run()
        finally:
            self.show_history(arn)
            del self._live[arn]
        if execution["status"] != "RUNNING":  # aborted meanwhile
            return
        outcome = interpreted.outcome
        if "output" in outcome:
            outcome["output"] = json.dumps(outcome["output"])
        execution.update(outcome, stopDate=stepfunctions.now_iso())
        stepfunctions._emit_execution_status_event(execution)

    def show_history(self, arn: str) -> None:
        if arn in self._live:
            stepfunctions._executions[arn]["events"] = self._live[arn].events

    def answering(self, act: str) -> Callable[[Callable[[Record], Answer]], Callable[[Record], Answer]]:
        """Give the outcome of a task to the execution that waits for its token."""

        def by(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
            def answer(request: Record) -> Answer:
                from moto.stepfunctions.parser.asl.eval.callback.callback import (  # noqa: PLC0415
                    CallbackNotifyConsumerError,
                )

                token = request.get("taskToken", "")
                try:
                    for interpreted in list(self._live.values()):
                        if getattr(interpreted, act)(token, request):
                            return stepfunctions.json_response({})
                except (CallbackNotifyConsumerError, TaskIsOver):
                    return stepfunctions.error_response_json("TaskTimedOut", "Task timed out", 400)
                return original(request)

            return answer

        return by

    def stopping(self, original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
        def stop(request: Record) -> Answer:
            interpreted = self._live.get(request.get("executionArn", ""))
            answer = original(request)
            if interpreted:
                interpreted.stop(request.get("error"), request.get("cause"))
            return answer

        return stop

    def telling_history(self, original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
        def tell(request: Record) -> Answer:
            self.show_history(request.get("executionArn", ""))
            return original(request)

        return tell


def install() -> None:
    machines = StateMachines()
    replace(stepfunctions, "_run_execution", still_has="sm = _state_machines.get(", by=machines.running)
    replace(stepfunctions, "_stop_execution", still_has='["status"] = "ABORTED"', by=machines.stopping)
    replace(stepfunctions, "_get_execution_history", still_has='"events"', by=machines.telling_history)
    replace(stepfunctions, "_create_state_machine", still_has='data.get("name")', by=_verifying)
    for name, act, line in (
        ("_send_task_success", "succeed", 'info["result"] = output'),
        ("_send_task_failure", "fail", 'info["error"] = {'),
        ("_send_task_heartbeat", "heartbeat", 'info["heartbeat"] = now_iso()'),
    ):
        replace(stepfunctions, name, still_has=line, by=machines.answering(act))


def _is_left(definition: str) -> bool:
    return any(mark in definition for mark in LEFT_TO_THE_EMULATOR)


def _verifying(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    """Refuse a definition that is no Amazon States Language, or that goes to a state that is not there."""

    def create(request: Record) -> Answer:
        definition = request.get("definition", "")
        if not _is_left(definition):
            from local.emulator.asl_interpreter import verify_definition  # noqa: PLC0415 - takes seconds

            try:
                verify_definition(definition)
                _require_targets(json.loads(definition))
            except Exception as error:  # noqa: BLE001 - the parser raises what it likes
                text = f"Invalid State Machine Definition: {error}"
                return stepfunctions.error_response_json("InvalidDefinition", text, 400)
        return original(request)

    return create


def _require_targets(machine: Record) -> None:
    """Raise `ValueError` for a transition to a state that the machine has not."""
    states = machine["States"]
    for name, state in states.items():
        targets = [state.get("Next"), state.get("Default")]
        targets += [choice.get("Next") for choice in state.get("Choices", []) + state.get("Catch", [])]
        for target in targets:
            if target and target not in states:
                raise ValueError(f"MISSING_TRANSITION_TARGET: {name} -> {target}")
        for inner in [*state.get("Branches", []), state.get("ItemProcessor"), state.get("Iterator")]:
            if inner:
                _require_targets(inner)
    if machine["StartAt"] not in states:
        raise ValueError(f"MISSING_START_AT: {machine['StartAt']}")
