import json
from importlib import import_module
from typing import Any

import pytest

from aval.contracts.listing import PublicLists
from tests.support.directory import MemoryDirectory
from tests.support.gateway import Context, event
from tests.support.registry import (
    ANA,
    AURORA,
    BOLT,
    NOON,
    asset,
    aurora,
    parcel,
    participant,
    profile,
    second_profile,
)

ENDED = {"inicioVigencia": "2020-01-01", "fimVigencia": "2026-08-02"}
OPERATIONS = {
    "/participantes": "list_participants",
    "/perfis": "list_profiles",
    "/ativos": "list_assets",
    "/parcelas": "list_parcels",
}
LISTS = PublicLists(
    MemoryDirectory.of(
        participantes=[participant(), aurora(razaoSocial="Água S.A.", classe=4, **ENDED)],
        perfis=[profile(), second_profile(**ENDED), profile(codigo=10020, cnpj=AURORA, sigla="AURORA")],
        ativos=[
            asset(),
            asset(codigo=5002, nome="FÁBRICA", tipo="CARGA", submercado=1),
            asset(codigo=5003, nome="SERRARIA", tipo="CARGA", **ENDED),
        ],
        parcelas=[parcel(garantiaFisica="64.50"), parcel(codigo=7002, ativo=5002, cnpj=AURORA, **ENDED)],
    )
)
PERSON = {"kind": "person", "subject": "sub", "person": ANA, "thumbprint": ""}
# Bound to nobody in the registry: the lists are public to whoever is let in.
STRANGER = {"kind": "person", "subject": "sub", "person": "", "thumbprint": ""}
SYSTEM = {"kind": "system", "subject": BOLT, "person": "", "thumbprint": "0f" * 32}


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    def call(path: str, caller: dict[str, str] = PERSON, **query: str) -> tuple[int, Any]:
        module = import_module(f"lambdas.registry.{OPERATIONS[path]}")
        monkeypatch.setattr(module, "_bus", lambda: LISTS)
        monkeypatch.setattr(module, "utc_now", lambda: NOON, raising=False)
        answer = module.handler(event("GET", path, query=query, caller=caller), Context())
        return answer["statusCode"], json.loads(answer["body"])

    return call


def test_a_participant_is_told_whole(ask: Any) -> None:
    assert ask("/participantes", codigo="1001") == (
        200,
        {
            "participantes": [
                {
                    "codigo": 1001,
                    "cnpj": BOLT,
                    "sigla": "BOLT OPERACOES",
                    "nomeEmpresarial": "BOLT ENERGY",
                    "classe": {"codigo": 2, "descricao": "Comercializador"},
                    "situacao": {"codigo": 1, "descricao": "ATIVO"},
                    "periodoVigencia": {"inicio": "2026-01-01", "fim": None},
                }
            ],
            "proxima": None,
        },
    )


def test_a_profile_is_told_whole(ask: Any) -> None:
    assert ask("/perfis", codigo="10011") == (
        200,
        {
            "perfis": [
                {
                    "codigo": 10011,
                    "sigla": "BOLT OPERACOES I5",
                    "participanteMercado": {"codigo": 1001, "cnpj": BOLT},
                    "classe": {"codigo": 2, "descricao": "Comercializador"},
                    "situacao": {"codigo": 1, "descricao": "ATIVO"},
                    "periodoVigencia": {"inicio": "2020-01-01", "fim": "2026-08-02"},
                    "submercado": {"id": 1, "nome": "SE"},
                    "perfilPrincipal": False,
                    "comercializadorVarejista": False,
                    "regimeCotas": False,
                }
            ],
            "proxima": None,
        },
    )


def test_an_asset_is_told_whole(ask: Any) -> None:
    assert ask("/ativos", tipo="USINA") == (
        200,
        {
            "ativos": [
                {
                    "codigo": 5001,
                    "nome": "UHE AURORA",
                    "tipo": "USINA",
                    "submercado": {"id": 2, "nome": "S"},
                    "status": {"codigo": 1, "descricao": "ATIVO"},
                    "vigencia": {"inicio": "2026-01-01", "fim": None},
                }
            ],
            "proxima": None,
        },
    )


def test_a_parcel_is_told_whole(ask: Any) -> None:
    status, document = ask("/parcelas")
    assert status == 200
    assert document["parcelas"][0] == {
        "codigo": 7001,
        "perfil": {"codigo": 10010},
        "ativoMedicao": {"codigo": 5001},
        "cnpj": BOLT,
        "nome": "UHE AURORA",
        "nomeReduzido": "AURORA",
        "submercado": {"id": 2, "nome": "S"},
        "capacidadeTotal": "120.5",
        "garantiaFisica": "64.50",
        "status": {"codigo": 1, "descricao": "ATIVO"},
        "vigencia": {"inicio": "2026-01-01", "fim": None},
    }
    assert document["parcelas"][1]["garantiaFisica"] is None


@pytest.mark.parametrize(
    ("path", "query", "codes"),
    [
        ("/participantes", {}, [1001, 1002]),
        ("/participantes", {"cnpj": "12.ABC.345/01DE-35"}, [1002]),
        ("/participantes", {"sigla": "bolt"}, [1001]),
        ("/participantes", {"nome": "agua"}, [1002]),
        ("/participantes", {"classe": "4"}, [1002]),
        ("/participantes", {"data": "2026-08-03"}, [1001]),
        ("/participantes", {"data": "2026-08-02"}, [1001, 1002]),
        ("/participantes", {"codigo": "9"}, []),
        ("/perfis", {"participante": "1002"}, [10020]),
        ("/perfis", {"cnpj": BOLT}, [10010, 10011]),
        ("/perfis", {"cnpj": BOLT, "data": "2026-08-03"}, [10010]),
        ("/perfis", {"codigo": "10020"}, [10020]),
        # Twice the same name: payload 2.0 joins the values by commas.
        ("/perfis", {"codigo": "10020,10010,9"}, [10010, 10020]),
        ("/perfis", {"sigla": "i5"}, [10011]),
        ("/perfis", {"classe": "3"}, []),
        ("/ativos", {"tipo": "CARGA"}, [5002]),
        ("/ativos", {"tipo": "CARGA", "data": "2026-08-02"}, [5002, 5003]),
        ("/ativos", {"tipo": "CARGA", "nome": "fabrica"}, [5002]),
        ("/ativos", {"tipo": "USINA", "perfil": "10010"}, [5001]),
        ("/ativos", {"tipo": "USINA", "perfil": "10020"}, []),
        ("/ativos", {"tipo": "CARGA", "submercado": "2"}, []),
        ("/ativos", {"tipo": "CARGA", "codigo": "5002"}, [5002]),
        ("/parcelas", {"codigo": "7002"}, [7002]),
        ("/parcelas", {"perfil": "10010"}, [7001, 7002]),
        ("/parcelas", {"ativo": "5002"}, [7002]),
        ("/parcelas", {"cnpj": AURORA}, [7002]),
        ("/parcelas", {"data": "2026-08-03"}, [7001]),
    ],
)
def test_every_filter_narrows(ask: Any, path: str, query: dict[str, str], codes: list[int]) -> None:
    status, document = ask(path, **query)
    (rows,) = (value for value in document.values() if isinstance(value, list))
    assert (status, [row["codigo"] for row in rows]) == (200, codes)


@pytest.mark.parametrize("caller", [PERSON, STRANGER, SYSTEM])
@pytest.mark.parametrize("path", OPERATIONS)
def test_the_lists_are_public_to_every_caller(ask: Any, path: str, caller: dict[str, str]) -> None:
    status, _ = ask(path, caller, **({"tipo": "USINA"} if path == "/ativos" else {}))
    assert status == 200


def test_pages_follow_the_cursor_to_the_end(ask: Any) -> None:
    seen: list[int] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        _, document = ask("/perfis", limite="1", **cursor)
        seen += [row["codigo"] for row in document["perfis"]]
        cursor = {"cursor": document["proxima"]}
    assert seen == [10010, 10011, 10020]
    assert document["proxima"] is None


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/ativos", {}, "query:tipo"),
        ("/ativos", {"tipo": "carga"}, "query:tipo"),
        ("/perfis", {"codigo": "0"}, "query:codigo/0"),
        ("/perfis", {"codigo": "10010,x"}, "query:codigo/1"),
        ("/perfis", {"codigo": ""}, "query:codigo/0"),
        ("/perfis", {"codigo": ",".join(["1"] * 101)}, "query:codigo"),
        ("/perfis", {"limite": "1001"}, "query:limite"),
        ("/participantes", {"cnpj": "33047509000148"}, "query:cnpj"),
        ("/participantes", {"data": "2026-02-30"}, "query:data"),
        ("/participantes", {"sigla": "x" * 61}, "query:sigla"),
    ],
)
def test_says_which_filter_cannot_be_read(ask: Any, path: str, query: dict[str, str], pointer: str) -> None:
    status, document = ask(path, **query)
    assert status == 422
    assert [fault["pointer"] for fault in document["errors"]] == [pointer]


def test_a_hundred_profiles_are_asked_for_at_once(ask: Any) -> None:
    status, told = ask("/perfis", codigo=",".join(map(str, range(10010, 10110))))
    assert (status, [one["codigo"] for one in told["perfis"]]) == (200, [10010, 10011, 10020])


def test_refuses_a_cursor_of_no_list(ask: Any) -> None:
    status, document = ask("/parcelas", cursor="abc")
    assert (status, document["type"]) == (422, "urn:aval:problema:cursor-ilegivel")


def test_a_participant_is_found_as_it_is_typed(ask: Any) -> None:
    status, told = ask("/participantes", busca="agua")
    assert (status, [one["cnpj"] for one in told["participantes"]], told["proxima"]) == (200, [AURORA], None)
    assert ask("/participantes", busca="água, s.a")[1]["participantes"] == []
    status, told = ask("/participantes", busca="33.047", limite="1")
    assert [one["cnpj"] for one in told["participantes"]] == [BOLT]


def test_a_search_stands_alone(ask: Any) -> None:
    status, told = ask("/participantes", busca="bolt", sigla="bolt", cursor="1001")
    assert (status, [one["pointer"] for one in told["errors"]]) == (422, ["query:sigla", "query:cursor"])
