"""What OpenAPI is told of the contracts' answers beside their messages: links from one to the next."""

from typing import Any, Final

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse


def _by_contract(pointer: str, *operations: str) -> dict[str, Any]:
    return {
        operation: {"operationId": operation, "parameters": {"id": f"$response.body#/{pointer}"}}
        for operation in operations
    }


CONTRACTS: Final[dict[int, OpenAPIResponse]] = {
    200: {
        "description": "Uma página dos contratos",
        "links": _by_contract("contratos/0/id", "read_contract"),
    }
}
CONTRACT: Final[dict[int, OpenAPIResponse]] = {
    200: {
        "description": "O contrato",
        "links": _by_contract("id", "list_amounts", "list_linked_parcels", "read_contract_history"),
    }
}
IMPORTS: Final[dict[int, OpenAPIResponse]] = {
    200: {
        "description": "Uma página das importações",
        "links": {
            "resultado": {
                "operationId": "read_import",
                "parameters": {"codigo": "$response.body#/importacoes/0/codigoProcessamento"},
            }
        },
    }
}
IMPORT_ACCEPTED: Final[dict[int, OpenAPIResponse]] = {
    202: {
        "description": "Aceita: o resultado de cada linha vem em seguida",
        "links": {
            "resultado": {
                "operationId": "read_import",
                "parameters": {"codigo": "$response.body#/codigoProcessamento"},
            }
        },
    }
}
