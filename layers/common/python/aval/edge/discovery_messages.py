"""What a client discovers before it logs in."""

from pydantic import Field

from aval.edge.message import Message


class Configuration(Message):
    """O que um cliente precisa saber antes de entrar; nada aqui é segredo."""

    environment: str = Field(alias="ambiente")
    user_pool_endpoint: str = Field(alias="cognitoEndereco")
    user_pool_client: str = Field(alias="cognitoCliente")
    user_pool_issuer: str = Field(alias="cognitoEmissor")
