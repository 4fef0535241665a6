"""A certificate judged: every rule that one file can answer by itself, all violations together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.certificates.certificate import Certificate, CertificateUnreadable, parse
from aval.certificates.criteria import (
    judge_chain,
    judge_cnpj,
    judge_key,
    judge_signature,
    judge_usage,
    judge_validity,
    profile_warnings,
)
from aval.certificates.recognition import explain
from aval.certificates.rules import Rule, Verdict
from aval.certificates.truststore import Truststore
from aval.identifiers import Cnpj

# The guide's form takes 50 MB; no certificate needs more than this, and nothing larger is parsed.
MAX_UPLOAD_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Judgement:
    certificate: Certificate | None
    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """An empty list of checks is a failure, and so is a certificate that could not be read."""
        return self.certificate is not None and bool(self.verdicts) and not self.refusals

    @property
    def refusals(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if not verdict.ok)


def judge(
    upload: bytes,
    *,
    truststore: Truststore,
    at: datetime,
    cnpj: Cnpj | None,
    demand_full_cnpj: bool = False,
) -> Judgement:
    """Answer every rule for any bytes whatever; it raises for none."""
    if len(upload) > MAX_UPLOAD_BYTES:
        detail = f"o arquivo passa de {MAX_UPLOAD_BYTES} bytes e não é um certificado; escolha o arquivo .cer"
        return Judgement(None, (Verdict(Rule.TAMANHO, False, detail),), ())
    size = Verdict(Rule.TAMANHO, True, f"{len(upload)} bytes")
    try:
        parsed = parse(upload)
        certificate = Certificate.from_parsed(parsed)
    except CertificateUnreadable:
        return Judgement(None, (size, Verdict(Rule.FORMATO, False, explain(upload))), ())
    verdicts = [size, Verdict(Rule.FORMATO, True, "certificado X.509 em DER")]
    chain, path = judge_chain(parsed, truststore, at)
    verdicts += [
        chain,
        judge_usage(parsed, path),
        judge_key(parsed),
        judge_validity(certificate, at),
        judge_signature(parsed),
    ]
    warnings = profile_warnings(parsed, path)
    if cnpj is not None:
        verdicts.append(judge_cnpj(certificate, cnpj, demand_full=demand_full_cnpj))
    if certificate.holder_cnpj is None:
        warnings.append("o certificado não informa CNPJ; a empresa não pôde ser conferida")
    return Judgement(certificate, tuple(verdicts), tuple(warnings))
