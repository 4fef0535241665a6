"""Every refusal of the product, whichever module defines it."""

import importlib
import pkgutil
from collections.abc import Iterator

import aval
from aval.errors import DomainError


def every_refusal() -> set[type[DomainError]]:
    for module in pkgutil.walk_packages(aval.__path__, "aval."):
        importlib.import_module(module.name)
    return {kind for kind in _below(DomainError) if kind.__module__.startswith("aval.")}


def _below(root: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _below(kind)
