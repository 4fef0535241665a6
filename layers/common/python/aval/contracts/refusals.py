"""What a bus refuses; one table turns each into a SOAP fault, another into a problem document."""

from aval.errors import DomainError


class ParametersInvalid(DomainError):
    """A request that says something it may not, or leaves out what it must say."""


class NothingFound(DomainError):
    """Nothing that the caller may see answers the request."""


class ProfileForbidden(DomainError):
    """The caller's company neither owns nor represents the profile that it named."""


class ProviderFailed(DomainError):
    """The system behind the bus did not answer as it should; the cause is in the log, never in the text."""


class CursorUnreadable(DomainError):
    """A cursor that this list did not give."""


class SubmissionUncertain(DomainError):
    """A file may or may not have reached the other bus: it is looked for there, never sent again."""
