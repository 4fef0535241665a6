"""Whoever is given rights and told names: a function, or the host of the enclave."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from aws_cdk import aws_iam as iam

from aval.settings import Variable


class Grantee(Protocol):
    role: iam.Role

    def set_variable(self, variable: Variable, value: str) -> None: ...

    def allow(
        self,
        *,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, object] | None = None,
    ) -> None: ...
