"""One host for the page and the API that it calls: files from a bucket, the API's paths from the API."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from cdk.components.acknowledgement import acknowledge
from cdk.components.page_domain import PageDomain
from cdk.components.page_headers import api_headers, page_headers
from cdk.components.private_bucket import AccessLogBucket, PrivateBucket

ROOT_DOCUMENT = "index.html"
LONGEST_KEPT = Duration.days(365)
# CloudFront keeps these for ten seconds unless told, whoever asked: one agent's refusal is not another's.
ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
API_SECONDS = 30


def api_patterns(paths: Sequence[str]) -> list[str]:
    """Return what a distribution matches to reach these paths: each first word, and what is below it."""
    words = {path.split("/")[1] for path in paths}
    deep = {path.split("/")[1] for path in paths if path.count("/") > 1}
    return sorted([*words, *(f"{word}/*" for word in deep)])


class PageDistribution(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        files: PrivateBucket,
        logs: AccessLogBucket,
        connections: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Aval: the page and its API",
            default_root_object=ROOT_DOCUMENT,
            default_behavior=cloudfront.BehaviorOptions(
                # LIST alone tells a file that is not there (404) from one that is forbidden (403).
                origin=origins.S3BucketOrigin.with_origin_access_control(
                    files.bucket,
                    origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
                ),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                cache_policy=self._cache_policy(),
                response_headers_policy=page_headers(self, "PageHeaders", connections=connections),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                compress=True,
            ),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            log_bucket=logs.bucket,
            log_file_prefix="distribution/",
            log_includes_cookies=False,
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in ERRORS
            ],
        )
        PageDomain(scope, "PageDomain").name(self.distribution)
        self._argue()

    def lead_to_api(self, host: str, paths: Sequence[str]) -> None:
        """Pass these paths on to the API at `host`, unchanged but for the host's name; keep no answer."""
        origin = origins.HttpOrigin(
            host,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=Duration.seconds(API_SECONDS),
        )
        headers = api_headers(self, "ApiHeaders")
        for pattern in api_patterns(paths):
            self.distribution.add_behavior(
                pattern,
                origin,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=headers,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                compress=False,
            )

    def _cache_policy(self) -> cloudfront.CachePolicy:
        """How long a file is kept is told by its own Cache-Control; without one, not at all."""
        return cloudfront.CachePolicy(
            self,
            "FilesCache",
            cache_policy_name="aval-page",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            # Of a policy whose longest is nothing CloudFront takes no compression.
            max_ttl=LONGEST_KEPT,
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _argue(self) -> None:
        for finding, reason in (
            (
                "CFR1",
                "Agents' people also work from abroad, and a country is no proof of who somebody is: "
                "the API asks for a login at every call.",
            ),
            (
                "CFR2",
                "The files are public and static, and the API behind throttles by itself; a web ACL would "
                "have to live in us-east-1, and an operator may attach one there.",
            ),
            (
                "CFR4",
                "With the page's own host name the distribution takes TLS 1.2 at least; the default "
                "certificate of a distribution without a name lets nobody choose.",
            ),
        ):
            acknowledge(self.distribution, finding, reason=reason)
