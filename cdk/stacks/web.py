"""The page: its files, and the one host name under which it and the people's API are."""

from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.components.names import COGNITO_HERE
from cdk.components.optional_parameter import given_or
from cdk.components.page_distribution import PageDistribution
from cdk.components.private_bucket import AccessLogBucket, PrivateBucket
from cdk.stacks.api import ApiStack


class WebStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: ApiStack,
        uploads: Sequence[PrivateBucket],
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        # The host of the API is named by an export of its own, which tells the CDK nothing of the order.
        self.add_dependency(api)
        # CloudFront delivers its logs by an ACL that it adds to the bucket.
        logs = AccessLogBucket(self, "AccessLogs", ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED)
        files = PrivateBucket(self, "PageFiles", logs=logs, key=None)
        page = PageDistribution(self, "Page", files=files, logs=logs, connections=self._connections(uploads))
        page.lead_to_api(api.people_host, api.people.paths)
        for name, value in (
            ("PageBucketName", files.bucket.bucket_name),
            ("PageDistributionId", page.distribution.distribution_id),
            ("PageDomainTarget", page.distribution.distribution_domain_name),
        ):
            CfnOutput(self, name, value=value)

    def _connections(self, uploads: Sequence[PrivateBucket]) -> tuple[str, ...]:
        return (
            given_or(
                self,
                "CognitoEndpoint",
                description="Where the page logs in, as told to the services; empty: at Cognito",
                otherwise=COGNITO_HERE,
            ),
            given_or(
                self,
                "UploadOrigin",
                description="Where the page sends files; empty: to the buckets at S3",
                otherwise=" ".join(_origins(uploads)),
            ),
        )


def _origins(buckets: Sequence[PrivateBucket]) -> Iterator[str]:
    for bucket in buckets:
        # A form names the first; a young bucket answers there with the way to the second.
        yield f"https://{bucket.bucket.bucket_domain_name}"
        yield f"https://{bucket.bucket.bucket_regional_domain_name}"
