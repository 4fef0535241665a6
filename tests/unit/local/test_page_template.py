import json
from pathlib import Path
from typing import Any

import pytest

from local.assembly import Stack
from local.page_template import Behaviour, Distribution, TemplateUnread, distribution_of

POLICY = {
    "Fn::Join": [
        "",
        [
            "connect-src ",
            {
                "Fn::If": [
                    "Given",
                    {"Ref": "Login"},
                    {"Fn::Join": ["", ["https://at.", {"Ref": "AWS::Region"}]]},
                ]
            },
        ],
    ]
}


def template(**security: Any) -> Stack:
    document = {
        "Parameters": {"Login": {"Type": "String", "Default": ""}},
        "Conditions": {"Given": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Login"}, ""]}]}},
        "Resources": {
            "Headers": {
                "Type": "AWS::CloudFront::ResponseHeadersPolicy",
                "Properties": {
                    "ResponseHeadersPolicyConfig": {
                        "SecurityHeadersConfig": security,
                        "CustomHeadersConfig": {"Items": [{"Header": "X-Own", "Value": "a"}]},
                    }
                },
            },
            "Distribution": {
                "Type": "AWS::CloudFront::Distribution",
                "Properties": {"DistributionConfig": _configuration()},
            },
        },
    }
    return Stack("aval-web", json.dumps(document), ())


def _configuration() -> dict[str, Any]:
    def behaviour(origin: str, *methods: str) -> dict[str, Any]:
        headers = {"Ref": "Headers"}
        return {"TargetOriginId": origin, "AllowedMethods": methods, "ResponseHeadersPolicyId": headers}

    return {
        "DefaultRootObject": "index.html",
        "Origins": [{"Id": "files", "S3OriginConfig": {}}, {"Id": "api", "CustomOriginConfig": {}}],
        "DefaultCacheBehavior": behaviour("files", "GET"),
        "CacheBehaviors": [{"PathPattern": "sessao", **behaviour("api", "GET", "POST")}],
    }


def headers(given: dict[str, str], **security: Any) -> dict[str, str]:
    return dict(distribution_of(template(**security), given).behaviour_of("/").headers)


def test_paths_go_where_the_first_pattern_that_takes_them_says() -> None:
    found = distribution_of(template(), {})
    assert not found.behaviour_of("/sessao").of_files
    assert found.behaviour_of("/sessao").methods == ("GET", "POST")
    assert all(found.behaviour_of(path).of_files for path in ("/", "/sessao/1", "/Sessao", "/x/sessao"))


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("/contratos/*", "/contratos/1/montantes", "/contratos"),
        ("contratos", "/contratos", "/contratos/1"),
        ("openapi.json", "/openapi.json", "/openapi-json"),
    ],
)
def test_a_pattern_takes_paths_as_cloudfront_does(pattern: str, taken: str, left: str) -> None:
    behaviour = Behaviour(pattern, of_files=False, methods=(), headers={})
    assert (behaviour.takes(taken), behaviour.takes(left)) == (True, False)


def test_parameters_stand_in_the_headers_where_the_template_asks_for_them() -> None:
    security = {"ContentSecurityPolicy": {"ContentSecurityPolicy": POLICY}}
    given = headers({"Login": "https://login.example"}, **security)
    assert given["content-security-policy"] == "connect-src https://login.example"
    assert headers({}, **security)["content-security-policy"] == "connect-src https://at.sa-east-1"


def test_headers_of_every_kind_are_read_but_that_which_is_of_the_whole_machine() -> None:
    security = {
        "ContentTypeOptions": {"Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
        "StrictTransportSecurity": {"AccessControlMaxAgeSec": 1, "Override": True},
    }
    assert headers({}, **security) == {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-own": "a",
    }


def test_what_this_machine_cannot_do_is_told() -> None:
    with pytest.raises(TemplateUnread, match="FrameOptions"):
        headers({}, FrameOptions={"FrameOption": "DENY"})
    with pytest.raises(TemplateUnread, match="GetAtt"):
        headers({}, ReferrerPolicy={"ReferrerPolicy": {"Fn::GetAtt": ["A", "B"]}})


def test_what_is_written_down_is_read_the_same(tmp_path: Path) -> None:
    found = distribution_of(template(ContentTypeOptions={"Override": True}), {})
    found.write(tmp_path / "distribution.json")
    assert Distribution.read(tmp_path / "distribution.json") == found
