"""Every code is one of a kind, and stands in the documentation."""

import re
from pathlib import Path

from aval.attestation.refusals import LogReason, Reason

PAGE = Path(__file__).resolve().parents[3] / "docs/attestation.md"


def test_every_code_stands_once_in_a_table_of_the_documentation() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*map(str, Reason), *map(str, LogReason)]
