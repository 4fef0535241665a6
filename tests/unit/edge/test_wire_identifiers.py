import re
from typing import Any

import pytest
from pydantic import Field, ValidationError

from aval.edge.message import Message
from aval.edge.wire_identifiers import CertificateFingerprint, CnpjInBody, CnpjInPath
from aval.identifiers import Cnpj

BARE, MASKED = "33047509000149", "33.047.509/0001-49"


class Carrier(Message):
    bare: CnpjInPath = Field(default_factory=lambda: Cnpj(BARE))
    written: CnpjInBody = Field(default_factory=lambda: Cnpj(BARE))
    fingerprints: list[CertificateFingerprint] = Field(default_factory=list)


def refusals(**given: Any) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as refused:
        Carrier(**given)
    return [(fault["loc"], fault["msg"]) for fault in refused.value.errors()]


@pytest.mark.parametrize("text", [BARE, MASKED, "12abc34501de35"])
def test_a_body_carries_a_cnpj_masked_or_bare_in_either_case(text: str) -> None:
    assert Carrier(written=text).written == Cnpj.parse(text)


def test_a_path_carries_a_cnpj_bare() -> None:
    assert Carrier(bare="12abc34501de35").bare == "12ABC34501DE35"
    assert refusals(bare=MASKED)[0][0] == ("bare",)


@pytest.mark.parametrize(
    "text", [f"{BARE}\n", f" {BARE}", "3304750900014", "３３０４７５０９０００１４９", 33047509000149, None]
)
def test_what_the_pattern_forbids_is_refused_although_it_could_be_read(text: object) -> None:
    for field in ("bare", "written"):
        ((place, sentence),) = refusals(**{field: text})
        assert place == (field,)
        assert sentence.startswith("o CNPJ deve ter 12 letras ou algarismos e 2 dígitos verificadores")


def test_wrong_check_digits_are_told_as_such() -> None:
    assert refusals(written="33047509000148") == [
        (("written",), "os dígitos verificadores do CNPJ não conferem")
    ]


def test_fingerprints_are_read_in_either_case_with_or_without_colons() -> None:
    given = Carrier(fingerprints=["AB" * 32, ":".join(["ab"] * 32)])
    assert given.fingerprints == ["ab" * 32, "ab" * 32]


def test_every_text_that_is_no_fingerprint_is_told_with_its_place() -> None:
    found = refusals(fingerprints=["ab" * 32, "zz", "", f"{'ab' * 32}\n"])
    assert [place for place, _ in found] == [("fingerprints", index) for index in (1, 2, 3)]
    assert {sentence for _, sentence in found} == {
        "a impressão digital deve ter 64 algarismos hexadecimais (SHA-256)"
    }


def test_the_published_patterns_take_the_published_examples() -> None:
    schemas = Carrier.model_json_schema()["properties"]
    for schema in (schemas["bare"], schemas["written"], schemas["fingerprints"]["items"]):
        (example,) = schema["examples"]
        assert re.fullmatch(schema["pattern"], example)
        assert len(example) <= schema["maxLength"]
