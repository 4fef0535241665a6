"""Our own endpoint judged by a client that we did not write, and the bus over it for a contract's life."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import requests
import zeep
from zeep.plugins import HistoryPlugin
from zeep.wsse.username import UsernameToken

from aval.adapters.ccee_bus import CceeContractBus
from aval.adapters.ccee_bus_calls import Operation
from aval.cli.main import main
from aval.contracts.bus import (
    AmountQuery,
    AssetQuery,
    ContractQuery,
    FreeAmount,
    Outcome,
    ParcelQuery,
    ParticipantQuery,
    ProcessingCode,
    ProcessingState,
    ProfileQuery,
    RowStatus,
    Submission,
)
from aval.contracts.imports.reception import digest_of
from aval.contracts.model import (
    AmountKind,
    AmountSituation,
    Contract,
    ContractCode,
    ContractSituation,
    Market,
    Period,
    ProfileCode,
    RegulatedContract,
    Side,
)
from aval.contracts.paging import CursorRequest, PageRequest
from aval.contracts.refusals import NothingFound, ProfileForbidden
from aval.edge.soap.services import (
    AMOUNT,
    ASSET,
    CONTRACT,
    IMPORT,
    OUTCOME,
    PARCEL,
    PARTICIPANT,
    PROFILE,
    SERVICES,
    Service,
)
from aval.moments import utc_now
from aval.registry.model import AssetKind
from tests.e2e.conftest import Stack
from tests.support.agents import ANA, AURORA, BOLT, PASSWORD, VENTO, Person
from tests.support.contract_agents import Month
from tests.support.contracts import amount_xml, contract_xml, file_xml
from tests.support.soap_schemas import require_valid
from tests.support.systems import System

SELLER, BUYER, STRANGER, REPRESENTED = (ProfileCode(code) for code in (10030, 10010, 10020, 10040))
FIRST, LAST = Month.ahead(1), Month.ahead(13)
YEAR: Final = Period(FIRST.instant, LAST.instant)
WHOLE: Final = PageRequest(1, 1000)
ROWS, WRONG = 100, {10: "99999", 50: "idSubMerEntrega", 90: "10060"}


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def seller(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, VENTO, SELLER, tmp_path_factory.mktemp("vento"))


@pytest.fixture(scope="module")
def buyer(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, BOLT, BUYER, tmp_path_factory.mktemp("bolt"))


@pytest.fixture(scope="module")
def stranger(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, AURORA, STRANGER, tmp_path_factory.mktemp("aurora"))


@pytest.fixture(scope="module")
def contract(seller: System) -> ContractCode:
    """Registered for a year from next month, and to be validated yet."""
    return registered(seller, file_xml([row()]))[0]


def hours(
    begins: Month, ends: Month, names: tuple[str, str] = ("dataDeInicio", "dataDeFim")
) -> dict[str, str]:
    first, last = begins.instant, ends.instant
    return {"dataDeInicio": f"{first:%d/%m/%Y %H}", "dataDeFim": f"{last:%d/%m/%Y %H}"}


def row(sequence: int = 1, **changes: Any) -> str:
    """SELLER sells to BUYER for a year from next month."""
    told = {"amounts": amount_xml(**hours(FIRST, LAST)), **hours(FIRST, LAST), **changes}
    return contract_xml(sequence, **{"idVendedor": SELLER, "idComprador": BUYER, **told})


def of_contract(code: int, inner: str = "", *, generation: int, **attributes: str) -> str:
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    one = f'<Contrato sequencialControle="1" numeroContrato="{code}"{told}>{inner}</Contrato>'
    return file_xml([one], generation=generation)


def awaited(system: System, bus: CceeContractBus, code: ProcessingCode) -> Outcome:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = bus.outcome(code, WHOLE, system.acting)
        if found.processing.state in (ProcessingState.DONE, ProcessingState.REFUSED, ProcessingState.FAILED):
            return found
        time.sleep(0.2)
    raise AssertionError(f"processing {code} did not end")


def imported(system: System, text: str) -> Outcome:
    bus = system.bus()
    return awaited(system, bus, bus.submit(Submission(system.acting, text), at=utc_now()))


def registered(system: System, text: str) -> list[ContractCode]:
    rows = imported(system, text).results.rows
    assert {one.status for one in rows} == {RowStatus.DONE}, rows
    return [one.contract for one in rows if one.contract is not None]


def read(system: System, code: ContractCode) -> Contract:
    found = system.bus().contract(code, None, None, system.acting)
    assert isinstance(found, Contract)
    return found


# zeep, as anybody has it

Call = tuple[Service, str, Callable[[ContractCode], dict[str, Any]]]
EVER = {"inicio": "2020-01-01T00:00:00", "fim": "2060-01-01T00:00:00"}
CALLS: dict[str, Call] = {
    "participants": (PARTICIPANT, "listarParticipanteMercado", lambda _: {"sigla": ""}),
    "profiles": (PROFILE, "listarPerfilParticipanteMercado", lambda _: {}),
    "assets": (
        ASSET,
        "listarAtivoMedicao",
        lambda _: {"ativoMedicao": {"tipo": {"descricao": "USINA"}, "nome": "A"}},
    ),
    "parcels": (PARCEL, "listarParcelaAtivo", lambda _: {}),
    "free contracts": (CONTRACT, "listarContrato", lambda _: {"periodoReferencia": EVER}),
    "regulated contracts": (
        CONTRACT,
        "listarContrato",
        lambda _: {"ambienteContratacao": {"nome": "REGULADO"}, "periodoReferencia": EVER},
    ),
    "one contract": (CONTRACT, "obterContrato", lambda code: {"contrato": {"id": code}}),
    "amounts": (
        AMOUNT,
        "listarMontanteEnergia",
        lambda code: {
            "contratos": {"contrato": [{"id": code}]},
            "periodoReferencia": EVER,
            "tipos": {"tipoMontanteEnergia": {"nome": "MONTANTE_MEDIO"}},
        },
    ),
}


# zeep has no types.
new_history: Any = HistoryPlugin


def zeep_client(system: System, service: Service, history: Any) -> Any:
    session = requests.Session()
    # Otherwise REQUESTS_CA_BUNDLE, where a machine has it, overrules `verify`.
    session.trust_env = False
    session.cert, session.verify = str(system.pem), str(system.stack.authority)
    make: Any = zeep.Client
    transport: Any = zeep.Transport
    token: Any = UsernameToken
    return make(
        f"{system.stack.described['wsdl_url']}{service.path}?wsdl",
        transport=transport(session=session),
        wsse=token(str(system.company), system.password),
        plugins=[history],
    )


def headers(system: System, *, page: int | None = 1) -> dict[str, Any]:
    told: dict[str, Any] = {"messageHeader": {"codigoPerfilAgente": system.profile, "versao": "2.1"}}
    return told if page is None else {**told, "paginacao": {"numero": page, "quantidadeItens": 100}}


def require_reply(history: Any, service: Service) -> None:
    require_valid(history.last_received["envelope"], "v1" if service in (IMPORT, OUTCOME) else "v2")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_zeep_reads_every_description_and_finds_its_operations(seller: System, service: Service) -> None:
    client = zeep_client(seller, service, new_history())
    [offered] = client.wsdl.services.values()
    [port] = offered.ports.values()
    assert set(port.binding.all()) == set(service.operations)
    assert port.binding_options["address"] == f"{seller.url}{service.path}"


@pytest.mark.parametrize("name", CALLS)
def test_zeep_asks_every_list_and_its_replies_keep_to_their_schemas(
    seller: System, contract: ContractCode, name: str
) -> None:
    service, operation, body = CALLS[name]
    history = new_history()
    client = zeep_client(seller, service, history)
    page = None if operation == "obterContrato" else 1
    reply = client.service[operation](**body(contract), _soapheaders=headers(seller, page=page))
    assert reply.header.messageHeader.versao == "2.1"
    assert page is None or reply.header.paginacao.quantidadeTotalItens >= 1
    require_reply(history, service)


def test_zeep_submits_a_file_and_reads_its_result(seller: System) -> None:
    history = new_history()
    sending, asking = (zeep_client(seller, service, history) for service in (IMPORT, OUTCOME))
    only_header = {"messageHeader": {"codigoPerfilAgente": seller.profile}}
    accepted = sending.service.importarArquivo(file_xml([row()]), _soapheaders=only_header)
    require_reply(history, IMPORT)
    code = accepted.body.codigoProcessamento
    asked = {"codigoProcessamento": code, "tipoProcessamento": "IMPORTACAO_CONTRATOS"}
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        reply = asking.service.obterResultadoProcessamento(asked, _soapheaders=only_header)
        require_reply(history, OUTCOME)
        told = reply.body.resultadoProcessamento
        if told.situacao == "CONCLUIDO":
            break
        time.sleep(0.2)
    [detail] = told.ResultadosProcessamentoImportacaoContrato.detalhe
    assert (detail.status, detail.linha) == ("SUCESSO", 1)


def test_zeep_reads_parcels_and_the_contracts_that_name_them(seller: System) -> None:
    modulated = amount_xml(**hours(FIRST, LAST)).replace(
        '<TipoModulacao tipoModulacao="F"/>',
        '<TipoModulacao tipoModulacao="G"/><AtivoAssociadoModulacao idAtivoAssociadoModulacao="7002"/>',
    )
    [code] = registered(seller, file_xml([row(amounts=modulated)]))
    history = new_history()
    client = zeep_client(seller, PARCEL, history)
    reply = client.service.listarAtivoAssociadoContrato(_soapheaders=headers(seller))
    require_reply(history, PARCEL)
    linked = {parcel.codigo: parcel for parcel in reply.body.parcelasAtivo.parcelaAtivo}
    assert code in [link.id for link in linked[7002].contratosAssociado.contratoAssociado]


def test_zeep_is_told_faults_by_their_code(seller: System) -> None:
    client = zeep_client(seller, CONTRACT, new_history())
    with pytest.raises(zeep.exceptions.Fault) as fault:
        client.service.obterContrato(contrato={"id": 1}, _soapheaders=headers(seller, page=None))
    assert fault.value.code == "Server.3001"
    assert fault.value.detail.findtext(".//{*}errorCode") == "3001"


# The life of a contract


@pytest.fixture(scope="module")
def codes(seller: System) -> list[ContractCode]:
    """Of the rows that were taken; three of the hundred are not, each for its reason."""
    wrong = {
        10: row(10, idComprador=99999),
        50: row(50, idSubMerEntrega=9),
        90: row(90, idVendedor=10060),
    }
    outcome = imported(seller, file_xml(wrong.get(place, row(place)) for place in range(1, ROWS + 1)))
    assert (outcome.processing.total_rows, outcome.processing.failed_rows) == (ROWS, len(WRONG))
    refused = {one.row: one.description for one in outcome.results.rows if one.status is RowStatus.REFUSED}
    assert set(refused) == set(WRONG)
    for place, word in WRONG.items():
        assert word in refused[place]
    return [one.contract for one in outcome.results.rows if one.contract is not None]


def test_a_hundred_rows_become_ninety_seven_contracts(codes: list[ContractCode]) -> None:
    assert len(set(codes)) == ROWS - len(WRONG)


def test_a_contract_lives_from_its_registration_to_its_end(
    seller: System, buyer: System, codes: list[ContractCode]
) -> None:
    code = codes[0]
    assert code in waiting(buyer)
    assert read(buyer, code).situation is ContractSituation.NOT_VALIDATED
    assert validated(buyer, code) is RowStatus.DONE
    assert read(seller, code).situation is ContractSituation.VALIDATED
    assert code not in waiting(buyer)

    second, third = Month.ahead(2), Month.ahead(3)
    adjusted = amount_xml("12.500000", **hours(second, third))
    [one] = imported(seller, of_contract(code, adjusted, generation=16)).results.rows
    assert one.status is RowStatus.DONE, one
    assert [(one.period, one.situation) for one in read(buyer, code).amounts] == [
        (Period(FIRST.instant, second.instant), AmountSituation.VALIDATED),
        (Period(second.instant, third.instant), AmountSituation.ADJUSTED),
        (Period(third.instant, LAST.instant), AmountSituation.VALIDATED),
    ]
    assert code in waiting(buyer)
    assert validated(buyer, code, second) is RowStatus.DONE
    assert code not in waiting(buyer)

    end = FIRST.instant + timedelta(days=14)
    finish = of_contract(code, generation=25, dataFinalizacao=f"{end:%d/%m/%Y %H}")
    [one] = imported(seller, finish).results.rows
    assert one.status is RowStatus.DONE, one
    asked = read(buyer, code)
    assert (asked.situation, asked.closing_asked_by) == (ContractSituation.FINISHING, Side.SELLER)
    [one] = imported(buyer, of_contract(code, generation=25, validarFinalizacao="X")).results.rows
    assert one.status is RowStatus.DONE, one
    ended = read(seller, code)
    assert (ended.situation, ended.closing_at) == (ContractSituation.FINISHED, end)
    assert validated(buyer, code) is not RowStatus.DONE


def waiting(system: System) -> set[ContractCode]:
    """Contracts of which the buyer has amounts to validate."""
    query = ContractQuery(
        Market.FREE, YEAR, frozenset({system.profile}), side=Side.BUYER, only_not_validated=True
    )
    try:
        return {one.code for one in system.bus().contracts(query, WHOLE, system.acting).rows}
    except NothingFound:
        return set()


def validated(system: System, code: ContractCode, begins: Month = FIRST) -> RowStatus:
    moments = frozenset({begins.instant})
    return system.bus().validate(code, moments, system.acting, at=utc_now()).status


def test_the_wrong_party_changes_nothing(seller: System, codes: list[ContractCode]) -> None:
    before = read(seller, codes[1])
    assert validated(seller, codes[1]) is RowStatus.REFUSED
    assert read(seller, codes[1]) == before


def test_a_stranger_finds_nothing(stranger: System, codes: list[ContractCode]) -> None:
    with pytest.raises(NothingFound):
        read(stranger, codes[1])
    query = ContractQuery(Market.FREE, YEAR, frozenset({SELLER}))
    with pytest.raises(ProfileForbidden):
        stranger.bus().contracts(query, WHOLE, stranger.acting)


def test_pages_put_together_are_the_list(seller: System, codes: list[ContractCode]) -> None:
    query, bus = ContractQuery(Market.FREE, YEAR, frozenset({SELLER}), side=Side.SELLER), seller.bus()
    whole = bus.contracts(query, WHOLE, seller.acting)
    assert set(codes) <= {one.code for one in whole.rows}
    found: list[Any] = []
    cursor: str | None = None
    while True:
        part = bus.contracts_from(query, CursorRequest(cursor, 23), seller.acting)
        found, cursor = [*found, *part.rows], part.next_cursor
        if cursor is None:
            break
    assert tuple(found) == whole.rows
    with pytest.raises(NothingFound):
        bus.contracts(query, PageRequest(whole.total + 1, 1), seller.acting)


def test_amounts_and_links_are_told_as_domain_words(seller: System, contract: ContractCode) -> None:
    query = AmountQuery(Market.FREE, AmountKind.AVERAGE, YEAR, frozenset({contract}))
    [found] = seller.bus().amounts(query, WHOLE, seller.acting).rows
    assert isinstance(found, FreeAmount)
    assert (found.contract, found.amount) == (contract, read(seller, contract).amounts[0])


def test_regulated_contracts_are_public(stranger: System) -> None:
    ever = Period(Month.ahead(-240).instant, Month.ahead(360).instant)
    query = ContractQuery(Market.REGULATED, ever, frozenset())
    found = stranger.bus().contracts(query, WHOLE, stranger.acting)
    assert found.rows
    assert {type(one) for one in found.rows} == {RegulatedContract}


def test_the_registry_is_told_as_domain_words(seller: System) -> None:
    bus = seller.bus()
    participants = {one.cnpj: one for one in bus.participants(ParticipantQuery(), WHOLE).rows}
    assert participants[VENTO].legal_name == "VENTO LESTE PARQUES EÓLICOS LTDA."
    profiles = bus.profiles(ProfileQuery(), WHOLE).rows
    assert {one.profile.code: one.profile.participant for one in profiles}[SELLER] == VENTO
    assets = bus.assets(AssetQuery(AssetKind.CARGA, utc_now(), name_part="IRRIGAÇÃO"), WHOLE).rows
    assert [one.name for one in assets] == ["CAMPO CLARO IRRIGAÇÃO"]
    parcels = bus.parcels(ParcelQuery(profiles=frozenset({SELLER})), WHOLE).rows
    assert [one.short_name for one in parcels] == ["VLESTE1"]


# An answer that is lost


@dataclass(slots=True)
class Wire:
    """Passes bytes on both ways; once armed, lets the server's next answer fall and hangs up."""

    port: int
    is_armed: threading.Event = field(default_factory=threading.Event)
    cuts: int = 0

    def carry(self, client: socket.socket, upstream: socket.socket) -> None:
        with client, upstream:
            back = threading.Thread(target=self._back, args=(upstream, client), daemon=True)
            back.start()
            with suppress(OSError):
                while data := client.recv(65_536):
                    upstream.sendall(data)
            with suppress(OSError):
                upstream.shutdown(socket.SHUT_WR)
            back.join()

    def _back(self, upstream: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := upstream.recv(65_536):
                if self.is_armed.is_set():
                    self.is_armed.clear()
                    self.cuts += 1
                    break
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(listening.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    upstream = socket.create_connection(("127.0.0.1", port))
                    threading.Thread(target=wire.carry, args=(client, upstream), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield wire
        listening.shutdown(socket.SHUT_RDWR)


def test_a_submission_whose_answer_was_cut_is_found_and_was_sent_once(
    seller: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(seller.url.rpartition(":")[2])
    text = file_xml([row(referencia="CORTE")])
    with wire_to(port) as wire:
        bus = seller.bus(url=f"https://localhost:{wire.port}")
        sending = bus.caller.ask

        def arming(operation: Operation, body: Any, **told: Any) -> Any:
            if operation is Operation.IMPORT_FILE:
                wire.is_armed.set()
            return sending(operation, body, **told)

        monkeypatch.setattr(bus.caller, "ask", arming)
        before = submissions(seller)
        code = bus.submit(Submission(seller.acting, text), at=utc_now())
        assert (wire.cuts, submissions(seller) - before) == (1, 1)
        [one] = awaited(seller, bus, code).results.rows
    assert one.status is RowStatus.DONE
    assert seller.bus().latest_submission(digest_of(text), seller.acting) == code


def submissions(system: System) -> int:
    """How many messages the importing function has answered."""
    log = system.stack.logs / "aval-soap-import-file.log"
    return log.read_text().count('"request answered"') if log.exists() else 0


# The command


@pytest.fixture
def command(seller: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("AVAL_SENHA", PASSWORD)
    access = ["--ambiente", seller.url, "--cnpj", seller.company.masked, "--perfil", str(seller.profile)]
    access += ["--certificado", str(seller.pem), "--autoridades", str(seller.stack.authority)]
    return lambda name, *arguments: main(["contrato", name, *access, *arguments])


def test_the_command_sends_a_file_finds_it_again_and_lists_its_contract(
    command: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "contratos.xml"
    file.write_text(file_xml([row(1, referencia="COMANDO"), row(2, idComprador=99999)]))
    assert command("importar", str(file)) == 1
    told = capsys.readouterr()
    assert told.out.startswith("ERRO    linha 2 (sequencialControle 2): ")
    assert told.out.endswith("; 1 SUCESSO, 1 ERRO\n")
    code = told.err.split()[3]
    assert command("resultado", "--arquivo", str(file)) == 1
    assert f"processamento {code}: CONCLUIDO" in capsys.readouterr().out
    period = ("--inicio", f"{FIRST.instant:%Y-%m-%d}", "--fim", f"{LAST.instant:%Y-%m-%d}")
    assert command("listar", *period, "--papel", "VENDEDOR") == 0
    assert "NAO_VALIDADO" in capsys.readouterr().out


def test_the_command_is_told_why_nobody_lets_it_in(
    command: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AVAL_SENHA", "40281953")
    assert command("resultado", "1") == 2
    assert "confira certificado, CNPJ, senha e perfil" in capsys.readouterr().err
