"""`make demo`: a week of 37 agents by six commands, run before your eyes against a stack on this machine."""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aval.identifiers import EventCode
from aval.moments import SAO_PAULO, utc_now
from aval.settings import Variable
from local import demo_files
from local.demo_operator import OperatorsView
from local.login import access_token
from local.places import DEFAULT_STATE, ROOT, NotRunning, Places
from local.seed import week
from local.seed.company import COMPANY, CompanyFiles

PERSON: Final = "fabio@demo.aval.example"
KEYS: Final = "fabio.chaves"
PUBLIC: Final = "fabio.json"
OWN_STATE: Final = ROOT / ".aval" / "demo"
_START_SECONDS: Final = 600.0
_LOOK_SECONDS: Final = 0.5
_RULE: Final = "─" * 100


class DemoFailed(Exception):
    """A command ended otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One command, what it shows, and how it ends when all is well."""

    told: str
    words: str
    code: int = 0


ONCE: Final = (
    Shown(
        "Uma vez: as chaves de quem lê as respostas …",
        f"leitor criar --id fabio -o {KEYS} --publica {PUBLIC}",
    ),
    Shown(
        "… e a lista de leitores, assinada com o certificado da empresa",
        f"leitor autorizar --leitor {PUBLIC} -o lista.jws $EMPRESA $PORTA",
    ),
)
SIX: Final = (
    Shown(
        "1  Os 37 portfólios de uma vez; três têm erro, cada um numa célula, e os outros 34 são aceitos",
        "lote enviar carteiras.xlsx --tipo PORTFOLIO --leitor fabio.json $SEMANA $ACESSO",
        code=1,
    ),
    Shown(
        "2  As contrapartes dos 37, assinadas por um leitor",
        "lote enviar contrapartes.json --tipo CONTRAPARTES --leitor fabio.json $SEMANA $ACESSO",
    ),
    Shown(
        "3  Os três, corrigidos",
        "lote enviar correcao.xlsx --tipo PORTFOLIO --leitor fabio.json $SEMANA $ACESSO",
    ),
    Shown(
        "4  O fator de cada um: aberto aqui, conferido e calculado de novo com o mesmo motor",
        "fa listar $SEMANA $ACESSO",
    ),
    Shown("5  Validar", "fa validar --todos --selado $SELADOS $SEMANA $ACESSO"),
    Shown("6  Enviar: só agora o número sai", "fa enviar --todos --selado $SELADOS $SEMANA $ACESSO"),
)


@dataclass(frozen=True, slots=True)
class Demo:
    running: Mapping[str, Any]
    folder: Path
    event: EventCode
    variables: Mapping[str, str]
    environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def prepared(cls, places: Places, folder: Path, event: EventCode) -> "Demo":
        """The files of the week, and a login."""
        running = places.running()
        demo_files.write(folder, event)
        people = json.loads(places.secrets.read_text())["people"]
        known = {
            Variable.PERSONAL_TOKEN: access_token(dict(running), PERSON, people[PERSON]),
            Variable.PASSWORD: _passphrase(places.week / "senha.txt"),
            Variable.MEASUREMENTS_SIGNER: str(Path(running["measurements"]) / "operador.pem"),
        }
        company = CompanyFiles(places.company)
        door = f"--api {running['people_url']} --autoridades {running['certificate_authority']}"
        variables = {
            "PORTA": door,
            "ACESSO": f"{door} --raiz {running['attestation_root']}",
            "SEMANA": f"--evento {event} --remetente {demo_files.SENDER} --chaves fabio.chaves",
            "EMPRESA": f"--certificado {company.chain} --chave-do-certificado {company.key} --cnpj {COMPANY}",
            "SELADOS": "carteiras.xlsx.selado correcao.xlsx.selado contrapartes.json.selado",
        }
        named = {name.value: value for name, value in known.items()}
        return cls(running, folder, event, variables, {**os.environ, **named})

    def aval(self, words: Sequence[str]) -> int:
        command = [str(Path(sys.executable).with_name("aval")), *words]
        return subprocess.run(command, cwd=self.folder, env=dict(self.environment), check=False).returncode

    def show(self, shown: Shown) -> None:
        """Print the command, then run it. Raises `DemoFailed`."""
        _say(f"\n{_RULE}\n{shown.told}\n\n$ aval {shown.words}\n")
        code = self.aval(self._words(shown.words))
        if code != shown.code:
            raise DemoFailed(f"aval {shown.words.split()[0]} ended with {code}, not {shown.code}")

    def have_keys(self, kept: Path) -> None:
        """The same ones in every run: data of different readers are never joined. Raises `DemoFailed`."""
        if (kept / KEYS).exists():
            for name in (KEYS, PUBLIC):
                shutil.copyfile(kept / name, self.folder / name)
            return
        for shown in ONCE:
            self.show(shown)
        for name in (PUBLIC, KEYS):
            shutil.copyfile(self.folder / name, kept / name)

    def _words(self, words: str) -> list[str]:
        return [
            part
            for word in words.split()
            for part in (self.variables[word[1:]].split() if word.startswith("$") else [word])
        ]


def run(places: Places, folder: Path, event: EventCode) -> None:
    """Raises `DemoFailed`."""
    demo = Demo.prepared(places, folder, event)
    _say(f"Uma semana de 37 agentes ({demo.event}), em {folder}\n")
    for name, value in demo.variables.items():
        _say(f'{name}="{value}"')
    _say(f"e, no ambiente: {Variable.PERSONAL_TOKEN}, {Variable.PASSWORD}, {Variable.MEASUREMENTS_SIGNER}")
    demo.have_keys(places.week)
    for shown in SIX:
        demo.show(shown)
    _say(f"\n{_RULE}\nO que o operador vê: estados, contagens, regras e tamanhos; nenhum valor\n")
    view = OperatorsView.of(demo.running, demo.event)
    _say(view.text())
    found = view.places_of([demo_files.planted(one) for one in demo_files.represented()])
    if found:
        raise DemoFailed(f"a planted figure lies in the open: {', '.join(found)}")
    _say(f"\nProcurados os 37 patrimônios em {view.size}: nenhum aparece.")


def _passphrase(path: Path) -> str:
    """Of the demo's reader: made once, and worth what the demo is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(16))
    return path.read_text()


@contextlib.contextmanager
def some_stack(state: Path) -> Iterator[Places]:
    """The one that runs, or one on a state of its own that ends with the demo."""
    places = Places(state.resolve())
    try:
        places.running()
    except NotRunning:
        places = Places(OWN_STATE)
        with _started(places):
            yield places
    else:
        yield places


@contextlib.contextmanager
def _started(places: Places) -> Iterator[None]:
    _say("Nenhuma pilha em execução: inicia-se uma, só para isto (docs/local-stack.md)")
    places.state.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "local.run", "--stop-with-parent", "--free-ports"]
    log = places.state / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--state", str(places.state)], cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _await(places, process, log)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _await(places: Places, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        with contextlib.suppress(NotRunning):
            places.running()
            return
        if process.poll() is not None:
            raise DemoFailed(f"the stack did not start; see {log}")
        time.sleep(_LOOK_SECONDS)
    raise DemoFailed(f"the stack was not ready in time; see {log}")


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of the stack's data")
    given = parser.parse_args()
    try:
        with some_stack(given.state) as places:
            # A folder for each run: the same files in the same folder would be the same requests.
            folder = places.week / f"{utc_now():%Y%m%dT%H%M%S}"
            folder.mkdir(parents=True)
            event = week.parameters(utc_now().astimezone(SAO_PAULO).date())["evento"]
            run(places, folder, EventCode(event))
    except DemoFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
