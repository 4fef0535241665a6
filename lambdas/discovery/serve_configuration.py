"""What a client must know before it can log in: nothing here is secret."""

from aval.edge import http
from aval.edge.discovery_messages import Configuration
from aval.settings import Settings, Variable

app = http.api()


@app.get("/configuracao", summary="Como entrar: endereços e identificadores públicos", tags=["Descoberta"])
def serve_configuration() -> Configuration:
    settings = Settings.from_env()
    return Configuration(
        environment=settings[Variable.ENVIRONMENT],
        user_pool_endpoint=settings[Variable.COGNITO_ENDPOINT],
        user_pool_client=settings[Variable.USER_POOL_CLIENT_ID],
        user_pool_issuer=settings[Variable.USER_POOL_ISSUER],
    )


handler = http.entrypoint(app)
