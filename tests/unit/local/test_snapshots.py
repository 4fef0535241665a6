from collections import defaultdict
from typing import Any

from local.emulator.snapshots import copied_table


def _table() -> dict[str, Any]:
    items: dict[str, dict[str, Any]] = defaultdict(dict)
    for number in range(200):
        items[f"p{number}"]["s"] = {"pk": {"S": f"p{number}"}, "n": {"N": "1"}}
    return {"TableName": "t", "KeySchema": [{"AttributeName": "pk"}], "items": items}


def test_a_copied_table_is_the_table_and_does_not_change_with_it() -> None:
    table, expected = _table(), _table()
    copied = copied_table(table)
    table["items"]["p0"]["s"]["n"] = {"N": "2"}
    table["items"]["new"]["s"] = {}
    assert copied == expected
