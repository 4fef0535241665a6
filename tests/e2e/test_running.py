"""`make run`, `make reset` and Ctrl-C as somebody at a desk meets them."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from local.places import ROOT
from tests.support.stack import Stack, free_port_base

GONE_SECONDS = 5.0


def command(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def processes_of(stack: Stack) -> list[str]:
    """Return the command lines of processes told of this stack's folder or emulator, Lambda workers too."""
    marks = (str(stack.places.state).encode(), str(stack.described["emulator_url"]).encode() + b"\0")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if any(mark in told for mark in marks):
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def test_a_second_run_says_where_the_first_is(stack: Stack) -> None:
    second = command("local.run", "--state", str(stack.places.state))
    assert second.returncode == 1
    assert "already running" in second.stderr
    for url in (stack.people_url, stack.systems_url, stack.described["mailbox_url"]):
        assert url in second.stderr
    assert stack.request("GET", "/configuracao").status == 200


def test_reset_refuses_while_a_stack_runs(stack: Stack) -> None:
    refused = command("local.reset", "--state", str(stack.places.state))
    assert (refused.returncode, stack.places.secrets.exists()) == (1, True)
    assert "stop it first" in refused.stderr


def test_a_port_of_somebody_else_is_named(tmp_path: Path) -> None:
    base = free_port_base()
    with socket.create_server(("127.0.0.1", base + 1)):
        refused = command("local.run", "--state", str(tmp_path), "--port-base", str(base))
    assert refused.returncode == 1
    assert f"port {base + 1} (systems) is taken" in refused.stderr


def test_reset_empties_a_folder_and_does_not_mind_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "emulator").mkdir()
    (tmp_path / "secrets.json").write_text("{}")
    for _ in range(2):
        assert command("local.reset", "--state", str(tmp_path)).returncode == 0
        assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_ctrl_c_stops_every_process(stack: Stack) -> None:
    stack.request("GET", "/configuracao")
    assert len(processes_of(stack)) >= 5
    stack.stop()
    try:
        deadline = time.monotonic() + GONE_SECONDS
        while (left := processes_of(stack)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert left == []
        assert not stack.places.ready.exists()
    finally:
        stack.start()


def test_a_warm_start_answers_within_the_promise(stack: Stack) -> None:
    stack.stop()
    begun = time.monotonic()
    stack.start()
    assert stack.request("GET", "/configuracao").status == 200
    assert time.monotonic() - begun < 20


def test_the_logs_of_functions_can_be_read(stack: Stack) -> None:
    stack.request("GET", "/configuracao")
    assert (stack.logs / "aval-serve-configuration.log").exists()


def test_passwords_are_kept_from_others(stack: Stack) -> None:
    assert stack.places.secrets.stat().st_mode & 0o777 == 0o600
