"""Ten-minute tokens for systems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cnpj, Fingerprint
from aval.identity.tokens import SystemClaims, TokenSigner, issue_system_token


class SystemAccess(Protocol):
    def authenticate_system(
        self, company: Cnpj, password: str, fingerprint: Fingerprint, *, at: datetime
    ) -> None:
        """Raise a refusal unless certificate and password belong to `company`."""


@dataclass(frozen=True, slots=True)
class SystemTokens:
    access: SystemAccess
    signer: TokenSigner
    new_id: Callable[[], str]

    def issue(self, company: Cnpj, password: str, fingerprint: Fingerprint, *, at: datetime) -> str:
        self.access.authenticate_system(company, password, fingerprint, at=at)
        claims = SystemClaims(company, fingerprint)
        return issue_system_token(claims, signer=self.signer, token_id=self.new_id(), at=at)
