from aval.adapters.lote_answers import S3LoteAnswers
from aval.adapters.s3_confidential import ConfidentialObjects, answers_key
from tests.support.confidential import PRUDENTIAL_BUCKET, empty_vault
from tests.support.lotes import LOTE


def test_an_answer_is_fetched_as_its_attempt_stored_it() -> None:
    with empty_vault() as vault:
        objects = ConfidentialObjects(vault.s3, PRUDENTIAL_BUCKET)
        objects.keep(answers_key(LOTE, "t1", 2), b"of the first")
        objects.keep(answers_key(LOTE, "t2", 2), b"of the second")
        assert S3LoteAnswers(objects).answer(LOTE, "t2", 2) == b"of the second"
