"""`python -m benchmarks.lote_on_stack`: lotes of 37, 1 000 and 10 000 agents through a stack that runs.

It drops a registry in which the demo's company represents them all, and a week for each size, so let it be a
stack of its own: `make run ARGS="--state /tmp/lotes --port-base 28000"`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from aval.identifiers import Cnpj, EventCode
from aval.moments import SAO_PAULO, utc_now
from aval.settings import Variable
from local import demo_files
from local.aws import Emulator
from local.demo_week import PERSON
from local.login import access_token
from local.places import Places
from local.seed import drops, week
from local.seed.registry import DEMO

SIZES: Final = (37, 1_000, 10_000)
_FIRST_WEEK: Final = 801
_PASSPHRASE: Final = "uma senha de medir"
_PEAK: Final = "VmHWM:"
_WAIT_SECONDS: Final = 600.0
"""A registry of ten thousand companies takes a minute or more to load here."""


@dataclass(frozen=True, slots=True)
class Sent:
    agents: int
    seconds: float
    """From the command's start to its end: sealed, sent, processed, its answers opened."""
    processed_seconds: float
    """From the file's arrival to the lote's end."""
    transitions: int
    taken: int


@dataclass(frozen=True, slots=True)
class Desk:
    places: Places
    running: Mapping[str, Any]
    folder: Path

    @property
    def emulator(self) -> Emulator:
        return Emulator(self.running["emulator_url"])

    def represent(self, companies: Sequence[Cnpj]) -> None:
        """Raise `DropRefused` where the registry is not taken."""
        registry = json.loads((DEMO / "registro.json").read_text())
        pattern = next(one for one in registry["participantes"] if one["cnpj"].startswith("900"))
        for number, company in enumerate(companies):
            told = {"cnpj": company, "codigo": 500_000 + number, "sigla": f"MEDIDO {number}"}
            registry["participantes"].append({**pattern, **told})
            registry["representacoes"].append(
                {
                    "representante": demo_files.SENDER,
                    "representada": company,
                    "papel": "REPRESENTACAO_OPERACIONAL_TOTAL",
                    "inicioVigencia": "2026-01-01",
                }
            )
        content = json.dumps(registry, ensure_ascii=False, separators=(",", ":")).encode()
        self._drop(drops.REGISTRY, "medir", content)

    def open_week(self, number: int) -> EventCode:
        today = utc_now().astimezone(SAO_PAULO).date()
        event = EventCode.parse(f"{today:%Y%m}{number}")
        self._drop(
            drops.PARAMETERS,
            f"semana-{event}",
            json.dumps({**week.parameters(today), "evento": event}).encode(),
        )
        return event

    def send(self, event: EventCode, companies: Sequence[Cnpj]) -> Sent:
        file = self.folder / f"{len(companies)}.xlsx"
        file.write_bytes(demo_files.workbook(companies, event))
        began = time.monotonic()
        done = self.aval(
            "lote", "enviar", str(file), "--tipo", "PORTFOLIO", "--leitor", "medir.json", *self._access(event)
        )
        seconds = time.monotonic() - began
        told = json.loads(done)
        row = self._lote(told["lote"])
        return Sent(
            len(companies), seconds, _between(row), self._transitions(row["execution"]["S"]), told["aceitos"]
        )

    def aval(self, *words: str) -> str:
        people = json.loads(self.places.secrets.read_text())["people"]
        environment: dict[str, str] = {
            Variable.PERSONAL_TOKEN: access_token(dict(self.running), PERSON, people[PERSON]),
            Variable.PASSWORD: _PASSPHRASE,
            Variable.MEASUREMENTS_SIGNER: str(Path(self.running["measurements"]) / "operador.pem"),
        }
        command = [str(Path(sys.executable).with_name("aval")), *words]
        ended = subprocess.run(
            command, cwd=self.folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return str(ended.stdout)

    def peaks(self) -> Iterator[tuple[str, int]]:
        """MB at the most, so far, of each process of the stack."""
        pids: Mapping[str, int] = json.loads(self.places.ready.read_text())["pids"]
        for name, pid in sorted(pids.items()):
            status = Path(f"/proc/{pid}/status").read_text().splitlines()
            yield name, sum(int(line.split()[1]) for line in status if line.startswith(_PEAK)) // 1000

    def _access(self, event: EventCode) -> tuple[str, ...]:
        running = self.running
        return (
            *("--api", running["people_url"], "--autoridades", running["certificate_authority"]),
            *("--raiz", running["attestation_root"], "--evento", event),
            *("--remetente", demo_files.SENDER, "--chaves", "medir.chaves", "--json"),
        )

    def _drop(self, inbox: drops.Inbox, stem: str, content: bytes) -> None:
        bucket = self.running["outputs"][inbox.bucket_output]
        s3, name = self.emulator.client("s3"), f"{stem}.json"
        report = drops.deliver(s3, bucket, replace(inbox, wait_seconds=_WAIT_SECONDS), name, content)
        if not report["aceito"]:
            raise drops.DropRefused(json.dumps(report, ensure_ascii=False, indent=1))

    def _lote(self, code: str) -> Mapping[str, Any]:
        table = self.running["outputs"]["ConfidentialTableName"]
        key = {"pk": {"S": f"LOTE#{code}"}, "sk": {"S": "REGISTRO"}}
        found: Mapping[str, Any] = self.emulator.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
        return found

    def _transitions(self, execution: str) -> int:
        states = self.emulator.client("stepfunctions")
        machines = states.list_state_machines()["stateMachines"]
        arn = next(one["stateMachineArn"] for one in machines if one["name"] == "aval-lote")
        named = f"{arn.replace(':stateMachine:', ':execution:')}:{execution}"
        pages = states.get_paginator("get_execution_history").paginate(executionArn=named)
        kinds = Counter(event["type"] for page in pages for event in page["events"])
        return sum(count for kind, count in kinds.items() if kind.endswith("StateEntered"))


def companies(count: int) -> tuple[Cnpj, ...]:
    twelve = [f"91{number:06d}0001" for number in range(count)]
    return tuple(Cnpj(f"{one}{Cnpj.check_digits(one)}") for one in twelve)


def _between(row: Mapping[str, Any]) -> float:
    received, ended = (
        time.strptime(row[name]["S"], "%Y-%m-%dT%H:%M:%SZ") for name in ("received_at", "ended_at")
    )
    return time.mktime(ended) - time.mktime(received)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lote_on_stack", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder of the running stack's data")
    given = parser.parse_args()
    places = Places(given.state.resolve())
    with tempfile.TemporaryDirectory(prefix="aval-lotes-") as folder:
        desk = Desk(places, places.running(), Path(folder))
        agents = companies(SIZES[-1])
        desk.represent(agents)
        desk.aval("leitor", "criar", "--id", "medir", "-o", "medir.chaves", "--publica", "medir.json")
        for number, size in enumerate(SIZES, start=_FIRST_WEEK):
            sent = desk.send(desk.open_week(number), agents[:size])
            told = ", ".join(f"{name} {peak}" for name, peak in desk.peaks())
            print(
                f"{sent.agents:>6} agents, {sent.taken} taken: {sent.seconds:.1f} s with sealing and "
                f"opening, {sent.processed_seconds:.0f} s from arrival to end, "
                f"{sent.transitions} transitions; peaks so far in MB: {told}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
