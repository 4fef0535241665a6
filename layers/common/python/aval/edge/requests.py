"""What may be wrong with an HTTP request before any domain sees it."""

from typing import Final

from aval.errors import DomainError

# A Lambda event holds 6 MB, the escaping of the body included; API Gateway takes 10 MB before that.
MAX_BODY_BYTES: Final = 4_000_000


class RouteUnknown(DomainError):
    """No operation answers this method and path."""


class BodyTooLarge(DomainError):
    """The body is over what one request may carry."""


class BodyUnreadable(DomainError):
    """The body is not UTF-8 JSON of a reasonable depth."""


class MediaTypeUnsupported(DomainError):
    """The body is of a media type that the operation does not take."""


class ActRefused(DomainError):
    """An act on a contract that its state, its calendar or the caller's part in it does not allow."""


class ClientCertificateMissing(DomainError):
    """The call did not come through the mutual-TLS host."""
