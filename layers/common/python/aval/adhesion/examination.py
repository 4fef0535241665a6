"""An uploaded file examined: what it is by itself, what its issuer says, and whether it finds a place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aval.adhesion.company import MAX_CERTIFICATES, Adhesion, CertificateStatus
from aval.adhesion.store import Holders
from aval.certificates.certificate import Certificate
from aval.certificates.judgement import Judgement, judge
from aval.certificates.revocation import RevocationLists, RevocationStanding, judge_revocation
from aval.certificates.rules import Rule, Verdict, decide
from aval.certificates.truststore import TruststoreSource
from aval.identifiers import Cnpj, Fingerprint


@dataclass(frozen=True, slots=True)
class OfferedFile:
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Examined:
    """`standing` is there when the certificate could be read."""

    name: str
    judgement: Judgement
    standing: RevocationStanding | None

    @property
    def certificate(self) -> Certificate | None:
        return self.judgement.certificate

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        own = self.judgement.verdicts
        return own if self.standing is None else (*own, judge_revocation(self.standing))


@dataclass(frozen=True, slots=True)
class Examiner:
    truststores: TruststoreSource
    revocations: RevocationLists
    demand_full_cnpj: bool

    def examine(self, offered: OfferedFile, company: Cnpj, *, at: datetime) -> Examined:
        judgement = judge(
            offered.content,
            truststore=self.truststores.current(),
            at=at,
            cnpj=company,
            demand_full_cnpj=self.demand_full_cnpj,
        )
        certificate = judgement.certificate
        standing = self.revocations.standing(certificate, at) if certificate else None
        return Examined(offered.name, judgement, standing)


@dataclass(frozen=True, slots=True)
class Places:
    """The registered certificates as they stand, and those that this change deletes."""

    adhesion: Adhesion
    holders: Holders
    deletions: frozenset[Fingerprint]
    at: datetime

    def judge(self, certificates: Sequence[Certificate | None], index: int) -> tuple[Verdict, ...]:
        """The rules that need the other certificates, for the one at `index` among those offered together."""
        certificate = certificates[index]
        if certificate is None:
            return ()
        earlier = [one for one in certificates[:index] if one is not None]
        return (
            decide(Rule.DUPLICADO, self._duplicates(certificate, earlier), met="ainda não cadastrado"),
            decide(Rule.REQUERENTE, self._subjects(certificate, earlier), met="requerente único"),
        )

    def judge_count(self, additions: int) -> Verdict:
        staying = [one for one in self.adhesion.certificates if one.fingerprint not in self.deletions]
        if len(staying) + additions <= MAX_CERTIFICATES:
            return Verdict(Rule.QUANTIDADE, True, f"até {MAX_CERTIFICATES} certificados por CNPJ")
        detail = (
            f"a empresa pode ter no máximo {MAX_CERTIFICATES} certificados; exclua outro na mesma solicitação"
        )
        expired = [one.name for one in staying if one.status(self.at) is CertificateStatus.VENCIDO]
        if expired:
            detail += f" (já venceu e ainda ocupa lugar: {', '.join(expired)})"
        return Verdict(Rule.QUANTIDADE, False, detail)

    def _duplicates(self, certificate: Certificate, earlier: Sequence[Certificate]) -> list[str]:
        if certificate.fingerprint in {one.fingerprint for one in earlier}:
            return ["o mesmo certificado foi enviado duas vezes nesta solicitação"]
        holder = self.holders.by_fingerprint.get(certificate.fingerprint)
        if holder is None:
            return []
        if holder.company != self.adhesion.company:
            return ["este certificado já está cadastrado por outra empresa"]
        if certificate.fingerprint in self.deletions:
            return ["o mesmo certificado não pode ser excluído e adicionado na mesma solicitação"]
        return ["este certificado já está cadastrado"]

    def _subjects(self, certificate: Certificate, earlier: Sequence[Certificate]) -> list[str]:
        twins = [one for one in earlier if one.subject_key == certificate.subject_key]
        if any(one.fingerprint != certificate.fingerprint for one in twins):
            return [
                "dois certificados desta solicitação têm o mesmo requerente (subject); ele deve ser único"
            ]
        holder = self.holders.by_subject.get(certificate.subject_key)
        if holder is None or holder.fingerprint == certificate.fingerprint:
            return []
        if holder.company != self.adhesion.company:
            return ["o requerente (subject) já é o de um certificado cadastrado por outra empresa"]
        if holder.fingerprint in self.deletions:
            return []
        return [
            "o requerente (subject) já é o de outro certificado desta empresa; "
            "para renová-lo, exclua o antigo e adicione o novo na mesma solicitação"
        ]
