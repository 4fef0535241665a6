import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.places import NotRunning, Places


def told(state: Path, emulator: int) -> Places:
    places = Places(state)
    places.ready.write_text(json.dumps({"pids": {"emulator": emulator}}))
    return places


def test_a_ready_stack_is_read(tmp_path: Path) -> None:
    assert told(tmp_path, os.getpid()).running() == {"pids": {"emulator": os.getpid()}}


def test_without_a_ready_stack_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="make run"):
        Places(tmp_path).running()


def test_what_a_killed_stack_left_behind_is_no_running_one(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(NotRunning, match="make run"):
        told(tmp_path, ended.pid).running()
