import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from aval.attestation.measurements import Measurement
from aval.attestation.roots import AWS_ROOT
from aval.identifiers import EventCode
from aval.prudential.tasks import TaskState
from aval.prudential.vault import Commit, CommitLost
from aval.sealing.declaration import Declaration
from aval.sealing.ec_keys import public_key
from aval.sealing.head import Head
from aval.sealing.journal import Journal
from aval.sealing.offered_key import KeyOffer, verify_offer
from aval.sealing.refusals import SealReason
from aval.sealing.sealed_entry import first_head
from enclave_app.enclave.kms import Credentials
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from enclave_app.enclave.service import Service
from enclave_app.measurement import extended
from enclave_app.parent.conversation import EnclaveDeclined, EnclaveUnreachable
from enclave_app.parent.session import RoleCredentials
from enclave_app.parent.turns import TaskContended
from enclave_app.protocol import Message, Operation
from tests.support.enclave import (
    COMPANY,
    CREDENTIALS,
    EVENT,
    KEY_ARN,
    NOW,
    OTHER_REGION_ARN,
    Agent,
    Desk,
    first_pair,
    root,
)

MEASURED = Measurement({index: extended(str(index).encode()) for index in (0, 1, 2, 8)})
OTHER_EVENT = EventCode.parse("202611004")
NONCE = bytes(range(32))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return Agent(desk)


def asked(enclave: Service, operation: str, *parts: bytes, **fields: Any) -> Mapping[str, Any]:
    return enclave.handle(Message({"op": operation, **fields}, parts)).fields


def test_refuses_an_operation_that_it_does_not_know(desk: Desk) -> None:
    assert asked(desk.enclave(), "abrir")["motivo"] == "OPERACAO_DESCONHECIDA"
    assert desk.enclave().handle(Message({})).fields["motivo"] == "OPERACAO_DESCONHECIDA"


@pytest.mark.parametrize(
    ("operation", "parts", "fields"),
    [
        ("credenciais", [], {"chave": "a", "segredo": "b"}),
        ("credenciais", [], {"chave": b"a", "segredo": "b", "sessao": "c"}),
        ("cerimonia", [], {}),
        ("cerimonia", [], {"itens": ["x"]}),
        ("evento", [], {"evento": "x"}),
        ("evento", [], {"evento": EVENT, "chave": "x"}),
        ("chave", [], {"nonce": b"1234567"}),
        ("chave", [], {"nonce": bytes(513)}),
        ("chave", [], {"nonce": "00" * 32}),
        ("tarefa", [], {"ato": "LER", "evento": EVENT, "cnpj": COMPANY, "remetente": COMPANY}),
        ("tarefa", [b"x"], {"ato": "ABRIR", "evento": EVENT, "cnpj": COMPANY, "remetente": COMPANY}),
        ("tarefa", [b"x"], {"ato": "LER", "evento": "1", "cnpj": COMPANY, "remetente": COMPANY}),
        ("tarefa", [b"x"], {"ato": "LER", "evento": EVENT, "cnpj": "1", "remetente": COMPANY}),
        ("tarefa", [b"x"] * 3, {"ato": "LER", "evento": EVENT, "cnpj": COMPANY, "remetente": COMPANY}),
    ],
)
def test_refuses_a_message_without_what_its_operation_needs(
    desk: Desk, operation: str, parts: list[bytes], fields: dict[str, Any]
) -> None:
    assert asked(desk.enclave(), operation, *parts, **fields)["motivo"] == "MENSAGEM_INVALIDA"


@pytest.mark.parametrize("told", [None, [1], [["1", b"x"]], [[1, "x"]], [[True, b"x"]], [[1, b"x", 2]]])
def test_refuses_entries_of_another_form(desk: Desk, agent: Agent, told: object) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    assert parent.enclave
    assert asked(parent.enclave, "diario", evento=EVENT, lancamentos=told)["motivo"] == "MENSAGEM_INVALIDA"


def test_an_enclave_started_anew_says_what_it_lacks(desk: Desk) -> None:
    enclave = desk.enclave()
    task = {"ato": "LER", "evento": EVENT, "cnpj": COMPANY, "remetente": COMPANY}
    assert asked(enclave, "chave", nonce=NONCE)["motivo"] == "SEM_CHAVES"
    assert asked(enclave, "tarefa", b"x", **task)["motivo"] == "SEM_EVENTO"
    state = asked(enclave, "estado")
    assert (state["pronto"], state["renovar"], state["kids"], state["diarios"]) == (False, True, [], {})


def test_the_state_tells_kids_and_counters(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    parent.session.ask(Operation.JOURNAL, evento=EVENT, lancamentos=[[1, desk.vault.journals[EVENT][1]]])
    state = parent.session.ask(Operation.STATE).fields
    assert (state["pronto"], state["renovar"]) == (True, False)
    assert (state["kids"], state["diarios"]) == ([agent.item.key_id], {EVENT: 1})


def test_the_state_is_told_while_another_conversation_brings_a_week(
    desk: Desk, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    assert parent.enclave
    weeks = parent.enclave._weeks

    def meanwhile(journal: Journal) -> Head:
        weeks[OTHER_EVENT] = weeks[EVENT]
        return first_head(journal.event)

    monkeypatch.setattr(Journal, "head", property(meanwhile))
    assert asked(parent.enclave, "estado")["diarios"] == {EVENT: 0}


def test_the_offered_key_is_attested_with_the_nonce_and_the_declaration(desk: Desk, agent: Agent) -> None:
    offered = desk.parent().session.ask(Operation.KEY, nonce=NONCE).fields
    declaration = Declaration.from_json(offered["declaracao"])
    offer = KeyOffer(offered["atestado"], declaration, public_key(offered["assinatura"]))
    key = verify_offer(offer, root=root().fingerprint, measurements=[MEASURED], now=NOW, nonce=NONCE)
    assert key.key_id == agent.item.key_id
    assert key.document.user_data == declaration.digest


def test_refuses_another_key_arn_offered_by_the_parent(desk: Desk) -> None:
    told = {"chave": "a", "segredo": "b", "sessao": "c"}
    enclave = desk.enclave()
    foreign = KEY_ARN.replace("000000000000", "999999999999")
    assert asked(enclave, "credenciais", chaveKms=foreign, **told)["motivo"] == "CHAVE_KMS_NAO_MEDIDA"
    for measured in (KEY_ARN, OTHER_REGION_ARN, None):
        assert asked(enclave, "credenciais", chaveKms=measured, **told)["ok"]


def test_a_ceremony_makes_a_pair_that_counts_once_it_was_stored_and_shown(desk: Desk) -> None:
    desk.vault.items.clear()
    enclave = desk.enclave()
    made = asked(enclave, "cerimonia", itens=[])
    assert made["versao"] == 1
    assert asked(enclave, "chave", nonce=NONCE)["motivo"] == "SEM_CHAVES"
    shown = asked(enclave, "cerimonia", itens=[made["item"]])
    assert "item" not in shown
    assert asked(enclave, "chave", nonce=NONCE)["ok"]


def test_a_pair_near_its_end_is_followed_by_another_and_one_past_its_retention_destroyed(
    desk: Desk,
) -> None:
    parent = desk.parent()
    desk.now = NOW + timedelta(days=82)
    parent.session.hold_ceremony()
    assert sorted(desk.vault.items) == [1]
    desk.now = NOW + timedelta(days=83)
    parent.session.hold_ceremony()
    assert sorted(desk.vault.items) == [1, 2]
    desk.now = NOW + timedelta(days=120 + 5 * 365 + 2)
    parent.session.hold_ceremony()
    assert 1 not in desk.vault.items


def test_refuses_a_key_item_of_which_a_part_was_substituted(desk: Desk) -> None:
    item = first_pair()[1]
    changed = item.replace(b'"versao":1', b'"versao":2')
    assert changed != item
    assert asked(desk.enclave(), "cerimonia", itens=[changed])["motivo"] == "KMS_RECUSOU"
    assert asked(desk.enclave(), "cerimonia", itens=[b"{}"])["motivo"] == "ITEM_DE_CHAVE_MALFORMADO"


def test_refuses_a_second_key_for_an_event_that_it_knows(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    assert parent.enclave
    other = asked(parent.enclave, "evento", evento=EVENT)["chave"]
    assert asked(parent.enclave, "evento", evento=EVENT, chave=other)["motivo"] == "CHAVE_DO_EVENTO_NAO_ABRE"
    same = desk.vault.event_keys[EVENT]
    assert asked(parent.enclave, "evento", evento=EVENT, chave=same)["ok"]


def test_refuses_another_events_key(desk: Desk) -> None:
    enclave = desk.enclave()
    wrapped = asked(enclave, "evento", evento=EVENT)["chave"]
    assert asked(enclave, "evento", evento="202611004", chave=wrapped)["motivo"] == "KMS_RECUSOU"


def test_an_entry_never_stored_is_stored_before_the_next(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    desk.vault.add(delivery)
    commit = desk.vault.commit
    desk.vault.commit = lost_once(desk)  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        parent.work.do(delivery.id)
    desk.vault.commit = commit  # type: ignore[method-assign]
    other = agent.delivery("0.18", request_id="delivery-of-another")
    assert agent.opened(parent.do(other), "delivery-of-another").payload["versao"] == 2
    # What was interrupted is done as what it was, and its record is written now.
    assert agent.opened(parent.do(delivery), "delivery-of-a-number").payload["versao"] == 1
    assert (len(desk.vault.journals[EVENT]), len(desk.vault.records)) == (2, 2)


def lost_once(desk: Desk) -> Any:
    def commit(_commit: object) -> None:
        raise ConnectionError("the parent died before it could write")

    return commit


def test_of_two_enclaves_with_one_journal_one_gives_its_entry_up(desk: Desk, agent: Agent) -> None:
    one, other = desk.parent(), desk.parent()
    first, second = agent.delivery(), agent.delivery("0.18", request_id="delivery-of-another")
    store, done = desk.vault.commit, []

    def race(commit: Commit) -> None:
        # Between the other enclave's answer and its parent's write, this one writes first.
        desk.vault.commit = store  # type: ignore[method-assign]
        done.append(one.do(second))
        store(commit)

    desk.vault.commit = race  # type: ignore[method-assign]
    outcome = other.do(first)
    assert agent.opened(done[0], "delivery-of-another").payload["versao"] == 1
    assert agent.opened(outcome, "delivery-of-a-number").payload["versao"] == 2
    assert sorted(desk.vault.journals[EVENT]) == [1, 2]


def test_an_enclave_killed_in_the_middle_is_introduced_again(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.enclave = desk.enclave()
    assert parent.do(agent.validation(delivery)).state is TaskState.DONE
    parent.enclave = desk.enclave()
    assert parent.do(agent.sending(delivery)).released


def test_a_pair_made_by_another_enclave_is_learnt_when_something_is_sealed_to_it(desk: Desk) -> None:
    slow, quick = desk.parent(), desk.parent()
    slow.session.hold_ceremony()
    desk.now = NOW + timedelta(days=85)
    quick.session.hold_ceremony()
    delivery = Agent(desk).delivery()
    assert len(desk.vault.items) == 2
    assert slow.do(delivery).state is TaskState.DONE


def test_a_running_enclave_does_not_go_back(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    delivery = agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    parent.session.ask(Operation.JOURNAL, evento=EVENT, lancamentos=[[2, desk.vault.journals[EVENT][2]]])
    # The store is rolled back behind a running enclave: it goes on from where it was, and nothing fits.
    del desk.vault.journals[EVENT][2]
    again = agent.validation(delivery, request_id="validation-once-more")
    parent.do(again)
    assert sorted(desk.vault.journals[EVENT]) == [1, 3]


def test_refuses_a_journal_of_another_branch(desk: Desk, agent: Agent) -> None:
    parent, other = desk.parent(), Desk()
    parent.do(agent.delivery())
    assert parent.enclave
    other.vault.event_keys = desk.vault.event_keys
    other.parent().do(Agent(other).delivery("0.19", request_id="delivery-elsewhere"))
    entry = other.vault.journals[EVENT][1]
    ours = [1, desk.vault.journals[EVENT][1]]
    assert asked(parent.enclave, "diario", evento=EVENT, lancamentos=[ours])["contador"] == 1
    reply = asked(parent.enclave, "diario", evento=EVENT, lancamentos=[[1, entry]])
    assert reply["motivo"] == SealReason.JOURNAL_FORK.value


def test_an_unreachable_enclave_is_tried_for_a_while(desk: Desk) -> None:
    parent = desk.parent()
    parent.enclave = None
    with pytest.raises(EnclaveUnreachable):
        parent.session.ask(Operation.STATE)


def test_what_the_enclave_declines_is_told_with_its_code(desk: Desk) -> None:
    with pytest.raises(EnclaveDeclined) as declined:
        desk.parent().session.ask(Operation.KEY, nonce=b"")
    assert declined.value.reason == "MENSAGEM_INVALIDA"


def test_no_reply_to_the_parent_holds_what_was_sealed(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    for task in (delivery, agent.reading(delivery), agent.validation(delivery)):
        parent.do(task)
    private = first_pair()[0].decrypt(agent.item.wrapped_key, agent.item.context)
    for reply in desk.replies:
        told = repr((dict(reply.fields), reply.parts)).encode() + b"".join(reply.parts)
        for planted in (b"segredo plantado", b"0.17", CREDENTIALS.secret_key.encode(), private):
            assert planted not in told


def test_neither_service_nor_configuration_shows_a_secret_when_printed(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    assert parent.enclave
    shown = repr(vars(parent.enclave))
    assert "planted" not in shown
    assert hashlib.sha256(desk.vault.event_keys[EVENT]).hexdigest() not in shown


def test_the_root_of_a_desk_is_told_everywhere_and_is_not_aws_s(desk: Desk, agent: Agent) -> None:
    answer = agent.opened(desk.parent().do(agent.delivery()), "delivery-of-a-number")
    assert root().fingerprint != AWS_ROOT
    assert "NAO_ATESTADO_POR_HARDWARE" in answer.caveats


def test_credentials_are_brought_at_first_and_whenever_they_changed(desk: Desk) -> None:
    parent = desk.parent()
    assert parent.enclave
    held = parent.enclave._ports.credentials
    with pytest.raises(EnclaveRefused) as refused:
        held.current()
    assert refused.value.reason is EnclaveReason.NO_CREDENTIALS
    parent.session.ask(Operation.STATE)
    assert held.current() == Credentials("AKIDEXAMPLE", CREDENTIALS.secret_key, CREDENTIALS.token)
    parent.credentials = RoleCredentials("AKIDRENEWED", "planted-secret-key", "planted-session-token")
    parent.session.ask(Operation.STATE)
    assert held.current().access_key == "AKIDRENEWED"


def test_an_enclave_that_forgot_its_credentials_is_brought_them_again(desk: Desk) -> None:
    parent = desk.parent()
    parent.session.ask(Operation.STATE)
    assert parent.enclave
    ceremony, lost = parent.enclave._operations[Operation.CEREMONY], list[Message]()

    def without_credentials(message: Message) -> Message:
        if not lost:
            lost.append(message)
            raise EnclaveRefused(EnclaveReason.NO_CREDENTIALS, "o enclave ainda não recebeu credenciais")
        return ceremony(message)

    parent.enclave._operations = {**parent.enclave._operations, Operation.CEREMONY: without_credentials}
    parent.session.hold_ceremony()
    told = [reply for reply in desk.replies if not reply.fields["ok"]]
    assert [reply.fields["motivo"] for reply in told] == ["SEM_CREDENCIAIS"]


def test_tasks_of_one_event_wait_for_each_other_in_one_parent(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    assert parent.enclave
    decide, under_way, most = parent.enclave._operations[Operation.TASK], list[int](), list[int]()

    def watched(message: Message) -> Message:
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.05)
        under_way.pop()
        return decide(message)

    parent.enclave._operations = {**parent.enclave._operations, Operation.TASK: watched}
    tasks = [agent.delivery(f"0.{number}", request_id=f"delivery-number-{number:04d}") for number in range(4)]
    hands = [Thread(target=parent.do, args=(task,)) for task in tasks]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(20)
    assert len(desk.vault.journals[EVENT]) == 5
    assert set(most) == {1}


def test_a_commit_lost_for_ever_is_given_up(desk: Desk, agent: Agent) -> None:
    def commit(commit: Commit) -> None:
        raise CommitLost("sempre")

    parent, delivery = desk.parent(), agent.delivery()
    desk.vault.add(replace(delivery))
    desk.vault.commit = commit  # type: ignore[method-assign]
    with pytest.raises(TaskContended):
        parent.work.do(delivery.id)
