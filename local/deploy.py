"""Deploy the synthesised stacks into the emulator by CloudFormation, skipping what has not changed."""

import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local import table_settings
from local.assembly import Stack
from local.aws import ACCOUNT, REGION, Emulator
from local.cloud_only import without_cloud_only
from local.files import digest_of_text, write_json

HOST_IMAGE = "/aval/host-image"
# CDK's bootstrap, and instead of AWS's own parameter, which nobody else may write, one of this machine.
PARAMETERS = {"/cdk-bootstrap/hnb659fds/version": "30", HOST_IMAGE: "ami-00000000000000000"}
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
SECONDS_PER_STACK = 180.0
POLL_SECONDS = 0.1


class DeploymentFailed(Exception):
    """A stack could not be brought to its template."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What only this machine knows and a template may ask for as a parameter."""

    public_url: str
    services_url: str
    emulator_url: str
    cognito_url: str
    mail_sender: str
    trusted_roots: Sequence[str]
    released_images: Sequence[str] = ()
    """PCR0 of each image that the confidential key is released to."""
    released_signers: Sequence[str] = ()

    def parameters(self, outputs: Mapping[str, str]) -> dict[str, str]:
        """Return values by parameter name, as far as `outputs` of the stacks before allow."""
        known = {
            "EnvironmentName": "local",
            "HostImage": HOST_IMAGE,
            "PublicUrl": self.public_url,
            "ServicesUrl": self.services_url,
            "CognitoEndpoint": self.cognito_url,
            "UploadOrigin": self.emulator_url,
            "MailSenderAddress": self.mail_sender,
            "TrustedRoots": ",".join(self.trusted_roots),
        }
        if self.released_images:
            known["ReleasedImages"] = ",".join(self.released_images)
            known["ReleasedSigners"] = ",".join(self.released_signers)
        if "UserPoolId" in outputs:
            known["JwksUrl"] = f"{self.emulator_url}/{outputs['UserPoolId']}/.well-known/jwks.json"
        return known


@dataclass(slots=True)
class Deployment:
    emulator: Emulator
    machine: Machine
    stamp_file: Path
    outputs: dict[str, str] = field(default_factory=dict)
    _stamps: dict[str, Any] = field(default_factory=dict)

    def bring_up(self, stacks: Sequence[Stack]) -> int:
        """Bring every stack to its template and return how many needed it.

        Raises `DeploymentFailed` with CloudFormation's own reasons.
        """
        with contextlib.suppress(FileNotFoundError):
            self._stamps = json.loads(self.stamp_file.read_text())
        changed = 0
        for stack in stacks:
            parameters = self.parameters(stack)
            keys = [asset.key for asset in stack.assets]
            stamp = digest_of_text(stack.template_text, json.dumps(parameters, sort_keys=True), *keys)
            if self._stamps.get(stack.name, {}).get("stamp") != stamp:
                self._deploy(stack, parameters)
                self._stamps[stack.name] = {"stamp": stamp, "outputs": self._outputs(stack)}
                changed += 1
            self.outputs.update(self._stamps[stack.name]["outputs"])
        return changed

    def remember(self) -> None:
        """Write down what is deployed; to be called once the emulator's state is safe on disk."""
        write_json(self.stamp_file, self._stamps)

    def parameters(self, stack: Stack) -> dict[str, str]:
        """Return what the stack is given. Raises `DeploymentFailed` where it asks for more."""
        declared = stack.template.get("Parameters", {})
        known = self.machine.parameters(self.outputs)
        given = {name: value for name, value in known.items() if name in declared}
        missing = [name for name, entry in declared.items() if name not in given and "Default" not in entry]
        if missing:
            raise DeploymentFailed(
                f"{stack.name} asks for {', '.join(missing)}, which local/deploy.py does not know"
            )
        return given

    def _deploy(self, stack: Stack, parameters: Mapping[str, str]) -> None:
        url = self._upload(stack)
        cloudformation = self.emulator.client("cloudformation")
        request: dict[str, Any] = {
            "StackName": stack.name,
            "TemplateURL": url,
            "Parameters": [{"ParameterKey": n, "ParameterValue": v} for n, v in parameters.items()],
            "Capabilities": CAPABILITIES,
        }
        try:
            cloudformation.create_stack(**request)
        except cloudformation.exceptions.AlreadyExistsException:
            try:
                cloudformation.update_stack(**request)
            except ClientError as error:
                if "No updates are to be performed" not in str(error):
                    raise
        self._await(stack)
        table_settings.reapply(self.emulator, stack)

    def _upload(self, stack: Stack) -> str:
        """Put assets and template where `cdk deploy` would, and return the template's address."""
        s3 = self.emulator.client("s3")
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
            s3.create_bucket(Bucket=ASSETS, CreateBucketConfiguration={"LocationConstraint": REGION})
        for name, value in PARAMETERS.items():
            self.emulator.client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
        for asset in stack.assets:
            if not _exists(s3, asset.bucket, asset.key):
                s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.content())
        key = f"{stack.name}.template.json"
        s3.put_object(Bucket=ASSETS, Key=key, Body=without_cloud_only(stack.template_text).encode())
        return f"{self.emulator.endpoint}/{ASSETS}/{key}"

    def _await(self, stack: Stack) -> None:
        cloudformation = self.emulator.client("cloudformation")
        deadline = time.monotonic() + SECONDS_PER_STACK
        while time.monotonic() < deadline:
            status = cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackStatus"]
            if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                return
            if not status.endswith("IN_PROGRESS"):
                raise DeploymentFailed(f"{stack.name} is {status}:\n{self._reasons(stack)}")
            time.sleep(POLL_SECONDS)
        raise DeploymentFailed(f"{stack.name} was not there after {SECONDS_PER_STACK:.0f} s")

    def _reasons(self, stack: Stack) -> str:
        cloudformation = self.emulator.client("cloudformation")
        events = cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
        return "\n".join(
            f"  {event['ResourceType']} {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        )

    def _outputs(self, stack: Stack) -> dict[str, str]:
        described = self.emulator.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}


def _exists(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        return False
    return True
