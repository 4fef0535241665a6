"""Each bad file through the enclave: what becomes of it, and who is told what."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from aval.identifiers import Cnpj, EventCode
from aval.prudential.lotes import LoteKind
from aval.prudential.tasks import TaskOutcome, TaskState
from aval.sealing.envelope import SealedKind
from aval.sealing.refusals import SealReason, SealRefused
from tests.support.bad_lotes import BadLote, bad_lotes
from tests.support.enclave import EVENT
from tests.support.enclave_lotes import LoteDesk, SealedFile, Sender, company

BAD = bad_lotes()
REQUEST = "a-bad-file-of-agents"
TOLD_OF, STRANGER = company(1), company(9)


@dataclass(frozen=True)
class InProcess:
    """Seals to the enclave of a desk."""

    sender: Sender
    event: EventCode = EVENT
    company: Cnpj = TOLD_OF
    stranger: Cnpj = STRANGER

    @property
    def sealing(self) -> rsa.RSAPublicKey:
        key = load_der_public_key(self.sender.agent.item.sealing)
        assert isinstance(key, rsa.RSAPublicKey)
        return key

    def sealed(self, plaintext: bytes, **header: Any) -> bytes:
        told = {"kind": SealedKind.PORTFOLIO, **header}
        return self.sender.agent.sealed(plaintext, request_id=REQUEST, **told)


def made(bad: BadLote, lotes: LoteDesk) -> SealedFile:
    return SealedFile(LoteKind.PORTFOLIO, bad.made_by(InProcess(lotes.sender)), REQUEST)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_ends_with_its_code_in_clear_and_its_faults_sealed_to_who_is_known(bad: BadLote) -> None:
    lotes = LoteDesk.of([1])
    file = made(bad, lotes)
    code = lotes.arrived(file)
    outcome = lotes.done(code)
    assert lotes.desk.vault.lotes[code].reason == bad.reason
    assert outcome.rules == bad.rules
    # What is refused is neither in the journal nor kept; what is taken is in both, once.
    taken = 0 if bad.reason else 1
    assert (outcome.taken, outcome.chunks) == (taken, taken)
    assert len(lotes.desk.vault.journals.get(EVENT, {})) == taken
    answers = lotes.answers(code, file)
    assert len(answers) == int(bad.is_told)
    for payload in answers:
        assert payload.get("recusa", "") == bad.reason
        faults = [
            *payload.get("faltas", []),
            *(each for one in payload["agentes"] for each in one.get("faltas", [])),
        ]
        assert Counter(fault["regra"] for fault in faults) == bad.rules
        assert all(len(fault["detalhe"]) > len("não é") for fault in faults)


def test_an_answer_is_for_the_readers_of_the_file_alone() -> None:
    lotes = LoteDesk.of([1])
    file = made(BAD[0], lotes)
    code = lotes.arrived(file)
    outcome = lotes.done(code)
    [sealed], _ = lotes.desk.vault.chunks[code, outcome.attempt]
    told = TaskOutcome(TaskState.DONE, lotes.desk.now, answer=sealed)
    with pytest.raises(SealRefused) as refusal:
        lotes.sender.agent.opened(told, file.request_id, reader_name="bia")
    assert refusal.value.reason is SealReason.NOT_A_READER


def test_no_two_bad_files_have_one_name() -> None:
    assert len({bad.name for bad in BAD}) == len(BAD)
