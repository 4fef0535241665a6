import types

import pytest

from local import files
from local.emulator.upstream import UpstreamChanged, edit, replace
from local.files import digest_of_text


@pytest.fixture
def module() -> types.ModuleType:
    made = types.ModuleType("emulator")
    made.answer = digest_of_text  # type: ignore[attr-defined]
    return made


def test_what_is_still_there_is_replaced(module: types.ModuleType) -> None:
    replace(module, "answer", still_has="hashlib.sha256()", by=lambda original: lambda: original("a"))
    assert module.answer() == digest_of_text("a")


def test_what_has_changed_is_not_replaced(module: types.ModuleType) -> None:
    for name, line in (("answer", "hashlib.md5()"), ("gone", "")):
        with pytest.raises(UpstreamChanged):
            replace(module, name, still_has=line, by=lambda original: original)
    assert module.answer is digest_of_text


def test_one_line_is_edited_and_the_rest_stays(module: types.ModuleType) -> None:
    module.__dict__.update(vars(files))
    edit(module, "digest_of_text", line="hashlib.sha256()", becomes="hashlib.sha512()")
    assert len(module.digest_of_text("a")) == 128
    with pytest.raises(UpstreamChanged):
        edit(module, "digest_of_text", line="hashlib.md5()", becomes="hashlib.sha1()")
