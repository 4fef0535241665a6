import pytest
from hypothesis import given
from hypothesis import strategies as st

from aval.identifiers import Cnpj, Cpf, IdentifierInvalid, parse_fingerprint

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("text", ["12ABC34501DE35", "6A3EDMWP000168", "33047509000149"])
def test_takes_a_company_whose_check_digits_hold(text: str) -> None:
    assert Cnpj.parse(text) == text


@pytest.mark.parametrize(
    ("text", "bare"),
    [("33.047.509/0001-49", "33047509000149"), (" 12.abc.345/01de-35 ", "12ABC34501DE35")],
)
def test_takes_a_masked_company(text: str, bare: str) -> None:
    assert Cnpj.parse(text) == bare


@pytest.mark.parametrize(
    "text",
    ["33047509000148", "12ABC34501DE36", "1", "", "3304750900014X", "٣3047509000149", "33047509000149\n1"],
)
def test_refuses_what_is_no_company(text: str) -> None:
    with pytest.raises(IdentifierInvalid):
        Cnpj.parse(text)


def test_a_letter_that_only_upper_case_makes_ours_is_no_letter_of_a_company() -> None:
    company = "12ABI34501DE" + Cnpj.check_digits("12ABI34501DE")
    assert Cnpj.parse(company.lower()) == company
    with pytest.raises(IdentifierInvalid):
        Cnpj.parse(company.replace("I", "\N{LATIN SMALL LETTER DOTLESS I}"))


def test_refuses_a_company_of_zeros_although_its_digits_hold() -> None:
    assert Cnpj.check_digits("0" * 12) == "00"
    with pytest.raises(IdentifierInvalid, match="zeros"):
        Cnpj.parse("0" * 14)


@given(st.text(alphabet=ALPHABET, min_size=12, max_size=12).filter(lambda text: set(text) != {"0"}))
def test_a_masked_company_reads_back(twelve: str) -> None:
    company = Cnpj.parse(twelve + Cnpj.check_digits(twelve))
    assert Cnpj.parse(company.masked) == company
    assert company.root == twelve[:8]


@pytest.mark.parametrize("text", ["529.982.247-25", "52998224725"])
def test_takes_a_person(text: str) -> None:
    assert Cpf.parse(text) == "52998224725"


@pytest.mark.parametrize("text", ["52998224724", "11111111111", "5299822472", "abc"])
def test_refuses_what_is_no_person(text: str) -> None:
    with pytest.raises(IdentifierInvalid):
        Cpf.parse(text)


def test_a_person_does_not_show_in_a_repr() -> None:
    assert "529" not in repr(Cpf.parse("52998224725"))


def test_a_fingerprint_may_come_with_colons_and_capitals() -> None:
    assert parse_fingerprint("AB:" * 31 + "AB") == "ab" * 32


@pytest.mark.parametrize("text", ["", "ab" * 31, "zz" * 32])
def test_refuses_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(IdentifierInvalid):
        parse_fingerprint(text)
