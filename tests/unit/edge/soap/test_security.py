import pytest

from aval.edge.soap.documents import read_document
from aval.edge.soap.envelope import read_envelope
from aval.edge.soap.namespaces import V2
from aval.edge.soap.security import Credentials, CredentialsRefused
from tests.support.soap import envelope, message_header, security

NONCE = "<w:Nonce>YQ==</w:Nonce><u:Created xmlns:u='urn:u'>2026-01-01T00:00:00Z</u:Created>"


def credentials(header: str) -> Credentials:
    whole = envelope("<m:pedido/>", message_header(), header, dialect=V2)
    return read_envelope(read_document(whole.encode()), V2).credentials


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (security(attributes=' Type="http://x#PasswordDigest"'), "PasswordDigest não é aceito"),
        (security(more=NONCE), "sem Nonce nem Created"),
        (security(more="<w:Password>outra</w:Password>"), "um Username e um Password"),
        (security(more="<w:Outro/>"), "um Username e um Password"),
        (security(password=""), "informe a senha"),
        (security(password="x" * 257), "informe a senha"),
        (security(username="123"), "CNPJ"),
        ("<w:Security/>", "UsernameToken"),
        (security().replace("</w:UsernameToken>", "</w:UsernameToken><w:BinarySecurityToken/>"), "nada mais"),
    ],
)
def test_credentials_in_another_form_are_refused(header: str, sentence: str) -> None:
    with pytest.raises(CredentialsRefused) as refused:
        credentials(header)
    assert sentence in refused.value.detail


def test_the_type_of_a_password_in_text_may_be_told() -> None:
    told_type = (
        ' Type="http://docs.oasis-open.org/wss/2004/01/'
        'oasis-200401-wss-username-token-profile-1.0#PasswordText"'
    )
    assert credentials(security(attributes=told_type)).password == "Chave7segura"


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("\n    Chave7segura\n  ", "Chave7segura"),
        (" Chave7segura ", " Chave7segura "),
        ("<![CDATA[a<&>b1]]>", "a<&>b1"),
    ],
)
def test_line_breaks_around_a_password_are_layout_and_spaces_are_not(written: str, password: str) -> None:
    assert credentials(security(password=written)).password == password


def test_credentials_do_not_show_the_password() -> None:
    assert "Chave7segura" not in repr(credentials(security()))
