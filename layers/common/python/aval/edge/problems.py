"""RFC 9457 problem documents: one table from refusals to statuses, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aval.adhesion.refusals import (
    AccessRefused,
    CertificateUnknown,
    ChangeContended,
    ChangeForbidden,
    CompanyUnknown,
    IdempotencyKeyReused,
    VersionMismatch,
)
from aval.contracts import refusals as contracts
from aval.edge import requests
from aval.errors import DomainError, Fault, FaultsFound
from aval.identifiers import IdentifierInvalid
from aval.identity.tokens import TokenRefused
from aval.prudential import refusals as prudential
from aval.prudential.tasks import TaskUnknown
from aval.sealing.refusals import SealRefused

MEDIA_TYPE: Final = "application/problem+json"
_TYPE_PREFIX: Final = "urn:aval:problema:"
MOST_FAULTS: Final = 200
"""Of one document: a few bytes of a request may be wrong in more ways than an answer carries."""


@dataclass(frozen=True, slots=True)
class Kind:
    status: HTTPStatus
    slug: str
    title: str
    retry_after_seconds: int | None = None


KINDS: Final[Mapping[type[DomainError], Kind]] = {
    requests.RouteUnknown: Kind(HTTPStatus.NOT_FOUND, "rota-inexistente", "Rota inexistente"),
    requests.BodyTooLarge: Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "corpo-grande", "Corpo grande demais"),
    requests.BodyUnreadable: Kind(HTTPStatus.BAD_REQUEST, "corpo-ilegivel", "Corpo ilegível"),
    requests.MediaTypeUnsupported: Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "tipo-de-conteudo", "Tipo de conteúdo não aceito"
    ),
    requests.ClientCertificateMissing: Kind(
        HTTPStatus.FORBIDDEN, "certificado-ausente", "Certificado de cliente ausente"
    ),
    requests.ActRefused: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "ato-recusado", "Ato recusado"),
    FaultsFound: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "pedido-recusado", "Pedido recusado"),
    IdentifierInvalid: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "identificador-invalido", "Identificador inválido"
    ),
    CompanyUnknown: Kind(HTTPStatus.NOT_FOUND, "empresa-desconhecida", "Empresa desconhecida"),
    CertificateUnknown: Kind(HTTPStatus.NOT_FOUND, "certificado-desconhecido", "Certificado desconhecido"),
    ChangeForbidden: Kind(HTTPStatus.FORBIDDEN, "alteracao-proibida", "Alteração não permitida"),
    VersionMismatch: Kind(HTTPStatus.PRECONDITION_FAILED, "versao-antiga", "O cadastro mudou"),
    IdempotencyKeyReused: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "chave-reutilizada", "Idempotency-Key reutilizada"
    ),
    ChangeContended: Kind(HTTPStatus.CONFLICT, "alteracao-concorrente", "Alterações concorrentes"),
    AccessRefused: Kind(HTTPStatus.UNAUTHORIZED, "acesso-recusado", "Acesso recusado"),
    contracts.ParametersInvalid: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "parametros-invalidos", "Parâmetros inválidos"
    ),
    contracts.NothingFound: Kind(HTTPStatus.NOT_FOUND, "nada-encontrado", "Nada encontrado"),
    contracts.ProfileForbidden: Kind(
        HTTPStatus.FORBIDDEN, "perfil-nao-autorizado", "Perfil de agente não autorizado"
    ),
    contracts.ProviderFailed: Kind(
        HTTPStatus.BAD_GATEWAY, "provedor-indisponivel", "O barramento consultado não respondeu"
    ),
    contracts.CursorUnreadable: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "cursor-ilegivel", "Cursor ilegível"),
    contracts.SubmissionUncertain: Kind(HTTPStatus.BAD_GATEWAY, "envio-incerto", "Envio incerto"),
    SealRefused: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "selo-recusado", "Objeto selado recusado"),
    prudential.CompanyForbidden: Kind(
        HTTPStatus.FORBIDDEN, "empresa-nao-autorizada", "Empresa não autorizada"
    ),
    prudential.KeyUnavailable: Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "enclave-indisponivel",
        "O enclave não respondeu",
        retry_after_seconds=5,
    ),
    prudential.MeasurementsMissing: Kind(HTTPStatus.NOT_FOUND, "sem-medidas", "Sem medidas publicadas"),
    prudential.WeekUnknown: Kind(HTTPStatus.NOT_FOUND, "evento-desconhecido", "Evento desconhecido"),
    prudential.WeekContended: Kind(HTTPStatus.CONFLICT, "parametros-concorrentes", "Parâmetros concorrentes"),
    prudential.WeekNotOpen: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "evento-nao-aberto", "Evento não aberto"),
    prudential.DeadlinePassed: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "prazo-encerrado", "Prazo encerrado"),
    prudential.AgentNotEligible: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "agente-nao-elegivel", "Agente não elegível"
    ),
    prudential.ActOutOfPlace: Kind(HTTPStatus.CONFLICT, "ato-fora-de-ordem", "Ato fora de ordem"),
    prudential.ActDeclined: Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, "ato-do-enclave", "O enclave recusou o ato"
    ),
    prudential.ActFailed: Kind(HTTPStatus.SERVICE_UNAVAILABLE, "ato-nao-feito", "O enclave não fez o ato"),
    prudential.ReaderListContended: Kind(
        HTTPStatus.CONFLICT, "leitores-concorrentes", "Listas de leitores concorrentes"
    ),
    prudential.NothingToRead: Kind(HTTPStatus.NOT_FOUND, "nada-a-ler", "Nada a ler"),
    prudential.LoteUnknown: Kind(HTTPStatus.NOT_FOUND, "lote-desconhecido", "Lote desconhecido"),
    prudential.LinkContended: Kind(HTTPStatus.CONFLICT, "endereco-concorrente", "Endereços concorrentes"),
    prudential.NotPublished: Kind(HTTPStatus.NOT_FOUND, "nao-publicado", "Ainda não publicado"),
    TaskUnknown: Kind(HTTPStatus.NOT_FOUND, "tarefa-desconhecida", "Tarefa desconhecida"),
    TokenRefused: Kind(HTTPStatus.UNAUTHORIZED, "token-recusado", "Token recusado"),
}
UNEXPECTED: Final = Kind(HTTPStatus.INTERNAL_SERVER_ERROR, "falha-interna", "Falha interna")


def kind_of(error: DomainError) -> Kind:
    """The row of the nearest ancestor; a refusal without one was never meant to be told over HTTP."""
    return next((KINDS[ancestor] for ancestor in type(error).__mro__ if ancestor in KINDS), UNEXPECTED)


def problem_document(error: DomainError, *, transaction_id: str) -> dict[str, object]:
    kind = kind_of(error)
    if kind is UNEXPECTED:
        return unexpected_document(transaction_id=transaction_id)
    faults = error.faults if isinstance(error, FaultsFound) else ()
    told = faults[:MOST_FAULTS]
    more = f"; são {len(faults)} faltas, e estas as primeiras {len(told)}" if len(told) < len(faults) else ""
    document = _document(kind, error.detail + more, transaction_id)
    if told:
        document["errors"] = [_fault(fault) for fault in told]
    # RFC 9457, section 3.2: extension members stand beside those of every problem, never in their place.
    return document | {name: value for name, value in error.members.items() if name not in document}


def unexpected_document(*, transaction_id: str) -> dict[str, object]:
    detail = "Tente de novo em instantes; se persistir, informe o número da transação ao atendimento."
    return _document(UNEXPECTED, detail, transaction_id)


def _document(kind: Kind, detail: str, transaction_id: str) -> dict[str, object]:
    return {
        "type": _TYPE_PREFIX + kind.slug,
        "title": kind.title,
        "status": kind.status.value,
        "detail": detail,
        "transacao": transaction_id,
    }


def _fault(fault: Fault) -> dict[str, str]:
    rendered = {"rule": fault.rule, "detail": fault.detail}
    return {**rendered, "pointer": fault.pointer} if fault.pointer else rendered
