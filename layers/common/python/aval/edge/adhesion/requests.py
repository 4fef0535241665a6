"""Adhesion's requests from HTTP's words to the domain's, and what HTTP wants of the answers."""

import re
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from aval.adhesion.change import Changed
from aval.adhesion.password import Password
from aval.adhesion.request import ChangeRequest, request_id
from aval.edge.adhesion.messages import Change, ChangedCompany
from aval.edge.logs import logger
from aval.identifiers import Cnpj
from aval.identity.caller import Caller

IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "alias": "Idempotency-Key",
    "min_length": 1,
    "max_length": 255,
    "description": "Chave única desta solicitação: repetida com ela, não é aplicada de novo",
}
IF_MATCH: Final[dict[str, Any]] = {
    "alias": "If-Match",
    "max_length": 255,
    "description": "O ETag da leitura em que a solicitação se baseia; se o cadastro mudou, responde 412",
}
COMPANIES: Final[dict[int, OpenAPIResponse]] = {
    200: {
        "description": "Uma página das empresas",
        "links": {
            "empresa": {
                "operationId": "read_company",
                "parameters": {"cnpj": "$response.body#/empresas/0/cnpj"},
            }
        },
    }
}
COMPANY: Final[dict[int, OpenAPIResponse]] = {
    200: {
        "description": "A empresa, com a versão de seu cadastro",
        "headers": {
            "ETag": {
                "description": "A versão do cadastro, para o If-Match da próxima alteração",
                "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
            }
        },
        "links": {
            "historico": {
                "operationId": "read_history",
                "parameters": {"cnpj": "$response.body#/cnpj"},
            },
            "certificado": {
                "operationId": "download_certificate",
                "parameters": {
                    "cnpj": "$response.body#/cnpj",
                    "impressaoDigital": "$response.body#/certificados/0/impressaoDigital",
                },
            },
        },
    }
}
_ENTITY_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_ANY: Final = "*"


def change_request(
    cnpj: Cnpj, change: Change, *, caller: Caller, key: str | None, if_match: str | None
) -> ChangeRequest:
    return ChangeRequest(
        company=cnpj,
        password=Password.of(change.password) if change.password else None,
        additions=change.files(),
        deletions=frozenset(change.deletions),
        expected_versions=expected_versions(if_match),
        request_id=request_id(requester=caller.subject, key=key) if key else None,
    )


def entity_tag(version: int) -> str:
    return f'"{version}"'


def expected_versions(if_match: str | None) -> frozenset[int] | None:
    """The versions that `If-Match` names; None when it asks for nothing.

    A weak tag counts like a strong one: ours change with every change of the company
    (RFC 9110, section 13.1.1). Tags that are not ours match no version.
    """
    if if_match is None or if_match.strip() == _ANY:
        return None
    return frozenset(int(version) for version in _ENTITY_TAG.findall(if_match))


def changed_answer(changed: Changed) -> Response[ChangedCompany]:
    if not changed.announced:
        logger.error("events not published")
    return Response(
        200,
        "application/json",
        ChangedCompany.of(changed.access, at=changed.at),
        headers={"ETag": entity_tag(changed.access.adhesion.version)},
    )
