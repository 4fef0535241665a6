"""The synthesised templates, read as one: references followed across stacks down to plain text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Resource:
    stack: str
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What a reference to this resource reads as: `<stack>/<logical id>`."""
        return f"{self.stack}/{self.logical_id}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy, its single values made lists."""

    holder: str
    raw: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        return bool(self.raw["Effect"] == "Allow")

    @property
    def actions(self) -> list[str]:
        return as_list(self.raw["Action"])

    @property
    def resources(self) -> list[str]:
        return as_list(self.raw["Resource"])

    @property
    def conditions(self) -> Mapping[str, Mapping[str, Any]]:
        conditions: Mapping[str, Mapping[str, Any]] = self.raw.get("Condition", {})
        return conditions


@dataclass(frozen=True, slots=True)
class Assembly:
    templates: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        found = sorted(folder.glob("*.template.json"))
        return cls({path.name.removesuffix(".template.json"): json.loads(path.read_text()) for path in found})

    def resources(self, *types: str) -> list[Resource]:
        return [
            Resource(stack, logical_id, raw["Type"], self._plain(stack, raw.get("Properties", {})), raw)
            for stack, template in self.templates.items()
            for logical_id, raw in template["Resources"].items()
            if not types or raw["Type"] in types
        ]

    def the(self, resource_type: str, **properties: object) -> Resource:
        """The one resource of this type with these properties; anything but one is a failure."""
        [found] = [
            one
            for one in self.resources(resource_type)
            if all(one.properties.get(name) == value for name, value in properties.items())
        ]
        return found

    def dead_letters(self, stack: str) -> Resource:
        """The queue of a stack for events that nobody could handle."""
        queues = self.resources("AWS::SQS::Queue")
        [found] = [one for one in queues if one.name.startswith(f"{stack}/DeadLetters")]
        return found

    def statements(self, resource_type: str, document: str) -> Iterator[Statement]:
        for resource in self.resources(resource_type):
            for raw in resource.properties[document]["Statement"]:
                yield Statement(resource.name, raw)

    def role_statements(self, role_name: str) -> list[Statement]:
        """What the role of this fixed name may do."""
        role = self.the("AWS::IAM::Role", RoleName=role_name)
        return [
            Statement(policy.name, raw)
            for policy in self.resources("AWS::IAM::Policy")
            if role.name in policy.properties["Roles"]
            for raw in policy.properties["PolicyDocument"]["Statement"]
        ]

    def _plain(self, stack: str, value: Any) -> Any:
        plain: Any
        match value:
            case {"Ref": name}:
                plain = f"${{{name}}}" if name.startswith("AWS::") else f"{stack}/{name}"
            case {"Fn::GetAtt": [name, attribute]}:
                plain = f"{stack}/{name}.{attribute}"
            case {"Fn::ImportValue": name}:
                plain = self._exported(name)
            case {"Fn::Join": [separator, parts]}:
                plain = separator.join(str(self._plain(stack, part)) for part in parts)
            case {"Fn::Sub": str(text)}:
                plain = text
            case dict():
                plain = {key: self._plain(stack, part) for key, part in value.items()}
            case list():
                plain = [self._plain(stack, part) for part in value]
            case _:
                plain = value
        return plain

    def _exported(self, name: str) -> Any:
        stack = name.split(":", maxsplit=1)[0]
        [output] = [
            output
            for output in self.templates[stack]["Outputs"].values()
            if output.get("Export", {}).get("Name") == name
        ]
        return self._plain(stack, output["Value"])


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
