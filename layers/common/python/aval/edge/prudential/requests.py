"""The confidential core's requests from HTTP's words to the domain's: who asks, for whom, and what."""

from datetime import datetime
from typing import Any, Final

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from aval.edge.prudential.messages import RehearsalRequest
from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller, CallerKind
from aval.prudential.coverage import Coverage
from aval.prudential.refusals import CompanyForbidden
from aval.prudential.standing import Standing
from aval.prudential.submitting import OF_WEEK, Request
from aval.prudential.tasks import Task, TaskUnknown

ACCEPTED: Final[dict[int, OpenAPIResponse]] = {
    202: {
        "description": "Aceito: o enclave responde em seguida",
        "links": {
            "resultado": {"operationId": "read_task", "parameters": {"tarefa": "$response.body#/id"}},
        },
    }
}
MEASUREMENTS: Final[dict[int, Any]] = {
    200: {
        "description": "Uma linha por medida, assinada e encadeada à anterior",
        "content": {"application/jsonl": {"schema": {"type": "string"}}},
    }
}


def require_standing(standing: Standing, caller: Caller, company: Cnpj, *, at: datetime) -> None:
    """Raise `CompanyForbidden` unless the caller acts for `company`."""
    if caller.kind is CallerKind.SYSTEM:
        standing.require_system(caller.company, company)
    else:
        standing.require_person(caller.person, company, at=at)


def require_own_task(
    standing: Standing, coverage: Coverage, caller: Caller, task: Task, *, at: datetime
) -> None:
    """Raise `TaskUnknown` for somebody else's task: that there is one is not the caller's to learn.

    A week's task is told to whoever covers its agent, a rehearsal to who acts for the company itself.
    """
    try:
        if task.act in OF_WEEK:
            coverage.require(caller, task.company, at=at)
        else:
            require_standing(standing, caller, task.company, at=at)
    except CompanyForbidden as foreign:
        raise TaskUnknown("nenhuma tarefa com este código é visível para você") from foreign


def request_of(rehearsal: RehearsalRequest, caller: Caller) -> Request:
    return Request(
        act=rehearsal.act,
        event=EventCode.parse(rehearsal.event),
        company=rehearsal.company,
        # A rehearsal is a company's own.
        sender=rehearsal.company,
        body=rehearsal.body.encode(),
        received_from=f"{caller.kind}:{caller.subject}",
    )
