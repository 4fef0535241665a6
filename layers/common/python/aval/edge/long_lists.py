"""Long lists of a request, read until some of their members are wrong.

Pydantic keeps every finding, a kilobyte or so for each: 4 MB of empty rows would come to gigabytes.
"""

from typing import Any, Final

from pydantic import ValidationError, ValidatorFunctionWrapHandler, field_validator

AT_ONCE: Final = 50
"""Of each list. Lists lie three deep in each other, and so many to the power of three are borne."""


def read_in_parts(*names: str) -> Any:
    """A validator of the fields `names` of a message."""
    return field_validator(*names, mode="wrap")(_in_parts)


def _in_parts(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    if not isinstance(value, list) or len(value) <= AT_ONCE:
        return read(value)
    taken: list[Any] = []
    for begins in range(0, len(value), AT_ONCE):
        ends = begins + AT_ONCE
        try:
            taken += read(value[begins:ends])
        except ValidationError:
            # From the first one on, so that every finding names its place in the list.
            return read(value[:ends])
    return taken
