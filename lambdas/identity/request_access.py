"""A first access, or a new password, asked for by e-mail: the answer never tells whose it is."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import aws
from aval.adapters.sqs_access_requests import SqsAccessRequests
from aval.edge import http
from aval.edge.identity_messages import AccessRequest, AccessRequested
from aval.settings import Settings, Variable

app = http.api()


@cache
def _requests() -> SqsAccessRequests:
    return SqsAccessRequests(aws.sqs(), Settings.from_env()[Variable.ACCESS_QUEUE_URL])


@app.post(
    "/acessos",
    summary="Criar ou redefinir o acesso de uma pessoa",
    tags=["Sessão"],
    responses={202: {"description": "Recebido; se o cadastro conhece o e-mail, uma mensagem vai para ele"}},
)
def request_access(request: AccessRequest) -> Response[AccessRequested]:
    _requests().put(request.email)
    return Response(202, "application/json", AccessRequested.told())


handler = http.entrypoint(app)
