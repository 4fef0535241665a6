"""From a bearer token to a caller: the one gate of the JSON API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aval.identifiers import Cnpj, Fingerprint
from aval.identity.caller import Caller, CallerKind
from aval.identity.people import PeopleByLogin
from aval.identity.tokens import (
    TokenRefused,
    TokenSigner,
    UserPoolKeys,
    token_algorithm,
    verify_person_token,
    verify_system_token,
)


class RegisteredCertificates(Protocol):
    def stands(self, company: Cnpj, fingerprint: Fingerprint, *, at: datetime) -> bool:
        """Whether the certificate is registered for `company`, valid and not revoked, at this very moment."""


@dataclass(frozen=True, slots=True)
class Gate:
    people: PeopleByLogin
    user_pool_keys: UserPoolKeys
    user_pool_issuer: str
    user_pool_client_id: str
    system_signer: TokenSigner
    certificates: RegisteredCertificates

    def admit(self, token: str, *, presented: Fingerprint | None, at: datetime) -> Caller:
        """The caller that `token` speaks for; raise `TokenRefused` for anybody else.

        `presented` is the client certificate of this connection, where the host asks for one.
        """
        if token_algorithm(token) == "ES256":
            return self._system(token, presented=presented, at=at)
        return self._person(token, at=at)

    def _person(self, token: str, *, at: datetime) -> Caller:
        login = verify_person_token(
            token,
            keys=self.user_pool_keys,
            issuer=self.user_pool_issuer,
            client_id=self.user_pool_client_id,
            at=at,
        )
        return Caller(CallerKind.PERSON, login, person=self.people.person_of(login))

    def _system(self, token: str, *, presented: Fingerprint | None, at: datetime) -> Caller:
        claims = verify_system_token(token, public_key_pem=self.system_signer.public_key_pem(), at=at)
        if presented is not None and presented != claims.thumbprint:
            raise TokenRefused("token emitido para outro certificado")
        # Asked on every call and never cached: a deleted or revoked certificate ends its tokens at once.
        if not self.certificates.stands(claims.company, claims.thumbprint, at=at):
            raise TokenRefused("o certificado deste token não está mais em serviço")
        return Caller(CallerKind.SYSTEM, claims.company, company=claims.company, thumbprint=claims.thumbprint)
