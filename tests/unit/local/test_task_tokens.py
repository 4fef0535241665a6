import json

from local.emulator.task_tokens import _with_machines_of_tokens, machine_of, token_of

MACHINE = "arn:aws:states:sa-east-1:000000000000:stateMachine:aval-task"


def resource(service: str, body: bytes) -> str:
    return _with_machines_of_tokens(lambda *_: "*")(service, "POST", "/", {}, body)


def test_a_token_names_its_machine() -> None:
    assert machine_of(token_of(MACHINE, "drawn")) == MACHINE


def test_ending_a_task_is_allowed_by_its_machine() -> None:
    asked = {"taskToken": token_of(MACHINE, "drawn"), "output": "{}"}
    assert resource("states", json.dumps(asked).encode()) == MACHINE


def test_what_names_no_machine_stays_as_the_emulator_has_it() -> None:
    for body in (b"", b"[]", b'{"taskToken": "x"}', b'{"taskToken": "\\u00e9.x"}', b'{"name": "m"}'):
        assert resource("states", body) == "*"
    asked = {"taskToken": token_of(MACHINE, "drawn")}
    assert resource("sqs", json.dumps(asked).encode()) == "*"
