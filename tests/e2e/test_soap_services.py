"""The SOAP services as CCEE's clients call them: lists, an import, pages and faults, over real mutual TLS."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from lxml import etree

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
from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO
from tests.support.agents import ANA, BOLT, ELISA, VENTO, Person
from tests.support.soap import Answered, envelope, message_header, paging, security
from tests.support.soap_agents import System, first, texts
from tests.support.stack import Stack

CAMPO_CLARO = Cnpj("58290417000116")
SELLER, BUYER, STRANGER = 10030, 10050, 10020
# BOLT operates for MOINHO.
MOINHOS = 10040
MEGABYTE = 1024 * 1024
ALWAYS = (
    "<m:periodoReferencia><o:inicio>2020-01-01T00:00:00</o:inicio>"
    "<o:fim>2045-01-01T00:00:00</o:fim></m:periodoReferencia>"
)
REGULATED = "<m:ambienteContratacao><o:nome>REGULADO</o:nome></m:ambienteContratacao>"


def amounts_request(kind: str, contracts: list[int], more: str = "") -> str:
    named = "".join(f"<o:contrato><o:id>{code}</o:id></o:contrato>" for code in contracts)
    return (
        f"<m:listarMontanteEnergiaRequest><m:contratos>{named}</m:contratos>{ALWAYS}<m:tipos>"
        f"<o:tipoMontanteEnergia><o:nome>{kind}</o:nome></o:tipoMontanteEnergia></m:tipos>{more}"
        "</m:listarMontanteEnergiaRequest>"
    )


def assets_request(kind: str) -> str:
    return (
        f"<m:listarAtivoMedicaoRequest><m:ativoMedicao><o:tipo><o:descricao>{kind}</o:descricao></o:tipo>"
        "</m:ativoMedicao></m:listarAtivoMedicaoRequest>"
    )


PARTICIPANTS = (
    "<m:listarParticipanteMercadoRequest><m:participantesMercado><o:participanteMercado>"
    "<!-- <o:codigo>1234</o:codigo> --></o:participanteMercado><o:participanteMercado/>"
    "</m:participantesMercado><m:identificacoes><o:identificacao> </o:identificacao></m:identificacoes>"
    "<m:sigla> </m:sigla><m:classe><!-- nada --></m:classe><m:periodoReferencia/>"
    "</m:listarParticipanteMercadoRequest>"
)
LISTS = [
    (PARTICIPANT, "", PARTICIPANTS),
    (PROFILE, "", "<m:listarPerfilParticipanteMercadoRequest/>"),
    (ASSET, "", assets_request("CARGA")),
    (ASSET, "", assets_request("USINA")),
    (PARCEL, "listarParcelaAtivo", "<m:listarParcelaAtivoRequest/>"),
    (CONTRACT, "listarContrato", f"<m:listarContratoRequest>{REGULATED}{ALWAYS}</m:listarContratoRequest>"),
]


@pytest.fixture(scope="module")
def seller(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> System:
    folder = tmp_path_factory.mktemp("seller")
    return System.enrolled(stack, Person.logged_in(stack, ANA), VENTO, SELLER, folder)


@pytest.fixture(scope="module")
def buyer(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> System:
    folder = tmp_path_factory.mktemp("buyer")
    return System.enrolled(stack, Person.logged_in(stack, ELISA), CAMPO_CLARO, BUYER, folder)


def month(offset: int) -> tuple[datetime, datetime]:
    """The first hour of the month so many after this one, and of the one after it."""
    now = datetime.now(SAO_PAULO)
    begins = datetime(now.year + (now.month - 1 + offset) // 12, (now.month - 1 + offset) % 12 + 1, 1)  # noqa: DTZ001
    return begins, (begins + timedelta(days=32)).replace(day=1)


def file_of(*parcels: int, rows: int = 1) -> str:
    """Sells this month by the hour clocks of São Paulo, with an accent, declared as such files are."""
    begins, ends = month(0)
    last = ends - timedelta(hours=1)
    period = f'dataDeInicio="{begins:%d/%m/%Y %H}" dataDeFim="{last:%d/%m/%Y %H}"'
    modulation = '<TipoModulacao tipoModulacao="F"/>'
    if parcels:
        linked = "".join(
            f'<AtivoAssociadoModulacao idAtivoAssociadoModulacao="{parcel}"/>' for parcel in parcels
        )
        modulation = f'<TipoModulacao tipoModulacao="C"/>{linked}'
    contracts = "".join(
        f'<Contrato sequencialControle="{row}" tipoGravacao="C" {period} idComprador="{BUYER}" '
        f'idVendedor="{SELLER}" idSubMerEntrega="1" referencia="São João {row}"><MontanteMedio {period}>'
        f'<MontanteMedioContratoCCEALFirme montanteMedio="10.000000"/>{modulation}</MontanteMedio></Contrato>'
        for row in range(1, rows + 1)
    )
    return (
        f'<?xml version="1.0" encoding="ISO-8859-1"?><ContratosCCEAL tipoGeracao="4" tipoCCEAL="1">'
        f"{contracts}</ContratosCCEAL>"
    )


def test_descriptions_are_read_without_a_certificate_and_nothing_else_is(stack: Stack) -> None:
    address = stack.described["wsdl_url"]
    for service in SERVICES:
        answer = stack.request("GET", f"{address}{service.path}?wsdl")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
        assert f'location="{stack.systems_url}{service.path}"' in answer.body.decode()
        schema = stack.request("GET", f"{address}{service.path}?xsd=FM-v2")
        assert etree.fromstring(schema.body).get("targetNamespace") == "http://xmlns.energia.org.br/FM/v2"
    for method, path in (
        ("POST", f"{CONTRACT.path}?wsdl"),
        ("GET", "/sessao"),
        ("GET", CONTRACT.path),
        ("GET", f"{CONTRACT.path}?xsd=nada"),
    ):
        body = b"<a/>" if method == "POST" else None
        assert stack.request(method, f"{address}{path}", body=body).status == 404


def test_descriptions_are_also_read_at_the_services_own_door(seller: System) -> None:
    url = f"{seller.stack.systems_url}{CONTRACT.path}?wsdl"
    assert b"listarContrato" in seller.stack.request("GET", url, context=seller.context).body


@pytest.mark.parametrize(("service", "action", "body"), LISTS, ids=lambda one: str(one)[:30])
def test_every_public_list_answers_and_its_pages_are_the_whole(
    seller: System, service: Service, action: str, body: str
) -> None:
    whole = seller.ask(service, body, paging(1, 1000), action=action)
    total = int(whole.values(".//mh:quantidadeTotalItens")[0])
    assert total >= 1
    size = Random(total).randrange(1, total + 1)
    pages = -(-total // size)
    parts = [seller.ask(service, body, paging(number, size), action=action) for number in range(1, pages + 1)]
    assert [row for part in parts for row in rows_of(part)] == rows_of(whole)
    assert {part.values(".//mh:totalPaginas")[0] for part in parts} == {str(pages)}
    past = seller.ask(service, body, paging(pages + 1, size), action=action)
    assert (past.status, past.fault[0]) == (500, "3001")


def rows_of(answer: Answered) -> list[bytes]:
    [listed] = answer.tree.findall(".//{http://schemas.xmlsoap.org/soap/envelope/}Body/*/*")
    return [etree.tostring(row, method="c14n") for row in listed]


def test_regulated_amounts_are_public(seller: System) -> None:
    contracts = seller.ask(
        CONTRACT, f"<m:listarContratoRequest>{REGULATED}{ALWAYS}</m:listarContratoRequest>"
    )
    codes = [int(code) for code in contracts.values(".//bo:contrato/bo:id")]
    listed = [
        answer
        for kind in ("ANUAL", "MENSAL")
        if (answer := seller.ask(AMOUNT, amounts_request(f"MONTANTE_ENERGIA_{kind}", codes))).status == 200
    ]
    assert listed
    assert {unit for answer in listed for unit in answer.values(".//bo:unidade")} == {"MWH"}


def test_a_contract_is_registered_found_and_seen_by_its_parties_alone(seller: System, buyer: System) -> None:
    ended = seller.outcome(seller.submit(file_of()))
    assert texts(ended, "status") == ["SUCESSO"]
    code = int(first(ended, "codigo"))
    one = f"<m:obterContratoRequest><m:contrato><o:id>{code}</o:id></m:contrato></m:obterContratoRequest>"
    for party in (seller, buyer):
        found = party.ask(CONTRACT, one, action="obterContrato")
        assert found.values(".//bm:contrato/bo:referencia") == ["São João 1"]
        assert found.values(".//bm:contrato/bo:vendedor/bo:perfil/bo:id") == [str(SELLER)]
        begins, _ = month(0)
        assert found.values(".//bo:periodoVigencia/bo:inicio") == [f"{begins:%Y-%m-%dT%H:%M:%S}-03:00"]
    amounts = buyer.ask(AMOUNT, amounts_request("MONTANTE_MEDIO", [code]))
    assert amounts.values(".//bo:situacao/bo:id") == ["10783"]
    assert amounts.values(".//bo:situacao/bo:nome") == ["INSERIDO_NAO_VALIDADO"]
    stranger = seller.ask(CONTRACT, one, action="obterContrato", profile=STRANGER)
    assert stranger.fault[0] == "2001"
    waiting = (
        f"<m:listarContratoRequest>{ALWAYS}<m:papel>COMPRADOR</m:papel>"
        "<m:listarMontantesNaoValidados>Sim</m:listarMontantesNaoValidados></m:listarContratoRequest>"
    )
    # Other tests may have left thousands that wait; the newest stands on the last page.
    (pages,) = map(int, buyer.ask(CONTRACT, waiting, paging(1, 1000)).values(".//mh:totalPaginas"))
    assert str(code) in buyer.ask(CONTRACT, waiting, paging(pages, 1000)).values(".//bo:contrato/bo:id")
    foreign = buyer.ask(OUTCOME, outcome_request(seller.submit(file_of())))
    assert foreign.fault[0] == "3001"


def outcome_request(code: int) -> str:
    return (
        "<m:obterResultadoProcessamentoRequest><m:processamento>"
        f"<o:codigoProcessamento>{code}</o:codigoProcessamento></m:processamento>"
        "</m:obterResultadoProcessamentoRequest>"
    )


def test_a_file_without_a_contract_says_so_in_its_result(seller: System) -> None:
    ended = seller.outcome(seller.submit("<Outros/>"))
    assert first(ended, "situacao") == "RECUSADO"
    assert texts(ended, "status") == ["ERRO"]


def test_results_come_by_pages_when_they_are_asked_by_pages(seller: System) -> None:
    code = seller.submit(file_of(rows=5))
    page = seller.outcome(code, paging(2, 2))
    assert texts(page, "linha") == ["3", "4"]
    assert (first(page, "totalPaginas"), first(page, "quantidadeTotalItens")) == ("3", "5")
    assert texts(seller.outcome(code), "linha") == ["1", "2", "3", "4", "5"]


def test_other_prefixes_and_another_order_of_headers_change_nothing(seller: System) -> None:
    body = "<m:listarPerfilParticipanteMercadoRequest/>"
    headers = (paging(1, 2), security(VENTO, "73918264"), "<x xmlns='urn:x'/>", message_header(SELLER, ""))
    text = envelope(body, *headers, dialect=PROFILE.dialect)
    named = (
        text.replace("<s:", "<SOAP-ENV:")
        .replace("</s:", "</SOAP-ENV:")
        .replace("xmlns:s=", "xmlns:SOAP-ENV=")
    )
    answer = seller.post(PROFILE, named, '"listarPerfilParticipanteMercado"')
    assert answer.values(".//mh:paginacao/mh:quantidadeItens") == ["2"]
    assert answer.values(".//mh:versao") == []


FAULTS: list[tuple[Service, str, str, str]] = [
    (CONTRACT, "<m:listarContratoRequest/>", "3006", "periodoReferencia/inicio"),
    (
        CONTRACT,
        f"<m:listarContratoRequest>{ALWAYS}<m:outro>1</m:outro></m:listarContratoRequest>",
        "3006",
        "outro",
    ),
    (CONTRACT, "<m:outroRequest/>", "2001", "URI de entrada inválida"),
    (IMPORT, "<m:importarArquivo><m:arquivo> </m:arquivo></m:importarArquivo>", "3006", "arquivo"),
    (OUTCOME, outcome_request(999_999_999), "3001", ""),
    (ASSET, "<m:listarAtivoMedicaoRequest><m:ativoMedicao/></m:listarAtivoMedicaoRequest>", "4001", "filtro"),
]


@pytest.mark.parametrize(("service", "body", "code", "sentence"), FAULTS, ids=lambda one: str(one)[:30])
def test_faults_say_what_is_wrong(
    seller: System, service: Service, body: str, code: str, sentence: str
) -> None:
    answer = seller.ask(service, body)
    assert (answer.status, answer.fault[0]) == (500, code)
    assert sentence in answer.fault[1]
    assert answer.values(".//faultcode") == [f"Server.{code}"]
    assert answer.values(".//fm:uri") == [service.path]
    assert answer.values(".//fm:transactionId") == [answer.headers["X-Transacao"]]


def test_a_represented_profile_is_as_good_as_an_own_one_and_others_are_rejected(
    stack: Stack, seller: System, tmp_path: Path
) -> None:
    body = "<m:listarPerfilParticipanteMercadoRequest/>"
    bolt = System.enrolled(stack, Person.logged_in(stack, ANA), BOLT, 10010, tmp_path)
    for profile in (10011, MOINHOS):
        assert bolt.ask(PROFILE, body, profile=profile).status == 200
    rejected = ("2001", "Rejected: Usuario nao esta autorizado a usar o codigoPerfilAgente.")
    assert seller.ask(PROFILE, body, profile=STRANGER).fault == rejected
    assert seller.ask(PROFILE, body, profile=424_242).fault == rejected


def test_a_message_over_4_mb_is_our_fault_and_one_over_10_the_gateways(seller: System) -> None:
    large = b"<a>" + b"x" * (4 * MEGABYTE + 100 * 1024) + b"</a>"
    ours = seller.post(IMPORT, large, "importarArquivo")
    assert (ours.status, ours.fault[0], "4 MB" in ours.fault[1]) == (500, "3006", True)
    assert seller.post(IMPORT, b"x" * (10 * MEGABYTE + 1), "importarArquivo").status == 413
