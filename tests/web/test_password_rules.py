"""The page judges a password as one types it: the platform's own sentences, in the same order."""

import json
import random
import subprocess
from collections.abc import Iterator
from typing import Final

from aval.adhesion.password import Password, password_faults
from aval.identifiers import Cnpj
from local.node import node
from local.places import ROOT

_JUDGE: Final = ROOT / "web/tests/pages/adhesion/judge-passwords.ts"
_COMPANIES: Final = (Cnpj("33047509000149"), Cnpj("12ABC34501DE35"))
# Few signs, so that runs, repetitions and pieces of a CNPJ come up; some that case or composition changes.
_SIGNS: Final = (
    *"aab1123",
    *"ABCDEFabcdef0123456789",
    *"çÃéß ſK",
    "e\u0301",
    "\u0131",
    "Σ",
    "٣",
    "😀",
    "\u00a0",
    "\t",
    "-",
)
_BY_HAND: Final = (
    "",
    "73918264",
    "12345678",
    "87654321",
    "00000000",
    "739182640",
    "33047509",
    "x12abc345",
    "12ABC345",
    "a1b2a1b2",
    "ab1" * 21,
    "ab1x9" * 12 + "zzzz",
    "ab1x9" * 12 + "zzzzq",
    "somente letras",
    "ΑΣΑΣ1234",
    "straße1straße1",
    "SS1ß1ss1",
)


def _texts() -> Iterator[str]:
    yield from _BY_HAND
    chance = random.Random(20221207)
    for _ in range(4000):
        length = chance.choice((1, 5, 7, 8, 8, 8, 9, 12, 20, 63, 64, 65, 66))
        yield "".join(chance.choices(_SIGNS, k=length))
    for _ in range(500):
        piece = "".join(chance.choices(_SIGNS, k=chance.randint(1, 9)))
        yield piece * chance.randint(2, 5)
    for company in _COMPANIES:
        yield f"a{company.root.lower()}9"


def test_judges_as_the_platform_does() -> None:
    asked = [(text, company) for text in _texts() for company in _COMPANIES]
    given = "".join(f"{json.dumps(one)}\n" for one in asked)
    run = subprocess.run(
        [node(), str(_JUDGE)], input=given, capture_output=True, text=True, timeout=120, check=True
    )
    told = [json.loads(line) for line in run.stdout.splitlines()]
    expected = [
        [fault.detail for fault in password_faults(Password.of(text), company)] for text, company in asked
    ]
    different = [
        (text, here, there)
        for (text, _), here, there in zip(asked, told, expected, strict=True)
        if here != there
    ]
    assert different == []
    # Each sentence comes up, and so does a password without fault.
    assert len({sentence for faults in expected for sentence in faults}) == 9
    assert [] in expected
