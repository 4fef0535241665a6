"""What a function runs: the handlers, our package and its third parties."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = lambda_.Runtime.PYTHON_3_11
ARCHITECTURE = lambda_.Architecture.ARM_64
NOT_SHIPPED = ["**/__pycache__", "**/*.pyc"]


class LayerMissing(Exception):
    """The third parties have not been built for the platform that was asked for."""


@dataclass(frozen=True, slots=True)
class FunctionCode:
    handlers: lambda_.Code
    layers: tuple[lambda_.LayerVersion, ...]

    @classmethod
    def of(cls, scope: Construct, *, dependencies: Path) -> Self:
        return cls(
            handlers=_code(ROOT / "lambdas"),
            layers=(
                _layer(scope, "Common", code=_code(ROOT / "layers/common")),
                _layer(scope, "Dependencies", code=_code(dependencies)),
            ),
        )


def built_dependencies(platform: str, *, root: Path = ROOT) -> Path:
    """Where the third parties for `platform` lie; raise `LayerMissing` when nobody has built them."""
    folder = root / "layers/dependencies/build" / platform
    if not (folder / "python").is_dir():
        raise LayerMissing(f"{folder.relative_to(root)} is missing: run `make layers PLATFORM={platform}`")
    return folder


def _code(folder: Path) -> lambda_.Code:
    return lambda_.Code.from_asset(str(folder), exclude=NOT_SHIPPED)


def _layer(scope: Construct, name: str, *, code: lambda_.Code) -> lambda_.LayerVersion:
    return lambda_.LayerVersion(
        scope,
        f"{name}Layer",
        layer_version_name=f"aval-{name.lower()}",
        code=code,
        compatible_runtimes=[RUNTIME],
        compatible_architectures=[ARCHITECTURE],
        # A function that is rolled back finds the layer it had.
        removal_policy=RemovalPolicy.RETAIN,
    )
