"""The acts of a week from HTTP's words to the domain's, and their answers back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from aval.edge.prudential.act_messages import ActTold
from aval.identifiers import Cnpj, EventCode
from aval.identity.caller import Caller
from aval.prudential.submitting import OF_WEEK, Request, sender_of
from aval.prudential.tasks import TaskAct
from aval.prudential.week_acts import ActDone
from aval.sealing.statements import Act

AGENT: Final = "/prudencial/semanas/<evento>/agentes/<cnpj>"
TAGS: Final = ["Monitoramento prudencial"]
_DONE: Final[dict[int, OpenAPIResponse]] = {
    200: {"description": "Feito: a resposta é dos leitores dos dados"},
    202: {
        "description": "Aceito, e ainda em andamento: o resultado se pergunta pela tarefa",
        "links": {
            "resultado": {"operationId": "read_task", "parameters": {"tarefa": "$response.body#/tarefa"}},
        },
    },
}
RECEIPT: Final[dict[int, Any]] = {
    200: {
        "description": "O recibo do envio que vale, JWS na forma compacta",
        "content": {"application/jose": {"schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True, slots=True)
class ActRoute:
    act: TaskAct
    method: str
    word: str
    summary: str

    @property
    def described(self) -> dict[str, Any]:
        """What Powertools is told of the route."""
        return {
            "rule": f"{AGENT}/{self.word}",
            "method": self.method,
            "summary": self.summary,
            "tags": TAGS,
            "responses": _DONE,
            "operation_id": f"submit_{self.word}",
        }


_ROUTES: Final = (
    ActRoute(TaskAct.PORTFOLIO, "PUT", "portfolio", "Entregar o portfólio de um agente, selado"),
    ActRoute(TaskAct.COUNTERPARTIES, "PUT", "contrapartes", "Entregar as contrapartes de um agente, seladas"),
    ActRoute(TaskAct.COMPUTE, "POST", "calculo", "Calcular o fator com os parâmetros em vigor"),
    ActRoute(TaskAct.APPROVE, "POST", "validacao", "Validar o cálculo"),
    ActRoute(TaskAct.CANCEL, "POST", "cancelamento", "Cancelar o cálculo"),
    ActRoute(TaskAct.RELEASE, "POST", "envio", "Enviar o fator validado, com o número"),
    ActRoute(TaskAct.READ_BACK, "POST", "leitura", "Ler o que foi entregue, selado aos leitores"),
    ActRoute(TaskAct.SIMULATE, "POST", "simulacao", "Simular mudanças, sem guardar nada"),
)
SEALED: Final = tuple(route for route in _ROUTES if not isinstance(OF_WEEK[route.act], Act))
SIGNED: Final = tuple(route for route in _ROUTES if isinstance(OF_WEEK[route.act], Act))
_STATUSES: Final[Mapping[bool, int]] = {True: 200, False: 202}


def act_asked(act: TaskAct, event: str, company: Cnpj, body: str, caller: Caller) -> Request:
    """Raise `SealRefused` for a body that does not say who it is from."""
    carried = body.encode()
    return Request(
        act=act,
        event=EventCode.parse(event),
        company=company,
        sender=sender_of(act, company, carried),
        body=carried,
        received_from=f"{caller.kind}:{caller.subject}",
    )


def act_answer(done: ActDone) -> Response[ActTold]:
    return Response(_STATUSES[done.task.outcome is not None], "application/json", ActTold.of(done))
