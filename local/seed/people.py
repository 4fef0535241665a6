"""Logins of the demo registry's people, with passwords made on this machine."""

import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.aws import Emulator
from local.files import write_json
from local.seed.registry import DEMO


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    email: str
    roles: tuple[str, ...]
    password: str = field(repr=False)


def logins(secrets_file: Path) -> tuple[Login, ...]:
    """Return the people of the demo registry with their passwords, made and kept at the first call."""
    kept: dict[str, dict[str, str]] = {}
    with contextlib.suppress(FileNotFoundError):
        kept = json.loads(secrets_file.read_text())
    passwords = kept.setdefault("people", {})
    registry = json.loads((DEMO / "registro.json").read_text())
    for person in registry["pessoas"]:
        passwords.setdefault(person["email"], _password())
    write_json(secrets_file, kept, mode=0o600)
    return tuple(
        Login(person["nome"], person["email"], _roles(registry, person["cpf"]), passwords[person["email"]])
        for person in registry["pessoas"]
    )


def register(emulator: Emulator, pool_id: str, people: tuple[Login, ...]) -> None:
    """Make each login that the pool does not have, e-mail verified and password for good."""
    cognito = emulator.client("cognito-idp")
    for person in people:
        attributes = [{"Name": "email", "Value": person.email}, {"Name": "email_verified", "Value": "true"}]
        with contextlib.suppress(cognito.exceptions.UsernameExistsException):
            cognito.admin_create_user(
                UserPoolId=pool_id,
                Username=person.email,
                UserAttributes=attributes,
                MessageAction="SUPPRESS",
            )
            cognito.admin_set_user_password(
                UserPoolId=pool_id, Username=person.email, Password=person.password, Permanent=True
            )


def _roles(registry: Mapping[str, list[dict[str, str]]], cpf: str) -> tuple[str, ...]:
    held = (entry["papel"] for entry in registry["representacoes"] if entry["representante"] == cpf)
    return tuple(dict.fromkeys(held))


def _password() -> str:
    """Return a password with the four kinds of sign that the pool asks for."""
    return f"Aval-{secrets.token_urlsafe(12)}-1a"
