from datetime import timedelta

import pytest

from aval.notices.deadlines import DeadlineReport
from aval.notices.schedule import NoticeKind
from aval.notices.store import NoticeKey
from aval.prudential.agent_state import AgentState
from aval.registry.model import ParticipantClass
from tests.support.monitored import AURORA, BOLT, MOINHO, MONITORING, OPERATES, VENTO, agent, holds
from tests.support.reminders import FABIO_MAIL, GISELE, GISELE_MAIL, ReminderHouse
from tests.support.weeks import DEADLINE, EVENT, OTHER_EVENT, agent_row, sending, week_version

HOUR = timedelta(hours=1)
DAY_BEFORE, HOURS_BEFORE = DEADLINE - 24 * HOUR, DEADLINE - 3 * HOUR


@pytest.fixture
def house() -> ReminderHouse:
    """BOLT validated, AURORA delivered a portfolio alone, VENTO nothing."""
    made = ReminderHouse()
    made.agents.put(
        agent_row(BOLT, state=AgentState.VALIDATED),
        agent_row(AURORA, state=AgentState.FILLING, counterparties=None),
    )
    return made


def told(house: ReminderHouse) -> list[tuple[str, str]]:
    return [(mail.to, mail.subject) for mail in house.mailbox.take()]


def mails(report: DeadlineReport) -> tuple[int, int]:
    return report.sent.mails, report.sent.failed_mails


def test_who_answers_for_agents_that_sent_nothing_is_told_which_and_what_they_lack(
    house: ReminderHouse,
) -> None:
    report = house.reminding.run(at=DAY_BEFORE)
    assert report.sent.settled == {NoticeKey(BOLT, NoticeKind.DAY_BEFORE_DEADLINE, EVENT)}
    assert report.unreached == 0
    [mail] = house.mailbox.take()
    assert (mail.to, mail.subject) == (
        FABIO_MAIL,
        "Evento 202611003: 3 agentes ainda não enviaram o fator de alavancagem",
    )
    assert mail.text == (
        "Prezado(a) Fabio,\n\n"
        "Evento 202611003: 3 agentes ainda não enviaram o fator de alavancagem\n"
        "Empresa que responde pelo envio: BOLT S.A. (CNPJ 33.047.509/0001-49)\n"
        "Prazo: 20/11/2026 18:00:00 (horário de São Paulo, UTC-03:00). "
        "Depois dele nada é aceito, e a lista diz quem não enviou.\n"
        "Falta portfólio: VENTO\n"
        "Falta contrapartes: AURORA, VENTO\n"
        "Falta envio: BOLT\n\n"
        "Para concluir, acesse Monitoramento Prudencial: só conta o fator validado e enviado até o prazo.\n\n"
        "Mensagem automática da Plataforma de Integração; não responda a este e-mail.\n"
    )


def test_each_moment_is_told_once_however_often_the_clock_strikes(house: ReminderHouse) -> None:
    for at in (DAY_BEFORE, DAY_BEFORE + HOUR, HOURS_BEFORE - HOUR):
        house.reminding.run(at=at)
    assert len(house.mailbox.take()) == 1
    for at in (HOURS_BEFORE, HOURS_BEFORE + HOUR, DEADLINE):
        house.reminding.run(at=at)
    assert len(house.mailbox.take()) == 1


def test_nobody_is_told_before_the_first_moment_nor_from_the_deadline_on(house: ReminderHouse) -> None:
    for at in (DAY_BEFORE - timedelta(seconds=1), DEADLINE, DEADLINE + HOUR):
        assert mails(house.reminding.run(at=at)) == (0, 0)
    assert house.notices.rows == {}


def test_a_mail_that_failed_is_sent_by_the_next_run_of_the_same_moment(house: ReminderHouse) -> None:
    house.mailbox.refused = {FABIO_MAIL}
    assert mails(house.reminding.run(at=DAY_BEFORE)) == (0, 1)
    house.mailbox.refused = set()
    assert mails(house.reminding.run(at=DAY_BEFORE + HOUR)) == (1, 0)
    assert mails(house.reminding.run(at=DAY_BEFORE + 2 * HOUR)) == (0, 0)


def test_of_two_people_who_was_reached_is_not_told_again(house: ReminderHouse) -> None:
    house.registry.representations.append(holds(GISELE, BOLT, MONITORING))
    house.mailbox.refused = {GISELE_MAIL}
    assert mails(house.reminding.run(at=DAY_BEFORE)) == (1, 1)
    assert [to for to, _ in told(house)] == [FABIO_MAIL]
    house.mailbox.refused = set()
    house.reminding.run(at=DAY_BEFORE + HOUR)
    assert [to for to, _ in told(house)] == [GISELE_MAIL]


def test_who_missed_the_first_moment_is_told_at_the_second_alone(house: ReminderHouse) -> None:
    house.reminding.run(at=HOURS_BEFORE)
    assert len(house.mailbox.take()) == 1
    assert set(house.notices.rows) == {NoticeKey(BOLT, NoticeKind.HOURS_BEFORE_DEADLINE, EVENT)}


def test_an_agents_own_person_and_its_representatives_are_both_told(house: ReminderHouse) -> None:
    house.registry.representations.append(holds(GISELE, AURORA, MONITORING))
    house.reminding.run(at=DAY_BEFORE)
    assert sorted(told(house)) == [
        (FABIO_MAIL, "Evento 202611003: 3 agentes ainda não enviaram o fator de alavancagem"),
        (GISELE_MAIL, "Evento 202611003: 1 agente ainda não enviou o fator de alavancagem"),
    ]


def test_a_company_that_is_not_eligible_itself_is_told_of_those_that_it_represents(
    house: ReminderHouse,
) -> None:
    house.registry.representations = [holds(MOINHO, AURORA, OPERATES), holds(GISELE, MOINHO, MONITORING)]
    report = house.reminding.run(at=DAY_BEFORE)
    [mail] = house.mailbox.take()
    assert mail.to == GISELE_MAIL
    assert "Empresa que responde pelo envio: MOINHO S.A." in mail.text
    assert "Falta contrapartes: AURORA\n" in mail.text
    assert report.unreached == 2


def test_one_mail_to_a_person_tells_of_all_companies_and_weeks(house: ReminderHouse) -> None:
    house.registry.representations += [holds(MOINHO, VENTO, OPERATES), holds(GISELE, MOINHO, MONITORING)]
    house.registry.representations.append(holds(GISELE, BOLT, MONITORING))
    house.weeks.add(week_version(evento=OTHER_EVENT, classes=[6]))
    house.reminding.run(at=DAY_BEFORE)
    mail = next(mail for mail in house.mailbox.take() if mail.to == GISELE_MAIL)
    assert mail.subject == "Plataforma de Integração: 3 avisos"
    assert mail.text.count("Para concluir, acesse Monitoramento Prudencial") == 1
    assert "Evento 202611004: 1 agente ainda não enviou o fator de alavancagem" in mail.text


def test_where_all_have_sent_nobody_is_told(house: ReminderHouse) -> None:
    sent = (agent_row(one, state=AgentState.SENT, sending=sending()) for one in (BOLT, AURORA, VENTO))
    house.agents.put(*sent)
    assert mails(house.reminding.run(at=DAY_BEFORE)) == (0, 0)
    assert house.notices.rows == {}


def test_agents_that_nobody_answers_for_are_counted(house: ReminderHouse) -> None:
    house.registry.representations = []
    report = house.reminding.run(at=DAY_BEFORE)
    assert (mails(report), report.unreached) == ((0, 0), 3)


def test_a_mail_names_so_many_agents_and_how_many_more_there_are(house: ReminderHouse) -> None:
    stem = "000000000001"
    for number in range(201):
        twelve = f"{int(stem) + number:012d}"
        cnpj = type(BOLT)(twelve + BOLT.check_digits(twelve))
        house.registry.participants.append(
            agent(cnpj, f"Z{number:03d}", participant_class=ParticipantClass.GERADOR)
        )
        house.registry.representations.append(holds(BOLT, cnpj, OPERATES))
    house.reminding.run(at=DAY_BEFORE)
    [mail] = house.mailbox.take()
    assert "Falta portfólio: VENTO, Z000, " in mail.text
    assert "Z198 e mais 2\n" in mail.text
