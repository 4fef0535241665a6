from dataclasses import replace

import pytest

from aval.identifiers import Cnpj, KeyId
from aval.identity.caller import Caller
from aval.prudential.agent_state import AgentState
from aval.prudential.refusals import (
    ActDeclined,
    ActFailed,
    ActOutOfPlace,
    AgentNotEligible,
    CompanyForbidden,
    DeadlinePassed,
    WeekNotOpen,
    WeekUnknown,
)
from aval.prudential.submitting import LARGEST_OF_WEEK, OF_WEEK, Request
from aval.prudential.tasks import TaskAct, TaskState
from aval.registry.model import Validity
from aval.sealing.refusals import SealReason
from tests.support.monitored import ANA, AURORA, BOLT, MOINHO, VENTO, agent, person, system
from tests.support.sealing import OTHER_EVENT, refused
from tests.support.week_acts import (
    ANSWER,
    BEFORE_OPENING,
    SEALED_ACTS,
    SIGNED_ACTS,
    ActsDesk,
    asked,
)
from tests.support.weeks import DEADLINE, EVENT, NOW, OPENS, week_version

READS = (TaskAct.READ_BACK, TaskAct.SIMULATE)
WRITES = tuple(act for act in OF_WEEK if act not in READS)


@pytest.fixture
def desk() -> ActsDesk:
    made = ActsDesk()
    made.ends = made.is_done
    return made


def fitting(desk: ActsDesk, act: TaskAct, company: Cnpj = BOLT) -> None:
    desk.stands(AgentState.VALIDATED if act is TaskAct.RELEASE else AgentState.COMPUTED, company)


@pytest.mark.parametrize("act", OF_WEEK)
def test_an_act_is_handed_to_the_enclave_and_answered_as_it_ended(desk: ActsDesk, act: TaskAct) -> None:
    fitting(desk, act)
    told = asked(act)
    done = desk.perform(told)
    assert done.task.outcome is not None
    assert (done.task.state, done.task.outcome.answer) == (TaskState.DONE, ANSWER)
    [kept] = desk.tasks.tasks.values()
    assert (kept.act, kept.event, kept.company, kept.sender, kept.body) == (act, EVENT, BOLT, BOLT, told.body)
    assert desk.machine.started == [(kept.id, "0")]


def test_an_act_that_takes_longer_is_told_by_its_task(desk: ActsDesk) -> None:
    desk.ends = lambda _: None
    done = desk.perform(asked(TaskAct.APPROVE), looks=4)
    assert (done.task.state, done.state, desk.pauses) == (TaskState.RECEIVED, AgentState.COMPUTED, 4)


def test_a_calculation_is_marked_on_its_agent_until_it_ends(desk: ActsDesk) -> None:
    desk.ends = lambda _: None
    told = asked(TaskAct.COMPUTE)
    open_still = desk.perform(told)
    assert open_still.state is AgentState.COMPUTING
    assert desk.agents.found[EVENT, BOLT].computing == open_still.task.id
    desk.ends = desk.is_done
    assert desk.perform(told).state is AgentState.COMPUTED


@pytest.mark.parametrize("act", [act for act in OF_WEEK if act is not TaskAct.COMPUTE])
def test_no_other_act_is_a_calculation(desk: ActsDesk, act: TaskAct) -> None:
    fitting(desk, act)
    desk.perform(asked(act))
    assert desk.agents.found[EVENT, BOLT].computing == ""


def test_of_two_validations_at_once_one_is_done_and_the_other_told_the_state_that_stands(
    desk: ActsDesk,
) -> None:
    first, second = asked(TaskAct.APPROVE), asked(TaskAct.APPROVE)

    def both_end(_: Request) -> None:
        # While the first one waits the second comes in, sees the same state and is taken too.
        desk.ends = lambda _: None
        assert desk.perform(second, looks=1).task.state is TaskState.RECEIVED
        desk.stands(AgentState.VALIDATED)
        desk.is_done(first)
        desk.is_refused(second, SealReason.ALREADY_VALIDATED)

    desk.ends = both_end
    assert desk.perform(first).state is AgentState.VALIDATED
    with pytest.raises(ActOutOfPlace) as lost:
        desk.perform(second)
    assert (lost.value.members["codigo"], lost.value.members["estado"]) == ("JA_VALIDADO", "VALIDADO")
    assert lost.value.members["resposta"] == ANSWER.decode()


def test_what_the_enclave_refuses_by_a_rule_is_told_with_its_code(desk: ActsDesk) -> None:
    desk.stands(AgentState.VALIDATED)
    desk.ends = lambda told: desk.is_refused(told, SealReason.NUMBER_MISMATCH)
    with pytest.raises(ActDeclined) as declined:
        desk.perform(asked(TaskAct.RELEASE))
    assert type(declined.value) is ActDeclined
    assert declined.value.members["codigo"] == "NUMERO_DIVERGE"


def test_an_act_that_nobody_could_do_is_told_as_that(desk: ActsDesk) -> None:
    desk.ends = lambda _: desk.tasks.fail(next(iter(desk.tasks.tasks)), "NAO_PROCESSADA", at=NOW)
    with pytest.raises(ActFailed):
        desk.perform(asked(TaskAct.APPROVE))


def test_the_same_request_again_is_told_its_end_though_state_and_hour_have_passed(desk: ActsDesk) -> None:
    told = asked(TaskAct.APPROVE)
    first = desk.perform(told)
    desk.stands(AgentState.VALIDATED)
    again = desk.perform(told, at=DEADLINE)
    assert (again.task.id, again.task.outcome) == (first.task.id, first.task.outcome)
    assert again.state is AgentState.VALIDATED
    assert len(desk.machine.started) == 1


def test_the_same_request_again_goes_on_where_whoever_took_it_died(desk: ActsDesk) -> None:
    desk.ends = lambda _: None
    told = asked(TaskAct.APPROVE)
    desk.perform(told, looks=1)
    desk.machine.started.clear()
    desk.ends = desk.is_done
    assert desk.perform(told).task.state is TaskState.DONE
    assert len(desk.machine.started) == 1


# Who may


@pytest.mark.parametrize("act", OF_WEEK)
@pytest.mark.parametrize("caller", [person(), system()])
def test_whoever_answers_for_a_company_acts_for_those_that_it_covers(
    desk: ActsDesk, act: TaskAct, caller: Caller
) -> None:
    for company in (BOLT, AURORA, VENTO):
        fitting(desk, act, company)
        done = desk.perform(asked(act, company=company), caller)
        assert done.task.sender == (company if act in SIGNED_ACTS else BOLT)


@pytest.mark.parametrize("act", OF_WEEK)
@pytest.mark.parametrize("caller", [person(ANA), system(MOINHO), system(AURORA)])
def test_nobody_else_does(desk: ActsDesk, act: TaskAct, caller: Caller) -> None:
    with pytest.raises(CompanyForbidden):
        desk.perform(asked(act), caller)
    assert desk.tasks.tasks == {}


@pytest.mark.parametrize("act", SEALED_ACTS)
def test_the_sender_in_a_seal_is_a_company_that_the_caller_answers_for(desk: ActsDesk, act: TaskAct) -> None:
    fitting(desk, act, AURORA)
    with pytest.raises(CompanyForbidden):
        desk.perform(asked(act, company=AURORA, sender=AURORA), person())
    with pytest.raises(CompanyForbidden):
        desk.perform(asked(act, company=BOLT, sender=AURORA), system(AURORA))
    own = asked(act, company=AURORA, sender=AURORA)
    assert desk.perform(own, system(AURORA)).task.sender == AURORA


# What is looked at from outside


def test_a_week_that_there_is_not_is_told_as_that(desk: ActsDesk) -> None:
    with pytest.raises(WeekUnknown):
        desk.perform(replace(asked(TaskAct.PORTFOLIO), event=OTHER_EVENT))


@pytest.mark.parametrize("act", WRITES)
def test_the_window_is_from_the_opening_to_right_before_the_deadline(desk: ActsDesk, act: TaskAct) -> None:
    fitting(desk, act)
    with pytest.raises(WeekNotOpen):
        desk.perform(asked(act), at=BEFORE_OPENING)
    with pytest.raises(DeadlinePassed):
        desk.perform(asked(act), at=DEADLINE)
    assert desk.tasks.tasks == {}
    assert desk.perform(asked(act), at=OPENS).task.state is TaskState.DONE


@pytest.mark.parametrize("act", READS)
def test_what_was_delivered_is_read_and_tried_out_after_the_deadline_too(
    desk: ActsDesk, act: TaskAct
) -> None:
    assert desk.perform(asked(act), at=DEADLINE).task.state is TaskState.DONE
    with pytest.raises(WeekNotOpen):
        desk.perform(asked(act), at=BEFORE_OPENING)


def test_after_publication_the_state_told_is_the_published_one(desk: ActsDesk) -> None:
    desk.weeks.closed.add(EVENT)
    assert desk.perform(asked(TaskAct.READ_BACK), at=DEADLINE).state is AgentState.NOT_SENT


def test_an_agent_that_the_week_is_not_for_is_told_so(desk: ActsDesk) -> None:
    with pytest.raises(AgentNotEligible):
        desk.perform(asked(TaskAct.PORTFOLIO, company=MOINHO, sender=MOINHO), system(MOINHO))
    ended = Validity(OPENS.date().replace(year=2020), OPENS.date().replace(year=2021))
    desk.registry.participants = [agent(BOLT, "BOLT", validity=ended)]
    with pytest.raises(AgentNotEligible):
        desk.perform(asked(TaskAct.PORTFOLIO))


@pytest.mark.parametrize("act", SEALED_ACTS)
def test_a_seal_says_what_its_request_says_and_is_for_a_key_in_use(desk: ActsDesk, act: TaskAct) -> None:
    fitting(desk, act)
    other = next(kind for kind in SEALED_ACTS if OF_WEEK[kind] is not OF_WEEK[act])
    for changes, reason in (
        ({"event": OTHER_EVENT}, SealReason.EVENT_MISMATCH),
        ({"kind": OF_WEEK[other]}, SealReason.KIND_MISMATCH),
        ({"key_id": KeyId.parse("chave-de-outro")}, SealReason.KEY_UNKNOWN),
    ):
        with refused(reason):
            desk.perform(asked(act, **changes))
    assert desk.tasks.tasks == {}


@pytest.mark.parametrize("act", SIGNED_ACTS)
def test_a_statement_says_what_its_request_says(desk: ActsDesk, act: TaskAct) -> None:
    other = next(kind for kind in SIGNED_ACTS if OF_WEEK[kind] is not OF_WEEK[act])
    for told, reason in (
        (replace(asked(act), event=OTHER_EVENT), SealReason.EVENT_MISMATCH),
        (replace(asked(act), company=AURORA), SealReason.COMPANY_MISMATCH),
        (replace(asked(other), act=act), SealReason.ACT_MISMATCH),
    ):
        desk.weeks.kept[OTHER_EVENT] = [week_version()]
        with refused(reason):
            desk.perform(told)
    assert desk.tasks.tasks == {}


def test_a_body_over_what_a_request_carries_is_sent_to_the_lotes(desk: ActsDesk) -> None:
    told = asked(TaskAct.PORTFOLIO)
    padded = replace(told, body=told.body + b"A" * (LARGEST_OF_WEEK - len(told.body)))
    assert desk.perform(padded).task.state is TaskState.DONE
    with refused(SealReason.TOO_LARGE):
        desk.perform(replace(padded, body=padded.body + b"A"))


def test_an_act_that_does_not_fit_never_comes_to_the_enclave(desk: ActsDesk) -> None:
    desk.stands(AgentState.VALIDATED)
    with pytest.raises(ActOutOfPlace) as refusal:
        desk.perform(asked(TaskAct.APPROVE))
    assert refusal.value.members == {"codigo": "JA_VALIDADO", "estado": "VALIDADO"}
    assert desk.tasks.tasks == {}
