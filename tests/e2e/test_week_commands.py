"""A week by command against a running stack, as `make demo` shows it, in a week of its own."""

import json
import secrets
from datetime import datetime
from pathlib import Path

import pytest

from aval.identifiers import EventCode
from local import demo_files, demo_week
from local.demo_operator import OperatorsView
from local.seed import week
from local.seed.drops import PARAMETERS, deliver
from tests.support.stack import Stack


@pytest.fixture
def event(stack: Stack) -> EventCode:
    """Open now, and nobody else's: no two tests share its journal."""
    now = datetime.now().astimezone()
    code = f"{2100 + secrets.randbelow(7900)}{1 + secrets.randbelow(12):02d}{1 + secrets.randbelow(999):03d}"
    told = {**week.parameters(now.date()), "evento": code}
    bucket = stack.outputs[PARAMETERS.bucket_output]
    report = deliver(stack.client("s3"), bucket, PARAMETERS, f"{code}.json", json.dumps(told).encode())
    assert report["aceito"] is True
    return EventCode(code)


def test_37_agents_go_from_two_files_to_their_factors_sent_by_six_commands(
    stack: Stack, event: EventCode, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    demo_week.run(stack.places, tmp_path, event)
    shown = capfd.readouterr().out
    for told in ("34 aceitos, 3 recusados", "37 aceitos, 0 recusados", "37 ENVIADO", "nenhum aparece"):
        assert told in shown
    wrong = [demo_files.represented()[mistake.agent] for mistake in demo_files.MISTAKES]
    assert all(one in shown for one in wrong)
    # Of the lotes the sender is known: its list was signed by its certificate.
    lotes = shown.partition("\n4  ")[0]
    assert "REMETENTE NÃO AUTENTICADO" not in lotes
    assert OperatorsView.of(stack.described, event).places_of([]) == []


def test_a_command_that_is_repeated_does_nothing_twice(
    stack: Stack, event: EventCode, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    demo = demo_week.Demo.prepared(stack.places, tmp_path, event)
    demo.have_keys(stack.places.week)
    first, second = demo_week.SIX[0], demo_week.SIX[1]
    for shown in (first, second, first, second):
        demo.show(shown)
    lotes = [row for row in _rows(stack) if row["pk"]["S"].startswith(f"LOTES#{event}#")]
    assert len(lotes) == 2
    assert capfd.readouterr().out.count("34 aceitos, 3 recusados") == 2


def _rows(stack: Stack) -> list[dict[str, dict[str, str]]]:
    pages = stack.client("dynamodb").get_paginator("scan")
    found = pages.paginate(TableName=stack.outputs["ConfidentialTableName"])
    return [item for page in found for item in page["Items"]]
