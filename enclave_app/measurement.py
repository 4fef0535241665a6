"""What an image measures: the values that the hardware's registers show for it (docs/enclave.md).

An image is a folder of two folders and a file: `boot` (what starts the application), `root` (its file system)
and `signer.der` (the certificate that its maker signs with). Each register is
SHA-384(48 zero bytes ‖ SHA-384(data)), as a Nitro enclave extends it once from its initial state; the data
are the listings made here.
"""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

BOOT: Final = "boot"
ROOT: Final = "root"
SIGNER: Final = "signer.der"
_REGISTER_BYTES: Final = 48


class ImageUnmeasurable(Exception):
    """The folder is no image, or holds what no image has: a device, a pipe, a socket."""


def measure(image: Path) -> dict[int, bytes]:
    """Return PCR0 (all), PCR1 (what starts it), PCR2 (the application) and PCR8 (who signed)."""
    signer = image / SIGNER
    if not signer.is_file() or not (image / BOOT).is_dir() or not (image / ROOT).is_dir():
        raise ImageUnmeasurable(f"no image: {image}")
    boot, root = listing(image / BOOT), listing(image / ROOT)
    return {
        0: extended(BOOT.encode() + b"\n" + boot + ROOT.encode() + b"\n" + root),
        1: extended(boot),
        2: extended(root),
        8: extended(signer.read_bytes()),
    }


def extended(content: bytes) -> bytes:
    """Return what a register holds that started at zero and was extended once by `content`."""
    return hashlib.sha384(bytes(_REGISTER_BYTES) + hashlib.sha384(content).digest()).digest()


def listing(folder: Path) -> bytes:
    """Return one line for each thing in `folder`: kind, mode, SHA-384 of its content, path; sorted by path.

    Owners and times are left out: they differ between machines and change nothing that runs.
    Raise `ImageUnmeasurable` at anything but files, folders and symbolic links.
    """
    return b"".join(line for _, line in sorted(_lines(folder, folder)))


def _lines(folder: Path, top: Path) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        mode = entry.lstat().st_mode
        # A line break in a name could make one entry read as two.
        name = entry.relative_to(top).as_posix()
        if "\n" in name:
            raise ImageUnmeasurable(f"a line break in a name: {name!r}")
        permissions = f"{stat.S_IMODE(mode):04o}"
        if stat.S_ISLNK(mode):
            yield _line("link", permissions, str(entry.readlink()).encode(), name)
        elif stat.S_ISDIR(mode):
            yield _line("folder", permissions, b"", name)
            yield from _lines(entry, top)
        elif stat.S_ISREG(mode):
            yield _line("file", permissions, entry.read_bytes(), name)
        else:
            raise ImageUnmeasurable(f"neither file, folder nor link: {name}")


def _line(kind: str, permissions: str, content: bytes, name: str) -> tuple[str, bytes]:
    digest = hashlib.sha384(content).hexdigest()
    return name, f"{kind} {permissions} {len(content)} {digest} {name}\n".encode()
