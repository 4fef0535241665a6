import pytest
from lxml import etree

from aval.adapters.authority_sources import SourceUnreadable
from aval.adapters.ccee.access import AccessUnusable
from aval.adhesion import refusals as adhesion
from aval.cli.outcome import CommandFailed
from aval.contracts import refusals as contracts
from aval.contracts.imports.documents import FileUnreadable
from aval.edge import requests
from aval.edge.soap.faults import FAULTS, UNEXPECTED, ActionUnknown, fault_of, kind_of, unexpected_fault
from aval.errors import DomainError
from aval.identity.tokens import TokenRefused
from tests.support.refusals import every_refusal
from tests.support.soap import SPACES
from tests.support.soap_schemas import WSDL

# Told by problem documents, or in the result of an import: no SOAP handler reaches what raises them.
NOT_SEEN_BY_SOAP = {
    adhesion.CompanyUnknown,
    adhesion.CertificateUnknown,
    adhesion.ChangeForbidden,
    adhesion.VersionMismatch,
    adhesion.IdempotencyKeyReused,
    adhesion.ChangeContended,
    requests.RouteUnknown,
    requests.BodyTooLarge,
    requests.ActRefused,
    FileUnreadable,
    SourceUnreadable,
    # The secret of the other bus cannot be used: a failure of the deployment, told without its text.
    AccessUnusable,
    TokenRefused,
    CommandFailed,
}

# Certificates are judged when they are registered, and prudential monitoring has no SOAP service.
NEVER_ASKED = ("aval.certificates", "aval.attestation", "aval.sealing", "aval.prudential")


def test_every_refusal_that_a_service_may_see_has_a_fault_and_no_other() -> None:
    without = {kind for kind in every_refusal() if not FAULTS.keys() & set(kind.__mro__)}
    assert {kind for kind in without if not kind.__module__.startswith(NEVER_ASKED)} == NOT_SEEN_BY_SOAP


def test_a_refusal_that_was_never_meant_to_be_told_is_told_without_its_text() -> None:
    text = fault_of(adhesion.VersionMismatch("segredo"), uri="/x", transaction_id="id")
    assert kind_of(adhesion.VersionMismatch("segredo")) is UNEXPECTED
    assert text == fault_of(requests.RouteUnknown("outro"), uri="/x", transaction_id="id")
    assert "segredo" not in text
    assert text == unexpected_fault(uri="/x", transaction_id="id")


def test_a_fault_is_whole() -> None:
    text = fault_of(contracts.ParametersInvalid("id <x> & y"), uri="/ws/v2/ContratoBSv2", transaction_id="id")
    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        "<soapenv:Fault><faultcode>Server.3006</faultcode><faultstring>Parâmetros Invalidos</faultstring>"
        "<faultactor>/ws/v2/ContratoBSv2</faultactor><detail>"
        '<fm:invalidParametersFault xmlns:fm="http://xmlns.energia.org.br/FM/v2"><fm:errorCode>3006</fm:errorCode>'
        "<fm:message>id &lt;x&gt; &amp; y</fm:message><fm:uri>/ws/v2/ContratoBSv2</fm:uri>"
        "<fm:transactionId>id</fm:transactionId></fm:invalidParametersFault></detail></soapenv:Fault>"
        "</soapenv:Body></soapenv:Envelope>"
    )


@pytest.mark.parametrize("kind", sorted({*FAULTS.values(), UNEXPECTED}, key=repr))
def test_details_of_every_kind_validate(kind: object) -> None:
    schema = etree.XMLSchema(etree.parse(WSDL / "FM-v2.xsd"))
    raised = next((error for error, row in FAULTS.items() if row == kind), None)
    text = unexpected_fault(uri="/x", transaction_id="id") if raised is None else _told(raised)
    [detail] = etree.fromstring(text.encode()).findall(".//detail/*", SPACES)
    schema.assertValid(etree.fromstring(etree.tostring(detail)))


def _told(raised: type[DomainError]) -> str:
    error = raised.__new__(raised)
    error.detail = "uma frase"
    return fault_of(error, uri="/x", transaction_id="id")


def test_a_wrong_entry_and_a_foreign_profile_are_told_in_ccees_own_words() -> None:
    assert "URI de entrada inválida" in fault_of(ActionUnknown("x"), uri="/x", transaction_id="id")
    refused = fault_of(contracts.ProfileForbidden("o perfil 7"), uri="/x", transaction_id="id")
    assert "Rejected: Usuario nao esta autorizado a usar o codigoPerfilAgente." in refused
    assert "perfil 7" not in refused
