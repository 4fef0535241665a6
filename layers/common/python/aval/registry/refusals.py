"""What is wrong with a file of the registry."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadError:
    """One thing wrong: where (JSON pointer or line; empty for the file), the field, and what to do.

    The detail never quotes a value, which may be a CPF or an address.
    """

    file: str
    where: str
    field: str
    detail: str


class DropRefused(Exception):
    """A file with one or more errors, of which nothing may be applied; it is answered by a report."""

    def __init__(self, errors: tuple[LoadError, ...]) -> None:
        if not errors:
            raise ValueError("a refusal needs at least one error")
        super().__init__(f"{len(errors)} errors")
        self.errors = errors
