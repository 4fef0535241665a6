"""Our own SOAP services judged by a client that we did not write: zeep, as anybody has it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import zeep
from zeep.plugins import HistoryPlugin
from zeep.wsse.username import UsernameToken

from aval.contracts.model import (
    ContractCode,
)
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
from tests.support.agents import ANA, VENTO, Person
from tests.support.bus_files import FIRST, LAST, SELLER, hours, registered, row
from tests.support.contracts import amount_xml, file_xml
from tests.support.soap_schemas import require_valid
from tests.support.stack import Stack
from tests.support.systems import System


@pytest.fixture(scope="module")
def ana(stack: Stack) -> Person:
    return Person.logged_in(stack, ANA)


@pytest.fixture(scope="module")
def seller(stack: Stack, ana: Person, tmp_path_factory: pytest.TempPathFactory) -> System:
    return System.enrolled(stack, ana, VENTO, SELLER, tmp_path_factory.mktemp("vento"))


@pytest.fixture(scope="module")
def contract(seller: System) -> ContractCode:
    """Registered for a year from next month, and to be validated yet."""
    return registered(seller, file_xml([row()]))[0]


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
