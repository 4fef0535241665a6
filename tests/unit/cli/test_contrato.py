"""`aval contrato`: one submission, rows told, and a way to go on whatever happens."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aval.cli import contract_following, contrato
from aval.cli.main import main
from aval.contracts.bus import (
    Acting,
    ContractQuery,
    Outcome,
    Processing,
    ProcessingCode,
    ProcessingState,
    RowResult,
    RowStatus,
    Submission,
)
from aval.contracts.imports.reception import digest_of
from aval.contracts.model import ContractCode, Market, Side
from aval.contracts.paging import Page, PageRequest
from aval.contracts.refusals import (
    NothingFound,
    ParametersInvalid,
    ProfileForbidden,
    ProviderFailed,
    SubmissionUncertain,
)
from tests.support.contracts import SELLER, contract

CODE = ProcessingCode(4711)
DONE = RowResult(1, "1", RowStatus.DONE, "registrado", ContractCode(9))
FAILED = RowResult(2, "2", RowStatus.REFUSED, "fora do prazo até 08/01/2026")
WARNED = RowResult(3, "", RowStatus.WARNED, "nada mudou", ContractCode(8))


def processing(state: ProcessingState, done: int, total: int | None, failed: int = 0) -> Processing:
    return Processing(CODE, state, None, total, done, failed)


@dataclass(slots=True)
class FakeBus:
    """Answers `outcome` one after another; an exception among them is raised."""

    outcomes: list[Processing | BaseException] = field(default_factory=list)
    rows: tuple[RowResult, ...] = (DONE,)
    submitting: BaseException | None = None
    knows: bool = True
    contracts_told: list[Any] = field(default_factory=list)
    submitted: list[Submission] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    @property
    def caller(self) -> Any:
        return SimpleNamespace(environment=SimpleNamespace(knows_our_inventions=self.knows))

    def submit(self, submission: Submission, *, at: datetime) -> ProcessingCode:
        self.submitted.append(submission)
        if self.submitting is not None:
            raise self.submitting
        return CODE

    def latest_submission(self, digest: str, acting: Acting) -> ProcessingCode:
        self.asked.append(digest)
        return CODE

    def outcome(self, code: ProcessingCode, page: PageRequest, acting: Acting) -> Outcome:
        self.asked.append((code, page))
        told = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(told, BaseException):
            raise told
        first = (page.number - 1) * page.size
        return Outcome(told, Page(self.rows[first : first + page.size], page, len(self.rows)))

    def contracts(self, query: ContractQuery, page: PageRequest, acting: Acting) -> Page[Any]:
        self.asked.append(query)
        if not self.contracts_told:
            raise NothingFound("nada")
        size = page.size
        first = (page.number - 1) * size
        return Page(tuple(self.contracts_told[first : first + size]), page, len(self.contracts_told))


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBus]:
    made = FakeBus([processing(ProcessingState.DONE, 1, 1)])
    monkeypatch.setattr(contrato, "bus_of", lambda _: made)
    monkeypatch.setattr(contract_following, "_FIRST_PAUSE_SECONDS", 0.0)
    handlers = list(logging.getLogger("aval").handlers)
    yield made
    logging.getLogger("aval").handlers[:] = handlers


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contratos.xml"
    path.write_text('<?xml version="1.0"?>\n<ContratosCCEAL referencia="ção"/>\n', encoding="utf-8")
    return path


def run(command: str, *arguments: str, environment: str = "https://localhost:9443") -> int:
    access = ["--ambiente", environment, "--cnpj", "12ABC34501DE35", "--perfil", str(SELLER)]
    return main(["contrato", command, *access, "--certificado", "x.pem", *arguments])


def test_a_file_is_sent_and_its_end_told(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.outcomes = [
        processing(ProcessingState.RECEIVED, 0, None),
        processing(ProcessingState.RUNNING, 1, 3),
        processing(ProcessingState.DONE, 3, 3, 1),
    ]
    bus.rows = (DONE, FAILED, WARNED)
    assert run("importar", str(file)) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "ERRO    linha 2 (sequencialControle 2): fora do prazo até 08/01/2026",
        "AVISO   linha 3: contrato 8: nada mudou",
        "processamento 4711: CONCLUIDO; 1 SUCESSO, 1 AVISO, 1 ERRO",
    ]
    assert told.err.startswith("aceito como processamento 4711\n")
    [sent] = bus.submitted
    assert sent.text == '<?xml version="1.0"?>\n<ContratosCCEAL referencia="ção"/>'
    assert (sent.acting.company, sent.acting.profile) == ("12ABC34501DE35", SELLER)


def test_rows_that_are_done_or_warned_of_are_accepted(bus: FakeBus, file: Path) -> None:
    bus.rows = (DONE, WARNED)
    assert run("importar", str(file)) == 0


@pytest.mark.parametrize("state", [ProcessingState.REFUSED, ProcessingState.FAILED])
def test_a_file_that_was_refused_or_failed_is_not_accepted(
    bus: FakeBus, file: Path, state: ProcessingState
) -> None:
    bus.outcomes, bus.rows = [processing(state, 0, None)], ()
    assert run("importar", str(file)) == 1


def test_json_holds_every_row(bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bus.outcomes, bus.rows = [processing(ProcessingState.DONE, 2, 2, 1)], (DONE, FAILED)
    assert run("importar", str(file), "--json") == 1
    assert json.loads(capsys.readouterr().out) == {
        "codigo": 4711,
        "situacao": "CONCLUIDO",
        "linhas": 2,
        "processadas": 2,
        "comErro": 1,
        "resultados": [
            {
                "linha": 1,
                "sequencialControle": "1",
                "situacao": "SUCESSO",
                "descricao": "registrado",
                "contrato": 9,
            },
            {
                "linha": 2,
                "sequencialControle": "2",
                "situacao": "ERRO",
                "descricao": "fora do prazo até 08/01/2026",
                "contrato": None,
            },
        ],
    }


def test_results_of_many_pages_are_all_told(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.rows = tuple(replace(DONE, row=number) for number in range(1, 2502))
    assert run("importar", str(file), "--json") == 0
    told = [row["linha"] for row in json.loads(capsys.readouterr().out)["resultados"]]
    assert told == list(range(1, 2502))


def test_without_waiting_the_code_is_all(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("importar", str(file), "--sem-esperar") == 0
    assert capsys.readouterr().out == "4711\n"
    assert run("importar", str(file), "--sem-esperar", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"codigo": 4711}
    assert bus.asked == []


def test_an_uncertain_submission_has_a_code_of_its_own_and_a_way_to_look(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.submitting = SubmissionUncertain("não se sabe")
    assert run("importar", str(file)) == 3
    told = capsys.readouterr().err
    assert f'aval contrato resultado --arquivo {file}"' in told
    assert len(bus.submitted) == 1
    assert run("importar", str(file), environment="piloto") == 3
    assert "aval contrato listar" in capsys.readouterr().err


def test_ctrl_c_while_sending_is_uncertain(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.submitting = KeyboardInterrupt()
    assert run("importar", str(file)) == 3
    assert "--arquivo" in capsys.readouterr().err


def test_ctrl_c_while_waiting_tells_the_code_and_how_to_go_on(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.outcomes = [processing(ProcessingState.RUNNING, 1, 3), KeyboardInterrupt()]
    assert run("importar", str(file)) == 130
    assert 'aval contrato resultado 4711"' in capsys.readouterr().err


def test_a_bus_that_fails_for_a_while_is_asked_again(bus: FakeBus, file: Path) -> None:
    failures = [ProviderFailed("falhou")] * 5
    bus.outcomes = [*failures, processing(ProcessingState.DONE, 1, 1)]
    assert run("importar", str(file)) == 0


def test_a_bus_that_goes_on_failing_ends_the_wait_with_the_code(
    bus: FakeBus, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.outcomes = [ProviderFailed("o barramento falhou")]
    assert run("importar", str(file)) == 2
    told = capsys.readouterr().err
    assert "o barramento falhou; o processamento 4711 continua" in told


def test_the_chamber_may_know_nothing_of_a_processing_for_a_while(bus: FakeBus, file: Path) -> None:
    bus.outcomes = [NothingFound("nada"), NothingFound("nada"), processing(ProcessingState.DONE, 1, None)]
    bus.knows = False
    assert run("importar", str(file), environment="piloto") == 0


def test_an_aval_knows_every_processing_at_once(bus: FakeBus, file: Path) -> None:
    bus.outcomes = [NothingFound("nada")]
    assert run("importar", str(file)) == 1


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (ParametersInvalid("x"), 1),
        (ProfileForbidden("x"), 1),
        (NothingFound("x"), 1),
        (ProviderFailed("x"), 2),
    ],
)
def test_refusals_of_the_bus_end_the_command_with_their_sentence(
    bus: FakeBus, file: Path, refusal: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.submitting = refusal
    assert run("importar", str(file)) == code
    assert capsys.readouterr().err == "aval: x\n"


# resultado


def test_a_result_is_told_by_its_code(bus: FakeBus, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("resultado", "4711") == 0
    assert capsys.readouterr().out == "processamento 4711: CONCLUIDO; 1 SUCESSO\n"


def test_a_result_is_found_by_its_file(bus: FakeBus, file: Path) -> None:
    assert run("resultado", "--arquivo", str(file)) == 0
    assert bus.asked[0] == digest_of(file.read_text(encoding="utf-8").strip())
    assert bus.submitted == []


def test_a_result_of_something_that_runs_says_so_and_waits_only_when_told(
    bus: FakeBus, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.outcomes = [processing(ProcessingState.RUNNING, 3, 9), processing(ProcessingState.DONE, 9, 9)]
    assert run("resultado", "4711") == 0
    told = capsys.readouterr()
    assert told.out == "processamento 4711: EM_PROCESSAMENTO; nenhuma linha\n"
    assert "ainda não terminou" in told.err
    bus.outcomes = [processing(ProcessingState.RUNNING, 3, 9), processing(ProcessingState.DONE, 9, 9)]
    assert run("resultado", "4711", "--esperar") == 0
    assert "CONCLUIDO" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [(), ("1", "--arquivo", "x"), ("um",)])
def test_a_result_is_of_one_code_or_one_file(bus: FakeBus, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("resultado", *arguments)
    assert ended.value.code == 2


# listar

PERIOD = ("--inicio", "2026-01-01", "--fim", "2027-01-01")


def test_contracts_are_listed_page_by_page(bus: FakeBus, capsys: pytest.CaptureFixture[str]) -> None:
    bus.contracts_told = [contract(number) for number in range(1, 1002)]
    assert run("listar", *PERIOD, "--papel", "VENDEDOR", "--nao-validados") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1002
    assert lines[1].split() == (
        ["1", "CCEAL", "10020", "10010", "01/01/2026", "00", "01/01/2027", "00", "NAO_VALIDADO"]
    )
    query = bus.asked[0]
    assert (query.market, query.side, query.only_not_validated) == (Market.FREE, Side.SELLER, True)
    assert query.profiles == {SELLER}


def test_contracts_in_json_tell_what_is_to_be_validated(
    bus: FakeBus, capsys: pytest.CaptureFixture[str]
) -> None:
    bus.contracts_told = [contract(7)]
    assert run("listar", *PERIOD, "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "codigo": 7,
            "tipo": "CCEAL",
            "vendedor": 10020,
            "comprador": 10010,
            "inicio": "2026-01-01T00:00:00-03:00",
            "fim": "2027-01-01T00:00:00-03:00",
            "situacao": "NAO_VALIDADO",
            "possuiMontanteNaoValidado": True,
        }
    ]


def test_no_contract_is_no_failure(bus: FakeBus, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("listar", *PERIOD) == 0
    assert capsys.readouterr().out == "nenhum contrato\n"
    assert run("listar", *PERIOD, "--json", "--mercado", "REGULADO") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert bus.asked[-1].profiles == frozenset()


def test_a_period_that_ends_before_it_begins_is_refused(
    bus: FakeBus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("listar", "--inicio", "2026-02-01", "--fim", "2026-02-01") == 2
    assert "--fim" in capsys.readouterr().err


# Files

FILES: list[tuple[bytes, str]] = [
    (b"<a>\xc3\xa7</a>", "<a>ç</a>"),
    (b"\xef\xbb\xbf<a>\xc3\xa7</a>", "<a>ç</a>"),
    (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe7</a>', "ç"),
    (b"<?xml version='1.0' encoding = 'windows-1252'?><a>\x80</a>", "€"),
    (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xc3\xa7</a>', "ç"),
]


@pytest.mark.parametrize(("content", "told"), FILES, ids=["utf-8", "mark", "latin", "windows", "both"])
def test_a_file_is_read_as_the_text_it_is(bus: FakeBus, file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)
    assert run("importar", str(file)) == 0
    assert told in bus.submitted[0].text


@pytest.mark.parametrize(
    ("make", "code", "told"),
    [
        (lambda file: file.unlink(), 2, "não existe"),
        (lambda file: file.write_bytes(b" \n"), 1, "vazio"),
        (lambda file: file.write_bytes(b"<a>\xe7</a>"), 1, "codificação"),
        (lambda file: file.write_bytes(b"x" * 4_000_001), 1, "4 MB"),
    ],
    ids=["missing", "empty", "encoding", "large"],
)
def test_a_file_that_cannot_be_sent_is_told_before_anything_is_asked(
    bus: FakeBus,
    file: Path,
    *,
    make: Callable[[Path], object],
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(file)
    assert run("importar", str(file)) == code
    assert told in capsys.readouterr().err
    assert bus.submitted == []
