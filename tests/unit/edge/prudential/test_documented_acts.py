"""docs/prudential-api.md: its tables and examples are what the doors say."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from aval.edge.documentation import openapi_text
from aval.edge.problems import kind_of, problem_document
from aval.edge.prudential.act_messages import ActTold, FactorTold
from aval.edge.prudential.act_requests import SEALED, SIGNED
from aval.prudential.act_refusals import SENTENCES, refusal_of
from aval.prudential.agent_state import AgentState
from aval.prudential.refusals import ActOutOfPlace
from aval.prudential.submitting import OF_WEEK
from aval.prudential.tasks import TaskOutcome, TaskState
from aval.sealing.refusals import SealReason
from tests.support.confidential import NOW, task

PAGE: Final = (Path(__file__).resolve().parents[4] / "docs/prudential-api.md").read_text(encoding="utf-8")
PATHS: Final = json.loads(openapi_text())["paths"]
AGENT: Final = "/prudencial/semanas/{evento}/agentes/{cnpj}"


def example(name: str) -> Any:
    [block] = re.findall(rf"^```json {name}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return json.loads(block)


def test_every_route_of_an_act_is_told_with_what_its_body_is() -> None:
    told = re.findall(r"^\| `(PUT|POST) …/(\w+)` \| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    routes = {route.word: (route, name) for of, name in ((SEALED, "selado"), (SIGNED, "ato")) for route in of}
    assert {word for _, word, _, _ in told} == set(routes)
    for method, word, member, meaning in told:
        route, name = routes[word]
        assert (method, member) == (route.method, name)
        assert f"`{OF_WEEK[route.act]}`" in meaning


def test_every_path_of_the_page_is_one_of_the_interface() -> None:
    told = {f"{AGENT}/{word}" for word in re.findall(r"`(?:GET|PUT|POST) …/(\w+)`", PAGE)}
    assert told <= set(PATHS)
    models = {path for path in PATHS if path.startswith("/prudencial/modelos/")}
    assert {path for path in models if path.removeprefix("/prudencial/modelos/") not in PAGE} == set()


@pytest.mark.parametrize("reason", SealReason)
def test_every_code_is_told_with_its_status_and_sentence(reason: SealReason) -> None:
    refusal = refusal_of(task(outcome=TaskOutcome(TaskState.REFUSED, NOW, reason.value)), AgentState.COMPUTED)
    assert refusal is not None
    assert f"| `{reason.value}` | {kind_of(refusal).status.value} | {SENTENCES[reason]} |" in PAGE


def test_the_examples_of_answers_are_of_their_messages() -> None:
    for name, message in (("feito", ActTold), ("fator", FactorTold)):
        told = example(name)
        assert message.model_validate(told).model_dump(by_alias=True, mode="json") == told


def test_the_example_of_a_refusal_is_what_the_door_answers() -> None:
    told = example("recusado")
    refusal = ActOutOfPlace(
        told["codigo"], told["detail"], state=told["estado"], task=told["tarefa"], answer=told["resposta"]
    )
    assert problem_document(refusal, transaction_id=told["transacao"]) == told
