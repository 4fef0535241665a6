"""Parameters that a deployer may leave empty."""

from aws_cdk import CfnCondition, CfnParameter, Fn
from constructs import Construct


def given_or(scope: Construct, name: str, *, description: str, otherwise: str) -> str:
    """Return what the deployer gives, or `otherwise` when that is nothing."""
    parameter = CfnParameter(scope, name, description=description, default="")
    given = CfnCondition(
        scope,
        f"{name}Given",
        expression=Fn.condition_not(Fn.condition_equals(parameter.value_as_string, "")),
    )
    return Fn.condition_if(given.logical_id, parameter.value_as_string, otherwise).to_string()
