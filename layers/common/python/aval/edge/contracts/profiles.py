"""Messages of the profiles through which a caller sees contracts, and acts."""

from typing import Self

from pydantic import Field

from aval.contracts.paging import Stretch
from aval.contracts.standing import OpenProfile
from aval.edge.contracts.messages import NextCursor
from aval.edge.message import Message
from aval.registry.model import Participant


class ProfileOwner(Message):
    """A empresa a que um perfil pertence."""

    code: int = Field(alias="codigo", description="Código do participante", examples=[1001])
    cnpj: str = Field(description="Sem máscara", examples=["33047509000149"])
    sigla: str = Field(description="Sigla", examples=["BOLT OPERACOES"])
    legal_name: str = Field(alias="nomeEmpresarial", description="Razão social")

    @classmethod
    def of(cls, owner: Participant) -> Self:
        return cls(code=owner.code, cnpj=owner.cnpj, sigla=owner.sigla, legal_name=owner.legal_name)


class ContractProfile(Message):
    """Um perfil cujos contratos quem consulta vê."""

    code: int = Field(alias="codigo", description="O `perfil` dos pedidos de contratos", examples=[10010])
    sigla: str = Field(description="Sigla", examples=["BOLT OPERACOES"])
    owner: ProfileOwner = Field(alias="participanteMercado", description="De quem é o perfil")
    may_act: bool = Field(
        alias="podeAgir",
        description="Se quem consulta pode, agora, registrar, ajustar, validar e encerrar por ele",
    )

    @classmethod
    def of(cls, row: OpenProfile) -> Self:
        return cls(
            code=row.code, sigla=row.profile.sigla, owner=ProfileOwner.of(row.owner), may_act=row.may_act
        )


class ContractProfilePage(Message):
    """Os perfis próprios e os representados de quem consulta, por código."""

    profiles: list[ContractProfile] = Field(alias="perfis", description="Por código")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[OpenProfile]) -> Self:
        return cls(profiles=[ContractProfile.of(row) for row in found.rows], next_cursor=found.next_cursor)
