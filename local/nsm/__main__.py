"""Serve a simulated NSM on a Unix socket: `python -m local.nsm --help`.

A connection brings one request and takes one reply, each in a frame (enclave_app/protocol.py).
"""

import argparse
import socketserver
import sys
import traceback
from pathlib import Path
from typing import Final

from aval.moments import utc_now
from enclave_app.protocol import (
    ProtocolFault,
    ProtocolRefused,
    SocketStream,
    StreamEnded,
    read_frame,
    write_frame,
)
from local.nsm.authority import Hierarchy, NitroRoot
from local.nsm.device import MOST_REQUEST_BYTES, Encoding, NsmError, SimulatedNsm, error_reply
from local.nsm.measuring import instance_kept_in, measure_all, new_module_id
from local.processes import stop_with_parent

_SECONDS: Final = 10.0


class NsmServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, nsm: SimulatedNsm) -> None:
        path.unlink(missing_ok=True)
        super().__init__(str(path), Conversation)
        path.chmod(0o600)
        self.nsm = nsm


class Conversation(socketserver.BaseRequestHandler):
    server: NsmServer

    def handle(self) -> None:
        stream = SocketStream(self.request, seconds=_SECONDS)
        try:
            write_frame(stream, self._reply(stream))
        except (OSError, StreamEnded) as gone:
            print(f"client gone: {type(gone).__name__}", file=sys.stderr)

    def _reply(self, stream: SocketStream) -> bytes:
        try:
            request = read_frame(stream, limit=MOST_REQUEST_BYTES)
        except ProtocolRefused as refusal:
            too_large = refusal.fault is ProtocolFault.FRAME_TOO_LARGE
            return error_reply(NsmError.INPUT_TOO_LARGE if too_large else NsmError.INVALID_ARGUMENT)
        try:
            return self.server.nsm.reply(request)
        except Exception:  # noqa: BLE001 - the outermost edge: a module answers whatever happens
            traceback.print_exc()
            return error_reply(NsmError.INTERNAL_ERROR)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.nsm", description=__doc__)
    parser.add_argument("--image", type=Path, required=True, help="folder of the image that is measured")
    parser.add_argument("--state", type=Path, required=True, help="folder of the root and of the instance id")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen")
    parser.add_argument("--role-arn", required=True, help="role of the parent, measured as PCR3")
    parser.add_argument("--map", type=Encoding, choices=list(Encoding), default=Encoding.BOTH)
    parser.add_argument("--stop-with-parent", action="store_true")
    given = parser.parse_args()
    if given.stop_with_parent:
        stop_with_parent()
    started = utc_now()
    instance_id = instance_kept_in(given.state)
    nsm = SimulatedNsm(
        Hierarchy(NitroRoot.kept_in(given.state, started), new_module_id(instance_id, started)),
        measure_all(given.image, role_arn=given.role_arn, instance_id=instance_id),
        encoding=given.map,
    )
    with NsmServer(given.socket, nsm) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
