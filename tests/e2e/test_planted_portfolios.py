"""After single acts and a lote, done and refused, no figure of any portfolio lies outside the enclave."""

import json
from dataclasses import dataclass

import pytest

from aval.identifiers import Cnpj
from aval.sealing.envelope import SealedKind
from aval.sealing.statements import Act
from tests.e2e.ended_week import OwnWeek
from tests.e2e.hiding_places import histories_of, rows_of, stored_files, written_to_disk
from tests.e2e.lote_sender import LoteSender
from tests.e2e.needles import Haystack
from tests.e2e.planted_week import Planting, PlantingAgent
from tests.support.stack import Stack

# Each represented by BOLT in the demo; the week is this file's own.
QUIET, SENDING, IN_LOTE, WRONG_IN_LOTE = (
    Cnpj.parse(cnpj) for cnpj in ("90000117000168", "90000217000194", "90000317000110", "90000417000147")
)
TABLES = ("AdhesionTableName", "ConfidentialTableName", "ContractsTableName", "RegistryTableName")
MACHINES = ("aval-task", "aval-lote")


@dataclass(frozen=True)
class Run:
    """What must lie nowhere, and what must be found: codes, and a number once its agent sent it."""

    secret: Haystack
    public: Haystack
    secrets: int


@pytest.fixture(scope="module")
def run(stack: Stack) -> Run:
    week = OwnWeek.dropped(stack, 902)
    secret, public = Planting(), Planting()
    single_acts(PlantingAgent(stack, QUIET, week.event), secret)
    sender = PlantingAgent(stack, SENDING, week.event)
    factor = sent(sender, secret)
    public.planted["factor that was sent"] = factor.partition(".")[2].encode()
    public.planted["lote"] = lote(LoteSender(stack, week.event), secret).encode()
    # A number that its agent sent is public, wherever the enclave told it before.
    kept = {name: text for name, text in secret.planted.items() if text not in public.planted.values()}
    return Run(Haystack(kept), Haystack(public.planted), len(kept))


def single_acts(agent: PlantingAgent, secret: Planting) -> None:
    """A factor that is computed, read, tried otherwise, validated and never sent; files that are refused."""
    wrong = secret.portfolio(agent.company, agent.event, "wrong sum")
    wrong["meses"][0]["geracao"] = secret.figure("wrong sum: generation", 1)
    assert agent.ask(agent.brings_portfolio(wrong)).status == 422
    negative = secret.portfolio(agent.company, agent.event, "negative")
    negative["meses"][0]["consumo"] = "-" + secret.figure("negative: consumption", 1)
    assert agent.ask(agent.brings_portfolio(negative)).status == 422
    broken = json.dumps(secret.portfolio(agent.company, agent.event, "broken"))[:-1].encode()
    assert agent.ask(agent.brings(broken)).status == 422
    brought = agent.brings_portfolio(secret.portfolio(agent.company, agent.event, "quiet"))
    agent.done(brought)
    told = agent.told(agent.brings_counterparties(secret.counterparties(agent.company, agent.event, "quiet")))
    secret.answered("quiet", told)
    read = agent.told(agent.act("leitura", Act.LER, brought.identity))
    secret.answered("quiet read", read)
    changes = [{"caminho": "/meses/0/mercadoRegulado", "valor": secret.figure("what-if: change", 9)}]
    tried = agent.told(agent.what_if(brought.identity, {"mudancas": changes}))
    secret.answered("what-if", tried)
    calculation = agent.get("fator").json()["calculo"]
    agent.done(agent.act("validacao", Act.VALIDAR, calculation))
    guessed = secret.figure("guessed factor", 0)
    assert agent.ask(agent.sending(calculation, guessed)).status == 422


def sent(agent: PlantingAgent, secret: Planting) -> str:
    """The factor of an agent that sent it, whose figures stay its own."""
    agent.done(agent.brings_portfolio(secret.portfolio(agent.company, agent.event, "sending")))
    told = agent.told(
        agent.brings_counterparties(secret.counterparties(agent.company, agent.event, "sending"))
    )
    secret.answered("sending", told)
    calculation = agent.get("fator").json()["calculo"]
    agent.done(agent.act("validacao", Act.VALIDAR, calculation))
    factor = str(told["agente"]["fa"])
    agent.done(agent.sending(calculation, factor))
    return factor


def lote(sender: LoteSender, secret: Planting) -> str:
    """The code of a lote with an agent that is taken and one that is not."""
    taken = PlantingAgent(sender.stack, IN_LOTE, sender.event)
    refused = PlantingAgent(sender.stack, WRONG_IN_LOTE, sender.event)
    wrong = secret.portfolio(refused.company, refused.event, "wrong in lote")
    wrong["meses"][0]["geracao"] = secret.figure("wrong in lote: generation", 1)
    file = sender.sealed(secret.portfolio(taken.company, taken.event, "in lote"), wrong)
    code = sender.send(file)
    assert sender.ended(code)["estado"] == "PROCESSADO_COM_ERROS"
    secret.answered("lote", dict(sender.opened(code, 0, file.request_id).payload))
    broken = sender.sealed(
        secret.portfolio(taken.company, taken.event, "broken lote"), kind=SealedKind.CONTRAPARTES
    )
    assert sender.ended(sender.send(broken))["estado"] == "REJEITADO"
    return code


def test_so_many_figures_are_looked_for(run: Run) -> None:
    assert run.secrets > 60


def test_no_figure_is_in_logs_tables_objects_queues_or_mails(stack: Stack, run: Run) -> None:
    written_to_disk(stack)
    assert run.secret.in_files(stored_files(stack)) == {}
    # The same search finds what is public, in the table and in a log: it looks where things are.
    found = run.public.in_files(stored_files(stack))
    assert {stack.places.emulator, stack.logs} <= {folder for file in found for folder in file.parents}
    assert set().union(*found.values()) == {"factor that was sent", "lote"}


def test_no_figure_is_in_any_row(stack: Stack, run: Run) -> None:
    for table in TABLES:
        assert run.secret.in_bytes(rows_of(stack, table)) == set(), table
    confidential = rows_of(stack, "ConfidentialTableName")
    assert run.public.in_bytes(confidential) == {"factor that was sent", "lote"}


@pytest.mark.parametrize("machine", MACHINES)
def test_no_figure_is_in_the_history_of_any_execution(stack: Stack, run: Run, machine: str) -> None:
    histories = list(histories_of(stack, machine))
    assert histories
    for history in histories:
        assert run.secret.in_bytes(history) == set()


def test_a_factor_that_was_sent_is_in_no_log_and_no_history(stack: Stack, run: Run) -> None:
    """Public as it is, it is told by the list alone."""
    in_logs = run.public.in_files(sorted(stack.logs.iterdir()))
    assert "factor that was sent" not in set().union(*in_logs.values())
    for machine in MACHINES:
        for history in histories_of(stack, machine):
            assert "factor that was sent" not in run.public.in_bytes(history)
