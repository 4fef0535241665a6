"""The root of every refusal that a caller may read."""


class DomainError(Exception):
    """A refusal whose `detail` is safe to show; it knows nothing of HTTP or SOAP."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
