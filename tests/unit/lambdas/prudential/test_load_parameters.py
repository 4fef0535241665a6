import json
from typing import Any

import pytest

from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from tests.support.confidential import PRUDENTIAL_BUCKET
from tests.support.weeks import EVENT, parameters, week_version
from tests.unit.lambdas.prudential.conftest import Doors

KEY = "parametros/semana de novembro.json"


def drop(doors: Doors, content: bytes) -> dict[str, Any]:
    kept = doors.vault.s3.put_object(Bucket=PRUDENTIAL_BUCKET, Key=KEY, Body=content)
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {
            "bucket": {"name": PRUDENTIAL_BUCKET},
            "object": {
                "key": KEY,
                "size": len(content),
                "version-id": kept["VersionId"],
                "sequencer": "00617F08299329D189",
            },
            "requester": "111122223333",
            "reason": "PutObject",
        },
    }


def report(doors: Doors) -> Any:
    key = "parametros-resultado/semana de novembro.json.json"
    return json.loads(doors.vault.s3.get_object(Bucket=PRUDENTIAL_BUCKET, Key=key)["Body"].read())


def weeks(doors: Doors) -> DynamoDbWeeks:
    return DynamoDbWeeks(doors.vault.client, doors.vault.table_name)


def test_a_dropped_file_comes_into_force_and_the_bus_is_told(doors: Doors) -> None:
    doors.job("load_parameters", drop(doors, json.dumps(parameters()).encode()))
    assert weeks(doors).current(EVENT).used == week_version().used
    assert (report(doors)["aceito"], report(doors)["evento"]) == (True, EVENT)
    [told] = doors.cloud.told("put_events")
    assert [entry["DetailType"] for entry in told["Entries"]] == ["SEMANA.CARREGADA"]


@pytest.mark.parametrize("content", [b"{", b"[]"])
def test_a_wrong_file_is_reported_and_the_event_is_done(doors: Doors, content: bytes) -> None:
    doors.job("load_parameters", drop(doors, content))
    assert report(doors)["aceito"] is False
    assert weeks(doors).heads() == ()
    [told] = doors.cloud.told("put_events")
    assert [entry["DetailType"] for entry in told["Entries"]] == ["SEMANA.RECUSADA"]


def test_an_object_deleted_meanwhile_is_no_failure(doors: Doors) -> None:
    event = drop(doors, b"{}")
    version = event["detail"]["object"]["version-id"]
    doors.vault.s3.delete_object(Bucket=PRUDENTIAL_BUCKET, Key=KEY, VersionId=version)
    doors.job("load_parameters", event)
    assert doors.cloud.told("put_events") == []


def test_the_log_tells_of_no_figure(doors: Doors) -> None:
    doors.job("load_parameters", drop(doors, json.dumps(parameters(theta="0.7314")).encode()))
    doors.job("load_parameters", drop(doors, json.dumps(parameters(theta="-0.7314")).encode()))
    lines = [json.loads(line) for line in doors.log.getvalue().splitlines()]
    assert [line["outcome"]["accepted"] for line in lines if "outcome" in line] == [True, False]
    assert "0.7314" not in doors.log.getvalue()
