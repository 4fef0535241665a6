import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from aval.attestation.measurements import Measurement
from aval.attestation.roots import NAO_ATESTADO_POR_HARDWARE
from aval.identifiers import EventCode
from aval.prudential.tasks import TaskAct, TaskState
from aval.sealing.answers import ExpectedAnswer, open_answer
from aval.sealing.caveats import REMETENTE_NAO_AUTENTICADO
from aval.sealing.envelope import SealedKind, identity_of
from aval.sealing.event_keys import EventKeys
from aval.sealing.receipts import commitment_of, verify_receipt
from aval.sealing.records import Place, seal_record
from aval.sealing.refusals import SealReason, SealRefused
from aval.sealing.statements import Act
from enclave_app.enclave.ceremony import event_context
from enclave_app.enclave.rehearsal_content import Content, Stored
from enclave_app.measurement import extended
from tests.support.enclave import EVENT, NOW, STRANGER, Agent, Desk, root

DELIVERY = "delivery-of-a-number"
MEASURED = Measurement({index: extended(str(index).encode()) for index in (0, 1, 2, 8)})


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return Agent(desk, names=("ana", "bia"))


def refused(outcome: object, reason: SealReason) -> None:
    state, told = getattr(outcome, "state", None), getattr(outcome, "reason", None)
    assert (state, told) == (TaskState.REFUSED, reason.value)


def test_a_number_is_delivered_read_validated_and_sent(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    delivered = agent.opened(parent.do(delivery), DELIVERY)
    assert (delivered.payload["numero"], delivered.payload["versao"]) == ("0.17", 1)
    assert delivered.payload["objeto"] == identity_of(delivery.body)
    read = agent.opened(parent.do(agent.reading(delivery)), "reading-of-the-number", reader_name="bia")
    assert (read.payload["numero"], read.payload["texto"]) == ("0.17", "segredo plantado")
    validated = agent.opened(parent.do(agent.validation(delivery)), "validation-of-number")
    assert "numero" not in validated.payload
    outcome = parent.do(agent.sending(delivery))
    sent = agent.opened(outcome, "sending-of-the-number")
    assert json.loads(outcome.released) == {"fa": "0.17", "recibo": sent.payload["recibo"]}
    assert [answer.head.counter for answer in (delivered, read, validated, sent)] == [1, 1, 2, 3]


def test_nothing_is_released_before_a_sending(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    outcomes = [
        parent.do(delivery),
        parent.do(agent.reading(delivery)),
        parent.do(agent.validation(delivery)),
    ]
    assert [outcome.released for outcome in outcomes] == ["", "", ""]


def test_a_case_without_a_number_is_released_with_its_text(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    body = agent.sealed({"numero": None, "texto": "sem patrimônio"}, request_id=DELIVERY)
    delivery = agent.task(TaskAct.DELIVER, body)
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    outcome = parent.do(agent.sending(delivery, extra={"fa": None, "motivo": "sem patrimônio"}))
    assert json.loads(outcome.released)["motivo"] == "sem patrimônio"


def test_receipts_tell_inputs_measurement_head_and_reservations(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    delivered = agent.opened(parent.do(delivery), DELIVERY)
    parent.do(agent.validation(delivery))
    released = json.loads(parent.do(agent.sending(delivery)).released)
    computed, sent = (
        verify_receipt(str(text), root=root().fingerprint, accepted=lambda _at: [MEASURED])
        for text in (delivered.payload["recibo"], released["recibo"])
    )
    assert dict(computed.receipt.inputs) == {"ENSAIO": identity_of(delivery.body)}
    assert computed.receipt.released is None
    assert sent.receipt.released
    assert sent.receipt.released.number == "0.17"
    assert (computed.receipt.head.counter, sent.receipt.head.counter) == (1, 3)
    assert set(sent.receipt.caveats) == {NAO_ATESTADO_POR_HARDWARE, REMETENTE_NAO_AUTENTICADO}
    content = {"numero": "0.17", "texto": "segredo plantado"}
    salt = bytes.fromhex(str(delivered.payload["sal"]))
    assert computed.receipt.commitment == commitment_of(content, salt)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "x",
        '{"numero": 0.17}',
        '{"numero": "0,17"}',
        '{"numero": null}',
        '{"numero": "1", "x": "2"}',
    ],
)
def test_refuses_a_content_that_is_no_rehearsal_and_tells_its_readers(
    desk: Desk, agent: Agent, content: str
) -> None:
    task = agent.task(TaskAct.DELIVER, agent.sealed(content, request_id=DELIVERY))
    outcome = desk.parent().do(task)
    refused(outcome, SealReason.MALFORMED)
    assert agent.opened(outcome, DELIVERY).payload["recusa"] == "MALFORMADO"
    assert not desk.vault.journals.get(EVENT)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"event": EventCode("202611004")}, SealReason.EVENT_MISMATCH),
        ({"sender": STRANGER}, SealReason.SENDER_MISMATCH),
        ({"kind": SealedKind.PORTFOLIO}, SealReason.KIND_MISMATCH),
        ({"key_id": "another-key-id"}, SealReason.KEY_UNKNOWN),
        ({"issued_at": NOW + timedelta(hours=1)}, SealReason.FROM_THE_FUTURE),
    ],
)
def test_refuses_a_header_that_says_otherwise_than_the_task(
    desk: Desk, agent: Agent, changes: dict[str, Any], reason: SealReason
) -> None:
    outcome = desk.parent().do(agent.delivery(**changes))
    refused(outcome, reason)
    assert outcome.answer == b""


def test_refuses_a_rehearsal_for_another_company(desk: Desk, agent: Agent) -> None:
    delivery = replace(agent.delivery(), company=STRANGER)
    refused(desk.parent().do(delivery), SealReason.COMPANY_MISMATCH)


def test_refuses_a_body_of_one_changed_byte_and_answers_nobody(desk: Desk, agent: Agent) -> None:
    delivery = agent.delivery()
    changed = delivery.body[:-1] + (b"A" if delivery.body[-1:] != b"A" else b"Q")
    outcome = desk.parent().do(agent.task(TaskAct.DELIVER, changed))
    assert outcome.state is TaskState.REFUSED
    assert outcome.answer == b""


def test_a_repeat_is_answered_from_the_same_version(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.delivery("0.18", request_id="delivery-of-another"))
    repeated = agent.opened(parent.again(delivery), DELIVERY)
    assert (repeated.payload["versao"], repeated.payload["numero"]) == (1, "0.17")
    assert len(desk.vault.journals[EVENT]) == 2


def test_refuses_a_jti_used_for_anything_else(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    refused(parent.do(agent.delivery("0.18")), SealReason.REPLAYED)


def test_refuses_a_jti_of_a_delivery_in_a_statement(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    refused(parent.do(agent.validation(delivery, request_id=DELIVERY)), SealReason.REPLAYED)


def test_a_validation_repeated_after_a_new_delivery_is_still_about_the_former(
    desk: Desk, agent: Agent
) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    validation = agent.validation(delivery)
    parent.do(validation)
    parent.do(agent.delivery("0.18", request_id="delivery-of-another"))
    assert agent.opened(parent.again(validation), "validation-of-number").payload["versao"] == 1


@pytest.mark.parametrize("act", [Act.LER, Act.VALIDAR])
def test_refuses_a_statement_by_a_stranger_and_answers_nobody(desk: Desk, agent: Agent, act: Act) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    stranger = Agent(desk, names=("carla",))
    jws = stranger.signed(act, delivery, request_id="statement-of-a-stranger")
    outcome = parent.do(agent.task(TaskAct(act.value), jws.encode()))
    refused(outcome, SealReason.NOT_A_READER)
    assert outcome.answer == b""


def test_refuses_a_stranger_under_a_reader_s_name(desk: Desk) -> None:
    parent, agent = desk.parent(), Agent(desk, names=("ana",))
    delivery = agent.delivery()
    parent.do(delivery)
    genuine = agent.signed(Act.LER, delivery, request_id="reading-of-the-number")
    header, _, signature = genuine.split(".")
    other = agent.signed(Act.LER, "0" * 64, request_id="reading-of-the-number").split(".")[1]
    outcome = parent.do(agent.task(TaskAct.READ, f"{header}.{other}.{signature}".encode()))
    refused(outcome, SealReason.SIGNATURE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"act": Act.VALIDAR}, SealReason.ACT_MISMATCH),
        ({"event": EventCode("202611004")}, SealReason.EVENT_MISMATCH),
        ({"company": STRANGER}, SealReason.COMPANY_MISMATCH),
        ({"subject": "0" * 64}, SealReason.SUBJECT_MISMATCH),
    ],
)
def test_refuses_a_statement_of_anything_else(
    desk: Desk, agent: Agent, changes: dict[str, object], reason: SealReason
) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    jws = agent.signed(Act.LER, delivery, request_id="reading-of-the-number", **changes)
    refused(parent.do(agent.task(TaskAct.READ, jws.encode())), reason)


def test_refuses_a_statement_before_anything_was_delivered(desk: Desk, agent: Agent) -> None:
    refused(desk.parent().do(agent.reading(agent.delivery())), SealReason.VERSION_UNKNOWN)


def test_refuses_a_statement_that_is_no_text(desk: Desk, agent: Agent) -> None:
    refused(desk.parent().do(agent.task(TaskAct.READ, b"\xff\xfe")), SealReason.MALFORMED)


def test_readers_change_by_a_new_delivery_alone_and_the_former_data_stay_theirs(desk: Desk) -> None:
    parent, first, second = desk.parent(), Agent(desk, names=("ana",)), Agent(desk, names=("carla",))
    former = first.delivery()
    parent.do(former)
    parent.do(first.validation(former))
    parent.do(second.delivery("0.18", request_id="delivery-by-another"))
    # What the former readers validated is void, and the new ones cannot reach it.
    refused(parent.do(first.sending(former)), SealReason.READERS_MISMATCH)
    refused(parent.do(first.reading(former)), SealReason.NOT_A_READER)
    refused(parent.do(second.reading(former)), SealReason.SUBJECT_MISMATCH)
    refused(
        parent.do(second.sending(former, request_id="sending-by-a-stranger")), SealReason.SUBJECT_MISMATCH
    )


def test_an_answer_opens_for_no_one_but_the_readers_of_the_data(desk: Desk) -> None:
    parent, agent = desk.parent(), Agent(desk, names=("ana",))
    outcome = parent.do(agent.delivery())
    with pytest.raises(SealRefused) as error:
        agent.opened(outcome, DELIVERY, reader_name="carla")
    assert error.value.reason is SealReason.NOT_A_READER


def test_refuses_a_sending_before_a_validation_and_tells_the_readers(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    outcome = parent.do(agent.sending(delivery))
    refused(outcome, SealReason.NOT_VALIDATED)
    assert (outcome.released, agent.opened(outcome, "sending-of-the-number").payload["recusa"]) == (
        "",
        "NAO_VALIDADO",
    )


def test_a_validation_is_void_after_a_new_delivery(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    newer = agent.delivery("0.18", request_id="delivery-of-another")
    parent.do(newer)
    refused(parent.do(agent.sending(newer, "0.18")), SealReason.NOT_VALIDATED)


@pytest.mark.parametrize("number", ["0.18", "0.170", "-0.17"])
def test_refuses_another_number_than_the_stored(desk: Desk, agent: Agent, number: str) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    outcome = parent.do(agent.sending(delivery, number))
    refused(outcome, SealReason.NUMBER_MISMATCH)
    assert outcome.released == ""


def test_a_number_is_released_once(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    sending = agent.sending(delivery)
    first = json.loads(parent.do(sending).released)
    refused(parent.do(agent.sending(delivery, request_id="another-sending-of-it")), SealReason.ALREADY_SENT)
    assert json.loads(parent.again(sending).released)["fa"] == first["fa"]
    assert len(desk.vault.journals[EVENT]) == 3


def test_refuses_a_release_signed_by_a_stranger(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    stranger = Agent(desk, names=("carla",))
    sending = stranger.sending(delivery, readers=agent.readers)
    refused(parent.do(sending), SealReason.NOT_A_READER)


def test_refuses_a_sending_that_names_other_readers(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    other = Agent(desk, names=("ana", "carla"))
    outcome = parent.do(other.sending(delivery))
    refused(outcome, SealReason.READERS_MISMATCH)
    assert outcome.answer == b""


def test_refuses_a_release_for_another_object(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    refused(parent.do(agent.sending("0" * 64)), SealReason.SUBJECT_MISMATCH)


def test_refuses_a_signed_release_inside_another_request(desk: Desk, agent: Agent) -> None:
    """Who holds a former sending's signature cannot seal it again under a fresh jti."""
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    parent.do(agent.validation(delivery))
    jws = agent.signed(Act.ENVIAR, delivery, request_id="sending-of-the-number", extra={"fa": "0.17"})
    body = agent.sealed(jws, request_id="another-request-id", kind=SealedKind.ENVIO)
    refused(parent.do(agent.task(TaskAct.SEND, body)), SealReason.REQUEST_MISMATCH)


def test_refuses_a_delivery_passed_off_as_a_sending_and_the_other_way_round(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    refused(parent.do(agent.task(TaskAct.SEND, delivery.body)), SealReason.KIND_MISMATCH)
    refused(parent.do(agent.task(TaskAct.DELIVER, agent.sending(delivery).body)), SealReason.KIND_MISMATCH)


def test_refuses_a_record_moved_from_another_version(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    newer = agent.delivery("0.18", request_id="delivery-of-another")
    parent.do(newer)
    first, second = sorted(desk.vault.records)
    desk.vault.records[second] = desk.vault.records[first]
    refused(parent.do(agent.reading(newer)), SealReason.RECORD_UNOPENED)


def test_refuses_a_record_whose_readers_are_not_the_journal_s(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    stranger = Agent(desk, names=("carla",))
    data_key = desk.kms.decrypt(desk.vault.event_keys[EVENT], event_context(EVENT))
    place = Place(EVENT, agent.company, "ENSAIO", 1, identity_of(delivery.body))
    forged = Stored(stranger.readers, Content("0.17")).to_bytes()
    sealed = seal_record(forged, EventKeys.derive(EVENT, data_key).record, place)
    desk.vault.records[EVENT, agent.company, "ENSAIO", 1] = sealed
    refused(parent.do(stranger.reading(delivery)), SealReason.READERS_MISMATCH)


def test_refuses_to_go_on_without_the_record(desk: Desk, agent: Agent) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    desk.vault.records.clear()
    refused(parent.do(agent.reading(delivery)), SealReason.RECORD_UNOPENED)


def test_an_old_key_in_its_overlap_still_opens_and_a_retired_one_does_not(desk: Desk, agent: Agent) -> None:
    former, late = agent.delivery(), agent.delivery(request_id="delivery-too-late")
    desk.now = NOW + timedelta(days=119)
    assert desk.parent().do(former).state is TaskState.DONE
    desk.now = NOW + timedelta(days=120)
    refused(desk.parent().do(late), SealReason.KEY_UNKNOWN)
    assert len(desk.vault.items) == 2


def test_refuses_a_reader_who_saw_a_journal_that_this_store_never_had(desk: Desk, agent: Agent) -> None:
    """Rolled back before a cold start, then grown past every head that was seen by deliveries of anybody."""
    parent, delivery = desk.parent(), agent.delivery()
    parent.do(delivery)
    kept = dict(desk.vault.journals[EVENT])
    seen = agent.opened(parent.do(agent.validation(delivery)), "validation-of-number").head
    desk.vault.journals[EVENT] = kept
    cold, anybody = desk.parent(), Agent(desk, company=STRANGER, names=("carla",))
    for number in range(3):
        cold.do(anybody.delivery(request_id=f"a-delivery-of-others-{number}"))
    jws = agent.signed(Act.LER, delivery, request_id="reading-of-the-number", seen=seen)
    outcome = cold.do(agent.task(TaskAct.READ, jws.encode()))
    refused(outcome, SealReason.HEAD_FORKED)
    answer = agent.opened(outcome, "reading-of-the-number")
    assert (answer.payload["recusa"], answer.payload.get("numero")) == ("DIARIO_BIFURCADO", None)
    # A plain comparison of counters would have let it pass.
    assert answer.head.counter > seen.counter


def test_refuses_a_delivery_by_who_saw_a_journal_that_this_store_never_had(desk: Desk, agent: Agent) -> None:
    parent = desk.parent()
    parent.do(agent.delivery())
    newer = agent.delivery("0.18", request_id="delivery-of-another")
    seen = agent.opened(parent.do(newer), "delivery-of-another").head
    desk.vault.journals[EVENT].pop(2)
    late = agent.delivery("0.19", request_id="delivery-after-it-all", seen=seen)
    outcome = desk.parent().do(late)
    refused(outcome, SealReason.HEAD_OLDER)
    assert agent.opened(outcome, "delivery-after-it-all").payload["recusa"] == "DIARIO_ANTERIOR"
    assert len(desk.vault.journals[EVENT]) == 1


def test_a_reader_is_served_by_every_enclave_whose_journal_was_where_he_saw_it(
    desk: Desk, agent: Agent
) -> None:
    parent, delivery = desk.parent(), agent.delivery()
    seen = agent.opened(parent.do(delivery), DELIVERY).head
    parent.do(agent.validation(delivery))
    jws = agent.signed(Act.LER, delivery, request_id="reading-of-the-number", seen=seen)
    assert desk.parent().do(agent.task(TaskAct.READ, jws.encode())).state is TaskState.DONE


def test_a_forged_delivery_under_the_same_jti_is_not_the_readers(desk: Desk, agent: Agent) -> None:
    """Who sees a request can deliver in its stead, and name its reader: what was delivered is told then."""
    own = agent.delivery()
    forged = Agent(desk, names=("ana", "carla")).delivery("9.99")
    outcome = desk.parent().do(forged)
    signer = load_der_public_key(agent.item.signing)
    assert isinstance(signer, ec.EllipticCurvePublicKey)
    expected = ExpectedAnswer(EVENT, agent.company, DELIVERY, subject=identity_of(own.body))
    with pytest.raises(SealRefused) as told:
        open_answer(outcome.answer, agent.me, signer=signer, expected=expected)
    assert told.value.reason is SealReason.SUBJECT_MISMATCH


def test_a_refusal_tells_of_what_it_is(desk: Desk, agent: Agent) -> None:
    task = agent.task(TaskAct.DELIVER, agent.sealed("{}", request_id=DELIVERY))
    answer = agent.opened(desk.parent().do(task), DELIVERY)
    assert answer.payload["objeto"] == identity_of(task.body)
