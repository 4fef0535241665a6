"""Which reader list a company stands for: signed by its ICP-Brasil certificate, or by a reader after that.

Public, kept outside, and judged anew each time: by the door when it comes, by the enclave whenever it counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from aval.certificates.certificate import Certificate, Parsed, find, parse
from aval.certificates.paths import Search, has_sound_hash
from aval.certificates.truststore import Truststore
from aval.errors import DomainError
from aval.identifiers import Cnpj, IdentifierInvalid
from aval.sealing import certified_signatures, signatures
from aval.sealing.canonical import canonical, read_object
from aval.sealing.envelope import bare_cnpj, moment_of
from aval.sealing.identities import require_identity
from aval.sealing.readers import ReaderKeys, Readers
from aval.sealing.refusals import SealReason, SealRefused

KIND: Final = "aval-leitores"
MAX_AUTHORISATION_CHARACTERS: Final = 100_000
MOST_ADDITIONS: Final = 32
"""After so many, the next list is signed by the certificate again: whoever judges reads all of them."""
_MEMBERS: Final = frozenset({"cnpj", "leitores", "iat", "anterior"})
_LARGEST_PAYLOAD: Final = 16_384
_LEEWAY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What is signed. `former` is the digest of the list before; None starts anew, by a certificate."""

    company: Cnpj
    readers: Readers
    issued_at: datetime
    former: str | None

    def as_json(self) -> dict[str, object]:
        return {
            "cnpj": self.company,
            "leitores": self.readers.as_json(),
            "iat": int(self.issued_at.timestamp()),
            "anterior": self.former,
        }

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        members = read_object(payload, largest=_LARGEST_PAYLOAD)
        if members.keys() != _MEMBERS:
            raise _malformed(f"a autorização deve ter exatamente {', '.join(sorted(_MEMBERS))}")
        former = members["anterior"]
        if not (former is None or isinstance(former, str)):
            raise _malformed("anterior deve ser nulo ou o resumo da lista anterior")
        if former is not None:
            require_identity(former)
        try:
            company = bare_cnpj(members["cnpj"])
        except IdentifierInvalid as failure:
            raise _malformed(f"cnpj: {failure.detail}") from failure
        return cls(company, Readers.from_json(members["leitores"]), moment_of(members["iat"]), former)


@dataclass(frozen=True, slots=True)
class Authorised:
    """A list that holds, and the certificate behind it where it was signed by one itself."""

    readers: Readers
    issued_at: datetime
    certificate: Certificate | None = field(repr=False)


def sign_authorisation(
    readers: Readers, company: Cnpj, chain: Sequence[bytes], key: PrivateKeyTypes, *, at: datetime
) -> str:
    """`chain` is DER, the company's own certificate first, then the authorities up to below the root."""
    told = canonical(Authorisation(company, readers, at, None).as_json())
    return certified_signatures.sign(told, kind=KIND, chain=chain, key=key)


def sign_addition(readers: Readers, company: Cnpj, former: str, reader: ReaderKeys, *, at: datetime) -> str:
    """The list that replaces the one of digest `former`, by one of its readers."""
    told = canonical(Authorisation(company, readers, at, former).as_json())
    return signatures.sign(told, kind=KIND, key_id=reader.id, key=reader.signature)


def authorised_digest(signed: Sequence[str], company: Cnpj, roots_pem: str, *, at: datetime) -> str | None:
    """Digest of the list that `company` stands for, or None. Raises nothing: a broken one is none.

    `signed` is oldest first. Whoever keeps it can leave the newest out: an older list then holds.
    """
    held = authorised(signed, company, roots_of(roots_pem), at=at)
    return held.readers.digest if held else None


def authorised(signed: Sequence[str], company: Cnpj, roots: Truststore, *, at: datetime) -> Authorised | None:
    """What holds of `signed`, walked from the oldest."""
    standing: Authorised | None = None
    goes_on = False
    for one in signed[: MOST_ADDITIONS + 1]:
        try:
            judged = _judged(one, standing if goes_on else None, company, roots, at)
            _require_not_older(judged, standing)
            standing, goes_on = judged, True
        except DomainError:
            # What held before stands; nothing is added to it until a certificate starts anew.
            goes_on = False
    return standing


def require_authorisation(
    new: str, former: Authorised | None, company: Cnpj, roots: Truststore, *, at: datetime
) -> Authorised:
    """What `new` authorises after `former`; raise `SealRefused` with what is wrong, for the agent."""
    judged = _judged(new, former, company, roots, at)
    _require_not_older(judged, former)
    return judged


def roots_of(pem: str) -> Truststore:
    """The roots that are measured; none where the configuration has none, or what is no certificate."""
    try:
        return Truststore.from_pem(pem.encode())
    except DomainError:
        return Truststore.of(())


def is_by_certificate(signed: str) -> bool:
    """Raise `SealRefused` for what is no signature at all."""
    return certified_signatures.carries_chain(signed)


def readers_told(signed: str) -> Readers:
    """The list that a signature is over, whoever made it; raise `SealRefused` for its form."""
    read = certified_signatures.read if is_by_certificate(signed) else signatures.read
    return Authorisation.from_payload(
        read(signed, kind=KIND, largest=MAX_AUTHORISATION_CHARACTERS).payload
    ).readers


def _judged(
    signed: str, former: Authorised | None, company: Cnpj, roots: Truststore, at: datetime
) -> Authorised:
    if len(signed) > MAX_AUTHORISATION_CHARACTERS:
        raise SealRefused(
            SealReason.TOO_LARGE, f"a autorização tem mais de {MAX_AUTHORISATION_CHARACTERS} caracteres"
        )
    if is_by_certificate(signed):
        return _by_certificate(signed, company, roots, at)
    return _by_reader(signed, former.readers if former else None, company, at)


def _by_certificate(signed: str, company: Cnpj, roots: Truststore, at: datetime) -> Authorised:
    certified = certified_signatures.read(signed, kind=KIND, largest=MAX_AUTHORISATION_CHARACTERS)
    try:
        own, *above = (parse(der) for der in certified.chain)
        certificate = Certificate.from_parsed(own)
    except DomainError as failure:
        raise _refused(f"a cadeia x5c não pode ser lida: {failure.detail}") from failure
    # (1) Whose: cheap questions first.
    _require_holder(certificate, company)
    _require_for_signing(own, certificate, at)
    # (2) The chain up to a root that is ours, never to one that came along.
    _require_path(own, above, roots, at)
    # (3) The signature, and what it says.
    told = Authorisation.from_payload(certified_signatures.verify(certified, own.public_key()))
    _require_said(told, company, at)
    if told.former is not None:
        raise _refused("uma lista assinada pelo certificado começa de novo: anterior deve ser nulo")
    return Authorised(told.readers, told.issued_at, certificate)


def _by_reader(signed: str, former: Readers | None, company: Cnpj, at: datetime) -> Authorised:
    if former is None:
        raise _refused("não há lista em vigor a que acrescentar; assine-a com o certificado ICP-Brasil")
    unverified = signatures.read(signed, kind=KIND, largest=MAX_AUTHORISATION_CHARACTERS)
    payload = signatures.verify(unverified, former[unverified.key_id].signature)
    told = Authorisation.from_payload(payload)
    _require_said(told, company, at)
    if told.former != former.digest:
        raise _refused("anterior não é o resumo da lista em vigor; consulte-a e assine de novo")
    return Authorised(told.readers, told.issued_at, None)


def _require_holder(certificate: Certificate, company: Cnpj) -> None:
    """A mandate cannot be told from a certificate: none but the company's own counts (docs/sealing.md)."""
    holder = certificate.holder_cnpj
    if holder is None:
        raise _refused("o certificado não informa CNPJ; use o e-CNPJ da empresa")
    # Head office and branches are one legal person, and often share one certificate.
    if holder.root != company.root:
        raise _refused(f"o certificado é do CNPJ {holder.masked}, de outra empresa que {company.masked}")


def _require_for_signing(own: Parsed, certificate: Certificate, at: datetime) -> None:
    if not certificate.not_before <= at <= certificate.not_after:
        raise _refused("o certificado não está no seu período de validade")
    if own.unknown_critical():
        raise _refused("o certificado tem extensão crítica desconhecida")
    usage, constraints = find(own.extensions, x509.KeyUsage), find(own.extensions, x509.BasicConstraints)
    if usage is None or not usage.digital_signature:
        raise _refused("o uso de chave do certificado não tem assinatura digital")
    if constraints is not None and constraints.ca:
        raise _refused("o certificado é de autoridade certificadora; use o da empresa")
    if not has_sound_hash(own.certificate):
        raise _refused("o certificado tem algoritmo de assinatura fraco")


def _require_path(own: Parsed, above: Sequence[Parsed], roots: Truststore, at: datetime) -> None:
    anchors = {anchor.parsed.fingerprint for anchor in roots.anchors}
    known = Truststore.of([*(anchor.parsed for anchor in roots.anchors), *above])
    search = Search(known, at)
    # A self-signed certificate that came along ends a path too, and counts for nothing.
    if not any(path.authorities[-1].parsed.fingerprint in anchors for path in search.paths(own)):
        why = search.faults[0] if search.faults else "a raiz não é da ICP-Brasil"
        raise _refused(f"a cadeia do certificado não confere: {why}; envie as autoridades dele na cadeia")


def _require_said(told: Authorisation, company: Cnpj, at: datetime) -> None:
    if told.company != company:
        raise SealRefused(SealReason.COMPANY_MISMATCH, "a autorização é de outra empresa")
    if told.issued_at > at + _LEEWAY:
        raise SealRefused(SealReason.FROM_THE_FUTURE, "a autorização diz ter sido assinada no futuro")


def _require_not_older(judged: Authorised, former: Authorised | None) -> None:
    """They are public: whoever finds a former one could bring it again, and with it who was taken out."""
    if former is not None and judged.issued_at < former.issued_at:
        raise _refused("a lista foi assinada antes da que está em vigor; assine-a de novo")


def _refused(detail: str) -> SealRefused:
    return SealRefused(SealReason.AUTHORISATION, detail)


def _malformed(detail: str) -> SealRefused:
    return SealRefused(SealReason.MALFORMED, detail)
