"""The rules one by one; each gives one verdict (adhesion guide, "Características do certificado")."""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from aval.certificates.certificate import Certificate, Parsed, find
from aval.certificates.paths import Path, Search
from aval.certificates.profiles import profiles_of
from aval.certificates.rules import Rule, Verdict, decide
from aval.certificates.truststore import Truststore
from aval.identifiers import Cnpj
from aval.moments import spelled_out

KEY_BITS: Final = 2048
MAX_LIFETIME: Final = timedelta(days=395)
_HASHES: Final = frozenset({"sha256", "sha512"})
_SHOWN_FAULTS: Final = 3


def judge_chain(parsed: Parsed, truststore: Truststore, at: datetime) -> tuple[Verdict, Path | None]:
    """Find a path, one that lets TLS clients through if there is any."""
    unknown = parsed.unknown_critical()
    if unknown:
        detail = f"o certificado tem extensão crítica desconhecida: {', '.join(unknown[:_SHOWN_FAULTS])}"
        return Verdict(Rule.CADEIA, False, detail), None
    search = Search(truststore, at)
    first: Path | None = None
    for path in search.paths(parsed):
        first = first or path
        if not path.without_client_auth():
            first = path
            break
    if first is None:
        return Verdict(Rule.CADEIA, False, "; ".join(search.faults[:_SHOWN_FAULTS])), None
    return Verdict(Rule.CADEIA, True, f"emitido sob {first.authorities[-1].name}"), first


def judge_usage(parsed: Parsed, path: Path | None) -> Verdict:
    faults: list[str] = []
    constraints = find(parsed.extensions, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        faults.append("é um certificado de autoridade certificadora; envie o certificado da empresa")
    allowed = parsed.may_be_tls_client()
    if allowed is None:
        faults.append("o certificado não tem uso estendido de chave; ele deve ter autenticação de cliente")
    elif not allowed:
        faults.append("o uso estendido de chave do certificado não tem autenticação de cliente (clientAuth)")
    usage = find(parsed.extensions, x509.KeyUsage)
    # A client signs the handshake; OpenSSL, too, asks for this bit whenever the extension is there.
    if usage is not None and not usage.digital_signature:
        faults.append("o uso de chave do certificado não tem assinatura digital")
    if path is not None:
        faults += [f"a autoridade {name} não emite para clientes TLS" for name in path.without_client_auth()]
    profiles = profiles_of(_policies(parsed), _root_of(path))
    if profiles and not any(profile.authenticates_clients for profile in profiles):
        names = ", ".join(profile.name for profile in profiles)
        faults.append(f"certificado do tipo {names} não serve para autenticação")
    return decide(Rule.USO, faults, met="pode autenticar um cliente TLS")


def judge_key(parsed: Parsed) -> Verdict:
    demand = f"use RSA de exatamente {KEY_BITS} bits"
    key = parsed.public_key()
    if key is None:
        return Verdict(Rule.CHAVE, False, f"a chave pública é ilegível ou desconhecida; {demand}")
    if not isinstance(key, rsa.RSAPublicKey):
        kind = type(key).__name__.removesuffix("PublicKey")
        return Verdict(Rule.CHAVE, False, f"a chave é do tipo {kind}; {demand}")
    if key.key_size != KEY_BITS:
        return Verdict(Rule.CHAVE, False, f"a chave RSA tem {key.key_size} bits; {demand}")
    return Verdict(Rule.CHAVE, True, f"RSA de {KEY_BITS} bits")


def judge_validity(certificate: Certificate, at: datetime) -> Verdict:
    begins, ends = certificate.not_before, certificate.not_after
    faults: list[str] = []
    # Both bounds are inclusive: RFC 5280, section 4.1.2.5.
    if at < begins:
        faults.append(f"o certificado só vale a partir de {spelled_out(begins)}; envie-o a partir dessa data")
    if at > ends:
        faults.append(f"o certificado venceu em {spelled_out(ends)}; envie o renovado")
    if ends < begins:
        faults.append("o certificado termina antes de começar")
    # The guide says "menor que 395 dias" without saying from when. notAfter minus notBefore is the stricter
    # reading, and its answer does not change from day to day.
    if ends - begins >= MAX_LIFETIME:
        faults.append(f"a validade total deve ser menor que {MAX_LIFETIME.days} dias")
    return decide(Rule.VALIDADE, faults, met=f"válido até {spelled_out(ends)}")


def judge_signature(parsed: Parsed) -> Verdict:
    demand = "use SHA-256 ou SHA-512"
    try:
        digest, parameters = (
            parsed.certificate.signature_hash_algorithm,
            parsed.certificate.signature_algorithm_parameters,
        )
    except (UnsupportedAlgorithm, ValueError):
        return Verdict(Rule.ASSINATURA, False, f"o algoritmo de assinatura é desconhecido; {demand}")
    if digest is None:
        return Verdict(Rule.ASSINATURA, False, f"a assinatura não usa um resumo SHA-2 próprio; {demand}")
    if digest.name not in _HASHES:
        return Verdict(Rule.ASSINATURA, False, f"a assinatura usa {_spelt(digest)}; {demand}")
    if isinstance(parameters, padding.PSS) and not _is_plain_pss(parameters, digest):
        return Verdict(Rule.ASSINATURA, False, f"a assinatura RSA-PSS tem outros parâmetros; {demand}")
    return Verdict(Rule.ASSINATURA, True, f"assinado com {_spelt(digest)}")


def _spelt(digest: HashAlgorithm) -> str:
    """`SHA-256` for what the library calls `sha256`."""
    return str(digest.name).upper().replace("SHA", "SHA-", 1)


def judge_cnpj(certificate: Certificate, company: Cnpj, *, demand_full: bool) -> Verdict:
    holder = certificate.holder_cnpj
    if holder is None:
        # CCEE names six attributes and the CNPJ is none of them.
        return Verdict(Rule.CNPJ, True, "o certificado não informa CNPJ")
    if demand_full and holder != company:
        return Verdict(Rule.CNPJ, False, f"o certificado é do CNPJ {holder.masked}, não de {company.masked}")
    if holder.root != company.root:
        return Verdict(Rule.CNPJ, False, f"o certificado é do CNPJ {holder.masked}, de outra empresa")
    return Verdict(Rule.CNPJ, True, f"o certificado é do CNPJ {holder.masked}")


def profile_warnings(parsed: Parsed, path: Path | None) -> list[str]:
    """Kinds issued after their end: told, not refused, for the guide names six attributes only."""
    issued = parsed.certificate.not_valid_before_utc
    return [
        f"sob esta raiz, o tipo {profile.name} só era emitido até {profile.issued_until:%d/%m/%Y}"
        for profile in profiles_of(_policies(parsed), _root_of(path))
        if profile.issued_until is not None and not profile.was_open(issued)
    ]


def _policies(parsed: Parsed) -> list[str]:
    policies = find(parsed.extensions, x509.CertificatePolicies)
    return [item.policy_identifier.dotted_string for item in policies or ()]


def _root_of(path: Path | None) -> str:
    return path.authorities[-1].parsed.fingerprint if path is not None else ""


def _is_plain_pss(parameters: padding.PSS, digest: HashAlgorithm) -> bool:
    """Salt as long as the hash and the same hash in MGF1: RFC 4055, section 3.1; RFC 8446, section 4.2.3."""
    # The library names these two in no public way.
    inner, salt = parameters.mgf._algorithm, parameters._salt_length  # noqa: SLF001
    return inner.name == digest.name and salt == digest.digest_size
