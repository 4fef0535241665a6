"""Build the enclave's root file system, the same bytes each time, and say what it measures (docs/enclave.md).

python -m enclave_app.image TARGET --platform linux-arm64 --configuration FILE --signer PEM
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from enclave_app.configure import EXAMPLE_KEY, EXAMPLE_SIGNER, for_aws, signer_digest
from enclave_app.enclave.configuration import MeasuredConfiguration
from enclave_app.measurement import BOOT, ROOT, SIGNER, measure

SOURCES: Final = Path(__file__).resolve().parents[1]
PACKAGE: Final = SOURCES / "layers/common/python/aval"
APPLICATION: Final = "app"
CONFIGURATION: Final = "configuration.json"
BASE: Final = (
    "gcr.io/distroless/python3-debian12:nonroot"
    "@sha256:17b27c84c985a53d0cd2adef4f196ca327fa9b6755369be605cf45533b4e700b"
)
# -I: neither environment nor the user's folders lead the imports; -S: nor do the system's packages;
# -B: nothing is written beside the code, which would no longer be what was measured.
COMMAND: Final = ("/usr/bin/python3.11", "-I", "-S", "-B", f"/{APPLICATION}")
ENVIRONMENT: Final = {"LANG": "C.UTF-8"}
# Of the domain, what the enclave runs and nothing else: the doors, the adapters, the command, and whatever of
# the week is decided outside stay outside. A test holds each file to being imported.
ROOMS: Final = (
    "__init__.py",
    "errors.py",
    "identifiers.py",
    "moments.py",
    "attestation",
    "sealing",
    "certificates/__init__.py",
    "certificates/certificate.py",
    "certificates/der.py",
    "certificates/holder.py",
    "certificates/names.py",
    "certificates/paths.py",
    "certificates/signatures.py",
    "certificates/truststore.py",
    "prudential/__init__.py",
    "prudential/agent_state.py",
    "prudential/correlation.py",
    "prudential/counterparties.py",
    "prudential/explanation.py",
    "prudential/factor_standing.py",
    "prudential/figures.py",
    "prudential/gathered_lines.py",
    "prudential/json_agents.py",
    "prudential/json_document.py",
    "prudential/leverage.py",
    "prudential/leverage_json.py",
    "prudential/lotes.py",
    "prudential/month_figures.py",
    "prudential/parameters.py",
    "prudential/parameters_json.py",
    "prudential/portfolio.py",
    "prudential/portfolio_document.py",
    "prudential/portfolio_json.py",
    "prudential/portfolio_lines.py",
    "prudential/portfolio_rules.py",
    "prudential/portfolio_writing.py",
    "prudential/portfolio_xlsx.py",
    "prudential/quantile.py",
    "prudential/refusals.py",
    "prudential/tasks.py",
    "prudential/what_if.py",
    "prudential/workbook_cells.py",
    "prudential/workbook_gate.py",
    "prudential/workbook_parts.py",
    "prudential/workbook_rows.py",
    "prudential/workbook_sheets.py",
    "registry/__init__.py",
    "registry/model.py",
)
ENCLAVE: Final = ("__init__.py", "protocol.py", "enclave")
_START: Final = "from enclave_app.enclave.__main__ import main\n\nraise SystemExit(main())\n"
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
# Not measured here, but an EIF's archive keeps times: 1 January 1980, the oldest that every archive can tell.
_MADE: Final = 315532800


class ImageRefused(Exception):
    """What was given makes no image that would start."""


@dataclass(frozen=True, slots=True)
class Image:
    """What goes into an image beside the code that is here."""

    platform: str
    configuration: bytes
    """As `MeasuredConfiguration` takes it."""
    signer: Path
    """Certificate (PEM) of the key that signs the image; its measure is PCR8."""


def build(target: Path, image: Image) -> dict[int, bytes]:
    """Make the folder `target` anew and return its measurement.

    Raise `EnclaveRefused` for a configuration that the enclave would refuse, `ImageRefused` for one of
    another signer.
    """
    if MeasuredConfiguration.parse(image.configuration).signer != signer_digest(image.signer):
        raise ImageRefused("the configuration names another signing certificate")
    shutil.rmtree(target, ignore_errors=True)
    application = target / ROOT / APPLICATION
    shutil.copytree(packages(image.platform), application)
    for name in ROOMS:
        _copy(PACKAGE / name, application / "aval" / name)
    for name in ENCLAVE:
        _copy(SOURCES / "enclave_app" / name, application / "enclave_app" / name)
    (application / "__main__.py").write_text(_START)
    (application / CONFIGURATION).write_bytes(image.configuration)
    (target / BOOT).mkdir()
    (target / BOOT / "boot.json").write_text(boot(image.platform))
    certificate = x509.load_pem_x509_certificate(image.signer.read_bytes())
    (target / SIGNER).write_bytes(certificate.public_bytes(Encoding.DER))
    for path in (target, *target.rglob("*")):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        os.utime(path, (_MADE, _MADE))
    return measure(target)


def boot(platform: str) -> str:
    """Return what starts the application, as the Dockerfile says it and as PCR1 measures it here."""
    content = {"ambiente": ENVIRONMENT, "base": BASE, "comando": COMMAND, "plataforma": platform}
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def packages(platform: str) -> Path:
    """Return the folder of third-party packages that uv.lock pins for the enclave on `platform`."""
    builder = SOURCES / "layers/dependencies/build.py"
    command = [sys.executable, str(builder), "--for", "enclave", platform]
    made = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return Path(made.stdout.strip()) / "python"


def entry_candidate(registers: dict[int, bytes]) -> str:
    """Return the registers as `aval medidas anexar` takes them."""
    return json.dumps({str(number): value.hex() for number, value in sorted(registers.items())})


def require_same_again(target: Path, image: Image, registers: dict[int, bytes]) -> None:
    """Raise `ImageRefused` when a second build measures otherwise: nobody could check what was released."""
    again = target.with_name(f"{target.name}.again")
    measured = build(again, image)
    shutil.rmtree(again)
    if measured != registers:
        raise ImageRefused("two builds of the same code measure differently")


def _copy(source: Path, target: Path) -> None:
    for path in _code_in(source):
        place = target / path.relative_to(source) if source.is_dir() else target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def _code_in(source: Path) -> Iterator[Path]:
    """Only what is code: an editor's or an interpreter's leavings would be measured with it."""
    if source.is_file():
        yield source
    else:
        yield from sorted(source.rglob("*.py"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make enclave", description="Build the enclave's root file system.")
    parser.add_argument("target", type=Path, help="folder, made anew")
    parser.add_argument("--platform", default="linux-arm64")
    parser.add_argument(
        "--configuration", type=Path, help="as enclave_app.configure writes it; or an example"
    )
    parser.add_argument("--signer", type=Path, default=EXAMPLE_SIGNER, help="its certificate (PEM)")
    parser.add_argument("--twice", action="store_true", help="build again beside it, and compare")
    asked = parser.parse_args()
    if asked.configuration:
        configuration = asked.configuration.read_bytes()
    else:
        configuration = for_aws([EXAMPLE_KEY], asked.signer)
    image = Image(asked.platform, configuration, asked.signer)
    registers = build(asked.target, image)
    if asked.twice:
        require_same_again(asked.target, image, registers)
    told = entry_candidate(registers)
    asked.target.with_name(f"{asked.target.name}.json").write_text(told + "\n")
    for number, value in sorted(registers.items()):
        print(f"PCR{number} {value.hex()}", file=sys.stderr)  # noqa: T201
    print(told)  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
