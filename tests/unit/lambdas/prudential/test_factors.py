from collections.abc import Iterator

import pytest

from tests.support.contract_api import Answer
from tests.support.monitored import AURORA, BOLT, MOINHO, VENTO
from tests.support.publication import NEGATIVE, closing
from tests.support.publication_api import PublicationApi, publication_api
from tests.support.weeks import EVENT

AT = "2026-11-20T09:00:00-03:00"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicationApi]:
    with publication_api(monkeypatch) as opened:
        yield opened


def factors(api: PublicationApi, cnpj: str = BOLT, **query: str) -> Answer:
    return api.as_person("list_factors", "GET", f"/prudencial/agentes/{cnpj}/fatores", query=query)


def test_a_sending_is_told_as_it_was_released_and_published_once_the_week_is(api: PublicationApi) -> None:
    answer = factors(api)
    [sent] = answer.document["fatores"]
    assert answer.document["cnpj"] == BOLT
    assert sent == {
        "evento": EVENT,
        "periodicidade": "SEMANAL",
        "prazo": sent["prazo"],
        "situacao": "ENVIADO",
        "em": AT,
        "fa": "0.170817703691",
        "observacao": None,
    }
    assert api.closings.add(closing())
    assert factors(api).document["fatores"] == [{**sent, "situacao": "PUBLICADO"}]


def test_a_company_that_has_no_factor_says_why_and_one_that_sent_nothing_has_none(
    api: PublicationApi,
) -> None:
    [sent] = factors(api, AURORA).document["fatores"]
    assert (sent["fa"], sent["observacao"]) == (None, NEGATIVE)
    assert factors(api, VENTO).document == {"cnpj": VENTO, "fatores": []}


def test_it_is_told_to_who_covers_the_company_alone(api: PublicationApi) -> None:
    assert factors(api, MOINHO).problem == (403, "empresa-nao-autorizada")
    path = f"/prudencial/agentes/{BOLT}/fatores"
    assert api.as_system("list_factors", "GET", path, cnpj=MOINHO).status == 403
    assert api.as_system("list_factors", "GET", path, cnpj=BOLT).status == 200


@pytest.mark.parametrize("weeks", ["0", "521", "x"])
def test_a_number_of_weeks_that_makes_no_sense_is_refused(api: PublicationApi, weeks: str) -> None:
    assert factors(api, semanas=weeks).faults[0][0] == "query:semanas"
