"""The three processes of an enclave: what simulates its hardware, itself, and the parent beside it."""

import os
import sys
from collections.abc import Mapping

from aval.settings import Variable
from enclave_app.image import APPLICATION
from enclave_app.measurement import ROOT as FILE_SYSTEM
from local.aws import ACCOUNT, REGION
from local.enclave.places import EnclavePlaces
from local.files import write_whole
from local.ports import HOST, Ports
from local.supervisor import Supervisor

NSM, ENCLAVE, PARENT = "nsm", "enclave", "parent"
# Shorter than the supervisor's patience with a process that is to stop.
POLL_SECONDS = 5


def start_enclave(supervisor: Supervisor, places: EnclavePlaces, *, parent_role: str) -> None:
    """Start the module, which measures the image as it is now, and the measured code."""
    nsm = ["-m", "local.nsm", "--image", str(places.image), "--state", str(places.stack.nsm)]
    nsm += ["--socket", str(places.nsm_socket), "--role-arn", parent_role, "--stop-with-parent"]
    supervisor.start(NSM, [sys.executable, *nsm], {}, revived=True)
    # As the image says (enclave_app/image.py), by this machine's interpreter: nothing else is told to it.
    application = places.image / FILE_SYSTEM / APPLICATION
    command = [sys.executable, "-I", "-S", "-B", str(application)]
    alone = [sys.executable, "-m", "local.until_parent_ends", *command]
    supervisor.start(ENCLAVE, alone, {}, revived=True, alone=True)


def start_parent(
    supervisor: Supervisor,
    places: EnclavePlaces,
    *,
    outputs: Mapping[str, str],
    endpoint: str,
    ports: Ports,
) -> None:
    """Start the parent with what an instance of AWS would find: its role, its region, its settings."""
    write_role(places, outputs["EnclaveParentRoleArn"])
    settings = {
        Variable.CONFIDENTIAL_TABLE: outputs["ConfidentialTableName"],
        Variable.CONFIDENTIAL_KEY_ARN: outputs["ConfidentialKeyArn"],
        Variable.CONFIDENTIAL_BUCKET: outputs["ConfidentialBucketName"],
        Variable.PRUDENTIAL_BUCKET: outputs["PrudentialBucketName"],
        Variable.PRUDENTIAL_BUCKET: outputs["PrudentialBucketName"],
        Variable.TASK_QUEUE_URL: outputs["TaskQueueUrl"],
        Variable.KEY_QUEUE_URL: outputs["KeyQueueUrl"],
    }
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "AWS_CONFIG_FILE": str(places.aws_config),
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        **{variable.value: value for variable, value in settings.items()},
    }
    command = ["-m", "enclave_app.parent", "--enclave", f"unix:{places.enclave_socket}"]
    command += ["--relay", f"unix:{places.relay_socket}", "--kms", f"{HOST}:{ports.kms}"]
    command += ["--wait-seconds", str(POLL_SECONDS)]
    alone = [sys.executable, "-m", "local.until_parent_ends", sys.executable, *command]
    supervisor.start(PARENT, alone, environment, revived=True, alone=True)


def write_role(places: EnclavePlaces, role: str) -> None:
    """Say which role the parent takes: the SDK takes it and renews it, as from an instance's metadata."""
    write_whole(
        places.aws_config,
        f"""\
[default]
region = {REGION}
role_arn = {role}
role_session_name = i-local
source_profile = instance
[profile instance]
aws_access_key_id = {ACCOUNT}
aws_secret_access_key = local
""",
        mode=0o600,
    )
