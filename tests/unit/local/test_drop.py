import json
from pathlib import Path

import pytest

from local import drop
from local.places import Places
from tests.support.drops import Bucket


class Emulator:
    """One S3, whatever its address."""

    s3 = Bucket()

    def __init__(self, _: str) -> None:
        pass

    def client(self, _: str) -> Bucket:
        return self.s3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.json"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    outputs = {"RegistryBucketName": "cadastro", "PrudentialBucketName": "semanas"}
    monkeypatch.setattr(Places, "running", lambda _: {"emulator_url": "http://e", "outputs": outputs})
    monkeypatch.setattr(Emulator, "s3", Bucket())
    monkeypatch.setattr(drop, "Emulator", Emulator)
    return Emulator.s3


def run(monkeypatch: pytest.MonkeyPatch, *told: str) -> int:
    monkeypatch.setattr("sys.argv", ["drop", *told])
    return drop.main()


@pytest.mark.parametrize(
    ("options", "dropped"),
    [([], ("cadastro", "entrada/a.json")), (["--parametros"], ("semanas", "parametros/a.json"))],
)
def test_a_file_goes_where_files_of_its_kind_go(
    s3: Bucket, file: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], dropped: tuple[str, str]
) -> None:
    file.write_text("{}")
    assert run(monkeypatch, str(file), *options) == 0
    assert s3.dropped == [dropped]


@pytest.mark.parametrize(("content", "code"), [("{}", 0), ("", 1)])
@pytest.mark.usefixtures("s3")
def test_the_report_is_printed_and_the_exit_code_says_whether_the_file_was_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: str, code: int
) -> None:
    file.write_text(content)
    assert run(monkeypatch, str(file)) == code
    assert json.loads(capsys.readouterr().out)["aceito"] is (code == 0)


def test_without_a_stack_the_drop_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["drop", "a.json", "--state", str(tmp_path)])
    assert drop.main() == 2
    assert "make run" in capsys.readouterr().err
