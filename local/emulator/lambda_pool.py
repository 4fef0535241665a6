"""Lambda functions run in a bounded pool of warm processes, each as closed as in AWS.

The emulator starts a process per concurrent call without a bound and lets it import whatever the emulator
can; measured there, 120 processes and 5.8 GB for 16 clients. Here callers wait for one of a few workers.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from local.emulator.lambda_worker import END_OF_LOG

WORKER = Path(__file__).with_name("lambda_worker.py")
# AWS allows ten seconds for importing a handler; a small machine that imports three at once needs more.
INIT_SECONDS = 60.0
LOG_WAIT_SECONDS = 0.5
UNUSED_SECONDS = 14 * 24 * 3600.0


class Unpacked:
    """Zip files unpacked once by content into a folder that outlives restarts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[int, tuple[bytes, Path]] = {}
        self._lock = threading.Lock()

    def forget_unused(self) -> None:
        """Remove what no start has used for a fortnight."""
        oldest = time.time() - UNUSED_SECONDS
        for folder in self._folder.iterdir():
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def path(self, archive: bytes) -> Path:
        with self._lock:
            known = self._known.get(id(archive))
            if known is None:
                known = self._known[id(archive)] = (archive, self._unpack(archive))
            return known[1]

    def _unpack(self, archive: bytes) -> Path:
        target = self._folder / hashlib.sha256(archive).hexdigest()
        if target.exists():
            target.touch()
            return target
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            opened.extractall(fresh)
        try:
            fresh.rename(target)
        except OSError:  # another stack has just unpacked the same content
            shutil.rmtree(fresh, ignore_errors=True)
        return target


@dataclass(frozen=True, slots=True)
class Deployed:
    """One version of a function: whatever changes here needs new workers."""

    arn: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    environment: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.arn.split(":")[6]


class Worker:
    def __init__(self, deployed: Deployed, log: TextIO) -> None:
        paths = [deployed.code, *(layer / "python" for layer in deployed.layers)]
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-I", str(WORKER), deployed.handler, *map(str, paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=deployed.code,
            env=dict(deployed.environment),
            start_new_session=True,
        )
        self._log = log
        self._lines: deque[str] = deque()
        self._logged = threading.Semaphore(0)
        threading.Thread(target=self._follow, daemon=True).start()
        self.init_error: dict[str, Any] | None = None

    def start(self) -> None:
        """Wait for the handler's import."""
        answer = self._read(INIT_SECONDS)
        if answer is None:
            self.init_error = {
                "errorType": "Runtime.ExitError",
                "errorMessage": "init did not end",
                "stackTrace": [],
            }
        elif not answer["ready"]:
            self.init_error = answer["error"]

    def call(self, message: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
        """Return the worker's answer, or None when it died or was killed for taking longer."""
        try:
            self._input.write(json.dumps(message) + "\n")
            self._input.flush()
        except BrokenPipeError:
            return None
        return self._read(seconds)

    @property
    def _input(self) -> TextIO:
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        return self._process.stdin  # type: ignore[return-value]

    def _read(self, seconds: float) -> dict[str, Any] | None:
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        killer = threading.Timer(seconds, self.kill)
        killer.daemon = True
        killer.start()
        line = self._process.stdout.readline()
        killer.cancel()
        if not line:
            return None
        self._logged.acquire(timeout=LOG_WAIT_SECONDS)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _follow(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - asked for above
        for line in self._process.stderr:
            if line.startswith(END_OF_LOG):
                self._logged.release()
            else:
                self._log.write(line)
                self._lines.append(line)

    def take_log(self) -> str:
        """Return what was logged since the last call."""
        taken = []
        while self._lines:
            taken.append(self._lines.popleft())
        return "".join(taken)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        return self._process.wait()


class Pool:
    """At most `size` workers per function; callers beyond that wait their turn."""

    def __init__(self, size: int, logs: Path) -> None:
        self._size = size
        self._logs = logs
        self._turns: dict[str, threading.BoundedSemaphore] = {}
        self._idle: dict[str, list[tuple[Deployed, Worker]]] = {}
        self._files: dict[str, TextIO] = {}
        self._lock = threading.Lock()
        # prctl's parent-death signal follows the thread that forked, so one thread that never ends does.
        self._spawner = ThreadPoolExecutor(1, thread_name_prefix="lambda-spawner")

    def invoke(
        self, deployed: Deployed, event: object, request_id: str, seconds: float, trace_id: str
    ) -> dict[str, Any]:
        """Return what the emulator's own executor returns: body, log and whether it is an error."""
        with self._turn(deployed):
            worker = self._take(deployed)
            if worker.init_error is not None:
                worker.kill()
                return {
                    "body": {**worker.init_error, "requestId": request_id},
                    "error": True,
                    "log": worker.take_log(),
                }
            begun = time.time()
            message = {
                "event": event,
                "request_id": request_id,
                "function_arn": deployed.arn,
                "deadline": begun + seconds,
                "trace_id": trace_id,
            }
            answer = worker.call(message, seconds)
            log = worker.take_log()
            if answer is None:
                return {
                    "body": _death(worker, request_id, seconds, time.time() - begun),
                    "error": True,
                    "log": log,
                }
            if not answer.get("leave"):
                self._give_back(deployed, worker)
        if "result" in answer:
            return {"body": json.loads(answer["result"]), "log": log}
        return {"body": {**answer["error"], "requestId": request_id}, "error": True, "log": log}

    def _turn(self, deployed: Deployed) -> threading.BoundedSemaphore:
        with self._lock:
            return self._turns.setdefault(deployed.arn, threading.BoundedSemaphore(self._size))

    def _take(self, deployed: Deployed) -> Worker:
        with self._lock:
            idle = self._idle.setdefault(deployed.arn, [])
            for stale in [entry for entry in idle if entry[0] != deployed or not entry[1].alive]:
                idle.remove(stale)
                stale[1].kill()
            if idle:
                return idle.pop()[1]
            log = self._files.get(deployed.name) or self._open_log(deployed.name)
        worker = self._spawner.submit(Worker, deployed, log).result()
        worker.start()
        return worker

    def _open_log(self, name: str) -> TextIO:
        opened = (self._logs / f"{name}.log").open("a", buffering=1, encoding="utf-8")
        self._files[name] = opened
        return opened

    def _give_back(self, deployed: Deployed, worker: Worker) -> None:
        with self._lock:
            self._idle[deployed.arn].append((deployed, worker))


def _death(worker: Worker, request_id: str, seconds: float, took: float) -> dict[str, str]:
    status = worker.wait()
    if took >= seconds:
        text = f"{request_id} Task timed out after {seconds:.2f} seconds"
        return {"errorMessage": text, "errorType": "Sandbox.Timedout"}
    text = f"RequestId: {request_id} Error: Runtime exited with error: exit status {status}"
    return {"errorMessage": text, "errorType": "Runtime.ExitError"}
