"""A bucket that nobody outside reads, that keeps versions and logs who touched it."""

from typing import Self, cast

from aws_cdk import CfnElement, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from aval.settings import Variable
from cdk.components import storage_key
from cdk.components.acknowledgement import acknowledge
from cdk.components.grantee import Grantee
from cdk.components.storage_key import StorageKey


class AccessLogBucket(Construct):
    """`ownership` is another where the writer is a service that still gives itself rights by ACL."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        ownership: s3.ObjectOwnership = s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    ) -> None:
        super().__init__(scope, construct_id)
        # S3 writes access logs only into a bucket with its own keys: "Permissions for log delivery".
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=ownership,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(400), noncurrent_version_expiration=Duration.days(30)
                )
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(
            self.bucket,
            "S1",
            reason="This is where the other buckets' access logs go; logging its own accesses into itself "
            "would grow by each line that it writes.",
        )


class PrivateBucket(Construct):
    """A bucket under `key`, or under S3's own key where the reader is a service that takes no other.

    One without a `variable` is no function's.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        variable: Variable | None = None,
        logs: AccessLogBucket,
        key: StorageKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._variable = variable
        self._key = key
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=key.key if key else None,
            bucket_key_enabled=True if key else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            server_access_logs_bucket=logs.bucket,
            server_access_logs_prefix=f"{construct_id.lower()}/",
            removal_policy=RemovalPolicy.RETAIN,
        )

    def announcing(self) -> Self:
        """Tell EventBridge of each object that is put here."""
        # `event_bridge_enabled` of the L2 brings a custom resource, that is a function we do not own.
        bucket = self.bucket.node.default_child
        if not isinstance(bucket, s3.CfnBucket):
            raise TypeError(bucket)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )
        return self

    def forgetting(self, prefix: str, *, after: Duration) -> Self:
        """Delete what is under the prefix, and then its versions."""
        self.bucket.add_lifecycle_rule(
            prefix=prefix, expiration=after, noncurrent_version_expiration=Duration.days(30)
        )
        return self

    def taking_forms_from(self, origin: str) -> Self:
        """Let a page of that origin send a file by a form that it was given, and read whether it came."""
        self.bucket.add_cors_rule(
            allowed_methods=[s3.HttpMethods.POST],
            allowed_origins=[origin],
            allowed_headers=["content-type"],
            exposed_headers=["etag"],
            max_age=3600,
        )
        return self

    def name_to(self, function: Grantee) -> None:
        """For who is put together with the bucket and touches none of its objects."""
        self._tell_name(function)

    def grant_read(self, function: Grantee, *prefixes: str) -> None:
        # The event of a dropped object names its version, and reading one is an action of its own.
        self._grant_objects(function, ["s3:GetObject", "s3:GetObjectVersion"], prefixes)
        self._grant_key(function, storage_key.READ)

    def grant_write(self, function: Grantee, *prefixes: str) -> None:
        self._grant_objects(function, ["s3:PutObject"], prefixes)
        self._grant_key(function, storage_key.WRITE)

    def grant_list(self, function: Grantee) -> None:
        """Also lets S3 answer "not found" for an object that is not there, instead of "forbidden"."""
        function.allow(actions=["s3:ListBucket"], resources=[self.bucket.bucket_arn])

    def _tell_name(self, function: Grantee) -> None:
        if self._variable is None:
            raise TypeError(f"{self.node.path} is no function's")
        function.set_variable(self._variable, self.bucket.bucket_name)

    def _grant_objects(self, function: Grantee, actions: list[str], prefixes: tuple[str, ...]) -> None:
        self._tell_name(function)
        for prefix in prefixes:
            function.allow(actions=actions, resources=[self.bucket.arn_for_objects(f"{prefix}*")])
            acknowledge(
                function.role,
                f"IAM5[Resource::{self._arn_seen_from(function.role)}/{prefix}*]",
                reason=f"Objects under {prefix} are named by whoever drops or makes them; the wildcard "
                "begins where the prefix ends.",
            )

    def _grant_key(self, function: Grantee, actions: tuple[str, ...]) -> None:
        if self._key:
            function.allow(
                actions=actions,
                resources=[self._key.key.key_arn],
                conditions=storage_key.via("s3"),
            )

    def _arn_seen_from(self, role: iam.Role) -> str:
        """The name that cdk-nag knows the bucket's ARN by."""
        if role.stack is self.bucket.stack:
            resource = self.bucket.node.default_child
            return f"<{role.stack.get_logical_id(cast('CfnElement', resource))}.Arn>"
        exported = self.bucket.stack.export_value(self.bucket.bucket_arn)
        resolved: dict[str, str] = self.bucket.stack.resolve(exported)
        return resolved["Fn::ImportValue"]
