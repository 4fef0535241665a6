"""A parameter file read and held to what an engine may reckon with."""

from aval.prudential.parameters import ParameterSet


def read_parameters(data: bytes) -> ParameterSet:
    """Raise `FaultsFound` for every rule that it breaks, `FileUnreadable` for what is no JSON."""
    raise NotImplementedError
