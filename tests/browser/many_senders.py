"""A person who answers for several companies' monitoring, in the registry while a test lasts."""

import json
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from local.aws import Emulator
from local.places import ROOT
from local.seed.drops import REGISTRY, deliver
from local.seed.people import Login, register
from tests.support.stack import Stack

_DEMO: Final[dict[str, list[dict[str, Any]]]] = json.loads((ROOT / "local/demo/registro.json").read_text())
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
    person = {"cpf": nine + _check_digits(nine), "nome": "Íris Demonstração"}
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
    _drop(stack, [*_DEMO[_PEOPLE], {**person, "email": made.email}], [*_DEMO[_ROLES], *roles])
    login = Login(person["nome"], made.email, (), made.password)
    try:
        register(Emulator(stack.described["emulator_url"]), stack.outputs["UserPoolId"], (login,))
        yield made
    finally:
        _drop(stack, _DEMO[_PEOPLE], _DEMO[_ROLES])


def _drop(stack: Stack, people: list[dict[str, Any]], roles: list[dict[str, Any]]) -> None:
    content = json.dumps({_PEOPLE: people, _ROLES: roles}, ensure_ascii=False).encode()
    bucket = stack.outputs[REGISTRY.bucket_output]
    report = deliver(stack.client("s3"), bucket, REGISTRY, "pessoas-de-varios-remetentes.json", content)
    assert report["aceito"], report


def _check_digits(nine: str) -> str:
    digits = [int(one) for one in nine]
    for _ in range(2):
        weighted = sum(one * weight for one, weight in zip(reversed(digits), range(2, 12), strict=False))
        digits.append(weighted * 10 % 11 % 10)
    return f"{digits[9]}{digits[10]}"
