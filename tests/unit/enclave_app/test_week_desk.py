from datetime import timedelta

import pytest

from aval.attestation.roots import NAO_ATESTADO_POR_HARDWARE
from aval.identifiers import Cnpj
from aval.prudential.tasks import TaskAct
from aval.sealing.caveats import REMETENTE_NAO_AUTENTICADO
from aval.sealing.event_keys import EventKeys
from aval.sealing.journal import Entry, Journal
from aval.sealing.journal_entry import PORTFOLIO, EntryAct
from aval.sealing.key_items import KeyRing
from aval.sealing.refusals import SealReason
from enclave_app.enclave.asked import AskedTask
from enclave_app.enclave.signing import Signer
from enclave_app.enclave.week_desk import WeekDesk, place_of
from enclave_app.enclave.week_engine import week_engine
from enclave_app.enclave.workbench import Workbench
from tests.support import authorisations, journals
from tests.support.authorisations import AT, COMPANY, addition, authorisation
from tests.support.enclave import EVENT
from tests.support.enclave_keys import pairs
from tests.support.journals import digest_of
from tests.support.measured import nsm
from tests.support.sealing import readers, refused
from tests.support.week_agents import parameters

REQUEST = "request-of-a-portfolio"


def desk(*entries: Entry) -> WeekDesk:
    keys = EventKeys.derive(EVENT, bytes(32))
    journal = Journal(EVENT, keys.journal)
    for entry in entries:
        sealed = journal.propose(entry)
        journal.show([(sealed.counter, sealed.sealed)])
    signer = Signer(pairs(), nsm(), hardware=False)
    bench = Workbench(keys, journal, KeyRing([]), signer, AT)
    return WeekDesk(bench, week_engine(parameters(), EVENT), authorisations.roots_pem())


def asked(*signed: str, company: Cnpj = COMPANY, body: bytes = b"body") -> AskedTask:
    return AskedTask(TaskAct.PORTFOLIO, EVENT, company, company, body, authorisations=signed)


def caveats(*signed: str, names: tuple[str, ...] = ("ana", "bia"), company: Cnpj = COMPANY) -> set[str]:
    made = desk()
    audience = made.audience(asked(*signed, company=company), REQUEST, readers(*names))
    return set(made.bench.signer.caveats(audience))


def test_a_list_by_the_companys_certificate_takes_the_reservation_away() -> None:
    assert caveats(authorisation()) == {NAO_ATESTADO_POR_HARDWARE}


def test_the_list_added_by_a_reader_is_the_one_that_counts_from_then_on() -> None:
    both = (authorisation(), addition(readers("ana", "caio"), readers()))
    assert REMETENTE_NAO_AUTENTICADO not in caveats(*both, names=("ana", "caio"))
    assert REMETENTE_NAO_AUTENTICADO in caveats(*both)


@pytest.mark.parametrize(
    ("signed", "names", "company"),
    [
        ((), ("ana", "bia"), COMPANY),
        (("no signature",), ("ana", "bia"), COMPANY),
        ((authorisation(),), ("ana",), COMPANY),
        ((authorisation(),), ("ana", "bia"), Cnpj.parse("11222333000181")),
        ((authorisation(at=AT + timedelta(hours=1)),), ("ana", "bia"), COMPANY),
    ],
    ids=["none", "broken", "another list", "another company", "of the future"],
)
def test_whatever_does_not_hold_leaves_the_reservation(
    signed: tuple[str, ...], names: tuple[str, ...], company: Cnpj
) -> None:
    assert REMETENTE_NAO_AUTENTICADO in caveats(*signed, names=names, company=company)


def test_a_repeat_is_of_the_same_act_kind_and_company() -> None:
    entry = journals.portfolio(
        identity=digest_of("body"), subject=digest_of("body"), company=COMPANY, sender=COMPANY
    )
    made = desk(entry)
    assert made.repeat_of(asked(), entry.request_id, EntryAct.DELIVER, PORTFOLIO) == entry
    assert made.repeat_of(asked(), "request-never-made", EntryAct.DELIVER, PORTFOLIO) is None
    others = [
        (EntryAct.DELIVER, "CONTRAPARTES", COMPANY),
        (EntryAct.SEND, PORTFOLIO, COMPANY),
        (None, PORTFOLIO, COMPANY),
    ]
    for act, kind, company in others:
        with refused(SealReason.REPLAYED):
            made.repeat_of(asked(company=company), entry.request_id, act, kind)


def test_the_steps_of_a_repeat_end_with_its_own() -> None:
    entries = [journals.portfolio(str(version), version, company=COMPANY) for version in (1, 2, 3)]
    made = desk(*entries)
    assert [step.version for step in made.steps(COMPANY, None)] == [1, 2, 3]
    assert [step.version for step in made.steps(COMPANY, entries[1])] == [1, 2]


def test_a_record_belongs_to_the_version_and_body_that_made_it() -> None:
    made = desk(journals.portfolio(company=COMPANY))
    step = made.steps(COMPANY, None)[0]
    place = place_of(EVENT, COMPANY, step)
    assert (place.kind, place.version, place.identity) == ("PORTFOLIO", 1, step.identity)
