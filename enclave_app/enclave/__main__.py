"""Start the enclave: nothing is given to it but what was measured with it."""

import ctypes
import gc
import json
import resource
import sys
from pathlib import Path
from typing import Final

from aval.moments import utc_now
from enclave_app.enclave.addresses import connect, listen
from enclave_app.enclave.configuration import KmsKey, MeasuredConfiguration
from enclave_app.enclave.kms import TIMEOUT_SECONDS, KmsClient
from enclave_app.enclave.nsm import Nsm, channel_to
from enclave_app.enclave.refusals import EnclaveRefused
from enclave_app.enclave.server import Server
from enclave_app.enclave.service import HeldCredentials, Ports, Service
from enclave_app.enclave.start_checks import KernelPool, run_start_checks

# Beside the code, in the folder that is measured (enclave_app/image.py).
CONFIGURATION: Final = Path(__file__).resolve().parents[2] / "configuration.json"
_PR_SET_DUMPABLE: Final = 4
_ALLOCATIONS_PER_COLLECTION: Final = 50_000


def main() -> int:
    forbid_looking_inside()
    collect_rarely()
    try:
        configuration = MeasuredConfiguration.parse(CONFIGURATION.read_bytes())
        nsm = Nsm(channel_to(configuration.nsm))
        run_start_checks(configuration, nsm, KernelPool(counted=configuration.is_hardware), utc_now)
    except EnclaveRefused as refusal:
        say("enclave does not start", reason=refusal.reason.value)
        return 1
    server = Server(listen(configuration.listener), service(configuration, nsm).handle)
    say("enclave listens", setting=configuration.setting.value)
    server.serve()
    return 0


def service(configuration: MeasuredConfiguration, nsm: Nsm) -> Service:
    credentials = HeldCredentials()

    def data_keys(key: KmsKey) -> KmsClient:
        return KmsClient(
            key,
            tls_roots=configuration.tls_roots,
            connect=lambda: connect(configuration.relay, timeout_seconds=TIMEOUT_SECONDS),
            credentials=credentials.current,
            nsm=nsm,
        )

    return Service(configuration, Ports(nsm, data_keys, credentials, nsm.now))


def forbid_looking_inside() -> None:
    """No core dump, and no other process of this user: the little that a desk has of an enclave's walls."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def collect_rarely() -> None:
    """A lote makes millions of objects and hardly a cycle: looking for some took a third of its time."""
    gc.set_threshold(_ALLOCATIONS_PER_COLLECTION)


def say(what: str, **values: str) -> None:
    sys.stderr.write(json.dumps({"message": what, **values}) + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
