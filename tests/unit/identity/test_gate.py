from dataclasses import dataclass
from datetime import datetime

import pytest

from aval.identifiers import Cnpj, Cpf, Fingerprint
from aval.identity.caller import Caller, CallerKind
from aval.identity.gate import Gate
from aval.identity.tokens import SystemClaims, TokenRefused, issue_system_token
from tests.support.tokens import CLIENT, ISSUER, NOW, FakePool, LocalSigner

COMPANY, THUMBPRINT = Cnpj("33047509000149"), Fingerprint("ab" * 32)
POOL, SIGNER = FakePool(), LocalSigner()


@dataclass
class OneCertificate:
    in_service: bool = True

    def stands(self, company: Cnpj, fingerprint: Fingerprint, *, at: datetime) -> bool:
        return self.in_service and (company, fingerprint) == (COMPANY, THUMBPRINT)


class EverybodyIsAna:
    def person_of(self, login: str) -> Cpf | None:
        return Cpf("52998224725") if login.startswith("1111") else None


def gate(certificates: OneCertificate | None = None) -> Gate:
    return Gate(
        people=EverybodyIsAna(),  # type: ignore[arg-type]
        user_pool_keys=POOL,
        user_pool_issuer=ISSUER,
        user_pool_client_id=CLIENT,
        system_signer=SIGNER,
        certificates=certificates or OneCertificate(),
    )


def system_token() -> str:
    return issue_system_token(SystemClaims(COMPANY, THUMBPRINT), signer=SIGNER, token_id="t", at=NOW)


def test_admits_a_person_with_the_cpf_of_the_login() -> None:
    caller = gate().admit(POOL.token(), presented=None, at=NOW)
    assert caller == Caller(
        CallerKind.PERSON, "11111111-2222-3333-4444-555555555555", person=Cpf("52998224725")
    )


def test_admits_a_login_that_is_nobody_without_a_cpf() -> None:
    caller = gate().admit(POOL.token(sub="9999"), presented=None, at=NOW)
    assert caller == Caller(CallerKind.PERSON, "9999")


def test_admits_a_system_whose_certificate_stands() -> None:
    caller = gate().admit(system_token(), presented=None, at=NOW)
    assert caller == Caller(CallerKind.SYSTEM, COMPANY, company=COMPANY, thumbprint=THUMBPRINT)


def test_a_system_token_ends_with_its_certificate() -> None:
    certificates = OneCertificate()
    door = gate(certificates)
    door.admit(system_token(), presented=THUMBPRINT, at=NOW)
    certificates.in_service = False
    with pytest.raises(TokenRefused, match="em serviço"):
        door.admit(system_token(), presented=THUMBPRINT, at=NOW)


def test_refuses_a_system_token_on_a_connection_with_another_certificate() -> None:
    with pytest.raises(TokenRefused, match="outro certificado"):
        gate().admit(system_token(), presented=Fingerprint("cd" * 32), at=NOW)
