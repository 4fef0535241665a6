"""SOAP faults: one table from refusals to CCEE's codes, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aval.adhesion.refusals import AccessRefused
from aval.contracts import refusals as contracts
from aval.edge import requests
from aval.edge.soap.documents import DocumentRefused
from aval.edge.soap.envelope import EnvelopeRefused
from aval.edge.soap.namespaces import FAULTS as FAULTS_NAMESPACE
from aval.edge.soap.namespaces import SOAP
from aval.edge.soap.registry_queries import AssetFilterMissing
from aval.edge.soap.security import CredentialsRefused
from aval.edge.soap.writing import escaped
from aval.errors import DomainError, FaultsFound
from aval.identifiers import IdentifierInvalid


class ActionUnknown(DomainError):
    """The SOAPAction names no operation of this service, or the request is not that operation's."""


class ReplyTooLarge(DomainError):
    """The page that was asked for is more than one answer may carry."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`message`, where there is one, stands for the refusal's own sentence."""

    code: int
    element: str
    title: str
    message: str = ""


_DENIED: Final = Kind(2001, "securityFault", "Acesso Negado")
_INVALID: Final = Kind(3006, "invalidParametersFault", "Parâmetros Invalidos")
_NOTHING: Final = Kind(3001, "noDataFoundFault", "Nenhum dado encontrado")
_TECHNICAL: Final = Kind(4001, "unexpectedTechnicalFault", "Falha no provedor da informação")
UNEXPECTED: Final = Kind(
    4001,
    "unexpectedTechnicalFault",
    "Falha no provedor da informação",
    "Tente de novo em instantes; se persistir, informe o número da transação ao atendimento.",
)

FAULTS: Final[Mapping[type[DomainError], Kind]] = {
    DocumentRefused: _INVALID,
    EnvelopeRefused: _INVALID,
    requests.BodyUnreadable: _INVALID,
    requests.MediaTypeUnsupported: _INVALID,
    CredentialsRefused: _DENIED,
    requests.ClientCertificateMissing: _DENIED,
    AccessRefused: _DENIED,
    ActionUnknown: Kind(2001, "securityFault", "Acesso Negado", "URI de entrada inválida"),
    contracts.ProfileForbidden: Kind(
        2001,
        "securityFault",
        "Acesso Negado",
        "Rejected: Usuario nao esta autorizado a usar o codigoPerfilAgente.",
    ),
    contracts.ParametersInvalid: _INVALID,
    contracts.CursorUnreadable: _INVALID,
    IdentifierInvalid: _INVALID,
    FaultsFound: _INVALID,
    ReplyTooLarge: _INVALID,
    contracts.NothingFound: _NOTHING,
    contracts.ProviderFailed: _TECHNICAL,
    contracts.SubmissionUncertain: _TECHNICAL,
    AssetFilterMissing: _TECHNICAL,
}


def kind_of(error: DomainError) -> Kind:
    """The row of the nearest ancestor; a refusal without one was never meant to be told over SOAP."""
    return next((FAULTS[ancestor] for ancestor in type(error).__mro__ if ancestor in FAULTS), UNEXPECTED)


def fault_of(error: DomainError, *, uri: str, transaction_id: str) -> str:
    kind = kind_of(error)
    return _fault(kind, kind.message or error.detail, uri, transaction_id)


def unexpected_fault(*, uri: str, transaction_id: str) -> str:
    return _fault(UNEXPECTED, UNEXPECTED.message, uri, transaction_id)


def _fault(kind: Kind, message: str, uri: str, transaction_id: str) -> str:
    place = escaped(uri)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>Server.{kind.code}</faultcode><faultstring>{kind.title}</faultstring>"
        f"<faultactor>{place}</faultactor><detail>"
        f'<fm:{kind.element} xmlns:fm="{FAULTS_NAMESPACE}"><fm:errorCode>{kind.code}</fm:errorCode>'
        f"<fm:message>{escaped(message)}</fm:message><fm:uri>{place}</fm:uri>"
        f"<fm:transactionId>{transaction_id}</fm:transactionId></fm:{kind.element}>"
        f"</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
