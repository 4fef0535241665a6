"""One stack from nothing to ready: processes, templates, demo data, and what others need to know of it."""

import contextlib
import secrets
import socket
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local import assembly, page_build, page_template, page_trust, synth, tls
from local.assembly import Stack
from local.aws import Emulator
from local.deploy import Deployment, Machine
from local.edge.page import DISTRIBUTION
from local.emulator.environment import environment
from local.enclave.places import EnclavePlaces
from local.enclave.processes import start_enclave, start_parent
from local.enclave.rollout import Rollout
from local.files import write_json, write_whole
from local.hierarchy import Hierarchy
from local.page_files import TRUST_DOCUMENT
from local.places import Places
from local.ports import HOST, Ports
from local.progress import step
from local.seed import authorities, company, people, registry, week
from local.supervisor import Supervisor

MAIL_SENDER = "aval@aval.example"
START_SECONDS = 60.0
IMAGE_PCR, SIGNER_PCR = 0, 8
POLL_SECONDS = 0.05


class NotReady(Exception):
    """A part of the stack did not answer in time."""


@dataclass(slots=True)
class LocalStack:
    places: Places
    ports: Ports
    supervisor: Supervisor
    logins: tuple[people.Login, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    _edge_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def people_url(self) -> str:
        return f"https://localhost:{self.ports.people}"

    @property
    def systems_url(self) -> str:
        return f"https://localhost:{self.ports.systems}"

    @property
    def wsdl_url(self) -> str:
        return f"https://localhost:{self.ports.wsdl}"

    @property
    def cognito_url(self) -> str:
        return f"https://localhost:{self.ports.cognito}"

    @property
    def emulator_url(self) -> str:
        return f"http://{HOST}:{self.ports.emulator}"

    @property
    def mailbox_url(self) -> str:
        return f"http://localhost:{self.ports.mailbox}"

    def start(self) -> None:
        """Bring everything up; afterwards the doors answer and `local.json` says where they are."""
        self.places.make_folders()
        server = tls.server_files(self.places.tls)
        self._start_emulator()
        with step("test hierarchy"):
            hierarchy = authorities.make(self.places.hierarchy)
        with step("dependencies layer"):
            builder = synth.layer_builder()
            builder.build(builder.local_platform())
        with step("page built"):
            page_build.built()
        with step("templates synthesised"):
            stacks = assembly.read(synth.synthesised())
        emulator = Emulator(self.emulator_url)
        with step("emulator up, state loaded"):
            self._await(f"{self.emulator_url}/_ministack/health")
        rollout = Rollout(EnclavePlaces(self.places), self.ports)
        deployment = Deployment(emulator, self._machine(hierarchy, rollout), self.places.deployed)
        with step("templates deployed"):
            self._deploy(deployment, stacks)
        with step("enclave built, measured and released"):
            if rollout.bring_up_to_date(deployment.outputs["ConfidentialKeyArn"]):
                deployment.machine = self._machine(hierarchy, rollout)
                self._deploy(deployment, stacks)
            rollout.publish(emulator, deployment.outputs["TrustBucketName"])
        self.outputs = {
            name: value for name, value in deployment.outputs.items() if not name.startswith("Exports")
        }
        self._tell_page(deployment, stacks, rollout)
        self._start_edge(server)
        self._start_mailbox()
        self._start_enclave()
        with step("truststore, registry, week and logins"):
            self._seed(emulator, hierarchy)
        with step("doors open"):
            self._await(f"{self.mailbox_url}/mensagens.json")
            for port in self._doors():
                self._await_listening(port)
        self.tell_ready()

    def _doors(self) -> tuple[int, ...]:
        ports = self.ports
        return ports.people, ports.systems, ports.wsdl, ports.kms, ports.cognito

    def _machine(self, hierarchy: Hierarchy, rollout: Rollout) -> Machine:
        return Machine(
            public_url=self.people_url,
            services_url=self.systems_url,
            emulator_url=self.emulator_url,
            cognito_url=self.cognito_url,
            mail_sender=MAIL_SENDER,
            trusted_roots=(hierarchy.root_fingerprint,),
            released_images=rollout.released(IMAGE_PCR),
            released_signers=rollout.released(SIGNER_PCR),
        )

    def _deploy(self, deployment: Deployment, stacks: Sequence[Stack]) -> None:
        if deployment.bring_up(stacks):
            self._write_snapshot()
            deployment.remember()

    def _tell_page(self, deployment: Deployment, stacks: Sequence[Stack], rollout: Rollout) -> None:
        """Write down what the edge serves the page by: its distribution, and whom it is to believe."""
        [stack] = [stack for stack in stacks if stack.name == page_template.STACK]
        distribution = page_template.distribution_of(stack, deployment.parameters(stack))
        distribution.write(self.places.page / DISTRIBUTION)
        keeper = rollout.log.public_key.read_text()
        trusted = page_trust.trust_document(rollout.root.fingerprint, keeper)
        write_whole(self.places.page / TRUST_DOCUMENT, trusted)

    def _seed(self, emulator: Emulator, hierarchy: Hierarchy) -> None:
        company.make(self.places.company, hierarchy)
        authorities.publish(emulator, self.outputs["TrustBucketName"], hierarchy)
        self.logins = people.logins(self.places.secrets)
        people.register(emulator, self.outputs["UserPoolId"], self.logins)
        registry.drop(emulator, self.outputs["RegistryBucketName"])
        week.drop(emulator, self.outputs["PrudentialBucketName"])

    def _start_emulator(self) -> None:
        told = environment(self.places, self.ports.emulator, self._edge_secret)
        self.supervisor.start("emulator", [sys.executable, "-m", "local.emulator"], told)

    def _start_edge(self, server: tls.ServerFiles) -> None:
        environment = {
            "AVAL_EMULATOR_PORT": str(self.ports.emulator),
            "AVAL_PEOPLE_PORT": str(self.ports.people),
            "AVAL_SYSTEMS_PORT": str(self.ports.systems),
            "AVAL_WSDL_PORT": str(self.ports.wsdl),
            "AVAL_KMS_PORT": str(self.ports.kms),
            "AVAL_COGNITO_PORT": str(self.ports.cognito),
            "AVAL_PAGE_FILES": str(page_build.DIST),
            "AVAL_PAGE_TOLD": str(self.places.page),
            "AVAL_PEOPLE_API": self.outputs["PeopleApiId"],
            "AVAL_SYSTEMS_API": self.outputs["ServicesApiId"],
            "AVAL_EDGE_SECRET": self._edge_secret,
            "AVAL_SERVER_CERTIFICATE": str(server.certificate),
            "AVAL_SERVER_KEY": str(server.key),
            "AVAL_CLIENT_AUTHORITIES": str(self.places.hierarchy / "truststore.pem"),
        }
        self.supervisor.start("edge", [sys.executable, "-m", "local.edge"], environment)

    def _start_mailbox(self) -> None:
        environment = {"AVAL_MAILBOX_PORT": str(self.ports.mailbox), "AWS_ENDPOINT_URL": self.emulator_url}
        self.supervisor.start("mailbox", [sys.executable, "-m", "local.mailbox"], environment)

    def _start_enclave(self) -> None:
        places = EnclavePlaces(self.places)
        start_enclave(self.supervisor, places, parent_role=self.outputs["EnclaveParentRoleArn"])
        start_parent(
            self.supervisor, places, outputs=self.outputs, endpoint=self.emulator_url, ports=self.ports
        )

    def _write_snapshot(self) -> None:
        request = urllib.request.Request(f"{self.emulator_url}/_aval/snapshot", method="POST")
        with urllib.request.urlopen(request, timeout=60):
            pass

    def _await_listening(self, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._watch()
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5):
                return
            if time.monotonic() > deadline:
                raise NotReady(f"nothing listens on port {port} after {START_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)

    def _await(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._watch()
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise NotReady(f"{url} did not answer in {START_SECONDS:.0f} s") from error
            time.sleep(POLL_SECONDS)

    def _watch(self) -> None:
        self.supervisor.require_alive()
        self.supervisor.revive()

    def tell_ready(self) -> None:
        """Write down where everything is and which processes it is."""
        write_json(self.places.ready, self.description((self.places.tls / "ca.pem").as_posix()))

    def description(self, authority: str) -> dict[str, Any]:
        return {
            "people_url": self.people_url,
            "systems_url": self.systems_url,
            "wsdl_url": self.wsdl_url,
            "cognito_url": self.cognito_url,
            "emulator_url": self.emulator_url,
            "mailbox_url": self.mailbox_url,
            "certificate_authority": authority,
            "hierarchy": str(self.places.hierarchy),
            "attestation_root": str(self.places.attestation_root),
            "measurements": str(self.places.measurements),
            "logs": str(self.places.logs),
            "secrets": str(self.places.secrets),
            "outputs": dict(self.outputs),
            "pids": self.supervisor.pids(),
        }
