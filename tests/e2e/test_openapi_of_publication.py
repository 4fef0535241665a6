"""What the API says of published lists and agents' own addresses holds, asked by who answers for them."""

import re
from collections.abc import Sequence
from functools import partial

import pytest

from tests.e2e.ended_week import OwnWeek
from tests.e2e.test_openapi_contract import (
    ALLOWANCES,
    MORE_EXAMPLES,
    OF_PUBLICATION,
    PHASES,
    WITHOUT_LINKS,
    assert_keeps,
)
from tests.e2e.week_agent import FABIO
from tests.support.openapi_runs import Found, configuration, document, run
from tests.support.stack import Stack

COMPANY, ADDRESS = "90003217000148", "https://www.empresa.com.br/fator-de-alavancagem"


@pytest.fixture(scope="module")
def of_publication(stack: Stack) -> Found:
    """Of a week that was published and a company that registered where it publishes itself."""
    week = OwnWeek.dropped(stack, 903)
    week.close()
    values: dict[str, Sequence[str | int]] = {
        "path.evento": [week.event],
        "path.cnpj": [COMPANY],
        "body.endereco": [ADDRESS],
    }
    token = stack.token(FABIO)
    asked = partial(configuration, authority=stack.authority, token=token, values=values, **WITHOUT_LINKS)
    found = run(document(stack.people_url, asked()).include(path_regex=OF_PUBLICATION), ALLOWANCES)
    # What is drawn for one operation changes with every other: who drew badly draws again, more.
    for operation in found.without_success:
        method, path = operation.split()
        again = document(stack.people_url, asked(examples=MORE_EXAMPLES))
        found.join(run(again.include(method=method, path=path), ALLOWANCES))
    return found


def test_the_doors_of_publication_keep_what_they_say(stack: Stack, of_publication: Found) -> None:
    described = stack.request("GET", "/openapi.json").json()["paths"]
    operations = {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if re.match(OF_PUBLICATION, path)
    }
    assert_keeps(of_publication, operations, public=set(), phases=PHASES)
