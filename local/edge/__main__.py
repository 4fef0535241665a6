"""Run the five doors in the foreground: `python -m local.edge`, with its environment from the supervisor."""

import asyncio
import functools
import os
import signal
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path

from local.edge.connection import ClientConnection, Door, Traffic
from local.edge.page import Page
from local.ports import HOST
from local.processes import stop_with_parent


@dataclass(frozen=True, slots=True)
class Entry:
    """A port, named as in the environment, the TLS on it, the API behind it, and what may pass."""

    name: str
    api: str
    context: ssl.SSLContext
    traffic: Traffic = Traffic.API
    page: Page | None = None


def page() -> Page | None:
    """What is served beside the people's API, where a stack has one."""
    files, told = (os.environ.get(f"AVAL_PAGE_{word}") for word in ("FILES", "TOLD"))
    return Page.read(Path(files), Path(told)) if files and told else None


def people_context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    return context


def systems_context(certificate: str, key: str, truststore: str) -> ssl.SSLContext:
    """Refuse in the handshake whoever shows no certificate of an authority in `truststore`."""
    context = people_context(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(truststore)
    # A resumed session would skip the check of a certificate that has expired meanwhile.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    return context


async def serve_client(door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await ClientConnection(door, reader, writer).serve()
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as gone:
        print(f"client gone: {type(gone).__name__}", file=sys.stderr)
    finally:
        writer.close()


def door(entry: Entry) -> Door:
    port = os.environ["AVAL_EMULATOR_PORT"]
    return Door(
        api_host=f"{os.environ[f'AVAL_{entry.api}_API']}.execute-api.localhost:{port}" if entry.api else "",
        emulator_host=HOST,
        emulator_port=int(port),
        secret=os.environ["AVAL_EDGE_SECRET"],
        traffic=entry.traffic,
        page=entry.page,
    )


async def run() -> None:
    certificate, key = os.environ["AVAL_SERVER_CERTIFICATE"], os.environ["AVAL_SERVER_KEY"]
    anybody = people_context(certificate, key)
    entries = (
        Entry("PEOPLE", "PEOPLE", anybody, page=page()),
        Entry("SYSTEMS", "SYSTEMS", systems_context(certificate, key, os.environ["AVAL_CLIENT_AUTHORITIES"])),
        Entry("WSDL", "SYSTEMS", anybody, Traffic.DESCRIPTIONS),
        Entry("KMS", "", anybody, Traffic.KMS),
        Entry("COGNITO", "", anybody, Traffic.COGNITO),
    )
    servers = [
        await asyncio.start_server(
            functools.partial(serve_client, door(entry)),
            HOST,
            int(os.environ[f"AVAL_{entry.name}_PORT"]),
            ssl=entry.context,
            ssl_shutdown_timeout=2,
        )
        for entry in entries
    ]
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    await stop.wait()
    for server in servers:
        server.close()


if __name__ == "__main__":
    stop_with_parent()
    asyncio.run(run())
