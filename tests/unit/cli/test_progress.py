import sys
from io import StringIO

import pytest

from aval.cli.progress import Progress


class Screen(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    progress = Progress()
    progress.show(0, None)
    progress.show(50, 100, "(3 com erro)")
    progress.show(100, 100)
    progress.end()
    lines = screen.getvalue().split("\r")
    assert lines[1] == f"[{'.' * 30}] 0 linhas "
    assert lines[2] == f"[{'#' * 15}{'.' * 15}] 50/100 linhas (3 com erro)"
    assert lines[3] == f"[{'#' * 30}] 100/100 linhas            \n"


def test_elsewhere_a_plain_line_comes_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(_plain_at=-1e9)
    for done in range(50):
        progress.show(done, 50)
    assert capsys.readouterr().err == "0/50 linhas\n"
