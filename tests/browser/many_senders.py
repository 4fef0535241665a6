"""A person who answers for several companies' monitoring, in the registry while a test lasts."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from local.aws import Emulator
from local.seed.people import Login, register
from tests.support.newcomer import DEMO, cpf_of, drop
from tests.support.stack import Stack

_PEOPLE: Final = "pessoas"
_ROLES: Final = "representacoes"


@dataclass(frozen=True, slots=True)
class Somebody:
    email: str
    password: str = field(repr=False)


@contextmanager
def somebody_for(stack: Stack, *companies: str) -> Iterator[Somebody]:
    """Unlike anybody before, so that nothing that others left is theirs."""
    nine = f"{random.randrange(10**9):09d}"
    person = {"cpf": cpf_of(nine), "nome": "Íris Demonstração"}
    made = Somebody(f"iris-{nine}@demo.aval.example", f"Aval-{secrets.token_urlsafe(12)}-1a")
    roles = [
        {
            "representante": person["cpf"],
            "representada": company,
            "papel": "MONITORAMENTO_PRUDENCIAL",
            "inicioVigencia": "2026-01-01",
        }
        for company in companies
    ]
    people = [*DEMO[_PEOPLE], {**person, "email": made.email}]
    drop(stack, {_PEOPLE: people, _ROLES: [*DEMO[_ROLES], *roles]})
    login = Login(person["nome"], made.email, (), made.password)
    try:
        register(Emulator(stack.described["emulator_url"]), stack.outputs["UserPoolId"], (login,))
        yield made
    finally:
        drop(stack, {name: DEMO[name] for name in (_PEOPLE, _ROLES)})
