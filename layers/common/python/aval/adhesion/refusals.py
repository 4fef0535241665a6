"""What adhesion refuses, apart from the faults of a change: light to import, for the edge names them all."""

from enum import StrEnum

from aval.errors import DomainError, FaultsFound


class CompanyUnknown(DomainError):
    """The company does not exist, or not for this caller: both read the same."""

    def __init__(self) -> None:
        super().__init__("nenhuma empresa com este CNPJ é representada por você")


class ChangeForbidden(DomainError):
    """The caller may see the company's access but not change it."""


class CertificateUnknown(DomainError):
    """The company has no such certificate in service."""


class ChangeRefused(FaultsFound):
    """The change breaks one or more rules; nothing of it was applied."""


class VersionMismatch(DomainError):
    """The company changed since the caller read it."""


class IdempotencyKeyReused(DomainError):
    """The key came before with another request."""


class ChangeContended(DomainError):
    """Too many changes of one company at once; none of this request was applied."""


class RefusalReason(StrEnum):
    """For our log alone; outside, all of them read the same."""

    CERTIFICATE_NOT_OF_COMPANY = "certificate_not_of_company"
    LOCKED = "locked"
    DELAYED = "delayed"
    PASSWORD_WRONG = "password_wrong"


class AccessRefused(DomainError):
    """Certificate, CNPJ and password do not open the door; which of them is not told."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(
            "CNPJ, senha ou certificado não conferem, ou o acesso está bloqueado; "
            "o representante CCEE pode definir uma nova senha"
        )
        self.reason = reason
