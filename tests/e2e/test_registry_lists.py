"""Participants, profiles, assets and parcels, public to every caller, through the deployed API."""

import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from local.places import ROOT
from local.seed.company import BUYER, CompanyFiles
from local.seed.drops import REGISTRY, deliver
from tests.support.agents import DARIO, ELISA, Person
from tests.support.stack import Stack

LISTS = {
    "/participantes": "participantes",
    "/perfis": "perfis",
    "/ativos": "ativos",
    "/parcelas": "parcelas",
}
DEMO: dict[str, list[dict[str, Any]]] = json.loads((ROOT / "local/demo/registro.json").read_text())


def asked(path: str, **query: object) -> str:
    kind = {"tipo": "CARGA"} if path == "/ativos" and "tipo" not in query else {}
    return f"{path}?{urlencode(kind | query)}"


def codes(person: Person, path: str, **query: object) -> list[int]:
    answer = person.get(asked(path, **query))
    assert answer.status == 200, answer.body
    return [row["codigo"] for row in answer.json()[LISTS[path]]]


@pytest.fixture
def stranger(stack: Stack) -> Person:
    """Dario is known to the registry, and represents nobody."""
    return Person.logged_in(stack, DARIO)


@pytest.mark.parametrize("path", LISTS)
def test_a_person_who_represents_nobody_sees_all_of_it_in_the_order_of_codes(
    stranger: Person, path: str
) -> None:
    loads = [row["codigo"] for row in DEMO["ativos"] if row["tipo"] == "CARGA"]
    whole = loads if path == "/ativos" else [row["codigo"] for row in DEMO[LISTS[path]]]
    assert codes(stranger, path) == sorted(whole) != []


@pytest.mark.parametrize("path", LISTS)
def test_nobody_sees_it_without_a_token(stack: Stack, path: str) -> None:
    assert stack.request("GET", asked(path)).status == 401


def test_the_demos_buyer_enrols_with_the_files_it_was_given_and_its_system_sees_what_people_see(
    stack: Stack,
) -> None:
    files = CompanyFiles.of_the_buyer(stack.places.company)
    elisa = Person.logged_in(stack, ELISA)
    elisa.empty(BUYER)
    assert elisa.change(BUYER, **json.loads(files.adhesion.read_text())).status == 200
    told = stack.request(
        "POST",
        f"{stack.systems_url}/sistema/token",
        body=files.token_request.read_bytes(),
        headers={"Content-Type": "application/json"},
        context=stack.context(certificate=files.chain, key=files.key),
    )
    assert told.status == 200, told.body
    system = Person(stack, told.json()["access_token"])
    for path in LISTS:
        assert codes(system, path) == codes(elisa, path) != []


def test_filters_narrow_and_none_found_is_an_empty_list(stranger: Person) -> None:
    assert codes(stranger, "/participantes", nome="agroindustria") == [1005]
    assert codes(stranger, "/perfis", cnpj="58.290.417/0001-16") == [10050, 10051]
    assert codes(stranger, "/ativos", tipo="USINA", perfil=10030) == [5002]
    assert codes(stranger, "/parcelas", perfil=10051) == [7005]
    assert codes(stranger, "/parcelas", codigo=1) == []


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_any_size_add_up(stranger: Person, path: str) -> None:
    whole = codes(stranger, path)
    for size in random.Random(path).sample(range(1, len(whole) + 2), 2):
        seen: list[int] = []
        cursor: dict[str, str] = {}
        while True:
            page = stranger.get(asked(path, limite=size, **cursor)).json()
            seen += [row["codigo"] for row in page[LISTS[path]]]
            if page["proxima"] is None:
                break
            cursor = {"cursor": page["proxima"]}
        assert seen == whole


@pytest.fixture
def bucket(stack: Stack) -> Iterator[Any]:
    """Where files are dropped; the demo's parcels are put back afterwards."""
    s3, name = stack.client("s3"), stack.outputs["RegistryBucketName"]

    def drop(**datasets: Any) -> bool:
        content = json.dumps(datasets).encode()
        return bool(deliver(s3, name, REGISTRY, "parcelas-do-teste.json", content)["aceito"])

    yield drop
    assert drop(parcelas=DEMO["parcelas"])


def test_a_load_is_seen_by_the_next_call(stranger: Person, bucket: Any) -> None:
    before = codes(stranger, "/parcelas")
    assert bucket(parcelas=[*DEMO["parcelas"], DEMO["parcelas"][0] | {"codigo": 7999}])
    assert codes(stranger, "/parcelas") == [*before, 7999]
    assert bucket(parcelas=[])
    assert codes(stranger, "/parcelas") == []
