"""WS-Security in the one form that is taken: a UsernameToken with the password as text, over mutual TLS."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from aval.edge.soap.documents import Element
from aval.edge.soap.namespaces import PASSWORD_TEXT, SECURITY
from aval.errors import DomainError
from aval.identifiers import Cnpj, IdentifierInvalid

# A password is 8 to 64 characters; more is not worth hashing.
_LONGEST_PASSWORD: Final = 256


class CredentialsRefused(DomainError):
    """The Security header does not say who calls, or not in the way that is taken."""


@dataclass(frozen=True, slots=True)
class Credentials:
    company: Cnpj
    password: str = field(repr=False)


def read_credentials(headers: Sequence[Element]) -> Credentials:
    """Raise `CredentialsRefused`; whether they are right is for the adhesion to say."""
    if len(headers) != 1 or headers[0].name != "Security":
        raise CredentialsRefused("envie um só cabeçalho Security, do WS-Security 1.0, com um UsernameToken")
    tokens = headers[0].children
    if [(token.namespace, token.name) for token in tokens] != [(SECURITY, "UsernameToken")]:
        raise CredentialsRefused("o cabeçalho Security deve ter um UsernameToken e nada mais")
    username, password = _username_and_password(tokens[0])
    kind = password.attributes.get("Type", PASSWORD_TEXT)
    if kind != PASSWORD_TEXT:
        raise CredentialsRefused("envie a senha em texto (PasswordText): PasswordDigest não é aceito")
    text = _without_layout(password.text)
    if not text or len(text) > _LONGEST_PASSWORD:
        raise CredentialsRefused("informe a senha em Password")
    try:
        return Credentials(Cnpj.parse(username.text), text)
    except IdentifierInvalid as error:
        raise CredentialsRefused(f"Username deve ser o CNPJ da empresa: {error.detail}") from error


def _without_layout(text: str) -> str:
    """A password may begin or end with a space, but holds no line break: with one, blanks are layout."""
    return text.strip() if "\n" in text else text


def _username_and_password(token: Element) -> tuple[Element, Element]:
    names = [child.name if child.namespace == SECURITY else "" for child in token.children]
    # Created is of the utility namespace, and comes with a nonce.
    if "Nonce" in names or any(child.name == "Created" for child in token.children):
        raise CredentialsRefused(
            "envie a senha em texto (PasswordText), sem Nonce nem Created: PasswordDigest não é aceito"
        )
    if sorted(names) != ["Password", "Username"]:
        raise CredentialsRefused("o UsernameToken deve ter um Username e um Password, e nada mais")
    return token.children[names.index("Username")], token.children[names.index("Password")]
