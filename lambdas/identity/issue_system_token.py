"""A ten-minute token for a system that shows its certificate, its CNPJ and its password."""

from functools import cache
from uuid import uuid4

from aval.adapters import aws
from aval.adapters.kms_token_signer import KmsTokenSigner
from aval.adapters.system_access import system_access
from aval.edge import http
from aval.edge.caller import require_client_certificate
from aval.edge.identity_messages import SystemToken, TokenRequest
from aval.identity.issuing import SystemTokens
from aval.moments import utc_now
from aval.settings import Settings, Variable

app = http.api()


@cache
def _tokens() -> SystemTokens:
    settings = Settings.from_env()
    return SystemTokens(
        access=system_access(settings),
        signer=KmsTokenSigner(aws.kms(), settings[Variable.TOKEN_KEY_ID]),
        new_id=lambda: str(uuid4()),
    )


@app.post("/sistema/token", summary="Token de dez minutos para um sistema", tags=["Sessão"])
def issue_system_token(request: TokenRequest) -> SystemToken:
    thumbprint = require_client_certificate(app.current_event.raw_event)
    return SystemToken.of(_tokens().issue(request.cnpj, request.password, thumbprint, at=utc_now()))


handler = http.entrypoint(app)
