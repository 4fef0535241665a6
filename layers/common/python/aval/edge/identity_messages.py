"""Messages of sessions and system tokens."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from aval.identity import session
from aval.identity.caller import CallerKind


class CompanyRoles(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cnpj: str
    sigla: str
    razaoSocial: str
    papeis: list[str]


class Session(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tipo: Literal["PESSOA", "SISTEMA"]
    nome: str | None = None
    cnpj: str | None = None
    impressaoDigital: str | None = None
    empresas: list[CompanyRoles]

    @classmethod
    def of(cls, read: session.Session) -> Self:
        return cls(
            tipo="PESSOA" if read.kind is CallerKind.PERSON else "SISTEMA",
            nome=read.name,
            cnpj=read.company,
            impressaoDigital=read.thumbprint,
            empresas=[
                CompanyRoles(
                    cnpj=company.cnpj,
                    sigla=company.sigla,
                    razaoSocial=company.legal_name,
                    papeis=sorted(role.value for role in roles),
                )
                for company, roles in read.companies
            ],
        )


class TokenRequest(BaseModel):
    """O usuário é o CNPJ; a senha é a definida na adesão."""

    model_config = ConfigDict(extra="forbid")

    cnpj: str = Field(min_length=14, max_length=18, examples=["33.047.509/0001-49"])
    senha: str = Field(min_length=1, max_length=64, repr=False)


class SystemToken(BaseModel):
    """Campos com os nomes da RFC 6749, seção 5.1."""

    model_config = ConfigDict(extra="forbid")

    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
