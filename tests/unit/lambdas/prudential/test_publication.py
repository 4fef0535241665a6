import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aval.edge.prudential import publication_answers
from aval.prudential.links import PublicAddress
from aval.prudential.publication_csv import csv_of
from aval.prudential.tasks import TaskAct
from tests.support.confidential import task
from tests.support.monitored import AURORA, BOLT, VENTO
from tests.support.publication import NEGATIVE, link, published_list
from tests.support.publication_api import PublicationApi, publication_api
from tests.support.weeks import EVENT, OTHER_EVENT, week_version

CLOSED_AT = "2026-11-20T18:05:00-03:00"
PATH = f"/publicacao/{EVENT}"
ADDRESS = "https://www.empresa.com.br/fator"
SUMMARY = {
    "evento": EVENT,
    "periodicidade": "SEMANAL",
    "prazo": "2026-11-20T18:00:00-03:00",
    "publicadoEm": CLOSED_AT,
    "parametros": {"versao": 1, "resumo": week_version().used.digest},
    "totais": {"elegiveis": 3, "comFator": 1, "semFator": 1, "naoEnviados": 1},
}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicationApi]:
    with publication_api(monkeypatch) as opened:
        yield opened


@pytest.fixture
def closed(api: PublicationApi) -> PublicationApi:
    api.job("close_weeks", CLOSED_AT)
    return api


def agent(sigla: str, cnpj: str, group: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {
        "codigo": 1000,
        "nome": f"{sigla} S.A.",
        "sigla": sigla,
        "cnpj": cnpj,
        "classe": group,
        "situacao": "PUBLICADO",
        "fa": None,
        "observacao": None,
        "faixa": None,
        "divulgacao": None,
        **told,
    }


def test_a_run_after_the_deadline_closes_the_week_and_says_so_without_a_number(api: PublicationApi) -> None:
    assert api.job("close_weeks", CLOSED_AT) == {
        "closed": [EVENT],
        "waiting": {},
        "overdue": [],
        "contended": [],
        "unlisted": 0,
    }
    assert api.weeks.is_closed(EVENT)
    assert "0.1708" not in api.log.getvalue()
    assert api.job("close_weeks", CLOSED_AT)["closed"] == []


def test_a_run_waits_for_an_open_act_for_two_hours_and_then_says_that_it_did_not(
    api: PublicationApi,
) -> None:
    api.tasks.add(task(act=TaskAct.RELEASE, event=EVENT))
    assert api.job("close_weeks", CLOSED_AT)["waiting"] == {EVENT: 1}
    told = api.job("close_weeks", "2026-11-20T20:00:00-03:00")
    assert (told["closed"], told["overdue"]) == ([EVENT], [EVENT])


def test_the_list_is_told_with_bands_and_the_agents_own_addresses(closed: PublicationApi) -> None:
    closed.links.add(link(address=PublicAddress(ADDRESS)))
    answer = closed.as_person("read_publication", "GET", PATH, cpf="52998224725")
    assert answer.status == 200
    assert answer.document == {
        **SUMMARY,
        "faixas": [
            {"numero": 0, "descricao": "FA = 0", "acimaDe": None, "ate": "0"},
            {"numero": 1, "descricao": "0 < FA ≤ 0,20", "acimaDe": "0", "ate": "0.20"},
            {"numero": 2, "descricao": "FA > 0,20", "acimaDe": "0.20", "ate": None},
        ],
        "agentes": [
            agent("AURORA", AURORA, {"codigo": 4, "descricao": "Gerador"}, observacao=NEGATIVE),
            agent(
                "BOLT",
                BOLT,
                {"codigo": 2, "descricao": "Comercializador"},
                fa="0.170817703691",
                faixa=1,
                divulgacao=ADDRESS,
            ),
            agent(
                "VENTO",
                VENTO,
                {"codigo": 7, "descricao": "Produtor Independente"},
                situacao="NAO_ENVIADO",
                observacao="FA não enviado até o prazo",
            ),
        ],
    }


def test_what_is_sent_after_the_closing_is_not_in_the_list(closed: PublicationApi) -> None:
    before = closed.as_system("read_publication", "GET", PATH).document
    closed.send(VENTO, "0.900000000000")
    closed.job("close_weeks", "2026-11-20T23:00:00-03:00")
    assert closed.as_system("read_publication", "GET", PATH).document == before


def test_a_file_put_over_the_list_is_not_what_is_told(closed: PublicationApi) -> None:
    before = closed.as_system("read_publication", "GET", PATH).document
    closed.files.keep(EVENT, as_json=b"{}", as_csv=b"")
    assert closed.as_system("read_publication", "GET", PATH).document == before
    answer = closed.as_system("read_publication", "GET", PATH, query={"formato": "csv"})
    assert answer.document.encode() == csv_of(published_list())


@pytest.mark.parametrize(
    ("accept", "query"),
    [("text/csv", None), ("*/*", {"formato": "csv"}), ("application/json", {"formato": "csv"})],
)
def test_a_spreadsheet_is_handed_out_as_a_file(
    closed: PublicationApi, accept: str, query: dict[str, str] | None
) -> None:
    answer = closed.as_person("read_publication", "GET", PATH, headers={"accept": accept}, query=query)
    assert answer.status == 200
    assert answer.document.encode() == csv_of(published_list())
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="fator-202611003.csv"')


def test_a_week_that_is_not_published_has_no_list(api: PublicationApi) -> None:
    for event in (EVENT, OTHER_EVENT):
        answer = api.as_person("read_publication", "GET", f"/publicacao/{event}")
        assert answer.problem == (404, "nao-publicado")


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_list_that_no_answer_carries_is_fetched_from_where_it_is(
    closed: PublicationApi, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(publication_answers, "LARGEST_ANSWER", 100)
    answer = closed.as_person("read_publication", "GET", PATH, query={"formato": kind})
    assert answer.status == 307
    address = urlsplit(answer.headers["Location"])
    closing = closed.closings.of([EVENT])[EVENT]
    file = {"json": closing.json_file, "csv": closing.csv_file}[kind]
    assert address.path.endswith(f"publicacao/{EVENT}.{kind}")
    assert parse_qs(address.query)["versionId"] == [file.version]


def test_a_list_that_grows_too_large_by_what_is_told_beside_it_is_fetched_too(
    closed: PublicationApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = closed.closings.of([EVENT])[EVENT].json_file.size
    monkeypatch.setattr(publication_answers, "LARGEST_ANSWER", size)
    assert closed.as_person("read_publication", "GET", PATH).status == 307


def test_the_published_weeks_are_listed_the_newest_first(api: PublicationApi) -> None:
    assert api.as_person("list_publications", "GET", "/publicacao").document == {"eventos": []}
    api.weeks.add(week_version(evento=OTHER_EVENT, periodicidade="MENSAL", classes=[6]))
    api.job("close_weeks", CLOSED_AT)
    assert api.as_system("list_publications", "GET", "/publicacao").document == {
        "eventos": [
            {
                **SUMMARY,
                "evento": OTHER_EVENT,
                "periodicidade": "MENSAL",
                "parametros": {
                    "versao": 1,
                    "resumo": week_version(
                        evento=OTHER_EVENT, periodicidade="MENSAL", classes=[6]
                    ).used.digest,
                },
                "totais": {"elegiveis": 1, "comFator": 0, "semFator": 0, "naoEnviados": 1},
            },
            SUMMARY,
        ]
    }


def test_people_are_reminded_once_and_the_log_tells_numbers_alone(api: PublicationApi) -> None:
    told = api.job("send_deadline_notices", "2026-11-20T15:00:00-03:00")
    assert told == {
        "unreached": 0,
        "settled": 1,
        "mails": 1,
        "failed_mails": 0,
        "without_representative": [],
    }
    [mail] = api.mails()
    assert mail.subject == "Evento 202611003: 1 agente ainda não enviou o fator de alavancagem"
    assert api.job("send_deadline_notices", "2026-11-20T16:00:00-03:00")["mails"] == 0
    assert "fabio@" not in api.log.getvalue()
    json.dumps(told)
