"""Operations of the eight services: zeep writes what our WSDLs say, faults are told by their code."""

import logging
import re
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from typing import Any, Final

import zeep
from botocore.exceptions import BotoCoreError, ClientError
from lxml import etree

from aval.adapters.ccee.access import Access, AccessUnusable, Environment, tls_context
from aval.adapters.ccee.replies import Element, ReplyUnreadable, parsed
from aval.adapters.ccee.transport import (
    Answer,
    AnswerLost,
    Deadline,
    OneShotTransport,
    Patience,
    hush,
)
from aval.contracts.model import ProfileCode
from aval.contracts.paging import PageRequest
from aval.contracts.refusals import NothingFound, ParametersInvalid, ProfileForbidden, ProviderFailed
from aval.errors import DomainError

_WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_HEADERS: Final = "http://xmlns.energia.org.br/MH/v{version}"
# The formatter of the function's log, and with it the transaction id, hang on the logger of this name.
_log: Final = logging.getLogger("aval")
Renewal = Callable[[], Access]
# A new certificate or password works within minutes, without a deployment.
RENEWED_SECONDS: Final = 300.0
_MOST_TOLD: Final = 500
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")


class Service(Enum):
    """Path below the environment's address, and version of the namespaces."""

    IMPORT = ("ws/cntr/ImportarArquivoBSv1", 1)
    RESULT = ("ws/cntr/ResultadoProcessamentoBSv1", 1)
    CONTRACT = ("ws/v2/ContratoBSv2", 2)
    AMOUNT = ("ws/v2/MontanteEnergiaBSv2", 2)
    PARCEL = ("ws/v2/ParcelaAtivoBSv2", 2)
    ASSET = ("ws/v2/AtivoMedicaoBSv2", 2)
    PARTICIPANT = ("ws/v2/ParticipanteMercadoBSv2", 2)
    PROFILE = ("ws/v2/PerfilParticipanteMercadoBSv2", 2)

    @property
    def path(self) -> str:
        return self.value[0]

    @property
    def version(self) -> int:
        return self.value[1]

    @property
    def wsdl(self) -> str:
        """Our own file: what a server offers for download is never followed."""
        name = f"{self.path.rpartition('/')[2]}.wsdl"
        return str(files("aval").joinpath("edge", "soap", "wsdl", name))


class Operation(Enum):
    """A service and the SOAPAction, which is the operation's bare name."""

    IMPORT_FILE = (Service.IMPORT, "importarArquivo")
    READ_OUTCOME = (Service.RESULT, "obterResultadoProcessamento")
    LIST_CONTRACTS = (Service.CONTRACT, "listarContrato")
    READ_CONTRACT = (Service.CONTRACT, "obterContrato")
    LIST_AMOUNTS = (Service.AMOUNT, "listarMontanteEnergia")
    LIST_PARCELS = (Service.PARCEL, "listarParcelaAtivo")
    LIST_LINKED_PARCELS = (Service.PARCEL, "listarAtivoAssociadoContrato")
    LIST_ASSETS = (Service.ASSET, "listarAtivoMedicao")
    LIST_PARTICIPANTS = (Service.PARTICIPANT, "listarParticipanteMercado")
    LIST_PROFILES = (Service.PROFILE, "listarPerfilParticipanteMercado")

    @property
    def service(self) -> Service:
        return self.value[0]

    @property
    def action(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Reply:
    """The first element of the body, and what the header says of pages, where it says it."""

    body: Element
    paging: Element | None


class Caller:
    """One company's calls to one environment; a service's messages are learnt when it is first needed."""

    def __init__(
        self, environment: Environment, access: Access, patience: Patience, renewal: Renewal | None = None
    ) -> None:
        hush()
        self.environment = environment
        self._patience = patience
        self._renewal = renewal
        self._take(access)

    def one_call(self) -> AbstractContextManager[Deadline]:
        """All messages within share one deadline; before them an access that is old is asked for again."""
        if self._renewal is not None and time.monotonic() - self._taken > RENEWED_SECONDS:
            self._renew(self._renewal)
        return self._transport.one_call()

    def _take(self, access: Access) -> None:
        self._transport = OneShotTransport(tls_context(access), self._patience)
        self._proxies: dict[Service, Any] = {}
        self.access = access
        self._taken = time.monotonic()

    def _renew(self, renewal: Renewal) -> None:
        """An access that cannot be had or used just now leaves the one that there is."""
        self._taken = time.monotonic()
        try:
            access = renewal()
            if access != self.access:
                self._take(access)
        except (AccessUnusable, ClientError, BotoCoreError) as failure:
            _log.error("access to other bus not renewed", extra={"error_type": type(failure).__name__})

    def ask(
        self,
        operation: Operation,
        body: Mapping[str, Any],
        *,
        profile: ProfileCode | None = None,
        page: PageRequest | None = None,
        about: Collection[ProfileCode] = (),
    ) -> Reply:
        """Send one message as `profile`, or as the access's own, and read what comes back.

        `about` are profiles that the message names: with another than the access's own among them, it is they
        to whom access may be denied.

        Raises `NotSent`, `AnswerLost` when it is not known what became of it, and the bus's refusals.
        """
        acting = self.access.profile if profile is None else profile
        headers = self._headers(operation.service.version, acting, page)
        try:
            answer: Answer = self._proxy(operation.service)[operation.action](**body, _soapheaders=headers)
        except ValueError as failure:
            # lxml refuses what no XML can carry (XML 1.0, section 2.2).
            raise ParametersInvalid("o texto tem caracteres que um XML não pode conter") from failure
        return self._read(answer, operation, is_own={acting, *about} == {self.access.profile})

    def _read(self, answer: Answer, operation: Operation, *, is_own: bool) -> Reply:
        try:
            envelope = parsed(answer.content)
            body = envelope.require("Body")
            fault = body.find("Fault")
            if fault is None and answer.status == 200:
                header = envelope.find("Header", "paginacao")
                return Reply(body.content(), header)
        except ReplyUnreadable as failure:
            _log.error("other bus unreadable", extra={"operation": operation.action, "status": answer.status})
            raise _without_envelope(answer.status) from failure
        code = "" if fault is None else _code(fault)
        transaction = "" if fault is None else _told(fault.anywhere("transactionId"))
        _log.warning(
            "other bus refused",
            extra={"operation": operation.action, "fault_code": code, "other_transaction": transaction},
        )
        raise _refusal(code, "" if fault is None else _told(fault.anywhere("message")), is_own=is_own)

    def _proxy(self, service: Service) -> Any:
        """zeep's proxy of a service at this environment's address, whatever address its WSDL names."""
        if service not in self._proxies:
            # Annotated: zeep has no types.
            make_client: Any = zeep.Client
            settings = zeep.Settings(raw_response=True)
            client = make_client(service.wsdl, transport=self._transport, settings=settings)
            [offered] = client.wsdl.services.values()
            [port] = offered.ports.values()
            address = f"{self.environment.url}/{service.path}"
            self._proxies[service] = client.create_service(port.binding.name, address)
        return self._proxies[service]

    def _headers(self, version: int, profile: ProfileCode, page: PageRequest | None) -> list[etree._Element]:
        """In the order that the chamber's samples have; zeep would put Security last."""
        space = _HEADERS.format(version=version)
        message = etree.Element(f"{{{space}}}messageHeader", nsmap={"mh": space})
        etree.SubElement(message, f"{{{space}}}codigoPerfilAgente").text = str(profile)
        security = etree.Element(f"{{{_WSSE}}}Security", nsmap={"wsse": _WSSE})
        token = etree.SubElement(security, f"{{{_WSSE}}}UsernameToken")
        etree.SubElement(token, f"{{{_WSSE}}}Username").text = str(self.access.company)
        etree.SubElement(token, f"{{{_WSSE}}}Password").text = self.access.password
        if page is None:
            return [message, security]
        paging = etree.Element(f"{{{space}}}paginacao", nsmap={"mh": space})
        etree.SubElement(paging, f"{{{space}}}numero").text = str(page.number)
        etree.SubElement(paging, f"{{{space}}}quantidadeItens").text = str(page.size)
        return [message, security, paging]


def _code(fault: Element) -> str:
    """errorCode, or the number at the end of faultcode; never a word of the texts."""
    return fault.anywhere("errorCode") or fault.text("faultcode").rpartition(".")[2]


def _told(text: str) -> str:
    return _CONTROLS.sub(" ", text)[:_MOST_TOLD]


def _refusal(code: str, message: str, *, is_own: bool) -> DomainError:
    match code:
        case "2001" if is_own:
            # With the access's own profile it is the access itself that is refused.
            return AccessDenied(
                "o barramento consultado negou o acesso (2001): confira certificado, CNPJ, senha e perfil"
            )
        case "2001":
            return ProfileForbidden(
                "o barramento consultado não autoriza agir ou consultar por este perfil de agente (2001)"
            )
        case "3006":
            return ParametersInvalid(message or "o barramento consultado recusou os parâmetros (3006)")
        case "3001":
            return NothingFound("o barramento consultado nada encontrou para esta consulta (3001)")
        case _:
            return ProviderFault("o barramento consultado falhou; tente de novo em instantes")


def _without_envelope(status: int) -> DomainError:
    """What a gateway on the way answered: below 500 the message was turned away before any service saw it."""
    if status == 413:
        return ParametersInvalid("a mensagem é grande demais para o barramento consultado; divida o arquivo")
    if 300 <= status < 500:
        return ProviderFailed(
            f"o barramento consultado não está neste endereço ou recusou o pedido ({status})"
        )
    return AnswerLost("o barramento consultado não respondeu como combinado; tente de novo em instantes")


class ProviderFault(AnswerLost):
    """The other bus says that it failed: before it took the message, or after."""


class AccessDenied(ProviderFailed):
    """The other bus does not take certificate, company, password or profile of the access itself."""
