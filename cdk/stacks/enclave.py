"""Where the enclave runs: a network without a way in or out, and its hosts."""

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from cdk.components.confidential_resources import ConfidentialResources
from cdk.components.enclave_fleet import Choices, EnclaveFleet
from cdk.components.enclave_network import EnclaveNetwork
from cdk.components.enclave_paths import open_paths


class EnclaveStack(Stack):
    def __init__(
        self, scope: Construct, construct_id: str, *, resources: ConfidentialResources, **stack: Any
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        network = EnclaveNetwork(self, "Network", key=resources.storage_key)
        open_paths(network, resources)
        EnclaveFleet(self, "Fleet", network=network, kept=resources, choices=Choices.of(self))
