"""Messages of the platform itself."""

from pydantic import BaseModel, ConfigDict


class Configuration(BaseModel):
    """O que um cliente precisa saber antes de entrar; nada aqui é segredo."""

    model_config = ConfigDict(extra="forbid")

    ambiente: str
    cognitoEndereco: str
    cognitoCliente: str
    cognitoEmissor: str
