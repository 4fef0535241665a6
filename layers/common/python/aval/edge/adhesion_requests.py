"""Adhesion's requests from HTTP's words to the domain's, and what HTTP wants of the answers."""

import re
from collections.abc import Sequence
from typing import Any, Final

from aval.adhesion.password import Password
from aval.adhesion.request import ChangeRequest, request_id
from aval.edge.adhesion_messages import Change
from aval.errors import Fault, FaultsFound
from aval.identifiers import Cnpj, Fingerprint, IdentifierInvalid, parse_fingerprint
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
_ENTITY_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_ANY: Final = "*"


def change_request(
    cnpj: str, change: Change, *, caller: Caller, key: str | None, if_match: str | None
) -> ChangeRequest:
    return ChangeRequest(
        company=Cnpj.parse(cnpj),
        password=Password.of(change.password) if change.password else None,
        additions=change.files(),
        deletions=fingerprints(change.deletions),
        expected_versions=expected_versions(if_match),
        request_id=request_id(requester=caller.subject, key=key) if key else None,
    )


def fingerprints(texts: Sequence[str]) -> frozenset[Fingerprint]:
    """Raise `FaultsFound` for every text that is no fingerprint."""
    faults, found = [], set()
    for index, text in enumerate(texts):
        try:
            found.add(parse_fingerprint(text))
        except IdentifierInvalid as error:
            faults.append(Fault("excluir", error.detail, f"#/excluir/{index}"))
    if faults:
        raise FaultsFound("há impressões digitais malformadas em excluir", faults)
    return frozenset(found)


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
