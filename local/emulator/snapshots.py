"""The emulator's state written down every moment, so that a kill -9 of everything loses next to nothing.

The emulator itself saves when it is asked to stop. Each service has its file; a file is written beside and
renamed, and only when its content has changed. Zip files of functions and layers are kept apart by content:
writing a layer of 60 MB into JSON every second and a half would leave time for nothing else.
"""

import copy
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import cloudwatch, cloudwatch_logs, dynamodb, lambda_svc, ses

from local.emulator.environment import SNAPSHOT_BEGINNING
from local.emulator.upstream import edit, replace

LAYER_ZIP = "_zip_data"
ATTEMPTS = 5


class Snapshots:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, bytes] = {}
        self._changed = threading.Event()
        self._lock = threading.Lock()

    def note_change(self) -> None:
        self._changed.set()

    def follow(self, seconds: float) -> None:
        """Write what changed, every `seconds`, for ever."""
        while True:
            time.sleep(seconds)
            if self._changed.is_set():
                try:
                    self.write_now()
                except RuntimeError:  # requests kept coming in between: the next moment tries again
                    self.note_change()

    def write_now(self) -> None:
        self.write(app._build_persistence_save_dict())

    def write(self, services: Mapping[str, Callable[[], Any]]) -> None:
        with self._lock:
            began = time.time()
            self._changed.clear()
            for name, read_state in services.items():
                document = _serialise(name, read_state)
                digest = hashlib.sha256(document).digest()
                if document and self._written.get(name) != digest:
                    self._write_file(self._folder / f"{name}.json", document)
                    self._written[name] = digest
            self._write_file(self._folder / SNAPSHOT_BEGINNING, str(began).encode())

    @staticmethod
    def _write_file(path: Path, document: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(document)
        fresh.replace(path)


def _serialise(name: str, read_state: Callable[[], Any]) -> bytes:
    """Return the state as the emulator's own loader reads it, or nothing when there is none."""
    for attempt in range(ATTEMPTS):
        try:
            state = read_state()
            if state is None:
                return b""
            version = persistence._state_format_version(name)
            document = {"__ministack_format__": version, "payload": state}
            return json.dumps(document, default=persistence._json_default).encode()
        except RuntimeError:  # "dictionary changed size during iteration": a request came in between
            if attempt == ATTEMPTS - 1:
                raise
    return b""


def install(folder: Path) -> Snapshots:
    snapshots = Snapshots(folder)
    replace(app, "save_all", still_has="save_state(name, state)", by=lambda _original: snapshots.write)
    _keep_layers_apart()
    replace(
        cloudwatch_logs,
        "get_state",
        still_has="_log_groups",
        by=lambda original: lambda: _without_streams(original()),
    )
    replace(
        cloudwatch,
        "get_state",
        still_has='"metrics"',
        by=lambda original: lambda: _without_metrics(original()),
    )
    _copy_tables_between_requests()
    replace(ses, "get_state", still_has="_identities", by=_with_mails)
    replace(ses, "_restore_state", still_has="_identities", by=_with_mails_restored)
    return snapshots


def _copy_tables_between_requests() -> None:
    """A transaction is in a snapshot whole or not at all: copying waits for requests, and they for it."""
    dynamodb._between_requests = threading.RLock()
    dynamodb._copied_table = copied_table
    edit(
        dynamodb,
        "handle_request",
        line="status, resp_headers, resp_body = handler(data)",
        becomes="with _between_requests:\n        status, resp_headers, resp_body = handler(data)",
    )
    edit(
        dynamodb,
        "get_state",
        line="tables.set_scoped(account_id, region, table_name, copy.deepcopy(",
        becomes="tables.set_scoped(account_id, region, table_name, _copied_table(",
    )
    dynamodb.get_state = _between_requests(dynamodb.get_state)


def _between_requests(original: Callable[[], Any]) -> Callable[[], Any]:
    def get_state() -> Any:
        with dynamodb._between_requests:
            return original()

    return get_state


def _keep_layers_apart() -> None:
    """Keep the zip files of layers where the emulator keeps those of functions, each hashed but once."""
    known: dict[int, tuple[bytes, str]] = {}

    def write_once(original: Callable[[bytes], str]) -> Callable[[bytes], str]:
        def write(archive: bytes) -> str:
            if id(archive) not in known:
                known[id(archive)] = (archive, original(archive))
            return known[id(archive)][1]

        return write

    replace(lambda_svc, "_write_code_blob", still_has="hashlib.sha256(code_zip)", by=write_once)
    # The sweep knows functions alone and would take the layers' files with it.
    replace(
        lambda_svc,
        "_prune_orphan_code_blobs",
        still_has="os.remove",
        by=lambda _original: lambda _referenced: None,
    )
    replace(
        lambda_svc, "get_state", still_has='"layers": copy.deepcopy(_layers)', by=_with_layers_referred_to
    )
    replace(
        lambda_svc,
        "_restore_state",
        still_has='_layers.update(data.get("layers", {}))',
        by=lambda original: _with_layers_read(_from_the_streams_beginning(original)),
    )


def _layer_versions(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [version for layer in state["layers"]._data.values() for version in layer["versions"]]


def _with_layers_referred_to(original: Callable[[], Any]) -> Callable[[], Any]:
    def get_state() -> Any:
        state = original()
        for version in _layer_versions(state):
            if isinstance(version.get(LAYER_ZIP), bytes):
                version[LAYER_ZIP] = {"blob": lambda_svc._write_code_blob(version[LAYER_ZIP])}
        return state

    return get_state


def _with_layers_read(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def restore(state: Any) -> None:
        for version in _layer_versions(state):
            if isinstance(version.get(LAYER_ZIP), dict):
                version[LAYER_ZIP] = lambda_svc._read_code_blob(version[LAYER_ZIP]["blob"])
        original(state)

    return restore


def _from_the_streams_beginning(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """Forget how far streams were read: their records are not kept, and new ones count from nothing again.

    The emulator goes on from the old count and so gives a function nothing until it is reached once more.
    """

    def restore(state: Any) -> None:
        original({**state, "dynamodb_stream_positions": {}})

    return restore


def _without_streams(state: Any) -> Any:
    """Return log groups without their lines: those are in the logs folder and would only grow this file."""
    kept = copy.copy(state)
    groups = kept["log_groups"]
    for group in groups._data.values():
        group["streams"] = {}
    return kept


def _without_metrics(state: Any) -> Any:
    """Return alarms and dashboards without data points, some four for each call of a function."""
    return {**state, "metrics": type(state["metrics"])()}


def copied_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy that shares no dictionary of items with `table`, made while no request is answered.

    `copy.deepcopy` walks into every value of every item: requests would wait for it, where values are only
    ever replaced.
    """
    copied = {name: copy.deepcopy(value) for name, value in table.items() if name != "items"}
    copied["items"] = {
        pk: {sk: dict(item) for sk, item in partition.items()} for pk, partition in table["items"].items()
    }
    return copied


def _with_mails(original: Callable[[], Any]) -> Callable[[], Any]:
    """The emulator forgets the mails it has taken; a reader of the local mailbox would miss them."""
    return lambda: {**original(), "_sent_emails": copy.deepcopy(ses._sent_emails)}


def _with_mails_restored(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def restore(state: Any) -> None:
        original(state)
        ses._sent_emails.update(state.get("_sent_emails", {}))

    return restore
