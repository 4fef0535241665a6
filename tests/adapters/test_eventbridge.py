import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from moto import mock_aws

from aval.adapters.eventbridge import EventBridgeBus
from aval.events import Event, EventName, EventsNotPublished

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

LOADED = Event(EventName.REGISTRY_LOADED, {"arquivo": "entrada/cadastro é.json", "linhas": 3})


@pytest.fixture
def client() -> Iterator["EventBridgeClient"]:
    with mock_aws():
        client = boto3.client("events", region_name="sa-east-1")
        client.create_event_bus(Name="aval")
        yield client


def test_an_event_goes_to_its_bus_under_its_name(client: "EventBridgeClient") -> None:
    sent: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.events.PutEvents", lambda params, **_: sent.extend(params["Entries"])
    )
    EventBridgeBus(client, "aval").publish(LOADED)
    (entry,) = sent
    assert json.loads(entry.pop("Detail")) == {"arquivo": "entrada/cadastro é.json", "linhas": 3}
    assert entry == {"EventBusName": "aval", "Source": "aval", "DetailType": "REGISTRO.CARREGADO"}


@pytest.mark.parametrize(("events", "calls"), [(0, 0), (1, 1), (10, 1), (11, 2)])
def test_as_many_events_as_one_call_takes_go_in_one(
    client: "EventBridgeClient", events: int, calls: int
) -> None:
    made: list[str] = []
    client.meta.events.register("before-call.events.PutEvents", lambda **_: made.append("call"))
    EventBridgeBus(client, "aval").publish(*[LOADED] * events)
    assert len(made) == calls


def test_an_event_that_the_bus_did_not_take_is_no_success(client: "EventBridgeClient") -> None:
    with Stubber(client) as stub:
        stub.add_response(
            "put_events",
            {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {"ErrorCode": "ThrottlingException"}]},
            {"Entries": ANY},
        )
        with pytest.raises(EventsNotPublished) as refused:
            EventBridgeBus(client, "aval").publish(LOADED, LOADED)
    assert refused.value.codes == {"ThrottlingException"}
