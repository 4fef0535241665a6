"""Messages of what is published when a week is over, and of the agents' own addresses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import Field

from aval.edge.contracts.fields import MomentTold
from aval.edge.message import Message, Request
from aval.identifiers import Cnpj
from aval.moments import for_people
from aval.prudential import bands as factor_bands
from aval.prudential.agent_state import AgentState, ParametersUsed
from aval.prudential.closing import Closing
from aval.prudential.links import LONGEST_ADDRESS, Link
from aval.prudential.publication import Counts, PublishedAgent, PublishedList

# The outside of what the domain takes, which says what is wrong with the rest in words of its own.
_WEB_ADDRESS: Final = r"^[Hh][Tt][Tt][Pp][Ss]://[A-Za-z0-9.-]+(:[0-9]+)?([/?#].*)?$"
_Event = Annotated[str, Field(alias="evento", description="A semana", examples=["202611003"])]
_Frequency = Annotated[
    str, Field(alias="periodicidade", description="SEMANAL ou MENSAL", examples=["SEMANAL"])
]
_Deadline = Annotated[MomentTold, Field(alias="prazo", description="Até quando se podia enviar")]
_PublishedAt = Annotated[MomentTold, Field(alias="publicadoEm", description="Quando a lista foi feita")]
_Address = Annotated[
    str, Field(alias="endereco", examples=["https://www.empresa.com.br/fator-de-alavancagem"])
]


class ParametersOfList(Message):
    """Os parâmetros que valiam no prazo."""

    version: int = Field(alias="versao", ge=1)
    digest: str = Field(alias="resumo", description="SHA-256, em hexadecimal", examples=["0f" * 32])

    @classmethod
    def of(cls, used: ParametersUsed) -> Self:
        return cls(version=used.version, digest=used.digest)


class Totals(Message):
    """Quantos agentes há na lista."""

    eligible: int = Field(alias="elegiveis", ge=0)
    with_factor: int = Field(alias="comFator", ge=0)
    without_factor: int = Field(alias="semFator", ge=0, description="Enviaram que o FA não é calculável")
    not_sent: int = Field(alias="naoEnviados", ge=0)

    @classmethod
    def of(cls, counts: Counts) -> Self:
        return cls.model_validate(counts.as_json())


class PublishedWeek(Message):
    """Um evento publicado."""

    event: _Event
    frequency: _Frequency
    deadline: _Deadline
    published_at: _PublishedAt
    parameters: ParametersOfList = Field(alias="parametros")
    totals: Totals = Field(alias="totais")

    @classmethod
    def of(cls, closing: Closing) -> Self:
        return cls(
            event=closing.event,
            frequency=closing.frequency,
            deadline=for_people(closing.deadline),
            published_at=for_people(closing.closed_at),
            parameters=ParametersOfList.of(closing.parameters),
            totals=Totals.of(closing.counts),
        )


class PublishedWeeks(Message):
    """Os eventos publicados, o mais novo primeiro."""

    weeks: list[PublishedWeek] = Field(alias="eventos")

    @classmethod
    def of(cls, closings: Sequence[Closing]) -> Self:
        return cls(weeks=[PublishedWeek.of(closing) for closing in closings])


class Band(Message):
    """Uma faixa de FA, para leitura; não é limite regulatório."""

    number: int = Field(alias="numero", ge=0)
    description: str = Field(alias="descricao", examples=["0 < FA ≤ 0,20"])
    above: str | None = Field(alias="acimaDe", description="Decimal; nulo na primeira", examples=["0"])
    up_to: str | None = Field(alias="ate", description="Decimal, incluído; nulo na última", examples=["0.20"])

    @classmethod
    def of(cls, band: factor_bands.Band) -> Self:
        return cls(number=band.number, description=band.description, above=band.above, up_to=band.up_to)


class ClassOfAgent(Message):
    """A classe do agente no cadastro."""

    code: int = Field(alias="codigo", examples=[2])
    description: str = Field(alias="descricao", examples=["Comercializador"])


class AgentPublished(Message):
    """Um agente elegível, e o que ele enviou."""

    code: int = Field(alias="codigo", examples=[1001])
    name: str = Field(alias="nome", examples=["BOLT ENERGY"])
    sigla: str = Field(examples=["BOLT"])
    cnpj: str = Field(description="Sem máscara", examples=["33047509000149"])
    class_of: ClassOfAgent = Field(alias="classe")
    state: Literal[AgentState.PUBLISHED, AgentState.NOT_SENT] = Field(alias="situacao")
    number: str | None = Field(
        alias="fa", description="Decimal com 12 casas, como foi enviado", examples=["0.170817703691"]
    )
    remark: str | None = Field(
        alias="observacao",
        description="Por que não há FA: PLA zero ou não declarado, PLA negativo, ou não enviado",
    )
    band: int | None = Field(alias="faixa", description="O número da faixa; nulo sem FA", examples=[1])
    address: str | None = Field(
        alias="divulgacao", description="Onde o próprio agente divulga o seu FA; nulo se não registrou"
    )

    @classmethod
    def of(cls, agent: PublishedAgent, *, known: factor_bands.Bands, address: str | None) -> Self:
        return cls.model_validate(
            {
                **agent.as_json(),
                "faixa": None if agent.number is None else known.number_of(agent.number),
                "divulgacao": address,
            }
        )


class Publication(PublishedWeek):
    """A lista publicada de um evento, por sigla."""

    bands: list[Band] = Field(alias="faixas")
    agents: list[AgentPublished] = Field(alias="agentes")

    @classmethod
    def listing(
        cls,
        closing: Closing,
        published: PublishedList,
        *,
        known: factor_bands.Bands,
        addresses: Mapping[Cnpj, str],
    ) -> Self:
        return cls(
            **dict(PublishedWeek.of(closing)),
            bands=[Band.of(band) for band in known.all()],
            agents=[
                AgentPublished.of(agent, known=known, address=addresses.get(agent.cnpj))
                for agent in published.agents
            ],
        )


class LinkRequest(Request):
    """O endereço público em que a empresa divulga o seu fator de alavancagem."""

    address: str = Field(
        alias="endereco",
        min_length=1,
        max_length=4 * LONGEST_ADDRESS,
        description=f"https, com o nome público do servidor, sem usuário nem senha, até {LONGEST_ADDRESS} "
        "caracteres",
        json_schema_extra={"pattern": _WEB_ADDRESS},
        examples=["https://www.empresa.com.br/fator-de-alavancagem"],
    )


class LinkRegistered(Message):
    """Um endereço, quem o registrou e quando."""

    address: _Address
    at: MomentTold = Field(alias="em")
    by: str = Field(alias="quem", description="O nome de quem o registrou, ou que foi o sistema da empresa")

    @classmethod
    def of(cls, link: Link, *, by: str) -> Self:
        return cls(address=link.address, at=for_people(link.at), by=by)


class LinkTold(Message):
    """Onde a empresa divulga o seu fator de alavancagem."""

    company: str = Field(alias="cnpj", description="A empresa, sem máscara", examples=["33047509000149"])
    address: _Address
    history: list[LinkRegistered] = Field(
        alias="historico", description="Cada registro, o mais novo primeiro: o primeiro é o que vale"
    )

    @classmethod
    def of(cls, links: Sequence[Link], *, name: Callable[[str], str]) -> Self:
        """`links` the newest first, at least one."""
        newest = links[0]
        return cls(
            company=newest.company,
            address=newest.address,
            history=[LinkRegistered.of(link, by=name(link.by)) for link in links],
        )
