"""Announcing a lote, reading how it goes, and the steps of its machine before a table and a bucket."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import pytest

from aval.adapters import lote_desks
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.lote_items import outcome_update
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.s3_confidential import answers_key, eligible_key, lote_file_key, records_key
from aval.adapters.s3_lotes import S3Lotes, quarantine_key
from aval.edge.background import WorkFailed
from aval.identifiers import Cpf
from aval.prudential.lote_files import ArrivedFile
from aval.prudential.lote_senders import LoteSenders
from aval.prudential.lotes import LoteId, LoteOutcome
from aval.sealing.envelope import SealedKind, seal
from aval.settings import Variable
from tests.support import sealing
from tests.support.confidential import NOW, PRUDENTIAL_BUCKET
from tests.support.contract_api import Answer
from tests.support.dynamodb import CONFIDENTIAL_TABLE
from tests.support.lotes import chunk, commit
from tests.support.monitored import ANA, AURORA, BOLT, FABIO, MOINHO, MonitoredRegistry
from tests.support.prudential import key_item
from tests.support.weeks import DEADLINE, EVENT, OPENS, standing, week_version
from tests.unit.lambdas.prudential.conftest import Doors

DOORS = ("start_lote", "list_lotes", "read_lote", "read_lote_answer")
STEPS = ("receive_lote", "persist_lote_chunk", "summarise_lote", "reject_lote", "restart_lotes")
MACHINE = "arn:aws:states:sa-east-1:000000000000:stateMachine:aval-lote"
PATH = f"/prudencial/semanas/{EVENT}/lotes"
OTHER_PATH = "/prudencial/semanas/202611004/lotes"
FILE = seal(
    b"PK workbook",
    sealing.header(kind=SealedKind.PORTFOLIO, key_id=key_item().key_id),
    sealing.sealing_key().public_key(),
)
REQUEST = {
    "remetente": BOLT,
    "tipo": "PORTFOLIO",
    "nomeDoArquivo": "carteiras.xlsx.selado",
    "tamanho": len(FILE),
    "sha256": hashlib.sha256(FILE).hexdigest(),
}
OUTCOME = LoteOutcome(taken=2, refused=1, rules={"cnpj": 1}, answers=1, chunks=1, attempt="t1")
SEALED = b'{"ciphertext":"c2VsYWRv"}'


@dataclass
class Logins:
    bound: dict[str, Cpf] = field(default_factory=lambda: {"sub": FABIO})

    def person_of(self, login: str) -> Cpf | None:
        return self.bound.get(login)


class FilesOfThen(S3Lotes):
    """The store's clock is not the test's."""

    def arrived(self, code: LoteId, version: str = "") -> ArrivedFile | None:
        file = super().arrived(code, version)
        return replace(file, received_at=NOW) if file else None


@dataclass
class Lotes:
    doors: Doors

    def announce(self, **changes: Any) -> Answer:
        return self.doors.as_person("start_lote", "POST", PATH, cpf=FABIO, body={**REQUEST, **changes})

    def read(self, code: str, path: str = PATH) -> Answer:
        return self.doors.as_system("read_lote", "GET", f"{path}/{code}")

    def put(self, code: str, content: bytes = FILE) -> None:
        self.doors.vault.s3.put_object(
            Bucket=PRUDENTIAL_BUCKET, Key=lote_file_key(LoteId(code)), Body=content
        )

    def get(self, key: str) -> bytes:
        return self.doors.vault.s3.get_object(Bucket=PRUDENTIAL_BUCKET, Key=key)["Body"].read()

    def receive(self, code: str, execution: str = "first") -> Any:
        return self.doors.job("receive_lote", {"chave": lote_file_key(LoteId(code)), "execucao": execution})

    def decide(self, code: str, outcome: LoteOutcome = OUTCOME, reason: str = "") -> None:
        """As the enclave's host does."""
        vault = self.doors.vault
        told = commit(lote=code, outcome=outcome, reason=reason)
        vault.client.transact_write_items(
            TransactItems=[{"Update": outcome_update(CONFIDENTIAL_TABLE, told)}]
        )
        records = chunk((BOLT, 1, standing()), (AURORA, 1, standing()))
        for key, content in (
            (records_key(LoteId(code), "t1", 0), records),
            (answers_key(LoteId(code), "t1", 0), SEALED),
        ):
            vault.s3.put_object(Bucket=PRUDENTIAL_BUCKET, Key=key, Body=content)


@pytest.fixture
def lotes(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lotes]:
    monkeypatch.setenv(Variable.LOTE_MACHINE, MACHINE)
    registry = MonitoredRegistry()
    monkeypatch.setattr(lote_desks, "registry", lambda _: registry)
    monkeypatch.setattr(lote_desks, "files", lambda _: FilesOfThen(doors.vault.s3, PRUDENTIAL_BUCKET))
    monkeypatch.setattr(lote_desks, "senders", lambda _: LoteSenders(Logins(), registry))
    modules = [import_module(f"lambdas.prudential.{name}") for name in (*DOORS, *STEPS)]
    for module in modules:
        if hasattr(module, "utc_now"):
            monkeypatch.setattr(module, "utc_now", lambda: NOW)
    DynamoDbWeeks(doors.vault.client, CONFIDENTIAL_TABLE).add(week_version())
    yield Lotes(doors)
    for module in modules:
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()


def told(code: str, **changes: Any) -> dict[str, Any]:
    return {
        "lote": code,
        "evento": EVENT,
        "remetente": BOLT,
        "tipo": "PORTFOLIO",
        "quem": "Fabio",
        "criadoEm": "2026-11-20T09:00:00-03:00",
        "expiraEm": "2026-11-20T10:00:00-03:00",
        "recebidoEm": None,
        "encerradoEm": None,
        "nomeDoArquivo": "carteiras.xlsx.selado",
        "tamanho": len(FILE),
        "sha256": REQUEST["sha256"],
        "tudoOuNada": False,
        "estado": "AGUARDANDO_ARQUIVO",
        "progresso": 0,
        "aceitos": None,
        "recusados": None,
        "regras": {},
        "respostas": 0,
        "motivo": None,
        "frase": None,
        **changes,
    }


def test_a_lote_is_announced_with_a_form_for_its_file_alone(lotes: Lotes) -> None:
    answer = lotes.announce()
    assert answer.status == 201
    document = answer.document
    code, fields = document["lote"], document["campos"]
    assert set(document) == {"lote", "url", "campos", "expiraEm"}
    assert document["expiraEm"] == "2026-11-20T10:00:00-03:00"
    assert fields["key"] == f"lotes/entrada/{code}"
    policy = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert ["content-length-range", len(FILE), len(FILE)] in policy
    assert lotes.read(code).document == told(code)


def test_a_system_announces_for_its_own_company(lotes: Lotes) -> None:
    answer = lotes.doors.as_system("start_lote", "POST", PATH, body=REQUEST)
    assert answer.status == 201
    assert lotes.read(answer.document["lote"]).document["quem"] == "sistema da empresa"


@pytest.mark.parametrize("sender", [MOINHO, AURORA])
def test_refuses_a_sender_for_whom_the_caller_does_not_answer(lotes: Lotes, sender: str) -> None:
    answer = lotes.announce(remetente=sender)
    assert (answer.status, answer.document["type"]) == (403, "urn:aval:problema:empresa-nao-autorizada")


def test_refuses_a_stranger(lotes: Lotes) -> None:
    answer = lotes.doors.as_person("start_lote", "POST", PATH, cpf=ANA, body=REQUEST)
    assert answer.status == 403


def test_refuses_a_week_that_was_never_loaded(lotes: Lotes) -> None:
    answer = lotes.doors.as_system("start_lote", "POST", OTHER_PATH, body=REQUEST)
    assert (answer.status, answer.document["type"]) == (404, "urn:aval:problema:evento-desconhecido")


@pytest.mark.parametrize(("at", "problem"), [(DEADLINE, "prazo-encerrado"), (OPENS, "evento-nao-aberto")])
def test_refuses_a_lote_outside_the_window(
    lotes: Lotes, monkeypatch: pytest.MonkeyPatch, at: Any, problem: str
) -> None:
    module = import_module("lambdas.prudential.start_lote")
    monkeypatch.setattr(module, "utc_now", lambda: at.replace(hour=0) if problem.endswith("aberto") else at)
    answer = lotes.announce()
    assert (answer.status, answer.document["type"]) == (422, f"urn:aval:problema:{problem}")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("tamanho", 0),
        ("tamanho", 70_000_001),
        ("tamanho", "4000"),
        ("tamanho", True),
        ("sha256", "AB" * 32),
        ("sha256", "ab" * 31),
        ("nomeDoArquivo", ""),
        ("nomeDoArquivo", "a" * 201),
        ("nomeDoArquivo", "../carteiras.xlsx"),
        ("nomeDoArquivo", "a\r\nBcc: b@c"),
        ("tipo", "ENSAIO"),
        ("tudoOuNada", "sim"),
        ("remetente", "33047509000148"),
        ("outro", 1),
    ],
)
def test_refuses_another_shape_and_says_where(lotes: Lotes, member: str, value: object) -> None:
    answer = lotes.announce(**{member: value})
    assert answer.status == 422
    assert [fault["pointer"] for fault in answer.document["errors"]] == [f"#/{member}"]


def test_takes_a_file_of_exactly_the_limit(lotes: Lotes) -> None:
    assert lotes.announce(tamanho=70_000_000, nomeDoArquivo="é" * 200).status == 201


def test_history_is_the_senders_and_tells_how_each_went(lotes: Lotes) -> None:
    code = lotes.announce(tudoOuNada=True).document["lote"]
    answer = lotes.doors.as_system("list_lotes", "GET", PATH, query={"remetente": BOLT})
    assert answer.document == {"lotes": [told(code, tudoOuNada=True)]}
    foreign = lotes.doors.as_system("list_lotes", "GET", PATH, query={"remetente": MOINHO})
    assert foreign.status == 403


def test_somebody_elses_lote_reads_like_none(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    stranger = lotes.doors.as_system("read_lote", "GET", f"{PATH}/{code}", cnpj=MOINHO)
    nobodys = lotes.read("ff" * 16)
    other_week = lotes.read(code, OTHER_PATH)
    for answer in (stranger, nobodys, other_week):
        assert answer.status == 404
        assert answer.document["type"] == "urn:aval:problema:lote-desconhecido"
    assert stranger.document["detail"] == nobodys.document["detail"]


def test_a_lote_goes_from_its_file_to_its_end(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    lotes.put(code)
    received = lotes.receive(code)
    assert {**received, "transacao": ""} == {
        "lote": code,
        "transacao": "",
        "proximo": "PEDIR",
        "motivo": "",
    }
    assert received["transacao"]
    assert json.loads(lotes.get(eligible_key(code))).keys() == {BOLT, AURORA, "41820367000139"}
    assert lotes.read(code).document["progresso"] == 20
    lotes.decide(code)
    given = {"lote": code, "numero": 0}
    assert lotes.doors.job("persist_lote_chunk", given) == {**given, "agentes": 2}
    assert lotes.doors.job("summarise_lote", {"lote": code}) == {
        "lote": code,
        "estado": "PROCESSADO_COM_ERROS",
        "motivo": "",
    }
    assert lotes.read(code).document == told(
        code,
        recebidoEm="2026-11-20T09:00:00-03:00",
        encerradoEm="2026-11-20T09:00:00-03:00",
        estado="PROCESSADO_COM_ERROS",
        progresso=100,
        aceitos=2,
        recusados=1,
        regras={"cnpj": 1},
        respostas=1,
    )
    agents = DynamoDbAgents(lotes.doors.vault.client, CONFIDENTIAL_TABLE)
    assert {company: row.answer for company, row in agents.rows(EVENT).items()} == {
        AURORA: f"lote:{code}:0",
        BOLT: f"lote:{code}:0",
    }
    [published] = lotes.doors.cloud.told("put_events")
    assert published["Entries"][0]["DetailType"] == "LOTE.PROCESSADO"


def test_a_sealed_answer_is_given_as_it_is_stored(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    lotes.put(code)
    lotes.receive(code)
    path = f"{PATH}/{code}/respostas"
    assert lotes.doors.as_system("read_lote_answer", "GET", f"{path}/0").status == 404
    lotes.decide(code)
    answer = lotes.doors.as_system("read_lote_answer", "GET", f"{path}/0")
    assert (answer.status, answer.document) == (200, json.loads(SEALED))
    assert answer.headers["Content-Type"] == "application/jose+json"
    for missing in ("1", "199"):
        refused = lotes.doors.as_system("read_lote_answer", "GET", f"{path}/{missing}")
        assert (refused.status, refused.document["type"]) == (404, "urn:aval:problema:nada-a-ler")
    assert lotes.doors.as_system("read_lote_answer", "GET", f"{path}/200").status == 422
    stranger = lotes.doors.as_system("read_lote_answer", "GET", f"{path}/0", cnpj=MOINHO)
    assert stranger.status == 404


def test_the_same_event_ten_times_is_one_lote_worked_off_once(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    lotes.put(code)
    steps = [lotes.receive(code, f"execution-{number}")["proximo"] for number in range(10)]
    assert steps == ["PEDIR"] + ["NADA"] * 9


def test_an_event_of_an_object_that_no_lote_has_ends_quietly(lotes: Lotes) -> None:
    lotes.put("ff" * 16)
    assert lotes.receive("ff" * 16)["proximo"] == "NADA"


def test_a_file_that_says_otherwise_is_rejected_kept_aside_and_explained(lotes: Lotes) -> None:
    code = lotes.announce(tipo="CONTRAPARTES").document["lote"]
    lotes.put(code)
    received = lotes.receive(code)
    assert (received["proximo"], received["motivo"]) == ("REJEITAR", "TIPO_DIVERGE")
    given = {"chave": lote_file_key(code), "execucao": "first", "motivo": received["motivo"]}
    for _ in range(2):
        assert lotes.doors.job("reject_lote", given)["estado"] == "REJEITADO"
    document = lotes.read(code).document
    assert (document["estado"], document["motivo"]) == ("REJEITADO", "TIPO_DIVERGE")
    assert document["frase"] == "o objeto foi selado como outro tipo; sele-o com o tipo anunciado"
    assert lotes.get(quarantine_key(code)) == FILE


def test_a_chunk_that_is_not_there_is_tried_again(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    lotes.decide(code)
    with pytest.raises(WorkFailed):
        lotes.doors.job("persist_lote_chunk", {"lote": code, "numero": 1})


def test_a_sweep_starts_what_stands_still(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    lotes.put(code)
    lotes.receive(code)
    lotes.doors.job("restart_lotes", {"em": "2026-11-20T09:02:00-03:00"})
    assert lotes.doors.cloud.told("start_execution") == []
    lotes.doors.job("restart_lotes", {"em": "2026-11-20T09:05:00-03:00"})
    assert lotes.doors.cloud.told("start_execution") == [
        {
            "stateMachineArn": MACHINE,
            "name": f"{code}-202611200905",
            "input": json.dumps({"chave": lote_file_key(code)}),
        }
    ]
    lotes.doors.cloud.running = [f"{code}-202611200905"]
    lotes.doors.job("restart_lotes", {"em": "2026-11-20T09:10:00-03:00"})
    assert len(lotes.doors.cloud.told("start_execution")) == 1
    assert lotes.receive(code, f"{code}-202611200905")["proximo"] == "PEDIR"


def test_no_file_name_no_digest_and_no_person_comes_into_the_log(lotes: Lotes) -> None:
    code = lotes.announce().document["lote"]
    lotes.put(code)
    lotes.receive(code)
    lotes.decide(code)
    lotes.doors.job("persist_lote_chunk", {"lote": code, "numero": 0})
    lotes.doors.job("summarise_lote", {"lote": code})
    log = lotes.doors.log.getvalue()
    assert code in log
    for secret in ("carteiras", REQUEST["sha256"], FABIO, "Fabio", "ciphertext"):
        assert str(secret) not in log


def test_a_lotes_message_that_nobody_worked_off_fails_its_token(lotes: Lotes) -> None:
    message = {"lote": "0a" * 16, "token": "the-token-itself", "transacao": "t"}
    lotes.doors.job("fail_undelivered", {"Records": [{"body": json.dumps(message)}]})
    [failed] = lotes.doors.cloud.told("send_task_failure")
    assert (failed["taskToken"], failed["error"]) == ("the-token-itself", "NaoEntregue")
    assert f'"undelivered":["{"0a" * 16}"]' in lotes.doors.log.getvalue()
