"""What the doors of the confidential core refuse: light to import, for the edge names them all."""

from aval.errors import DomainError, FaultsFound


class CompanyForbidden(DomainError):
    """The caller does not act for the company, or there is none: both read the same."""

    def __init__(self) -> None:
        super().__init__(
            "só o representante CCEE da empresa ou o sistema dela pode agir por este CNPJ; confira o CNPJ"
        )


class KeyUnavailable(DomainError):
    """No enclave answered in the time that a caller waits."""

    def __init__(self) -> None:
        super().__init__("o enclave não respondeu a tempo; repita o pedido, com outro nonce, em instantes")


class MeasurementsMissing(DomainError):
    """No log of released measurements has been published."""

    def __init__(self) -> None:
        super().__init__("ainda não há medidas publicadas")


class DocumentUnreadable(FaultsFound):
    """A file that is not of its kind at all, so that no rule can be asked about what it says."""
