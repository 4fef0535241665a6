"""The registry's public lists, in the words of the SOAP replies; days stay days."""

from datetime import date
from typing import Self

from pydantic import Field

from aval.contracts.bus import ListedProfile
from aval.contracts.paging import Stretch
from aval.edge.contracts.fields import AmountTold, plain
from aval.edge.contracts.messages import IdName, NextCursor
from aval.edge.message import Message
from aval.registry import model
from aval.registry.model import AssetKind


class CodeDescription(Message):
    """Um código das tabelas da CCEE e seu texto."""

    code: int = Field(alias="codigo", description="Código", examples=[2])
    description: str = Field(alias="descricao", description="Texto da tabela", examples=["Comercializador"])

    @classmethod
    def of(cls, told: model.Situation | model.ParticipantClass) -> Self:
        if isinstance(told, model.ParticipantClass):
            return cls(code=told.value, description=told.description)
        return cls(code=told.code, description=told.description)


class Validity(Message):
    """Dias em São Paulo, ambos incluídos; sem `fim`, ainda vale."""

    begins: date = Field(alias="inicio", description="Primeiro dia", examples=["2019-05-01"])
    ends: date | None = Field(alias="fim", description="Último dia; nulo se não tem fim")

    @classmethod
    def of(cls, validity: model.Validity) -> Self:
        return cls(begins=validity.begins, ends=validity.ends)


class Owner(Message):
    """O participante a que um perfil pertence."""

    code: int = Field(alias="codigo", description="Código do participante", examples=[1001])
    cnpj: str = Field(description="Sem máscara", examples=["33047509000149"])


class RegistryCode(Message):
    """Um código que outra lista do cadastro conhece."""

    code: int = Field(alias="codigo", description="Código", examples=[10010])


class MarketParticipant(Message):
    """Um participante do mercado."""

    code: int = Field(alias="codigo", description="Código", examples=[1001])
    cnpj: str = Field(description="Sem máscara", examples=["33047509000149"])
    sigla: str = Field(description="Sigla", examples=["BOLT OPERACOES"])
    legal_name: str = Field(alias="nomeEmpresarial", description="Razão social")
    participant_class: CodeDescription = Field(alias="classe", description="Classe do agente")
    situation: CodeDescription = Field(alias="situacao", description="Situação na CCEE")
    validity: Validity = Field(alias="periodoVigencia", description="Desde quando, e até quando")

    @classmethod
    def of(cls, row: model.Participant) -> Self:
        return cls(
            code=row.code,
            cnpj=row.cnpj,
            sigla=row.sigla,
            legal_name=row.legal_name,
            participant_class=CodeDescription.of(row.participant_class),
            situation=CodeDescription.of(row.situation),
            validity=Validity.of(row.validity),
        )


class AgentProfile(Message):
    """Um perfil de agente: é por perfis que se contrata."""

    code: int = Field(alias="codigo", description="Código, o do codigoPerfilAgente", examples=[10010])
    sigla: str = Field(description="Sigla", examples=["BOLT OPERACOES"])
    owner: Owner = Field(alias="participanteMercado", description="De quem é o perfil")
    participant_class: CodeDescription = Field(alias="classe", description="Classe do agente")
    situation: CodeDescription = Field(alias="situacao", description="Situação na CCEE")
    validity: Validity = Field(alias="periodoVigencia", description="Desde quando, e até quando")
    submarket: IdName = Field(alias="submercado", description="Submercado")
    is_main: bool = Field(alias="perfilPrincipal", description="Se é o principal do participante")
    is_retailer: bool = Field(alias="comercializadorVarejista", description="Se comercializa no varejo")
    has_quotas: bool = Field(alias="regimeCotas", description="Se está no regime de cotas")

    @classmethod
    def of(cls, row: ListedProfile) -> Self:
        profile = row.profile
        return cls(
            code=profile.code,
            sigla=profile.sigla,
            owner=Owner(code=row.participant_code, cnpj=profile.participant),
            participant_class=CodeDescription.of(profile.participant_class),
            situation=CodeDescription.of(profile.situation),
            validity=Validity.of(profile.validity),
            submarket=IdName.of_submarket(profile.submarket),
            is_main=profile.is_main,
            is_retailer=profile.is_retailer,
            has_quotas=profile.has_quotas,
        )


class MeasuredAsset(Message):
    """Um ativo de medição: uma carga ou uma usina."""

    code: int = Field(alias="codigo", description="Código", examples=[5001])
    name: str = Field(alias="nome", description="Nome", examples=["UHE AURORA"])
    kind: AssetKind = Field(alias="tipo", description="CARGA ou USINA")
    submarket: IdName = Field(alias="submercado", description="Submercado")
    status: CodeDescription = Field(description="Situação na CCEE")
    validity: Validity = Field(alias="vigencia", description="Desde quando, e até quando")

    @classmethod
    def of(cls, row: model.Asset) -> Self:
        return cls(
            code=row.code,
            name=row.name,
            kind=row.kind,
            submarket=IdName.of_submarket(row.submarket),
            status=CodeDescription.of(row.situation),
            validity=Validity.of(row.validity),
        )


class AssetParcel(Message):
    """A parte de um ativo que é de um perfil."""

    code: int = Field(alias="codigo", description="Código", examples=[7001])
    profile: RegistryCode = Field(alias="perfil", description="De quem é a parcela")
    asset: RegistryCode = Field(alias="ativoMedicao", description="De que ativo ela é parte")
    cnpj: str = Field(description="Do estabelecimento, sem máscara", examples=["33047509000149"])
    name: str = Field(alias="nome", description="Nome", examples=["UHE AURORA"])
    short_name: str = Field(alias="nomeReduzido", description="Nome reduzido", examples=["AURORA"])
    submarket: IdName = Field(alias="submercado", description="Submercado")
    capacity_mw: AmountTold = Field(alias="capacidadeTotal", description="Em MW", examples=["120"])
    guarantee_mwm: AmountTold | None = Field(
        alias="garantiaFisica", description="Em MW médios; nula se não tem", examples=["64.5"]
    )
    status: CodeDescription = Field(description="Situação na CCEE")
    validity: Validity = Field(alias="vigencia", description="Desde quando, e até quando")

    @classmethod
    def of(cls, row: model.Parcel) -> Self:
        guarantee = row.physical_guarantee_mwm
        return cls(
            code=row.code,
            profile=RegistryCode(code=row.profile),
            asset=RegistryCode(code=row.asset),
            cnpj=row.cnpj,
            name=row.name,
            short_name=row.short_name,
            submarket=IdName.of_submarket(row.submarket),
            capacity_mw=plain(row.capacity_mw),
            guarantee_mwm=None if guarantee is None else plain(guarantee),
            status=CodeDescription.of(row.situation),
            validity=Validity.of(row.validity),
        )


class ParticipantPage(Message):
    """Participantes, por código."""

    participants: list[MarketParticipant] = Field(alias="participantes", description="Por código")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[model.Participant]) -> Self:
        rows = [MarketParticipant.of(row) for row in found.rows]
        return cls(participants=rows, next_cursor=found.next_cursor)


class ProfilePage(Message):
    """Perfis de agente, por código."""

    profiles: list[AgentProfile] = Field(alias="perfis", description="Por código")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[ListedProfile]) -> Self:
        return cls(profiles=[AgentProfile.of(row) for row in found.rows], next_cursor=found.next_cursor)


class AssetPage(Message):
    """Ativos de medição, por código."""

    assets: list[MeasuredAsset] = Field(alias="ativos", description="Por código")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[model.Asset]) -> Self:
        return cls(assets=[MeasuredAsset.of(row) for row in found.rows], next_cursor=found.next_cursor)


class ParcelPage(Message):
    """Parcelas de ativo, por código."""

    parcels: list[AssetParcel] = Field(alias="parcelas", description="Por código")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[model.Parcel]) -> Self:
        return cls(parcels=[AssetParcel.of(row) for row in found.rows], next_cursor=found.next_cursor)
