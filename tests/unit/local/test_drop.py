import io
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import drop
from local.seed import registry

BUCKET = "cadastro"


class Bucket:
    """S3 whose loader answers a drop at once, if it answers at all."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers = answers
        self.reports: dict[str, bytes] = {}
        self.drops = 0

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - boto3's names
        assert Bucket == BUCKET
        self.drops += 1
        if self.answers:
            report = {"aceito": Body != b"", "sequencia": self.drops}
            self.reports[f"resultado/{Key.removeprefix('entrada/')}.json"] = json.dumps(report).encode()

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert Bucket == BUCKET
        if Key not in self.reports:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.reports[Key])}


def test_a_second_drop_of_one_name_is_answered_by_its_own_report() -> None:
    s3 = Bucket()
    told = [registry.deliver(s3, BUCKET, "entrada/a.json", content)["sequencia"] for content in (b"", b"{}")]
    assert told == [1, 2]


def test_an_old_report_answers_no_new_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = Bucket()
    registry.deliver(s3, BUCKET, "entrada/a.json", b"{}")
    s3.answers = False
    monkeypatch.setattr(registry, "WAIT_SECONDS", 0.05)
    monkeypatch.setattr(registry, "POLL_SECONDS", 0.01)
    with pytest.raises(registry.RegistryRefused, match="aval-load-registry"):
        registry.deliver(s3, BUCKET, "entrada/a.json", b"{}")


def test_without_a_stack_the_drop_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["drop", "a.json", "--state", str(tmp_path)])
    assert drop.main() == 2
    assert "make run" in capsys.readouterr().err
