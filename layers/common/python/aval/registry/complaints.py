"""What the fields of one row may not say together."""

from collections.abc import Iterator, Mapping
from typing import Any

from aval.identifiers import Cnpj, Cpf
from aval.registry.model import CompanyRelation

Values = Mapping[str, Any]
Complaint = tuple[str, str]
"""A field and what is wrong with it."""


def disordered_validity(values: Values) -> Iterator[Complaint]:
    begins, ends = values.get("inicioVigencia"), values.get("fimVigencia")
    if begins and ends and ends < begins:
        yield "fimVigencia", "a vigência não pode terminar antes de começar"


def impossible_representation(values: Values) -> Iterator[Complaint]:
    yield from disordered_validity(values)
    representative, capacity = values.get("representante"), values.get("papel")
    if representative and capacity:
        if isinstance(capacity, CompanyRelation) and isinstance(representative, Cpf):
            yield "representante", f"{capacity} é relação entre empresas: o representante deve ser um CNPJ"
        if not isinstance(capacity, CompanyRelation) and isinstance(representative, Cnpj):
            yield "representante", f"{capacity} é papel de pessoa: o representante deve ser um CPF"
    if representative and representative == values.get("representada"):
        yield "representada", "uma empresa não representa nem controla a si mesma"


def disordered_window(values: Values) -> Iterator[Complaint]:
    opening, deadline = values.get("abertura"), values.get("prazo")
    if opening and deadline and deadline <= opening:
        yield "prazo", "o prazo deve ser posterior à abertura"


def disordered_period(values: Values) -> Iterator[Complaint]:
    begins, ends = values.get("inicio"), values.get("fim")
    if begins and ends and ends <= begins:
        yield "fim", "o último dia não pode vir antes do primeiro"


def impossible_contract(values: Values) -> Iterator[Complaint]:
    yield from disordered_period(values)
    if values.get("vendedor") and values["vendedor"] == values.get("comprador"):
        yield "comprador", "vendedor e comprador não podem ser o mesmo perfil"
