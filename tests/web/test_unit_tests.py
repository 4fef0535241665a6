"""Each file of the page's unit tests is one test here, run by Node's own runner."""

from pathlib import Path

import pytest

from tests.web import unit_tests

LAWFUL = 'import test from "node:test";\ntest("one", () => {});\n'


@pytest.mark.parametrize(
    "file", unit_tests.files(), ids=lambda file: str(file.relative_to(unit_tests.UNIT_TESTS))
)
def test_passes_in_node(file: Path) -> None:
    run = unit_tests.run(file)
    faults = ", ".join(run.faults())
    if faults:
        pytest.fail(f"{file.relative_to(unit_tests.PAGE)}: {faults}\n{run.report}", pytrace=False)


def test_every_folder_of_unit_tests_holds_one() -> None:
    assert unit_tests.files()
    assert unit_tests.folders_without_a_test() == []


def test_finds_a_folder_without_a_test(tmp_path: Path) -> None:
    (tmp_path / "with" / "deep").mkdir(parents=True)
    (tmp_path / "without").mkdir()
    (tmp_path / "with" / "deep" / "a.test.ts").write_text(LAWFUL)
    assert unit_tests.folders_without_a_test(tmp_path) == [tmp_path / "without"]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (LAWFUL, []),
        ("export const one: number = 1;\n", ["it holds no test"]),
        ('import test from "node:test";\ntest("one", () => { throw new Error("no"); });\n', ["it failed"]),
        (f'{LAWFUL}throw new Error("no");\n', ["it failed"]),
        (
            f'{LAWFUL}test.skip("two", () => {{}});\n',
            ["1 skipped: nothing is passed over in silence here"],
        ),
        (
            f'{LAWFUL}test.todo("two");\n',
            ["1 todo: nothing is passed over in silence here"],
        ),
        ("this is no TypeScript\n", ["it failed"]),
    ],
)
def test_tells_a_run_that_passed_from_one_that_did_not(
    tmp_path: Path, content: str, faults: list[str]
) -> None:
    file = tmp_path / "some.test.ts"
    file.write_text(content)
    assert list(unit_tests.run(file).faults()) == faults
