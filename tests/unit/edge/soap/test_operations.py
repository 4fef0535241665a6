import pytest

from aval.contracts.paging import MAX_PAGE_SIZE, Page, PageRequest
from aval.contracts.refusals import NothingFound
from aval.edge.soap import services
from aval.edge.soap.operations import MAX_UNPAGED_RESULTS
from tests.support.soap import (
    Answered,
    ScriptedBus,
    asked,
    message_header,
    paging,
    security,
)
from tests.unit.edge.soap.test_replies import LISTS, OUTCOME, PARCELS, Listed, outcome_of


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed[1])
def test_an_empty_page_of_every_list_is_no_data(listed: Listed) -> None:
    service, action, body, method, _ = listed
    bus = ScriptedBus({method: Page((), PageRequest(9), 5)})
    answer = asked(service, body, action=action, bus=bus)
    assert (answer.status, answer.fault[0]) == (500, "3001")


def test_results_are_whole_without_a_page_and_a_page_with_one() -> None:
    def outcome(code: int, page: PageRequest, acting: object) -> object:
        return outcome_of(2500, page)

    bus = ScriptedBus({"outcome": outcome})
    whole = asked(services.OUTCOME, OUTCOME, bus=bus)
    assert [given[1].number for _, given, _ in bus.asked] == [1, 2, 3]
    assert lines_of(whole) == list(range(1, 2501))
    page = asked(services.OUTCOME, OUTCOME, message_header(), security(), paging(3, 1000), bus=bus)
    assert lines_of(page) == list(range(2001, 2501))
    assert page.tree.findtext(".//{http://xmlns.energia.org.br/MH/v1}totalPaginas") == "3"


def lines_of(answer: Answered) -> list[int]:
    found = answer.tree.findall(".//{http://xmlns.energia.org.br/BO/v1}linha")
    return [int(line.text or "") for line in found]


def test_more_results_than_one_answer_holds_must_be_asked_by_pages() -> None:
    def outcome(code: int, page: PageRequest, acting: object) -> object:
        return outcome_of(MAX_UNPAGED_RESULTS + 1, page)

    code, message = asked(services.OUTCOME, OUTCOME, bus=ScriptedBus({"outcome": outcome})).fault
    assert (code, "paginacao" in message) == ("3006", True)


def test_a_submission_is_found_again_by_the_digest_of_its_text() -> None:
    def outcome(code: int, page: PageRequest, acting: object) -> object:
        return outcome_of(code, page)

    named = OUTCOME.replace("codigoProcessamento>7<", f"resumoArquivo>{'a' * 64}<").replace(
        "</o:codigoProcessamento", "</o:resumoArquivo"
    )
    bus = ScriptedBus({"latest_submission": 3, "outcome": outcome})
    assert lines_of(asked(services.OUTCOME, named, bus=bus)) == [1, 2, 3]
    assert bus.asked[0][1][0] == "a" * 64


def test_a_page_of_more_than_the_largest_size_is_the_largest() -> None:
    bus = ScriptedBus({"parcels": NothingFound("nada")})
    asked(services.PARCEL, PARCELS, message_header(), security(), paging(1, 50_000), bus=bus)
    assert bus.asked[0][1][1] == PageRequest(1, MAX_PAGE_SIZE)
