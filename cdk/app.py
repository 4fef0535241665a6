"""`python3 -m cdk.app` writes the templates of the whole platform into cdk.out."""

import os
import sys
from pathlib import Path

from aws_cdk import App, CliCredentialsStackSynthesizer, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from cdk.components.function_code import ROOT, LayerMissing, built_dependencies
from cdk.components.functions.house import Foundations
from cdk.components.names import CONFIDENTIAL_STACK
from cdk.stacks.api import ApiStack
from cdk.stacks.confidential import ConfidentialStack
from cdk.stacks.enclave import EnclaveStack
from cdk.stacks.foundation import FoundationStack
from cdk.stacks.identity import IdentityStack
from cdk.stacks.monitoring import MonitoringStack
from cdk.stacks.observability import ObservabilityStack
from cdk.stacks.services import ServicesStack
from cdk.stacks.web import WebStack

# Lambda runs on arm64; another platform is only asked for to run the same templates on a desk.
DEPLOYED_PLATFORM = "linux-arm64"

# Behaviour of the library that is right for a new application and not yet its default.
FEATURE_FLAGS = {
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/aws-s3:publicAccessBlockedByDefault": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/core:aspectPrioritiesMutating": True,
    "@aws-cdk/core:checkSecretUsage": True,
}


def build(app: App, *, dependencies: Path) -> None:
    foundation = FoundationStack(app, "aval-foundation", termination_protection=True)
    resources = foundation.resources
    identity = IdentityStack(app, "aval-identity", resources=resources, termination_protection=True)
    confidential = ConfidentialStack(
        app,
        CONFIDENTIAL_STACK,
        resources=resources,
        termination_protection=True,
        # Deployed with the deployer's own rights: a roll of the measurements is the break-glass role's
        # alone, and no service role of CloudFormation may do it for whoever passes it.
        synthesizer=CliCredentialsStackSynthesizer(),
    )
    foundations = Foundations(resources, confidential.resources, identity.people)
    services = ServicesStack(
        app,
        "aval-services",
        foundations=foundations,
        dependencies=dependencies,
    )
    monitoring = MonitoringStack(app, "aval-monitoring", services=services, dependencies=dependencies)
    api = ApiStack(app, "aval-api", resources=resources, services=services, monitoring=monitoring)
    WebStack(
        app,
        "aval-web",
        api=api,
        uploads=(resources.contracts_bucket, confidential.resources.prudential_bucket),
    )
    EnclaveStack(app, "aval-enclave", resources=confidential.resources)
    ObservabilityStack(
        app,
        "aval-observability",
        services=services,
        monitoring=monitoring,
        api=api,
    )
    Tags.of(app).add("system", "aval")
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, write_suppressions_to_cloud_formation=True))


def new_app(outdir: Path | None) -> App:
    """An empty application; without `outdir` the CDK's own CDK_OUTDIR says where it goes."""
    return App(outdir=str(outdir) if outdir else None, context=FEATURE_FLAGS, analytics_reporting=False)


def main() -> None:
    app = new_app(None if "CDK_OUTDIR" in os.environ else ROOT / "cdk.out")
    platform = app.node.try_get_context("layer_platform") or DEPLOYED_PLATFORM
    try:
        build(app, dependencies=built_dependencies(platform))
    except LayerMissing as missing:
        sys.exit(f"cdk.app: {missing}")
    app.synth()


if __name__ == "__main__":
    main()
