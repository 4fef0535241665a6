from dataclasses import replace

from aval.adapters.contract_events import events_of
from aval.adapters.dynamodb.contracts_items import contract_items, history_items
from aval.adapters.dynamodb.imports_items import record_item, results_item
from aval.contracts.bus import ProcessingCode, ProcessingState, RowResult, RowStatus
from aval.contracts.imports.judging import Change
from aval.contracts.imports.store import OVER, ImportRecord, SubmissionKey
from aval.contracts.model import ContractAct, ContractSituation
from aval.events import Event, EventName
from tests.support.contracts import NOW, contract, seller, transition

RECORD = ImportRecord(
    code=ProcessingCode(7),
    submission=SubmissionKey(seller("Ana"), "0" * 64),
    state=ProcessingState.RUNNING,
    received_at=NOW,
    moved_at=NOW,
)


def told(change: Change) -> list[Event]:
    return [event for item in history_items(change) for event in events_of(item)]


def test_every_act_has_an_event_of_its_name() -> None:
    for act in ContractAct:
        acts = (transition(act=act, period=None),)
        [event] = told(Change(None, contract(), acts))
        assert event.name is EventName(act.value)


def test_an_event_names_the_contract_its_parties_and_the_stretch_and_nothing_of_its_worth() -> None:
    [event] = told(Change(None, contract(), (transition(),)))
    assert event == Event(
        EventName.AMOUNT_VALIDATED,
        {
            "contrato": 1,
            "vendedor": 10020,
            "comprador": 10010,
            "em": "2026-01-05T10:00:00-03:00",
            "inicio": "2026-01-01T00:00:00-03:00",
            "fim": "2027-01-01T00:00:00-03:00",
        },
    )


def test_the_buyer_that_a_draft_names_is_not_told_of_it() -> None:
    draft = contract(situation=ContractSituation.DRAFT)
    [event] = told(Change(None, draft, (transition(act=ContractAct.REGISTERED),)))
    assert (event.detail["vendedor"], "comprador" in event.detail) == (10020, False)


def test_all_acts_of_a_large_change_are_told_in_order() -> None:
    acts = tuple(transition(before=str(number)) for number in range(1_000))
    assert len(told(Change(None, contract(), acts))) == len(acts)


def test_an_import_is_told_when_it_is_over_and_only_then() -> None:
    for state in ProcessingState:
        events = list(events_of(record_item(replace(RECORD, state=state))))
        expected = {"codigoProcessamento": 7, "perfil": 10020, "situacao": state.value}
        assert events == ([Event(EventName.IMPORT_ENDED, expected)] if state in OVER else [])


def test_other_items_are_not_told() -> None:
    assert list(events_of(contract_items(contract()).header)) == []
    result = RowResult(1, "1", RowStatus.DONE, "feita")
    assert list(events_of(results_item(RECORD.code, [result]))) == []
    assert list(events_of({})) == []
