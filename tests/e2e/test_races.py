"""Many at once: at most two certificates a company, each subject once, whoever wins."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from aval.identifiers import Cnpj
from tests.support.agents import ANA, AURORA, MOINHO, PASSWORD, VENTO, Person, certificate, offered
from tests.support.stack import Answer, Stack

ENROLMENTS = 200
SUBJECTS = 50
ROUNDS = 10
OUTCOMES = {200, 409, 422, 503}


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    start = Barrier(len(calls))

    def started(call: Callable[[], Answer]) -> Answer:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(started, calls))


def taken(stack: Stack, company: Cnpj) -> dict[str, list[str]]:
    """What the table holds for `company`: its certificates, and who holds which subject and fingerprint."""
    pages = (
        stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["AdhesionTableName"])
    )
    keys = [item["pk"]["S"] for page in pages for item in page["Items"] if _is_holding(item, company)]
    kinds: dict[str, list[str]] = {"CERT": [], "REQUERENTE": []}
    for key in keys:
        kind, _, name = key.partition("#")
        kinds[kind].append(name)
    return kinds


def _is_holding(item: dict[str, Any], company: Cnpj) -> bool:
    return bool(item["sk"]["S"] == "UNICO" and item["cnpj"]["S"] == company)


def test_200_enrolments_at_once_leave_two_certificates_and_each_subject_once(stack: Stack) -> None:
    ana = Person.logged_in(stack, ANA)
    ana.empty(AURORA)
    files = [
        certificate(stack, f"AURORA CORRIDA {number % SUBJECTS}", cnpj=AURORA) for number in range(ENROLMENTS)
    ]

    def enrolment(file: bytes) -> Callable[[], Answer]:
        return lambda: ana.change(AURORA, senha=PASSWORD, adicionar=[offered(file)])

    answers = at_once(*map(enrolment, files))

    statuses = Counter(answer.status for answer in answers)
    assert set(statuses) <= OUTCOMES, statuses
    assert statuses[200] == 2, statuses
    held = taken(stack, AURORA)
    assert sorted(held["CERT"]) == sorted(ana.fingerprints(AURORA))
    assert len(held["REQUERENTE"]) == len(held["CERT"]) == 2


def test_two_companies_racing_for_one_subject_leave_one_holder(stack: Stack) -> None:
    ana = Person.logged_in(stack, ANA)
    for round_ in range(ROUNDS):
        ana.empty(VENTO)
        ana.empty(MOINHO)
        # Without a CNPJ inside, both companies may offer it.
        files = [certificate(stack, f"DISPUTADO {round_}") for _ in range(2)]
        answers = at_once(
            lambda files=files: ana.change(VENTO, senha=PASSWORD, adicionar=[offered(files[0])]),  # type: ignore[misc]
            lambda files=files: ana.change(MOINHO, senha=PASSWORD, adicionar=[offered(files[1])]),  # type: ignore[misc]
        )
        assert sorted(answer.status for answer in answers) == [200, 422]
        loser = next(answer for answer in answers if answer.status == 422)
        assert [fault["rule"] for fault in loser.json()["errors"]] == ["requerente"]
        holders = taken(stack, VENTO)["REQUERENTE"] + taken(stack, MOINHO)["REQUERENTE"]
        assert len(holders) == 1
