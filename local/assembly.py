"""A synthesised cloud assembly, read: its stacks in the order of their references, and their assets."""

import io
import json
import os
import zipfile
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from local.aws import ACCOUNT, REGION

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Asset:
    source: Path
    zipped: bool
    bucket: str
    key: str

    def content(self) -> bytes:
        return _zipped(self.source) if self.zipped else self.source.read_bytes()


@dataclass(frozen=True, slots=True)
class Stack:
    name: str
    template_text: str
    assets: tuple[Asset, ...]

    @property
    def template(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.template_text)
        return document

    def resources_of(self, *types: str) -> dict[str, dict[str, Any]]:
        resources: dict[str, dict[str, Any]] = self.template.get("Resources", {})
        return {name: resource for name, resource in resources.items() if resource["Type"] in types}


def read(folder: Path) -> tuple[Stack, ...]:
    """Return the stacks of `folder`, each after those that it imports from."""
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
    stacks = {name: entry for name, entry in artifacts.items() if entry["type"] == "aws:cloudformation:stack"}
    order = TopologicalSorter(
        {
            name: [other for other in entry.get("dependencies", ()) if other in stacks]
            for name, entry in stacks.items()
        }
    )
    return tuple(_stack(folder, name, stacks[name]) for name in order.static_order())


def _stack(folder: Path, name: str, entry: dict[str, Any]) -> Stack:
    properties = entry["properties"]
    manifest = folder / f"{name}.assets.json"
    files = json.loads(manifest.read_text())["files"] if manifest.exists() else {}
    return Stack(
        name=properties.get("stackName", name),
        template_text=(folder / properties["templateFile"]).read_text(),
        assets=tuple(
            Asset(
                source=folder / file["source"]["path"],
                zipped=file["source"]["packaging"] == "zip",
                bucket=_here(destination["bucketName"]),
                key=destination["objectKey"],
            )
            for file in files.values()
            for destination in file["destinations"].values()
            if not file["source"]["path"].endswith(".template.json")
        ),
    )


def _here(name: str) -> str:
    return name.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)


def _zipped(folder: Path) -> bytes:
    """Return `folder` as a zip file that is the same byte for byte whenever its files are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(os.fspath(file.relative_to(folder)), EPOCH)
            entry.external_attr = (0o755 if os.access(file, os.X_OK) else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()
