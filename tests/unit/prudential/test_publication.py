import json
from dataclasses import replace

from aval.prudential.agent_state import AgentState
from aval.prudential.publication import PublishedList
from aval.registry.model import ParticipantClass
from tests.support.monitored import AURORA, BOLT, VENTO, agent
from tests.support.publication import COUNTS, NEGATIVE, published_list, released
from tests.support.weeks import week_version


def test_the_list_says_of_each_eligible_agent_what_it_sent_and_in_what_order() -> None:
    told = json.loads(published_list().to_bytes())
    assert told == {
        "evento": "202611003",
        "periodicidade": "SEMANAL",
        "prazo": "2026-11-20T18:00:00-03:00",
        "parametros": {"versao": 1, "resumo": week_version().used.digest},
        "totais": {"elegiveis": 3, "comFator": 1, "semFator": 1, "naoEnviados": 1},
        "agentes": [
            {
                "codigo": 1000,
                "nome": "AURORA S.A.",
                "sigla": "AURORA",
                "cnpj": AURORA,
                "classe": {"codigo": 4, "descricao": "Gerador"},
                "situacao": "PUBLICADO",
                "fa": None,
                "observacao": NEGATIVE,
            },
            {
                "codigo": 1000,
                "nome": "BOLT S.A.",
                "sigla": "BOLT",
                "cnpj": BOLT,
                "classe": {"codigo": 2, "descricao": "Comercializador"},
                "situacao": "PUBLICADO",
                "fa": "0.170817703691",
                "observacao": None,
            },
            {
                "codigo": 1000,
                "nome": "VENTO S.A.",
                "sigla": "VENTO",
                "cnpj": VENTO,
                "classe": {"codigo": 7, "descricao": "Produtor Independente"},
                "situacao": "NAO_ENVIADO",
                "fa": None,
                "observacao": "FA não enviado até o prazo",
            },
        ],
    }


def test_a_list_reads_back_as_it_was_written() -> None:
    published = published_list()
    assert PublishedList.from_bytes(published.to_bytes()) == published
    assert published.counts == COUNTS


def test_the_same_week_gives_the_same_bytes_in_whatever_order_the_registry_names_it() -> None:
    parameters = week_version().parameters
    agents = [agent(AURORA, "IGUAL"), agent(BOLT, "IGUAL"), agent(VENTO, "ANTES")]
    sent = {BOLT: released(BOLT)}
    one = PublishedList.of(parameters, agents, sent)
    other = PublishedList.of(parameters, agents[::-1], sent)
    assert [row.cnpj for row in one.agents] == [VENTO, AURORA, BOLT]
    assert one.to_bytes() == other.to_bytes()


def test_a_factor_is_published_digit_for_digit() -> None:
    published = PublishedList.of(
        week_version().parameters,
        [agent(BOLT, "BOLT", participant_class=ParticipantClass.GERADOR)],
        {BOLT: replace(released(BOLT), number="0.100000000000")},
    )
    [row] = published.agents
    assert (row.number, row.remark, row.state) == ("0.100000000000", "", AgentState.PUBLISHED)


def test_a_week_that_nobody_is_eligible_in_has_an_empty_list() -> None:
    published = PublishedList.of(week_version().parameters, [], {})
    assert json.loads(published.to_bytes())["agentes"] == []
    assert PublishedList.from_bytes(published.to_bytes()) == published
