"""The page's host: what it passes on, what it forbids, and that it hides nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from local.assembly import Stack, read
from local.page_files import ASSETS, DOCUMENT, TRUST_DOCUMENT
from local.page_template import Behaviour, Distribution, distribution_of
from local.places import ROOT
from tests.infrastructure.assembly import Assembly, Resource, Statement

# Managed by CloudFront: CachingDisabled, AllViewerExceptHostHeader.
NOTHING_KEPT = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_THE_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.fixture(scope="session")
def stack(cloud_assembly: Path) -> Stack:
    [found] = [stack for stack in read(cloud_assembly) if stack.name == "aval-web"]
    return found


@pytest.fixture(scope="session")
def distribution(stack: Stack) -> Distribution:
    return distribution_of(
        stack, {"CognitoEndpoint": "https://login.example", "UploadOrigin": "https://s3.example"}
    )


@pytest.fixture(scope="session")
def configuration(assembly: Assembly) -> dict[str, Any]:
    told: dict[str, Any] = assembly.the("AWS::CloudFront::Distribution").properties["DistributionConfig"]
    return told


def _people_paths(assembly: Assembly) -> list[str]:
    api = assembly.the("AWS::ApiGatewayV2::Api", Name="aval-people")
    keys = [
        str(route.properties["RouteKey"])
        for route in assembly.resources("AWS::ApiGatewayV2::Route")
        if route.properties["ApiId"] == api.name
    ]
    return [re.sub(r"\{\w+\}", "33047509000149", key.split(" ")[1]) for key in keys]


def test_every_path_of_the_people_api_goes_to_the_api(assembly: Assembly, distribution: Distribution) -> None:
    paths = _people_paths(assembly)
    assert len(paths) > 50
    assert [path for path in paths if distribution.behaviour_of(path).of_files] == []


def test_no_file_of_the_page_is_hidden_by_the_api(distribution: Distribution) -> None:
    public = [path.relative_to(ROOT / "web/public").as_posix() for path in (ROOT / "web/public").rglob("*.*")]
    assert public
    files = [DOCUMENT, TRUST_DOCUMENT, f"{ASSETS}index-0a1b.js", *public]
    assert [name for name in files if not distribution.behaviour_of(f"/{name}").of_files] == []


def test_the_developers_server_passes_on_the_same_paths(assembly: Assembly) -> None:
    [pattern] = re.findall(r'apiPaths = "(.+)"', (ROOT / "web/vite.config.ts").read_text())
    assert [path for path in _people_paths(assembly) if not re.match(pattern, path)] == []


def test_the_root_is_the_document(distribution: Distribution) -> None:
    assert distribution.root_document == DOCUMENT
    assert distribution.behaviour_of("/").of_files


def test_an_answer_of_the_api_is_never_kept_and_its_question_never_changed(
    configuration: dict[str, Any],
) -> None:
    for behaviour in configuration["CacheBehaviors"]:
        assert behaviour["CachePolicyId"] == NOTHING_KEPT
        assert behaviour["OriginRequestPolicyId"] == ALL_BUT_THE_HOST
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert set(behaviour["AllowedMethods"]) >= {"GET", "POST", "PUT"}


def test_a_refusal_is_not_kept_for_whoever_asks_next(configuration: dict[str, Any]) -> None:
    kept = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in configuration["CustomErrorResponses"]}
    assert kept == dict.fromkeys((400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0)
    # The error of the API itself is what is answered.
    assert not [one for one in configuration["CustomErrorResponses"] if "ResponsePagePath" in one]


def test_the_api_is_asked_at_its_own_host_and_by_tls_alone(
    assembly: Assembly, configuration: dict[str, Any]
) -> None:
    [origin] = [one for one in configuration["Origins"] if "CustomOriginConfig" in one]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    [told] = [
        output["Value"]
        for output in assembly.templates["aval-api"]["Outputs"].values()
        if output.get("Export", {}).get("Name") == "aval-api:PeopleHost"
    ]
    # As soon as there is a domain the API answers nowhere else.
    condition, name, endpoint = told["Fn::If"]
    assert (condition, name) == ("PeopleDomainGiven", {"Ref": "PeopleDomainName"})
    assert ".execute-api." in str(endpoint)


def test_the_page_may_do_what_is_listed_and_nothing_else(distribution: Distribution) -> None:
    headers = distribution.behaviour_of("/").headers
    assert headers["content-security-policy"] == POLICY.format("https://login.example https://s3.example")
    assert {name: headers[name] for name in headers if name.startswith("cross-origin-")} == {
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    denied = headers["permissions-policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(denied)
    assert all(one.endswith("=()") for one in denied)


def test_without_parameters_the_page_calls_cognito_and_the_two_buckets(
    assembly: Assembly,
) -> None:
    [policy] = [
        one["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        for one in _security_headers(assembly)
        if "ContentSecurityPolicy" in one
    ]
    parts = str(policy)
    assert "https://cognito-idp.${AWS::Region}.amazonaws.com" in parts
    for bucket in ("aval-foundation/ContractFilesBucket", "aval-confidential/PrudentialFilesBucket"):
        for attribute in ("DomainName", "RegionalDomainName"):
            assert re.search(rf"https://{bucket}\w+\.{attribute}\b", parts), (bucket, attribute)


def test_everything_is_asked_for_by_tls_for_two_years(assembly: Assembly) -> None:
    policies = _security_headers(assembly)
    assert len(policies) == 2
    for headers in policies:
        assert headers["ContentTypeOptions"] == {"Override": True}
        assert headers["StrictTransportSecurity"] == {
            "AccessControlMaxAgeSec": 63_072_000,
            "IncludeSubdomains": True,
            "Override": True,
        }


def _security_headers(assembly: Assembly) -> list[dict[str, Any]]:
    return [
        policy.properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        for policy in assembly.resources("AWS::CloudFront::ResponseHeadersPolicy")
    ]


def test_the_headers_of_the_api_stay_its_own(distribution: Distribution) -> None:
    of_the_api: list[Behaviour] = [one for one in distribution.behaviours if not one.of_files]
    assert of_the_api
    assert [one.pattern for one in of_the_api if set(one.headers) != {"x-content-type-options"}] == []


def test_a_file_is_kept_as_long_as_it_says_itself(assembly: Assembly) -> None:
    policy = assembly.the("AWS::CloudFront::CachePolicy").properties["CachePolicyConfig"]
    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
    compressed = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert compressed["EnableAcceptEncodingBrotli"] is True
    assert compressed["EnableAcceptEncodingGzip"] is True


def test_the_host_name_is_taken_by_tls_1_2_at_least(configuration: dict[str, Any]) -> None:
    condition, ours, otherwise = configuration["ViewerCertificate"]["Fn::If"]
    assert condition == "PageDomainGiven"
    assert (ours["MinimumProtocolVersion"], ours["SslSupportMethod"]) == ("TLSv1.2_2021", "sni-only")
    assert otherwise == {"CloudFrontDefaultCertificate": True}
    assert configuration["HttpVersion"] == "http2and3"


def test_a_host_name_without_a_certificate_is_refused(assembly: Assembly) -> None:
    template = assembly.templates["aval-web"]
    assert len(template["Rules"]["PageDomainIsWhole"]["Assertions"]) == 1
    allowed = template["Parameters"]["PageCertificateArn"]["AllowedPattern"]
    assert re.fullmatch(allowed, "arn:aws:acm:us-east-1:000000000000:certificate/a")
    assert not re.fullmatch(allowed, "arn:aws:acm:sa-east-1:000000000000:certificate/a")


def test_the_files_are_read_by_this_distribution_alone(assembly: Assembly) -> None:
    [bucket] = [one for one in assembly.resources("AWS::S3::Bucket") if "/PageFiles" in one.name]
    allowed = [one for one in _statements(assembly, bucket) if one.allows]
    assert sorted(action for one in allowed for action in one.actions) == ["s3:GetObject", "s3:ListBucket"]
    for statement in allowed:
        assert statement.raw["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        [source] = statement.conditions["StringEquals"].values()
        assert re.search(r"distribution/aval-web/PageDistribution\w+$", source), source


def _statements(assembly: Assembly, bucket: Resource) -> list[Statement]:
    return [
        Statement(policy.name, raw)
        for policy in assembly.resources("AWS::S3::BucketPolicy")
        if policy.properties["Bucket"] == bucket.name
        for raw in policy.properties["PolicyDocument"]["Statement"]
    ]


def test_accesses_are_logged_without_cookies(configuration: dict[str, Any]) -> None:
    logging = configuration["Logging"]
    assert logging["Bucket"].startswith("aval-web/AccessLogsBucket")
    assert logging["IncludeCookies"] is False
