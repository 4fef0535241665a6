from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aval.contracts.bus import (
    AmountQuery,
    ContractQuery,
    FreeAmount,
    Onlooker,
    Outcome,
    Processing,
    ProcessingCode,
    ProcessingState,
    RowResult,
    RowStatus,
    Submitted,
)
from aval.contracts.model import (
    Amount,
    AmountKind,
    AmountSituation,
    ContractCode,
    LevelUnit,
    LoadLevels,
    Market,
    ModulationKind,
    ParcelCode,
    Period,
    ProfileCode,
    RegulatedAmount,
    Side,
    local_hour,
)
from aval.contracts.paging import CursorRequest, Page, PageRequest, Stretch
from aval.contracts.refusals import CursorUnreadable, NothingFound
from aval.identifiers import Cnpj
from tests.support.contract_api import STRANGER, ContractApi
from tests.support.contracts import (
    BUYER,
    FEBRUARY,
    JANUARY,
    NOW,
    YEAR,
    amount,
    contract,
    energy,
    regulated,
    seller,
    terms,
    transition,
)
from tests.support.registry import AURORA, BOLT, BRUNO

BOLTS = frozenset({BUYER})
LOOKING = Onlooker(BOLTS, frozenset({Cnpj(BOLT)}))
CODE = ContractCode(7)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> ContractApi:
    return ContractApi(monkeypatch)


# Lists of contracts


def test_a_list_asks_for_all_that_the_caller_sees_and_goes_on_by_cursor(api: ContractApi) -> None:
    api.answers["contracts_from"] = Stretch((contract(7), contract(8)), "8")
    answer = api.as_person("list_contracts", "GET", "/contratos", query={"limite": "2", "cursor": "6"})
    assert answer.status == 200
    assert [one["id"] for one in answer.document["contratos"]] == [7, 8]
    assert answer.document["proxima"] == "8"
    [(_, (query, cursor, viewer), _)] = api.asked
    assert (query.market, query.profiles, query.side) == (Market.FREE, BOLTS, None)
    assert query.period.covers(Period(local_hour(1900, 1, 1), local_hour(2200, 1, 1)))
    assert (cursor, viewer) == (CursorRequest("6", 2), LOOKING)


def test_every_filter_reaches_the_bus(api: ContractApi) -> None:
    api.answers["contracts_from"] = Stretch((), None)
    filters = {
        "papel": "COMPRADOR",
        "ambiente": "LIVRE",
        "inicio": "2026-01-01",
        "fim": "2026-12-31",
        "naoValidados": "true",
        "perfil": str(BUYER),
    }
    answer = api.as_system("list_contracts", "GET", "/contratos", query=filters)
    assert answer.document == {"contratos": [], "proxima": None}
    [(_, (query, _, viewer), _)] = api.asked
    assert query == ContractQuery(Market.FREE, YEAR, BOLTS, Side.BUYER, only_not_validated=True)
    assert viewer.profile == BUYER


def test_a_stranger_has_an_empty_list_and_the_public_one(api: ContractApi) -> None:
    api.answers["contracts_from"] = Stretch((regulated(),), None)
    own = api.as_person("list_contracts", "GET", "/contratos", cpf=STRANGER)
    assert (own.status, own.document) == (200, {"contratos": [], "proxima": None})
    assert api.asked == []
    public = api.as_person(
        "list_contracts", "GET", "/contratos", cpf=STRANGER, query={"ambiente": "REGULADO"}
    )
    assert [one["id"] for one in public.document["contratos"]] == [900]


def test_a_login_that_nobody_answers_for_has_an_empty_list(api: ContractApi) -> None:
    assert api.as_person("list_contracts", "GET", "/contratos", cpf="").document["contratos"] == []


def test_a_foreign_profile_is_refused_but_where_contracts_are_public(api: ContractApi) -> None:
    api.answers["contracts_from"] = Stretch((), None)
    refused = api.as_person("list_contracts", "GET", "/contratos", query={"perfil": "10020"})
    assert refused.problem == (403, "perfil-nao-autorizado")
    assert api.asked == []
    filters = {"perfil": "10020", "ambiente": "REGULADO"}
    assert api.as_person("list_contracts", "GET", "/contratos", query=filters).status == 200
    [(_, (query, _, _), _)] = api.asked
    assert query.profiles == {ProfileCode(10020)}


def test_any_role_reads(api: ContractApi) -> None:
    api.answers["contract"] = contract(7)
    assert api.as_person("read_contract", "GET", "/contratos/7", cpf=BRUNO).status == 200


@pytest.mark.parametrize(
    ("filters", "pointer", "detail"),
    [
        ({"inicio": "2026-1-1"}, "query:inicio", "deve ser um dia no formato AAAA-MM-DD"),
        ({"fim": "2026-02-30"}, "query:fim", "o dia não existe no calendário"),
        ({"naoValidados": "Sim"}, "query:naoValidados", "deve ser true ou false"),
        ({"papel": "AMBOS"}, "query:papel", "deve ser um destes valores: 'VENDEDOR' ou 'COMPRADOR'"),
        ({"limite": "1001"}, "query:limite", "deve ser menor ou igual a 1000"),
        (
            {"inicio": "2026-01-02", "fim": "2026-01-01"},
            "query:fim",
            "o fim não pode ser antes do início",
        ),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(
    api: ContractApi, filters: dict[str, str], pointer: str, detail: str
) -> None:
    answer = api.as_person("list_contracts", "GET", "/contratos", query=filters)
    assert (answer.status, answer.faults) == (422, [(pointer, detail)])


def test_a_cursor_that_the_bus_cannot_read_is_refused(api: ContractApi) -> None:
    api.answers["contracts_from"] = CursorUnreadable("recomece")
    answer = api.as_person("list_contracts", "GET", "/contratos", query={"cursor": "x"})
    assert answer.problem == (422, "cursor-ilegivel")


# One contract


def test_a_free_contract_is_told_whole(api: ContractApi) -> None:
    api.answers["contract"] = contract(
        7,
        terms=terms(reference="A-2026", ballast="G", assigned_from=ContractCode(3)),
        closing_at=FEBRUARY.ends,
    )
    answer = api.as_person("read_contract", "GET", "/contratos/7")
    assert answer.document == {
        "id": 7,
        "ambienteContratacao": {"nome": "LIVRE"},
        "tipoContrato": {
            "id": 10185,
            "codigo": "CCEAL",
            "descricao": "Contrato de Comercialização de Energia no Ambiente Livre",
            "subTipo": {"id": 10777, "descricao": "Quantidade firme"},
        },
        "periodoVigencia": {"inicio": "2026-01-01T00:00:00-03:00", "fim": "2027-01-01T00:00:00-03:00"},
        "vendedor": {"perfil": {"id": 10020}},
        "comprador": {"perfil": {"id": 10010}},
        "submercado": {"id": 1, "nome": "SE"},
        "produto": None,
        "submercadoOrigem": None,
        "situacao": {"id": 990202, "nome": "NAO_VALIDADO"},
        "possuiMontanteNaoValidado": True,
        "referencia": "A-2026",
        "observacao": "",
        "direitoAlivioExposicao": False,
        "parteVerificacaoLastro": "G",
        "contratoCessao": {"id": 3},
        "dataRegistro": "2026-01-05T10:00:00-03:00",
        "dataAlteracao": "2026-01-05T10:00:00-03:00",
        "versao": 1,
        "dataFinalizacao": "2026-03-01T00:00:00-03:00",
    }


def test_a_regulated_contract_tells_what_is_public(api: ContractApi) -> None:
    api.answers["contract"] = regulated()
    told = api.as_person("read_contract", "GET", "/contratos/900").document
    assert {name: value for name, value in told.items() if value is not None} == {
        "id": 900,
        "ambienteContratacao": {"nome": "REGULADO"},
        "tipoContrato": {
            "id": 10186,
            "codigo": "REGULADO",
            "descricao": "Contrato do ambiente regulado",
            "subTipo": None,
        },
        "periodoVigencia": {"inicio": "2026-01-01T00:00:00-03:00", "fim": "2027-01-01T00:00:00-03:00"},
        "vendedor": {"perfil": {"id": 90010}},
        "comprador": {"perfil": {"id": 90020}},
        "submercado": {"id": 1, "nome": "SE"},
        "produto": {"nome": "LEILÃO 1"},
    }


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("read_contract", "/contratos/7"),
        ("list_amounts", "/contratos/7/montantes"),
        ("list_linked_parcels", "/contratos/7/ativos"),
        ("read_contract_history", "/contratos/7/historico"),
        ("read_import", "/contratos/importacoes/7"),
    ],
)
def test_what_a_caller_may_not_see_is_not_there(api: ContractApi, operation: str, path: str) -> None:
    nothing = NothingFound("não existe ou não é de quem consulta")
    api.answers |= {"contract": nothing, "history": nothing, "outcome": nothing}
    assert api.as_person(operation, "GET", path).problem == (404, "nada-encontrado")
    assert api.as_person(operation, "GET", path, query={"perfil": "10020"}).problem == (
        403,
        "perfil-nao-autorizado",
    )


# Amounts and parcels


def amounts_of(api: ContractApi, *found: Amount, kind: AmountKind, **filters: str) -> Any:
    rows = tuple(FreeAmount(CODE, kind, one) for one in found)
    api.answers["contract"] = contract(7, amounts=found)
    api.answers["amounts"] = Page(rows, PageRequest(1, 1000), len(rows))
    answer = api.as_person("list_amounts", "GET", "/contratos/7/montantes", query={"tipo": kind, **filters})
    assert answer.status == 200
    return answer.document


def test_average_amounts_are_told_without_their_hours(api: ContractApi) -> None:
    found = amount(
        JANUARY,
        AmountSituation.ADJUSTED,
        modulation=ModulationKind.DECLARED,
        limits=(Decimal(9), Decimal(11)),
        hourly_mwh=(Decimal(1),) * 744,
    )
    told = amounts_of(api, found, kind=AmountKind.AVERAGE)
    assert told == {
        "montantes": [
            {
                "tipoMontanteEnergia": {"nome": "MONTANTE_MEDIO"},
                "periodoVigencia": {
                    "inicio": "2026-01-01T00:00:00-03:00",
                    "fim": "2026-02-01T00:00:00-03:00",
                },
                "montante": "10.000000",
                "unidade": "MW_MEDIO",
                "modulacao": {
                    "tipoModulacao": "D",
                    "limiteMinimoModulacao": "9",
                    "limiteMaximoModulacao": "11",
                    "parcelasAtivo": [],
                    "montantesHorarios": None,
                    "patamares": None,
                },
                "situacao": {"id": 10786, "nome": "AJUSTADO_NAO_VALIDADO"},
            }
        ],
        "proxima": None,
    }


def test_modulated_amounts_tell_hours_or_load_levels(api: ContractApi) -> None:
    hourly = energy(
        JANUARY, modulation=ModulationKind.DECLARED, hourly_mwh=(Decimal("1.50"), Decimal("1E+1"))
    )
    by_level = energy(
        FEBRUARY,
        modulation=ModulationKind.DECLARED,
        levels=LoadLevels(LevelUnit.AVERAGE_MW, Decimal(8), Decimal(10), Decimal(12)),
    )
    found = [Amount(one, AmountSituation.INSERTED) for one in (hourly, by_level)]
    told = amounts_of(api, *found, kind=AmountKind.MODULATED)["montantes"]
    assert told[0]["modulacao"]["montantesHorarios"] == ["1.50", "10"]
    assert told[1]["modulacao"]["patamares"] == {
        "unidadePatamar": "1",
        "patamarLeve": "8",
        "patamarMedio": "10",
        "patamarPesado": "12",
    }


def test_an_answer_holds_so_many_hours_and_the_cursor_the_rest(api: ContractApi) -> None:
    year = (Decimal(1),) * 60_000
    found = [
        Amount(energy(modulation=ModulationKind.DECLARED, hourly_mwh=year), AmountSituation.INSERTED)
        for _ in range(2)
    ]
    told = amounts_of(api, *found, kind=AmountKind.MODULATED)
    assert (len(told["montantes"]), told["proxima"]) == (1, "1")
    rest = amounts_of(api, *found, kind=AmountKind.MODULATED, cursor="1")
    assert (len(rest["montantes"]), rest["proxima"]) == (1, None)


def test_the_filters_of_amounts_reach_the_bus(api: ContractApi) -> None:
    amounts_of(
        api, amount(), kind=AmountKind.AVERAGE, inicio="2026-01-01", fim="2026-12-31", naoValidados="true"
    )
    (_, (query, _, viewer), _) = api.asked[-1]
    assert query == AmountQuery(
        Market.FREE, AmountKind.AVERAGE, YEAR, frozenset({CODE}), only_not_validated=True
    )
    assert viewer == LOOKING


def test_a_contract_without_such_amounts_has_an_empty_list(api: ContractApi) -> None:
    api.answers |= {"contract": contract(7), "amounts": NothingFound("nada")}
    answer = api.as_person("list_amounts", "GET", "/contratos/7/montantes")
    assert (answer.status, answer.document) == (200, {"montantes": [], "proxima": None})


def test_regulated_amounts_are_energy(api: ContractApi) -> None:
    found = RegulatedAmount(ContractCode(900), AmountKind.YEARLY, YEAR, Decimal("87600.5"))
    api.answers |= {"contract": regulated(), "amounts": Page((found,), PageRequest(1, 1000), 1)}
    path = "/contratos/900/montantes"
    told = api.as_person("list_amounts", "GET", path, query={"tipo": "MONTANTE_ENERGIA_ANUAL"}).document
    assert told["montantes"] == [
        {
            "tipoMontanteEnergia": {"nome": "MONTANTE_ENERGIA_ANUAL"},
            "periodoVigencia": {"inicio": "2026-01-01T00:00:00-03:00", "fim": "2027-01-01T00:00:00-03:00"},
            "montante": "87600.5",
            "unidade": "MWH",
            "modulacao": None,
            "situacao": None,
        }
    ]


def test_parcels_are_told_with_what_the_registry_knows_of_them(api: ContractApi) -> None:
    by_plant: dict[str, Any] = {
        "modulation": ModulationKind.GENERATION,
        "parcels": (ParcelCode(7001), ParcelCode(8)),
    }
    api.answers["contract"] = contract(7, amounts=(amount(JANUARY, **by_plant), amount(FEBRUARY, **by_plant)))
    told = api.as_person("list_linked_parcels", "GET", "/contratos/7/ativos").document["parcelasAtivo"]
    both_months = {"inicio": "2026-01-01T00:00:00-03:00", "fim": "2026-03-01T00:00:00-03:00"}
    shared = {
        "modalidade": {"codigo": 1, "descricao": "Modulação"},
        "periodoAssociado": both_months,
        "tipoModulacao": "G",
    }
    assert told == [
        {"codigo": 8, "nome": None, "ativoMedicao": None, **shared},
        {"codigo": 7001, "nome": "UHE AURORA", "ativoMedicao": {"codigo": 5001}, **shared},
    ]


def test_a_regulated_contract_is_modulated_by_no_parcel(api: ContractApi) -> None:
    api.answers["contract"] = regulated()
    answer = api.as_person("list_linked_parcels", "GET", "/contratos/900/ativos")
    assert (answer.status, answer.document) == (200, {"parcelasAtivo": []})


# History and imports


def test_a_history_tells_who_when_and_from_what_to_what(api: ContractApi) -> None:
    api.answers["history"] = Stretch((transition(author=seller("Ana")), transition(period=None)), "c")
    answer = api.as_person(
        "read_contract_history", "GET", "/contratos/7/historico", query={"cursor": "b", "limite": "2"}
    )
    shared = {
        "quando": "2026-01-05T10:00:00-03:00",
        "ato": "MONTANTE_ENERGIA.VALIDADO",
        "de": "INSERIDO_NAO_VALIDADO",
        "para": "VALIDADO",
    }
    assert answer.document == {
        "eventos": [
            {
                **shared,
                "empresa": AURORA,
                "perfil": 10020,
                "quem": "Ana",
                "periodoVigencia": {
                    "inicio": "2026-01-01T00:00:00-03:00",
                    "fim": "2027-01-01T00:00:00-03:00",
                },
            },
            {**shared, "empresa": BOLT, "perfil": 10010, "quem": None, "periodoVigencia": None},
        ],
        "proxima": "c",
    }
    assert api.asked == [("history", (CODE, CursorRequest("b", 2), LOOKING), {})]


def test_an_import_tells_its_state_its_progress_and_its_rows(api: ContractApi) -> None:
    processing = Processing(ProcessingCode(7), ProcessingState.DONE, NOW, 2, 2, 1)
    rows = (
        RowResult(1, "1", RowStatus.DONE, "registrado", ContractCode(9)),
        RowResult(2, "B", RowStatus.REFUSED, "o prazo passou"),
    )
    api.answers["outcome"] = Outcome(processing, Page(rows, PageRequest(1, 1000), 2))
    answer = api.as_person("read_import", "GET", "/contratos/importacoes/7")
    whole = {
        "codigoProcessamento": 7,
        "situacao": "CONCLUIDO",
        "recebidoEm": "2026-01-05T10:00:00-03:00",
        "totalLinhas": 2,
        "linhasFeitas": 2,
        "linhasComErro": 1,
        "proxima": None,
    }
    done = {
        "linha": 1,
        "sequencialControle": "1",
        "status": "SUCESSO",
        "descricao": "registrado",
        "contrato": {"codigo": 9},
    }
    refused = {
        "linha": 2,
        "sequencialControle": "B",
        "status": "ERRO",
        "descricao": "o prazo passou",
        "contrato": None,
    }
    assert answer.document == {**whole, "detalhes": [done, refused]}
    only = api.as_person("read_import", "GET", "/contratos/importacoes/7", query={"status": "ERRO"})
    assert only.document == {**whole, "detalhes": [refused]}


def test_imports_are_listed_with_who_submitted_them_and_how_far_they_are(api: ContractApi) -> None:
    done = Processing(ProcessingCode(7), ProcessingState.DONE, NOW, total_rows=2, done_rows=2, failed_rows=1)
    waiting = Processing(
        ProcessingCode(6), ProcessingState.AWAITING_FILE, NOW, total_rows=None, done_rows=0, failed_rows=0
    )
    later = NOW + timedelta(minutes=5)
    rows = (Submitted(done, seller("Ana"), later), Submitted(waiting, seller(), NOW))
    api.answers["submitted_from"] = Stretch(rows, "6")
    answer = api.as_person("list_imports", "GET", "/contratos/importacoes", query={"limite": "2"})
    assert answer.document == {
        "importacoes": [
            {
                "codigoProcessamento": 7,
                "situacao": "CONCLUIDO",
                "recebidoEm": "2026-01-05T10:00:00-03:00",
                "alteradoEm": "2026-01-05T10:05:00-03:00",
                "empresa": seller().company,
                "perfil": seller().profile,
                "quem": "Ana",
                "totalLinhas": 2,
                "linhasFeitas": 2,
                "linhasComErro": 1,
            },
            {
                "codigoProcessamento": 6,
                "situacao": "AGUARDANDO_ARQUIVO",
                "recebidoEm": "2026-01-05T10:00:00-03:00",
                "alteradoEm": "2026-01-05T10:00:00-03:00",
                "empresa": seller().company,
                "perfil": seller().profile,
                "quem": None,
                "totalLinhas": None,
                "linhasFeitas": 0,
                "linhasComErro": 0,
            },
        ],
        "proxima": "6",
    }
