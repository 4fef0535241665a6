"""Names are equal as RFC 5280, section 7.1 says."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from aval.certificates.names import name_key, normalise
from local.issuing import StringType


def name(*relative: list[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name(
        [x509.RelativeDistinguishedName([x509.NameAttribute(*told) for told in one]) for one in relative]
    )


def common_name(text: str, string_type: StringType = StringType.UTF8String) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text, string_type)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AC Teste", "ac teste"),
        ("AC Teste", "  AC   Teste "),
        ("Ação", "AÇÃO"),
        ("Ac\u0327a\u0303o", "Ação"),
        ("AC\u00adTeste", "ACTeste"),
        ("AC\u00a0Teste", "AC Teste"),
        ("STRASSE", "straße"),
        ("\ufb01m", "fim"),
    ],
)
def test_strings_that_mean_the_same_are_the_same(one: str, other: str) -> None:
    assert name_key(common_name(one)) == name_key(common_name(other))


def test_the_string_type_does_not_matter() -> None:
    types = (StringType.UTF8String, StringType.PrintableString, StringType.BMPString, StringType.T61String)
    assert len({name_key(common_name("AC Teste", kind)) for kind in types}) == 1


def test_order_and_grouping_of_attributes_matter_but_not_inside_a_group() -> None:
    country, unit = (NameOID.COUNTRY_NAME, "BR"), (NameOID.ORGANIZATIONAL_UNIT_NAME, "X")
    assert name_key(name([country], [unit])) != name_key(name([unit], [country]))
    assert name_key(name([country, unit])) == name_key(name([unit, country]))
    assert name_key(name([country, unit])) != name_key(name([country], [unit]))


def test_text_of_one_attribute_cannot_pass_for_another() -> None:
    organisation, unit = NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME
    assert name_key(name([(organisation, "a")])) != name_key(name([(unit, "a")]))
    assert name_key(name([(unit, "ab")])) != name_key(name([(unit, "a")], [(unit, "b")]))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=20))
def test_upper_and_lower_case_are_the_same_name(text: str) -> None:
    assert normalise(text.upper()) == normalise(text.lower())
