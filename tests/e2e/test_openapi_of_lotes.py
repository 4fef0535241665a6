"""What the API says of lotes holds, asked by whoever answers for their sender."""

import re
from collections.abc import Sequence
from functools import partial

import pytest

from tests.e2e.enclave_agent import COMPANY as SENDER
from tests.e2e.lote_sender import LoteSender
from tests.e2e.test_openapi_contract import (
    ALLOWANCES,
    MORE_EXAMPLES,
    OF_LOTES,
    PHASES,
    WITHOUT_LINKS,
    assert_keeps,
)
from tests.support.openapi_runs import Found, configuration, document, run
from tests.support.stack import Stack

COMPANY = "90001417000161"


@pytest.fixture(scope="module")
def sender(stack: Stack) -> LoteSender:
    return LoteSender(stack)


@pytest.fixture(scope="module")
def values(sender: LoteSender) -> dict[str, Sequence[str | int]]:
    """Of a lote that has ended, so that there is an answer to be read."""
    code = sender.send(sender.sealed(sender.portfolio(COMPANY)))
    assert sender.ended(code)["respostas"] == 1
    return {
        "path.evento": [sender.event],
        "path.lote": [code],
        "path.numero": [0],
        "query.remetente": [SENDER],
        "body.remetente": [SENDER],
    }


@pytest.fixture(scope="module")
def of_lotes(sender: LoteSender, values: dict[str, Sequence[str | int]]) -> Found:
    stack = sender.stack
    asked = partial(
        configuration, authority=stack.authority, token=sender.token, values=values, **WITHOUT_LINKS
    )
    found = run(document(stack.people_url, asked()).include(path_regex=OF_LOTES), ALLOWANCES)
    # What is drawn for one operation changes with every other: who drew badly draws again, more.
    for operation in found.without_success:
        method, path = operation.split()
        again = document(stack.people_url, asked(examples=MORE_EXAMPLES))
        found.join(run(again.include(method=method, path=path), ALLOWANCES))
    return found


def test_the_doors_of_lotes_keep_what_they_say(sender: LoteSender, of_lotes: Found) -> None:
    described = sender.stack.request("GET", "/openapi.json").json()["paths"]
    operations = {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if re.match(OF_LOTES, path)
    }
    assert len(operations) == 4
    assert_keeps(of_lotes, operations, public=set(), phases=PHASES)
