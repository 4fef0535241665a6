"""`python3 -m cdk.app` writes the templates of the whole platform into cdk.out."""

import os
from pathlib import Path

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from cdk.components.function_code import ROOT
from cdk.stacks.api import ApiStack
from cdk.stacks.foundation import FoundationStack
from cdk.stacks.identity import IdentityStack
from cdk.stacks.observability import ObservabilityStack
from cdk.stacks.services import ServicesStack

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


def build(*, outdir: Path | None, layer_platform: str | None = None) -> App:
    """`outdir` of None leaves the folder to CDK_OUTDIR, as the CDK's command line does."""
    app = App(outdir=str(outdir) if outdir else None, context=FEATURE_FLAGS, analytics_reporting=False)
    platform = layer_platform or app.node.try_get_context("layer_platform") or DEPLOYED_PLATFORM
    foundation = FoundationStack(app, "aval-foundation", termination_protection=True)
    resources = foundation.resources
    identity = IdentityStack(app, "aval-identity", resources=resources, termination_protection=True)
    services = ServicesStack(
        app, "aval-services", resources=resources, people=identity.people, layer_platform=platform
    )
    api = ApiStack(app, "aval-api", resources=resources, services=services)
    ObservabilityStack(app, "aval-observability", resources=resources, services=services, api=api)
    Tags.of(app).add("system", "aval")
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, write_suppressions_to_cloud_formation=True))
    return app


if __name__ == "__main__":
    build(outdir=None if "CDK_OUTDIR" in os.environ else ROOT / "cdk.out").synth()
