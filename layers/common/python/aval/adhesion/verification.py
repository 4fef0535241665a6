"""The dry run: which rules a file meets as things stand, without registering it."""

from dataclasses import dataclass
from datetime import datetime

from aval.adhesion.examination import Examiner, OfferedFile, Places
from aval.adhesion.permissions import Permissions
from aval.adhesion.store import AdhesionStore
from aval.certificates.rules import Verdict
from aval.identifiers import Cnpj, Cpf, Fingerprint


@dataclass(frozen=True, slots=True)
class Verification:
    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return bool(self.verdicts) and all(verdict.ok for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Verifier:
    permissions: Permissions
    store: AdhesionStore
    examiner: Examiner

    def verify(
        self,
        person: Cpf | None,
        company: Cnpj,
        offered: OfferedFile,
        *,
        deletions: frozenset[Fingerprint],
        at: datetime,
    ) -> Verification:
        """Judge the file as if it were sent now, beside the deletions that would go with it."""
        self.permissions.require_reader(person, company, at=at)
        examined = self.examiner.examine(offered, company, at=at)
        certificate = examined.certificate
        verdicts = examined.verdicts
        if certificate is not None:
            holders = self.store.holders([certificate.subject_key], [certificate.fingerprint])
            places = Places(self.store.load(company), holders, deletions, at)
            verdicts = (*verdicts, *places.judge([certificate], 0), places.judge_count(1))
        return Verification(verdicts, examined.judgement.warnings)
