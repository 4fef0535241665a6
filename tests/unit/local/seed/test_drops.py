from dataclasses import replace
from pathlib import Path

import pytest

from local.seed import drops
from local.seed.drops import PARAMETERS, REGISTRY, DropRefused, deliver, deliver_once
from tests.support.drops import Bucket

BUCKET = "cadastro"


def test_a_second_drop_of_one_name_is_answered_by_its_own_report() -> None:
    s3 = Bucket()
    told = [deliver(s3, BUCKET, REGISTRY, "a.json", content)["sequencia"] for content in (b"", b"{}")]
    assert told == [1, 2]


@pytest.mark.parametrize("inbox", [REGISTRY, PARAMETERS])
def test_an_old_report_answers_no_new_drop(monkeypatch: pytest.MonkeyPatch, inbox: drops.Inbox) -> None:
    s3 = Bucket()
    deliver(s3, BUCKET, inbox, "a.json", b"{}")
    s3.answers = False
    monkeypatch.setattr(drops, "POLL_SECONDS", 0.01)
    with pytest.raises(DropRefused, match=inbox.loader):
        deliver(s3, BUCKET, replace(inbox, wait_seconds=0.05), "a.json", b"{}")


def test_what_was_dropped_with_the_same_content_is_not_dropped_again() -> None:
    s3 = Bucket()
    for content in (b"{}", b"{}", b"[]"):
        deliver_once(s3, BUCKET, REGISTRY, "a", content)
    assert len(s3.dropped) == 2


def test_a_demo_file_that_is_refused_stops_the_start_with_its_report() -> None:
    with pytest.raises(DropRefused, match='"aceito": false'):
        deliver_once(Bucket(), BUCKET, REGISTRY, "a", b"")


def test_the_loaders_are_named_as_they_are_deployed() -> None:
    handlers = Path(__file__).resolve().parents[4] / "lambdas"
    for inbox, folder in ((REGISTRY, "registry"), (PARAMETERS, "prudential")):
        operation = inbox.loader.removeprefix("aval-").replace("-", "_")
        assert (handlers / folder / f"{operation}.py").is_file()
