import copy
import json
from decimal import Decimal
from typing import Any

import pytest

from aval.errors import FaultsFound
from aval.prudential.what_if import MOST_CHANGES, Change, WhatIf, changed_document, read_what_if
from tests.support.portfolio_files import portfolio


def told(**members: Any) -> bytes:
    return json.dumps({"mudancas": [], **members}).encode()


def rules(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(FaultsFound) as caught:
        read_what_if(data)
    return [(one.rule, one.pointer) for one in caught.value.faults]


def test_reads_changes_and_the_factor_aimed_at() -> None:
    changes = [{"caminho": "/meses/0/geracao", "valor": "10"}]
    assert read_what_if(told(mudancas=changes, alvo="0.15")) == WhatIf(
        (Change("/meses/0/geracao", "10"),), Decimal("0.15")
    )
    assert read_what_if(told()) == WhatIf((), Decimal("0.20"))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"alvo": "0"}, ("alvo", "/alvo")),
        ({"alvo": "-0.1"}, ("alvo", "/alvo")),
        ({"alvo": 0.2}, ("numero", "/alvo")),
        ({"mudancas": {}}, ("tipo", "/mudancas")),
        ({"mudancas": [{"caminho": "/cnpj"}]}, ("obrigatorio", "/mudancas/0/valor")),
        ({"mudancas": [{"caminho": "", "valor": "1"}]}, ("texto", "/mudancas/0/caminho")),
        ({"mudancas": [{"caminho": "/a", "valor": 1}]}, ("tipo", "/mudancas/0/valor")),
        ({"mais": 1}, ("desconhecido", "")),
    ],
    ids=str,
)
def test_refuses_what_is_no_what_if(members: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in rules(told(**members))


def test_takes_so_many_changes_and_not_one_more() -> None:
    one = {"caminho": "/meses/0/geracao", "valor": "10"}
    assert len(read_what_if(told(mudancas=[one] * MOST_CHANGES)).changes) == MOST_CHANGES
    assert rules(told(mudancas=[one] * (MOST_CHANGES + 1))) == [("quantidade", "/mudancas")]


def test_changes_a_copy_and_nothing_else_of_it() -> None:
    stored = portfolio()
    before = copy.deepcopy(stored)
    asked = WhatIf((Change("/meses/3/precoFixo/recurso/mwm", "31"), Change("/patrimonioLiquido/valor", "7")))
    made = changed_document(stored, asked)
    assert stored == before
    before["meses"][3]["precoFixo"]["recurso"]["mwm"] = "31"
    before["patrimonioLiquido"]["valor"] = "7"
    assert made == before


@pytest.mark.parametrize(
    "path",
    [
        "/cnpj",
        "/evento",
        "meses/0/geracao",
        "/meses",
        "/meses/7/geracao",
        "/meses/-1/geracao",
        "/meses/-/geracao",
        "/meses/00/geracao",
        "/meses/²/geracao",
        "/meses/0/geracao/0",
        "/meses/0/nada",
        "/meses/0/precoFixo",
        "/patrimonioLiquido/deducoes/9",
        "/",
        "/99999999999999999999",
    ],
)
def test_refuses_a_path_that_leads_to_no_text_that_may_change(path: str) -> None:
    asked = WhatIf((Change("/meses/0/geracao", "1"), Change(path, "1")))
    with pytest.raises(FaultsFound) as caught:
        changed_document(portfolio(), asked)
    assert [(one.rule, one.pointer) for one in caught.value.faults] == [("caminho", "/mudancas/1/caminho")]


def test_a_path_spells_its_slash_and_tilde_as_rfc_6901_does() -> None:
    made = changed_document(
        {"a/b": {"c~d": "1"}, "l": ["1", "2"]}, WhatIf((Change("/a~1b/c~0d", "3"), Change("/l/1", "4")))
    )
    assert made == {"a/b": {"c~d": "3"}, "l": ["1", "4"]}


def test_values_are_in_no_representation() -> None:
    assert "planted" not in repr(WhatIf((Change("/meses/0/geracao", "planted"),)))
