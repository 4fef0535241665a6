"""Messages of contracts as they are read, in the words of the SOAP replies (wsdl/BO-v2.xsd)."""

from typing import Annotated, Self

from pydantic import Field

from aval.contracts import codes, model
from aval.contracts.bus import AnyContract
from aval.contracts.codes import Code
from aval.contracts.model import ContractAct, ContractKind, Market, RegulatedContract
from aval.contracts.paging import Stretch
from aval.edge.contracts.fields import MomentTold
from aval.edge.message import Message
from aval.moments import for_people
from aval.registry.model import Submarket

NextCursor = Annotated[
    str | None,
    Field(alias="proxima", description="O `cursor` da página seguinte; nulo no fim", examples=["100"]),
]


class Period(Message):
    """`inicio` pertence ao período; `fim` é o primeiro instante fora dele."""

    begins: MomentTold = Field(
        alias="inicio", description="Primeiro instante", examples=["2026-01-01T00:00:00-03:00"]
    )
    ends: MomentTold = Field(
        alias="fim", description="Primeiro instante fora dele", examples=["2027-01-01T00:00:00-03:00"]
    )

    @classmethod
    def of(cls, period: model.Period) -> Self:
        return cls(begins=for_people(period.begins), ends=for_people(period.ends))


class IdName(Message):
    """Um número das tabelas de códigos e seu nome."""

    id: int = Field(description="Número", examples=[10783])
    name: str = Field(alias="nome", description="Nome", examples=["INSERIDO_NAO_VALIDADO"])

    @classmethod
    def of(cls, code: Code) -> Self:
        return cls(id=code.id, name=code.code)

    @classmethod
    def of_submarket(cls, submarket: Submarket) -> Self:
        return cls(id=submarket, name=submarket.name)


class Named(Message):
    """Um nome."""

    name: str = Field(alias="nome", description="Nome", examples=["LIVRE"])


class Numbered(Message):
    """Um número que outra operação conhece."""

    id: int = Field(description="Número", examples=[123])


class Party(Message):
    """Uma parte, pelo perfil de agente."""

    profile: Numbered = Field(alias="perfil", description="O perfil de agente")

    @classmethod
    def of(cls, profile: int) -> Self:
        return cls(profile=Numbered(id=profile))


class ContractSubtype(Message):
    """O subtipo de um contrato."""

    id: int = Field(description="Número", examples=[10777])
    description: str = Field(alias="descricao", description="Texto da tabela", examples=["Quantidade firme"])


class ContractType(Message):
    """O tipo de um contrato."""

    id: int = Field(description="Número", examples=[10185])
    code: str = Field(alias="codigo", description="Nome na tabela", examples=["CCEAL"])
    description: str = Field(alias="descricao", description="Texto da tabela", examples=["Contrato livre"])
    subtype: ContractSubtype | None = Field(alias="subTipo", description="Nulo onde não há")

    @classmethod
    def of(cls, kind: ContractKind, cceal_type: int | None = None) -> Self:
        found, subtype = codes.contract_type(kind), codes.contract_subtype(kind, cceal_type)
        told = ContractSubtype(id=subtype.id, description=subtype.description) if subtype else None
        return cls(id=found.id, code=found.code, description=found.description, subtype=told)


class Contract(Message):
    """Um contrato; o que só um contrato livre tem é nulo num regulado."""

    code: int = Field(alias="id", description="O número do contrato", examples=[123])
    market: Named = Field(alias="ambienteContratacao", description="LIVRE, ou REGULADO e público")
    kind: ContractType = Field(alias="tipoContrato", description="Tipo e subtipo")
    period: Period = Field(alias="periodoVigencia", description="Do início ao fim do contrato")
    seller: Party = Field(alias="vendedor", description="Quem registra e ajusta")
    buyer: Party = Field(alias="comprador", description="Quem valida os montantes")
    submarket: IdName = Field(alias="submercado", description="O da entrega")
    product: Named | None = Field(alias="produto", default=None, description="Leilão ou programa")
    origin: IdName | None = Field(
        alias="submercadoOrigem", default=None, description="O de origem, onde há um"
    )
    situation: IdName | None = Field(alias="situacao", default=None, description="Situação do contrato")
    has_not_validated: bool | None = Field(
        alias="possuiMontanteNaoValidado", default=None, description="Se algum montante espera o comprador"
    )
    reference: str | None = Field(alias="referencia", default=None, description="Palavras das partes")
    remark: str | None = Field(alias="observacao", default=None, description="Palavras das partes")
    relieves_exposure: bool | None = Field(
        alias="direitoAlivioExposicao", default=None, description="Direito a alívio de exposição"
    )
    ballast: str | None = Field(
        alias="parteVerificacaoLastro", default=None, description="G, E, D ou vazio", examples=["G"]
    )
    assigned_from: Numbered | None = Field(
        alias="contratoCessao", default=None, description="O contrato que este cede"
    )
    registered_at: MomentTold | None = Field(
        alias="dataRegistro", default=None, description="Quando foi registrado"
    )
    changed_at: MomentTold | None = Field(
        alias="dataAlteracao", default=None, description="Quando mudou por último"
    )
    version: int | None = Field(alias="versao", default=None, description="Cresce a cada mudança")
    closing_at: MomentTold | None = Field(
        alias="dataFinalizacao", default=None, description="Onde se pediu o fim, validado ou não"
    )

    @classmethod
    def of(cls, contract: AnyContract) -> Self:
        return cls._regulated(contract) if isinstance(contract, RegulatedContract) else cls._free(contract)

    @classmethod
    def _free(cls, contract: model.Contract) -> Self:
        terms = contract.terms
        return cls(
            code=contract.code,
            market=Named(name=Market.FREE),
            kind=ContractType.of(contract.kind, terms.cceal_type),
            period=Period.of(terms.period),
            seller=Party.of(terms.seller),
            buyer=Party.of(terms.buyer),
            submarket=IdName.of_submarket(terms.delivery_submarket),
            origin=IdName.of_submarket(terms.origin_submarket) if terms.origin_submarket else None,
            situation=IdName.of(codes.contract_situation(contract.situation)),
            has_not_validated=contract.has_amounts_not_validated,
            reference=terms.reference,
            remark=terms.remark,
            relieves_exposure=terms.relieves_exposure,
            ballast=terms.ballast,
            assigned_from=Numbered(id=terms.assigned_from) if terms.assigned_from else None,
            registered_at=for_people(contract.registered_at),
            changed_at=for_people(contract.changed_at),
            version=contract.version,
            closing_at=for_people(contract.closing_at) if contract.closing_at else None,
        )

    @classmethod
    def _regulated(cls, contract: RegulatedContract) -> Self:
        return cls(
            code=contract.code,
            market=Named(name=Market.REGULATED),
            kind=ContractType.of(ContractKind.REGULATED),
            period=Period.of(contract.period),
            seller=Party.of(contract.seller),
            buyer=Party.of(contract.buyer),
            submarket=IdName.of_submarket(contract.submarket),
            product=Named(name=contract.product),
        )


class ContractPage(Message):
    """Contratos, por número."""

    contracts: list[Contract] = Field(alias="contratos", description="Nesta página")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[AnyContract]) -> Self:
        return cls(contracts=[Contract.of(one) for one in found.rows], next_cursor=found.next_cursor)


class Transition(Message):
    """Quem, quando, o quê, de que situação para qual."""

    when: MomentTold = Field(alias="quando", description="Quando", examples=["2026-01-05T10:00:00-03:00"])
    company: str = Field(alias="empresa", description="CNPJ de quem agiu", examples=["33047509000149"])
    profile: int = Field(alias="perfil", description="Perfil de agente com que agiu", examples=[10010])
    person: str | None = Field(
        alias="quem", description="A pessoa; nulo para um sistema e para as pessoas da outra parte"
    )
    act: ContractAct = Field(
        alias="ato", description="O nome do evento", examples=["MONTANTE_ENERGIA.VALIDADO"]
    )
    before: str = Field(alias="de", description="Situação de antes", examples=["INSERIDO_NAO_VALIDADO"])
    after: str = Field(alias="para", description="Situação de depois", examples=["VALIDADO"])
    period: Period | None = Field(
        alias="periodoVigencia", description="O do montante de que fala, ou o que uma finalização deixa"
    )

    @classmethod
    def of(cls, one: model.Transition) -> Self:
        return cls(
            when=for_people(one.at),
            company=one.author.company,
            profile=one.author.profile,
            person=one.author.person_name,
            act=one.act,
            before=one.before,
            after=one.after,
            period=Period.of(one.period) if one.period else None,
        )


class ContractHistory(Message):
    """A história de um contrato, do mais novo ao mais antigo."""

    transitions: list[Transition] = Field(alias="eventos", description="Nesta página")
    next_cursor: NextCursor

    @classmethod
    def of(cls, found: Stretch[model.Transition]) -> Self:
        return cls(transitions=[Transition.of(one) for one in found.rows], next_cursor=found.next_cursor)
