from dataclasses import replace
from pathlib import Path

import pytest

from local.assembly import Stack
from local.aws import Emulator
from local.deploy import HOST_IMAGE, Deployment, DeploymentFailed, Machine

MACHINE = Machine(
    "https://localhost:1",
    "https://localhost:3",
    "http://127.0.0.1:2",
    "https://localhost:4",
    "a@b.example",
    ("aa", "bb"),
)


def test_roots_are_given_by_commas_and_keys_lie_at_the_emulator() -> None:
    assert MACHINE.parameters({"UserPoolId": "r_1"}) == {
        "EnvironmentName": "local",
        "PublicUrl": "https://localhost:1",
        "ServicesUrl": "https://localhost:3",
        "CognitoEndpoint": "https://localhost:4",
        "UploadOrigin": "http://127.0.0.1:2",
        "MailSenderAddress": "a@b.example",
        "TrustedRoots": "aa,bb",
        "HostImage": HOST_IMAGE,
        "JwksUrl": "http://127.0.0.1:2/r_1/.well-known/jwks.json",
    }


def test_a_stack_without_a_released_image_releases_the_key_to_none() -> None:
    assert not MACHINE.parameters({}).keys() & {"ReleasedImages", "ReleasedSigners"}


def test_released_images_and_signers_are_given_by_commas() -> None:
    machine = replace(MACHINE, released_images=("aa", "bb"), released_signers=("cc",))
    given = machine.parameters({})
    assert (given["ReleasedImages"], given["ReleasedSigners"]) == ("aa,bb", "cc")


def test_the_address_of_keys_waits_for_the_pool() -> None:
    assert "JwksUrl" not in MACHINE.parameters({})


def test_a_parameter_that_nobody_knows_is_named(tmp_path: Path) -> None:
    stack = Stack("s", '{"Parameters": {"Unknown": {"Type": "String"}, "Given": {"Default": ""}}}', ())
    deployment = Deployment(Emulator("http://127.0.0.1:9"), MACHINE, tmp_path / "stamps")
    with pytest.raises(DeploymentFailed, match="s asks for Unknown,"):
        deployment.bring_up([stack])
