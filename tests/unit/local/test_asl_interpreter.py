import importlib

from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint, CallbackOutcomeSuccess

LONG_SECONDS = 300


def test_a_task_whose_outcome_came_before_it_waits_wakes_up_at_once() -> None:
    # Whoever imports it has what it mends in the library.
    importlib.import_module("local.emulator.asl_interpreter")
    endpoint = CallbackEndpoint("token")
    endpoint.notify(CallbackOutcomeSuccess(callback_id="token", output="{}"))
    assert endpoint.setup_heartbeat_endpoint(heartbeat_seconds=LONG_SECONDS).clear_and_wait()
