"""What a client must know before it can log in: nothing here is secret."""

from aval.edge import http
from aval.edge.platform_messages import Configuration
from aval.settings import Settings, Variable

app = http.api()


@app.get("/configuracao", summary="Como entrar: endereços e identificadores públicos", tags=["Plataforma"])
def serve_configuration() -> Configuration:
    settings = Settings.from_env()
    return Configuration(
        ambiente=settings[Variable.ENVIRONMENT],
        cognitoEndereco=settings[Variable.COGNITO_ENDPOINT],
        cognitoCliente=settings[Variable.USER_POOL_CLIENT_ID],
        cognitoEmissor=settings[Variable.USER_POOL_ISSUER],
    )


handler = http.entrypoint(app)
