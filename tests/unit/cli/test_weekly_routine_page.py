"""docs/weekly-routine.md: each command on it is one, and each command of the week is on it."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from aval.cli.main import _parser
from aval.cli.week_steps import STEPS

PAGE: Final = (Path(__file__).resolve().parents[3] / "docs/weekly-routine.md").read_text(encoding="utf-8")
_BLOCKS: Final = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
_TEXT: Final = "\n".join(_BLOCKS).replace("\\\n", " ")
_VARIABLES: Final = dict(re.findall(r'^(\w+)="([^"]*)"', _TEXT, re.MULTILINE))
COMMANDS: Final = [line for line in _TEXT.splitlines() if line.startswith("aval ")]


def _words(command: str) -> list[str]:
    for name, value in _VARIABLES.items():
        command = command.replace(f"${name}", value)
    return shlex.split(command, comments=True)[1:]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_on_the_page_is_one(command: str) -> None:
    assert callable(_parser().parse_args(_words(command)).run)


def test_the_week_is_six_commands() -> None:
    assert sum("$SEMANA" in command for command in COMMANDS) == 6


def test_every_act_of_the_week_is_on_the_page() -> None:
    assert all(f"fa {step.name}" in PAGE for step in STEPS)
