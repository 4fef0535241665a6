import hashlib
from dataclasses import replace

import pytest

from aval.prudential.agent_state import AgentStanding, AgentState, Delivered, Sending
from aval.prudential.factor_standing import InForce, calculation_name, facts_of, standing_of
from aval.sealing.journal import Entry, EntryAct, LoteEntry, Step
from aval.sealing.journal_step import steps_of
from tests.support.journals import (
    COMPANY,
    EVENT,
    LOTE,
    NOW,
    STRANGER,
    act_of_factor,
    counterparties,
    delivery,
    digest_of,
    lote,
    parameters,
    portfolio,
)

METHOD = "MP-2023.2.0"
FIRST = InForce(EVENT, parameters(1), METHOD)
SECOND = InForce(EVENT, parameters(2), METHOD)


def steps(*entries: Entry | LoteEntry) -> tuple[Step, ...]:
    told = [steps_of(counter, entry) for counter, entry in enumerate(entries, start=1)]
    return tuple(step for one in told for company, step in one if company == COMPANY)


def calculation(
    portfolio_name: str = "portfolio",
    counterparties_name: str = "counterparties",
    in_force: InForce = FIRST,
    *,
    cycle: int = 0,
) -> str:
    identities = digest_of(portfolio_name), digest_of(counterparties_name)
    return calculation_name(COMPANY, *identities, in_force, cycle=cycle)


def states(*entries: Entry | LoteEntry, in_force: InForce = FIRST) -> list[str]:
    """After each entry, with the same parameters all along."""
    told = steps(*entries)
    return [standing_of(COMPANY, told[:count], in_force).state.value for count in range(1, len(told) + 1)]


def act(act: EntryAct, *, of: str = "", name: str = "", version: int = 1, used: int = 1) -> Entry:
    return act_of_factor(
        act, of or calculation(), name or f"act {act}", version=version, parameters=parameters(used)
    )


COMPUTED = (portfolio(), counterparties())
VALIDATED = (*COMPUTED, act(EntryAct.VALIDATE))
SENT = (*VALIDATED, act(EntryAct.SEND))


def test_a_calculation_is_named_as_the_page_says() -> None:
    """docs/monitoring.md, section What an agent's data are, spelled by hand."""
    told = (
        f'{{"ciclo":3,"cnpj":"{COMPANY}","contrapartes":"{digest_of("counterparties")}","evento":"{EVENT}",'
        f'"metodo":"MP-2023.2.0","parametros":"{digest_of("parameters 1")}",'
        f'"portfolio":"{digest_of("portfolio")}"}}'
    )
    assert calculation(cycle=3) == hashlib.sha256(told.encode()).hexdigest()


def test_each_part_of_a_calculation_is_in_its_name() -> None:
    others = [
        calculation("other"),
        calculation(counterparties_name="other"),
        calculation(in_force=SECOND),
        calculation(in_force=replace(FIRST, method="MP-2023.2.0+COM_SINAL")),
        calculation(in_force=replace(FIRST, event=type(EVENT)("202611004"))),
        calculation_name(STRANGER, digest_of("portfolio"), digest_of("counterparties"), FIRST, cycle=0),
        calculation(cycle=1),
    ]
    assert len({calculation(), *others}) == 8


def test_a_week_goes_from_filling_to_sent() -> None:
    assert states(*SENT) == ["EM_PREENCHIMENTO", "CALCULADO", "VALIDADO", "ENVIADO"]


def test_counterparties_may_come_first() -> None:
    assert states(counterparties(), portfolio()) == ["EM_PREENCHIMENTO", "CALCULADO"]


def test_nothing_delivered_is_open() -> None:
    assert facts_of(COMPANY, (), FIRST).state is AgentState.OPEN
    assert facts_of(COMPANY, steps(delivery("a rehearsal")), FIRST).state is AgentState.OPEN


def test_data_of_different_reader_lists_are_not_joined() -> None:
    others = counterparties(readers=digest_of("other readers"))
    facts = facts_of(COMPANY, steps(portfolio(), others), FIRST)
    assert (facts.state, facts.calculation) == (AgentState.FILLING, "")
    again = counterparties("again", 2)
    assert states(portfolio(), others, again) == ["EM_PREENCHIMENTO", "EM_PREENCHIMENTO", "CALCULADO"]


def test_a_delivery_makes_validation_and_sending_those_of_another_calculation() -> None:
    for later in (portfolio("later", 2), counterparties("later", 2)):
        assert states(*VALIDATED, later)[-1] == "CALCULADO"
        assert states(*SENT, later)[-1] == "CALCULADO"


def test_a_sending_goes_on_standing_after_a_delivery() -> None:
    told = standing_of(COMPANY, steps(*SENT, portfolio("later", 2)), FIRST)
    assert (told.before, told.state) == (AgentState.SENT, AgentState.COMPUTED)
    assert told.sending == Sending(4, calculation(), NOW)


def test_the_next_sending_is_the_one_that_stands() -> None:
    name = calculation("later")
    cycle = (
        portfolio("later", 2),
        act(EntryAct.VALIDATE, of=name, name="second validation", version=2),
        act(EntryAct.SEND, of=name, name="second sending", version=2),
    )
    told = standing_of(COMPANY, steps(*SENT, *cycle), FIRST)
    assert (told.state, told.sending) == (AgentState.SENT, Sending(7, name, NOW))


def test_a_cancellation_asks_for_a_computation_or_a_delivery() -> None:
    cancelled = (*VALIDATED, act(EntryAct.CANCEL))
    assert states(*cancelled)[-1] == "EM_PREENCHIMENTO"
    assert states(*cancelled, act(EntryAct.COMPUTE, of=calculation(cycle=1)))[-1] == "CALCULADO"
    assert states(*cancelled, portfolio("later", 2))[-1] == "CALCULADO"
    assert states(*cancelled, counterparties("later", 2))[-1] == "CALCULADO"


def test_a_validation_before_the_cancellation_counts_no_more() -> None:
    name = calculation(cycle=1)
    again = (*VALIDATED, act(EntryAct.CANCEL), act(EntryAct.COMPUTE, of=name))
    assert states(*again)[-1] == "CALCULADO"
    assert states(*again, act(EntryAct.VALIDATE, of=name, name="again"))[-1] == "VALIDADO"


def test_a_validation_signed_before_the_cancellation_is_about_no_calculation_after_it() -> None:
    """A host that kept it back brings it when exactly the same was computed again."""
    again = (*COMPUTED, act(EntryAct.CANCEL), act(EntryAct.COMPUTE, of=calculation(cycle=1)))
    assert states(*again, act(EntryAct.VALIDATE))[-1] == "CALCULADO"


def test_each_cancellation_begins_the_next_cycle() -> None:
    told = steps(*COMPUTED)
    for cycle in range(3):
        standing = standing_of(COMPANY, told, FIRST)
        assert (standing.cycle, standing.calculation) == (cycle, calculation(cycle=cycle))
        entry = act(EntryAct.CANCEL, of=standing.calculation, name=f"cancellation {cycle}")
        told = (*told, *(step for _, step in steps_of(len(told) + 1, entry)))


def test_later_parameters_ask_for_a_new_computation() -> None:
    for former in (COMPUTED, VALIDATED):
        assert states(*former, in_force=SECOND)[-1] == "COMPLETO"
    name = calculation(in_force=SECOND)
    again = (*VALIDATED, act(EntryAct.COMPUTE, of=name, used=2))
    assert states(*again, in_force=SECOND)[-1] == "CALCULADO"
    told = standing_of(COMPANY, steps(*again), SECOND)
    assert (told.before, told.calculation, told.parameters) == (AgentState.COMPLETE, name, parameters(2))


def test_counterparties_under_later_parameters_compute_nothing_by_themselves() -> None:
    told = steps(portfolio(), counterparties(parameters=parameters(2)))
    assert standing_of(COMPANY, told, SECOND).state is AgentState.COMPLETE


def test_a_computation_of_another_calculation_is_none_of_this_one() -> None:
    under_second = act(EntryAct.COMPUTE, of=calculation(in_force=SECOND), used=2)
    later = counterparties("later", 2, parameters=parameters(2))
    told = steps(*COMPUTED, under_second, later)
    assert standing_of(COMPANY, told, SECOND).state is AgentState.COMPLETE


def test_what_was_cancelled_stays_so_under_later_parameters() -> None:
    assert states(*COMPUTED, act(EntryAct.CANCEL), in_force=SECOND)[-1] == "EM_PREENCHIMENTO"


def test_a_rehearsal_changes_no_state_of_the_week() -> None:
    rehearsed = delivery("rehearsal")
    assert states(*COMPUTED, rehearsed)[-1] == "CALCULADO"
    assert (
        states(*COMPUTED, replace(rehearsed, act=EntryAct.VALIDATE, request_id="r" * 16))[-1] == "CALCULADO"
    )


def test_a_lotes_delivery_counts_as_one_that_came_alone() -> None:
    told = standing_of(COMPANY, steps(counterparties(), lote("lote", (STRANGER, 1), (COMPANY, 1))), FIRST)
    readers = digest_of("readers")
    assert told == AgentStanding(
        before=AgentState.FILLING,
        state=AgentState.COMPUTED,
        counter=2,
        portfolio=Delivered(1, digest_of("lote"), readers, LOTE),
        counterparties=Delivered(1, digest_of("counterparties"), readers),
        calculation=calculation("lote"),
        parameters=parameters(1),
        sending=None,
    )


def test_a_standing_is_that_of_an_entry() -> None:
    with pytest.raises(ValueError, match="of an entry"):
        standing_of(COMPANY, (), FIRST)
