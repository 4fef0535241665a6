import pytest

from aval.prudential.lote_reasons import LoteReason, sentence_of
from aval.sealing.refusals import SealReason
from enclave_app.enclave.lote_decision import LoteRefusal

OTHERWISE = sentence_of("UMA_REGRA_QUALQUER")


@pytest.mark.parametrize("reason", LoteReason)
def test_each_reason_of_our_own_has_a_sentence_of_its_own(reason: LoteReason) -> None:
    others = {sentence_of(one) for one in LoteReason if one is not reason}
    assert sentence_of(reason) not in {OTHERWISE, *others}


@pytest.mark.parametrize(
    "reason",
    [
        SealReason.EVENT_MISMATCH,
        SealReason.SENDER_MISMATCH,
        SealReason.KIND_MISMATCH,
        SealReason.KEY_UNKNOWN,
        SealReason.MALFORMED,
        SealReason.TOO_LARGE,
        SealReason.DOES_NOT_OPEN,
        SealReason.REPLAYED,
        # Of counterparties, whose statement is refused before anybody is known to whom more could be told.
        SealReason.SIGNATURE,
        SealReason.NOT_A_READER,
        SealReason.ACT_MISMATCH,
        SealReason.COMPANY_MISMATCH,
        SealReason.SUBJECT_MISMATCH,
        SealReason.REQUEST_MISMATCH,
    ],
)
def test_what_sealing_refuses_of_a_lote_has_one_too(reason: SealReason) -> None:
    assert sentence_of(reason) != OTHERWISE


@pytest.mark.parametrize("reason", LoteRefusal)
def test_what_the_enclave_says_of_a_whole_file_has_one_that_points_to_the_sealed_answers(
    reason: LoteRefusal,
) -> None:
    told = sentence_of(reason)
    assert told != OTHERWISE
    assert "resposta" in told


def test_a_rule_that_the_enclave_alone_knows_points_to_the_sealed_answer() -> None:
    assert "resposta selada" in OTHERWISE
