from pathlib import Path

import pytest

from local.assembly import Stack
from local.aws import Emulator
from local.deploy import Deployment, DeploymentFailed, Machine

MACHINE = Machine(
    "https://localhost:1", "https://localhost:3", "http://127.0.0.1:2", "a@b.example", ("aa", "bb")
)


def test_roots_are_given_by_commas_and_keys_lie_at_the_emulator() -> None:
    assert MACHINE.parameters({"UserPoolId": "r_1"}) == {
        "EnvironmentName": "local",
        "PublicUrl": "https://localhost:1",
        "ServicesUrl": "https://localhost:3",
        "CognitoEndpoint": "http://127.0.0.1:2",
        "MailSenderAddress": "a@b.example",
        "TrustedRoots": "aa,bb",
        "JwksUrl": "http://127.0.0.1:2/r_1/.well-known/jwks.json",
    }


def test_the_address_of_keys_waits_for_the_pool() -> None:
    assert "JwksUrl" not in MACHINE.parameters({})


def test_a_parameter_that_nobody_knows_is_named(tmp_path: Path) -> None:
    stack = Stack("s", '{"Parameters": {"Unknown": {"Type": "String"}, "Given": {"Default": ""}}}', ())
    deployment = Deployment(Emulator("http://127.0.0.1:9"), MACHINE, tmp_path / "stamps")
    with pytest.raises(DeploymentFailed, match="s asks for Unknown,"):
        deployment.bring_up([stack])
