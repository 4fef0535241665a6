"""Accepted is done, exactly once: whatever dies on the way (docs/imports.md)."""

import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from aval.contracts.bus import ProcessingCode, RowStatus
from aval.contracts.imports.restarting import STALLED_AFTER
from tests.support.import_runs import ImportRun, refused_among, rows_xml
from tests.support.stack import Stack

ROWS = 3_000
KILLS = 10


@pytest.fixture
def run(stack: Stack) -> ImportRun:
    return ImportRun(stack)


def reference() -> str:
    return f"E2E {time.time_ns()}"


def require_each_row_once(run: ImportRun, code: ProcessingCode, rows: int, *, carrying: str) -> None:
    results = run.results(code)
    assert [result.row for result in results] == list(range(1, rows + 1))
    refused = refused_among(rows)
    assert Counter(result.status for result in results) == {
        RowStatus.DONE: rows - refused,
        RowStatus.REFUSED: refused,
    }
    told = [result.contract for result in results if result.contract is not None]
    assert sorted(told) == run.contract_codes(carrying)
    assert len(set(told)) == len(told) == rows - refused


def test_kill_9_of_the_worker_ten_times_leaves_every_row_done_once(run: ImportRun) -> None:
    carrying = reference()
    code = run.submit(rows_xml(ROWS, reference=carrying))
    done = 0
    for kill in range(KILLS):
        if kill % 2:
            # In the middle of its rows; else at any point, such as a worker's start.
            done = run.await_rows(code, done + 1).next_row
        time.sleep(random.uniform(0, 0.4))
        run.kill_a_worker()
    assert 1 < run.record(code).next_row <= ROWS
    record = run.await_end(code)
    assert (record.next_row - 1, record.failed_rows) == (ROWS, refused_among(ROWS))
    require_each_row_once(run, code, ROWS, carrying=carrying)


def test_the_same_import_submitted_at_once_by_many_is_one_processing(run: ImportRun) -> None:
    carrying = reference()
    text = rows_xml(200, reference=carrying)
    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(run.submit, [text] * 8))
    [code] = codes
    run.await_end(code)
    require_each_row_once(run, code, 200, carrying=carrying)


def test_the_same_import_submitted_after_the_first_has_ended_is_a_new_one(run: ImportRun) -> None:
    carrying = reference()
    text = rows_xml(3, reference=carrying)
    first = run.submit(text)
    run.await_end(first)
    second = run.submit(text)
    run.await_end(second)
    assert second != first
    assert len(run.contract_codes(carrying)) == 6


def test_an_import_that_a_restart_of_everything_interrupts_is_taken_up_by_the_sweeper(
    stack: Stack, run: ImportRun
) -> None:
    carrying = reference()
    code = run.submit(rows_xml(ROWS, reference=carrying))
    run.await_rows(code, 200)
    stack.await_snapshot()
    stack.kill()
    stack.start()
    after = ImportRun(stack)
    assert not after.record(code).is_over

    # As if so much time had passed that nothing else can still be at work on it.
    later = datetime.now(UTC) + 2 * STALLED_AFTER
    answer = stack.client("lambda").invoke(
        FunctionName="aval-restart-imports", Payload=json.dumps({"em": later.isoformat()}).encode()
    )

    assert "FunctionError" not in answer
    after.await_end(code)
    require_each_row_once(after, code, ROWS, carrying=carrying)


def test_what_happens_to_contracts_is_published_also_after_a_restart(stack: Stack, run: ImportRun) -> None:
    events = stack.client("events")
    sqs = stack.client("sqs")
    queue = sqs.create_queue(QueueName=f"heard-{time.time_ns()}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus = stack.outputs["EventBusName"]
    rule = {"Name": "heard-by-a-test", "EventBusName": bus}
    events.put_rule(**rule, EventPattern=json.dumps({"source": ["aval"]}))
    events.put_targets(Rule=rule["Name"], EventBusName=bus, Targets=[{"Id": "heard", "Arn": arn}])
    code = run.submit(rows_xml(2, reference=reference()))
    run.await_end(code)
    [one, other] = [result.contract for result in run.results(code)]

    heard: set[tuple[str, int]] = set()
    wanted = {
        ("CONTRATO.REGISTRADO", one),
        ("CONTRATO.REGISTRADO", other),
        ("IMPORTACAO.ENCERRADA", code),
    }
    deadline = time.monotonic() + timedelta(seconds=30).total_seconds()
    while not wanted <= heard:
        assert time.monotonic() < deadline, heard
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in messages.get("Messages", []):
            event = json.loads(message["Body"])
            detail = event["detail"]
            heard.add((event["detail-type"], detail.get("contrato") or detail["codigoProcessamento"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    events.remove_targets(Rule=rule["Name"], EventBusName=bus, Ids=["heard"])
    events.delete_rule(**rule)
