"""Sealed answers of lotes, where the enclave's host stored them."""

from dataclasses import dataclass

from aval.adapters.s3_confidential import ConfidentialObjects, answers_key
from aval.prudential.lotes import LoteId


@dataclass(frozen=True, slots=True)
class S3LoteAnswers:
    objects: ConfidentialObjects

    def answer(self, lote: LoteId, attempt: str, number: int) -> bytes:
        return self.objects.fetch(answers_key(lote, attempt, number))
