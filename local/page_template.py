"""What the distribution of the page says in its template, with this machine's parameters filled in."""

import fnmatch
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from local.assembly import Stack
from local.aws import ACCOUNT, REGION
from local.files import write_json

STACK: Final = "aval-web"
_PSEUDO: Final = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::URLSuffix": "localhost"}


class TemplateUnread(Exception):
    """The template says something that this machine does not know how to do."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is done with the paths of one pattern: whose they are, and the headers that each answer gets."""

    pattern: str
    of_files: bool
    methods: tuple[str, ...]
    headers: Mapping[str, str]

    def takes(self, path: str) -> bool:
        # The first slash of a pattern may be left out; `*` also matches slashes, and case counts.
        return fnmatch.fnmatchcase(path.removeprefix("/"), self.pattern.removeprefix("/"))


@dataclass(frozen=True, slots=True)
class Distribution:
    root_document: str
    behaviours: tuple[Behaviour, ...]
    """In the order in which they are tried; the last takes every path."""

    def behaviour_of(self, path: str) -> Behaviour:
        return next(one for one in self.behaviours if one.takes(path))

    def write(self, file: Path) -> None:
        write_json(file, asdict(self))

    @classmethod
    def read(cls, file: Path) -> Self:
        told = json.loads(file.read_text())
        return cls(
            told["root_document"],
            tuple(Behaviour(**{**one, "methods": tuple(one["methods"])}) for one in told["behaviours"]),
        )


def distribution_of(stack: Stack, parameters: Mapping[str, str]) -> Distribution:
    """Return what the stack's one distribution does. Raises `TemplateUnread`."""
    template = _Template(stack.template, parameters)
    [resource] = stack.resources_of("AWS::CloudFront::Distribution").values()
    configuration = resource["Properties"]["DistributionConfig"]
    of_files = {origin["Id"]: "S3OriginConfig" in origin for origin in configuration["Origins"]}
    told = [
        *configuration.get("CacheBehaviors", ()),
        {"PathPattern": "*", **configuration["DefaultCacheBehavior"]},
    ]
    return Distribution(
        configuration["DefaultRootObject"],
        tuple(
            Behaviour(
                pattern=one["PathPattern"],
                of_files=of_files[one["TargetOriginId"]],
                methods=tuple(one["AllowedMethods"]),
                headers=dict(template.headers_of(one["ResponseHeadersPolicyId"]["Ref"])),
            )
            for one in told
        ),
    )


@dataclass(frozen=True, slots=True)
class _Template:
    document: Mapping[str, Any]
    given: Mapping[str, str]

    def headers_of(self, policy: str) -> Iterator[tuple[str, str]]:
        configuration = self.document["Resources"][policy]["Properties"]["ResponseHeadersPolicyConfig"]
        for name, entry in configuration["SecurityHeadersConfig"].items():
            yield from self._security_header(name, entry)
        for item in configuration.get("CustomHeadersConfig", {}).get("Items", ()):
            yield item["Header"].lower(), self._text(item["Value"])

    def _security_header(self, name: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        match name:
            case "ContentSecurityPolicy":
                yield "content-security-policy", self._text(entry["ContentSecurityPolicy"])
            case "ContentTypeOptions":
                yield "x-content-type-options", "nosniff"
            case "ReferrerPolicy":
                yield "referrer-policy", self._text(entry["ReferrerPolicy"])
            case "StrictTransportSecurity":
                # It is of a host with all its ports, and the mailbox is read at localhost without TLS.
                return
            case _:
                raise TemplateUnread(f"the local edge does not know the header {name}")

    def _text(self, value: Any) -> str:
        match value:
            case str():
                return value
            case {"Ref": str(name)}:
                return self._parameter(name)
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(self._text(part) for part in parts)
            case {"Fn::If": [str(condition), yes, no]}:
                return self._text(yes if self._holds(self.document["Conditions"][condition]) else no)
            case _:
                raise TemplateUnread(f"the local edge cannot work out {json.dumps(value)}")

    def _parameter(self, name: str) -> str:
        if name in _PSEUDO:
            return _PSEUDO[name]
        return str(self.given.get(name, self.document["Parameters"][name].get("Default", "")))

    def _holds(self, condition: Any) -> bool:
        match condition:
            case {"Fn::Not": [inner]}:
                return not self._holds(inner)
            case {"Fn::Equals": [one, other]}:
                return self._text(one) == self._text(other)
            case _:
                raise TemplateUnread(f"the local edge cannot work out {json.dumps(condition)}")
