"""Messages of sessions and system tokens."""

from typing import Final, Literal, Self

from pydantic import Field

from aval.edge.message import Message, Request
from aval.edge.wire_identifiers import CnpjInBody
from aval.identity import session
from aval.identity.caller import CallerKind
from aval.identity.tokens import SYSTEM_TOKEN_LIFETIME

ACCESS_REQUESTED: Final = (
    "Se este e-mail é de uma pessoa cadastrada, enviamos a ele como entrar: uma senha temporária no primeiro "
    "acesso, ou um código para escolher outra senha. A mensagem pode levar alguns minutos."
)


class CompanyRoles(Message):
    """Uma empresa, os papéis que o registro dá a quem chama, e o que eles deixam fazer."""

    cnpj: str
    short_name: str = Field(alias="sigla")
    legal_name: str = Field(alias="razaoSocial")
    roles: list[str] = Field(
        alias="papeis", description="Vazio onde só se responde pelo monitoramento, e para um sistema"
    )
    abilities: list[session.Ability] = Field(
        alias="pode",
        description="ADESAO_VER, ADESAO_ALTERAR, CONTRATOS_VER, CONTRATOS_AGIR, PRUDENCIAL; PRUDENCIAL "
        "alcança também as empresas que esta representa ou controla",
        examples=[["ADESAO_VER", "CONTRATOS_VER"]],
    )

    @classmethod
    def of(cls, standing: session.CompanyStanding) -> Self:
        return cls(
            cnpj=standing.company.cnpj,
            short_name=standing.company.sigla,
            legal_name=standing.company.legal_name,
            roles=sorted(role.value for role in standing.roles),
            abilities=sorted(standing.abilities),
        )


class Session(Message):
    """Quem está chamando."""

    kind: Literal["PESSOA", "SISTEMA"] = Field(alias="tipo")
    name: str | None = Field(alias="nome")
    cnpj: str | None
    thumbprint: str | None = Field(alias="impressaoDigital")
    companies: list[CompanyRoles] = Field(alias="empresas", description="Por sigla; a de um sistema é a sua")

    @classmethod
    def of(cls, read: session.Session) -> Self:
        return cls(
            kind="PESSOA" if read.kind is CallerKind.PERSON else "SISTEMA",
            name=read.name,
            cnpj=read.company,
            thumbprint=read.thumbprint,
            companies=[CompanyRoles.of(one) for one in read.companies],
        )


class TokenRequest(Request):
    """O usuário é o CNPJ; a senha é a definida na adesão."""

    cnpj: CnpjInBody
    password: str = Field(alias="senha", min_length=1, max_length=256, repr=False)


class SystemToken(Message):
    """Nomes da RFC 6749, seção 5.1."""

    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"]
    expires_in: int = Field(examples=[600])

    @classmethod
    def of(cls, token: str) -> Self:
        return cls(
            access_token=token,
            token_type="Bearer",  # noqa: S106 - the kind of token, not one
            expires_in=int(SYSTEM_TOKEN_LIFETIME.total_seconds()),
        )


class AccessRequest(Request):
    """De quem é o acesso a criar ou redefinir."""

    email: str = Field(
        min_length=3,
        max_length=254,
        # No more than a mail needs: whether anybody has it is not told.
        pattern=r"^[!-?A-~]+@[!-?A-~]+$",
        repr=False,
        description="O e-mail que o cadastro da empresa tem",
        examples=["ana@demo.aval.example"],
    )


class AccessRequested(Message):
    """A mesma resposta para qualquer e-mail."""

    message: str = Field(alias="mensagem", examples=[ACCESS_REQUESTED])

    @classmethod
    def told(cls) -> Self:
        return cls(message=ACCESS_REQUESTED)
