"""The tour that `make run` prints works as it stands."""

import json
import subprocess

from local.places import ROOT
from tests.support.agents import ANA, BOLT, Person
from tests.support.stack import Stack

_BETWEEN = "--- next command ---"


def printed(stack: Stack) -> list[str]:
    """The commands of the last start."""
    told = (stack.places.state / "run.log").read_text().rpartition("\nTour")[2]
    return [line.strip() for line in told.splitlines() if line.startswith("  ")]


def typed(stack: Stack) -> list[str]:
    commands = [
        line.replace("curl ", "curl --silent --show-error --fail-with-body ") for line in printed(stack)
    ]
    shell = subprocess.run(
        ["bash", "-euc", f"\necho '{_BETWEEN}'\n".join(commands)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shell.returncode == 0, shell.stdout + shell.stderr
    outputs = [output.strip() for output in shell.stdout.split(_BETWEEN)]
    return [output for output in outputs if output]


def test_every_line_of_the_tour_answers_and_again_the_second_time(stack: Stack) -> None:
    Person.logged_in(stack, ANA).empty(BOLT)
    assert len(printed(stack)) == 5
    enrolled, imported, listed, job = typed(stack)
    assert json.loads(enrolled)["situacao"] == "ADERIDO"
    assert "CONCLUIDO; 1 SUCESSO" in imported
    (contract, *_) = json.loads(listed)["contratos"]
    assert contract["situacao"]["nome"] == "NAO_VALIDADO"
    assert job.startswith("send-expiry-notices done")
    assert "BOLT ENERGY" in json.dumps(stack.mails()[0])
    assert json.loads(typed(stack)[0]) == json.loads(enrolled)
