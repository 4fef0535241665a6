"""The roots of every refusal that a caller may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """A refusal whose `detail` is safe to show; it knows nothing of HTTP or SOAP.

    `members` are what a machine is told beside, by their names on the wire.
    """

    members: Mapping[str, str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: which rule, where (JSON pointer, cell or line) and what to do."""

    rule: str
    detail: str
    pointer: str = ""


class FaultsFound(DomainError):
    """A document with one or more faults, all of them reported."""

    def __init__(self, detail: str, faults: Sequence[Fault]) -> None:
        if not faults:
            raise ValueError("a refusal needs at least one fault")
        super().__init__(detail)
        self.faults = tuple(faults)
