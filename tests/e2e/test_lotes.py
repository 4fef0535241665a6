"""A lote through its doors, its machine and the enclave: taken, refused in part, refused whole, repeated."""

from http import HTTPStatus
from typing import Any

import pytest

from aval.adapters.s3_confidential import lote_file_key
from aval.adapters.s3_lotes import quarantine_key
from aval.prudential.lotes import LoteId
from aval.sealing.envelope import SealedKind
from tests.e2e.enclave_agent import ANA
from tests.e2e.enclave_agent import COMPANY as SENDER
from tests.e2e.lote_sender import LoteSender, upload
from tests.support.stack import Stack

# Each represented by BOLT in the demo, and no other test's.
TAKEN = ("90001017000156", "90001117000182")
WRONG, REPEATED = "90001217000109", "90001317000135"


@pytest.fixture(scope="module")
def sender(stack: Stack) -> LoteSender:
    return LoteSender(stack)


def wrong(sender: LoteSender, company: str) -> dict[str, Any]:
    told = sender.portfolio(company)
    return told | {"patrimonioLiquido": told["patrimonioLiquido"] | {"dataBase": "ontem"}}


def state_of(sender: LoteSender, company: str) -> str:
    path = f"/prudencial/semanas/{sender.event}/agentes/{company}"
    told: dict[str, Any] = sender.stack.request("GET", path, token=sender.token).json()
    return str(told["agente"]["estado"])


def test_agents_are_taken_each_by_itself_and_the_answers_are_the_readers(sender: LoteSender) -> None:
    file = sender.sealed(*map(sender.portfolio, TAKEN), wrong(sender, WRONG))
    code = sender.send(file)
    told = sender.ended(code)
    assert (told["estado"], told["aceitos"], told["recusados"], told["progresso"]) == (
        "PROCESSADO_COM_ERROS",
        2,
        1,
        100,
    )
    assert (sum(told["regras"].values()), told["respostas"], told["motivo"]) == (1, 1, None)
    assert (told["quem"], told["nomeDoArquivo"]) == ("Fábio Demonstração", "carteiras.json.selado")
    answered: Any = sender.opened(code, 0, file.request_id).payload
    by_company = {one["cnpj"]: one for one in answered["agentes"]}
    assert set(by_company) == {*TAKEN, WRONG}
    assert by_company[WRONG]["faltas"]
    assert [state_of(sender, company) for company in (*TAKEN, WRONG)] == [
        "EM_PREENCHIMENTO",
        "EM_PREENCHIMENTO",
        "ABERTO",
    ]
    newest = sender.get(f"?remetente={SENDER}").json()["lotes"][0]
    assert newest == told


def test_whoever_sent_it_is_told_by_mail_without_what_is_in_it(sender: LoteSender) -> None:
    file = sender.sealed(wrong(sender, WRONG))
    told = sender.ended(sender.send(file, tudoOuNada=True))
    assert (told["estado"], told["aceitos"]) == ("REJEITADO", 0)
    assert told["frase"]
    mail = sender.mail_about(told["lote"])
    assert mail["Subject"].startswith("O lote de portfólios")
    assert "foi rejeitado" in mail["Subject"]
    assert WRONG not in str(mail)


def test_a_file_sealed_as_something_else_is_rejected_and_kept_aside(sender: LoteSender) -> None:
    file = sender.sealed(sender.portfolio(TAKEN[0]), kind=SealedKind.CONTRAPARTES)
    code = sender.send(file)
    told = sender.ended(code)
    assert (told["estado"], told["motivo"], told["aceitos"]) == ("REJEITADO", "TIPO_DIVERGE", None)
    bucket = sender.stack.outputs["PrudentialBucketName"]
    kept = sender.stack.client("s3").get_object(Bucket=bucket, Key=quarantine_key(LoteId(code)))
    assert kept["Body"].read() == file.body
    assert sender.get(f"/{code}/respostas/0").status == HTTPStatus.NOT_FOUND


def test_the_form_takes_the_announced_file_and_no_other(sender: LoteSender) -> None:
    file = sender.sealed(sender.portfolio(REPEATED))
    announced = sender.announce(file)
    for other in (file.body[:-1], file.body + b"A"):
        assert upload(announced, other) in {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}
    elsewhere = {**announced, "campos": {**announced["campos"], "key": lote_file_key(LoteId("ff" * 16))}}
    assert upload(elsewhere, file.body) == HTTPStatus.FORBIDDEN
    assert sender.get(f"/{announced['lote']}").json()["estado"] == "AGUARDANDO_ARQUIVO"


def test_another_content_of_the_announced_size_is_not_taken(sender: LoteSender) -> None:
    announced = sender.announce(sender.sealed(sender.portfolio(REPEATED)))
    size = int(sender.get(f"/{announced['lote']}").json()["tamanho"])
    other = sender.sealed(sender.portfolio(REPEATED)).body[:size].ljust(size, b"A")
    # AWS computes the form's checksum and refuses here; the emulator does not, and the host does it later.
    assert upload(announced, other) == HTTPStatus.NO_CONTENT
    told = sender.ended(announced["lote"])
    assert (told["estado"], told["motivo"]) == ("REJEITADO", "ARQUIVO_DIVERGE")


def test_the_same_file_put_many_times_is_worked_off_once(sender: LoteSender) -> None:
    file = sender.sealed(sender.portfolio(REPEATED))
    announced = sender.announce(file)
    assert [upload(announced, file.body) for _ in range(10)] == [HTTPStatus.NO_CONTENT] * 10
    told = sender.ended(announced["lote"])
    assert (told["estado"], told["aceitos"]) == ("PROCESSADO", 1)
    path = f"/prudencial/semanas/{sender.event}/agentes/{REPEATED}"
    history = sender.stack.request("GET", path, token=sender.token).json()["historico"]
    assert [one["ato"] for one in history] == ["PORTFOLIO"]
    assert {one["status"] for one in sender.executions(announced["lote"])} == {"SUCCEEDED"}


def test_a_stranger_learns_of_no_lote(sender: LoteSender) -> None:
    code = sender.announce(sender.sealed(sender.portfolio(TAKEN[0])))["lote"]
    ana = sender.stack.token(ANA)
    strange = sender.get(f"/{code}", token=ana)
    nobodys = sender.get(f"/{'ff' * 16}", token=ana)
    assert strange.status == nobodys.status == HTTPStatus.NOT_FOUND
    assert strange.json()["detail"] == nobodys.json()["detail"]
    assert sender.get(f"?remetente={SENDER}", token=ana).status == HTTPStatus.FORBIDDEN
