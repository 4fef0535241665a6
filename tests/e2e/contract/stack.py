"""The contract stack started: emulator and edge alone, without the product."""

import contextlib
import http.client
import io
import json
import socket
import ssl
import sys
import time
import urllib.request
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aval.identifiers import Cnpj
from local import synth, tls
from local.assembly import Asset
from local.aws import REGION, Emulator
from local.emulator.environment import environment
from local.hierarchy import Client, ClientFiles, Hierarchy, issue_client
from local.places import Places
from local.ports import HOST, Ports
from local.supervisor import Supervisor
from tests.e2e.contract import templates

EDGE_SECRET = "contract-secret"
FUNCTIONS = Path(__file__).with_name("functions.py")
WAIT_SECONDS = 30.0


@dataclass(slots=True)
class ContractStack:
    places: Places
    ports: Ports
    supervisor: Supervisor
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def emulator(self) -> Emulator:
        return Emulator(f"http://{HOST}:{self.ports.emulator}")

    @property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy.load(self.places.hierarchy)

    def start(self) -> None:
        self.places.make_folders()
        self.start_emulator()
        self._upload()
        self._deploy("contract-foundation", templates.foundation())
        self._deploy("contract-doors", templates.doors(), Word="given")
        Hierarchy.create(datetime.now(UTC).replace(microsecond=0) - timedelta(days=400)).save(
            self.places.hierarchy
        )
        self._start_edge()

    def start_emulator(self) -> None:
        told = environment(self.places, self.ports.emulator, EDGE_SECRET)
        self.supervisor.start("emulator", [sys.executable, "-m", "local.emulator"], told)
        self._await(self.ports.emulator)

    def stop_emulator(self) -> None:
        self.supervisor.stop("emulator")

    def _start_edge(self) -> None:
        server = tls.server_files(self.places.tls)
        told = {
            "AVAL_EMULATOR_PORT": str(self.ports.emulator),
            "AVAL_PEOPLE_PORT": str(self.ports.people),
            "AVAL_SYSTEMS_PORT": str(self.ports.systems),
            "AVAL_WSDL_PORT": str(self.ports.wsdl),
            "AVAL_KMS_PORT": str(self.ports.kms),
            "AVAL_COGNITO_PORT": str(self.ports.cognito),
            "AVAL_PEOPLE_API": self.outputs["PeopleApi"],
            "AVAL_SYSTEMS_API": self.outputs["SystemsApi"],
            "AVAL_EDGE_SECRET": EDGE_SECRET,
            "AVAL_SERVER_CERTIFICATE": str(server.certificate),
            "AVAL_SERVER_KEY": str(server.key),
            "AVAL_CLIENT_AUTHORITIES": str(self.places.hierarchy / "truststore.pem"),
        }
        self.supervisor.start("edge", [sys.executable, "-m", "local.edge"], told)
        self._await(self.ports.people)

    def _await(self, port: int) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            self.supervisor.require_alive()
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5):
                return
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.05)

    def _upload(self) -> None:
        builder = synth.layer_builder()
        layer = Asset(builder.build(builder.local_platform()), zipped=True, bucket="", key="").content()
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("functions.py", FUNCTIONS.read_text())
        s3 = self.emulator.client("s3")
        s3.create_bucket(
            Bucket=templates.CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        s3.put_object(Bucket=templates.CODE_BUCKET, Key=templates.CODE_KEY, Body=code.getvalue())
        s3.put_object(Bucket=templates.CODE_BUCKET, Key=templates.LAYER_KEY, Body=layer)

    def _deploy(self, name: str, template: str, **parameters: str) -> None:
        cloudformation = self.emulator.client("cloudformation")
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=template,
            Parameters=[{"ParameterKey": n, "ParameterValue": v} for n, v in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        self.outputs |= {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    def client_files(self, **told: Any) -> ClientFiles:
        """Issue a client certificate of the trusted hierarchy."""
        client = Client(Cnpj.parse("33047509000149"), datetime.now(UTC) - timedelta(days=1), **told)
        return issue_client(self.hierarchy, client, self.places.state / "clients")

    def context(self, files: ClientFiles | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.places.tls / "ca.pem")
        if files is not None:
            context.load_cert_chain(files.chain, files.key)
        return context

    def https(self, port: int, files: ClientFiles | None = None) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("localhost", port, timeout=30, context=self.context(files))

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask the people's API of the emulator itself, without the edge."""
        connection = http.client.HTTPConnection(HOST, self.ports.emulator, timeout=60)
        host = f"{self.outputs['PeopleApi']}.execute-api.localhost:{self.ports.emulator}"
        connection.request(method, path, body=body, headers={"Host": host, **(headers or {})})
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def ask_json(self, path: str, **told: Any) -> Any:
        status, _, body = self.ask(path, **told)
        assert status == 200, body
        return json.loads(body)

    def snapshot(self) -> None:
        request = urllib.request.Request(f"{self.emulator.endpoint}/_aval/snapshot", method="POST")
        with urllib.request.urlopen(request, timeout=60):
            pass
