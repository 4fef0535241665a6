"""Messages of a week's agents: states, versions and when they changed; never a figure."""

from collections.abc import Callable
from typing import Annotated, Final, Self

from pydantic import Field

from aval.edge.contracts.fields import MomentTold
from aval.edge.contracts.messages import NextCursor
from aval.edge.message import Message
from aval.edge.registry.messages import CodeDescription
from aval.moments import for_people
from aval.prudential.agent_history import AgentTold as Agent
from aval.prudential.agent_history import HistoryLine
from aval.prudential.agent_listing import AgentList, ListedAgent, Progress
from aval.prudential.agent_state import AgentState, Delivered, ParametersUsed, Sending, Transition
from aval.registry.model import Participant

Name = Callable[[str], str]
"""Who `Caller.kind:subject` is, to colleagues."""

_STATES: Final = (
    "ABERTO, EM_PREENCHIMENTO, COMPLETO, EM_CALCULO, CALCULADO, VALIDADO, ENVIADO, PUBLICADO ou NAO_ENVIADO"
)
_Cnpj = Annotated[str, Field(description="Sem máscara", examples=["33047509000149"])]
_Sigla = Annotated[str, Field(description="Sigla", examples=["BOLT OPERACOES"])]
_State = Annotated[AgentState, Field(alias="estado", description=_STATES)]
_Digest = Annotated[str, Field(alias="resumo", description="SHA-256 do conjunto de parâmetros")]
_Version = Annotated[int, Field(alias="versao", description="Número do conjunto de parâmetros")]
_Calculation = Annotated[
    str | None,
    Field(alias="calculo", description="O nome do cálculo de um agente completo: é o que se valida e envia"),
]
_Cycle = Annotated[
    int,
    Field(
        alias="ciclo", ge=0, description="Quantas vezes um cálculo foi cancelado; entra no nome do cálculo"
    ),
]


class ParametersUsedTold(Message):
    """Um conjunto de parâmetros, pelo nome."""

    version: _Version
    digest: _Digest

    @classmethod
    def of(cls, used: ParametersUsed) -> Self:
        return cls(version=used.version, digest=used.digest)


class DeliveredTold(Message):
    """O que vale de um tipo de dado: qual versão, e quem a lê."""

    version: int = Field(alias="versao", description="Quantas vezes foi entregue, até esta", examples=[2])
    identity: str = Field(alias="identidade", description="SHA-256 do objeto selado, em hexadecimal")
    readers: str = Field(alias="leitores", description="Resumo da lista de leitores com que veio")
    lote: str | None = Field(description="O lote em que veio; nulo se veio só")

    @classmethod
    def of(cls, delivered: Delivered) -> Self:
        return cls(
            version=delivered.version,
            identity=delivered.identity,
            readers=delivered.readers,
            lote=delivered.lote or None,
        )


class SendingTold(Message):
    """O envio que vale; uma entrega posterior não o desfaz."""

    counter: int = Field(alias="contador", description="Lugar no diário da semana")
    calculation: str = Field(alias="calculo", description="O cálculo que foi enviado")
    at: MomentTold = Field(alias="em", description="Quando foi enviado")

    @classmethod
    def of(cls, sending: Sending) -> Self:
        return cls(counter=sending.counter, calculation=sending.calculation, at=for_people(sending.at))


class AgentListed(Message):
    """Um agente elegível numa semana."""

    cnpj: _Cnpj
    code: int = Field(alias="codigo", description="Código do participante", examples=[1001])
    sigla: _Sigla
    legal_name: str = Field(alias="nomeEmpresarial", description="Razão social")
    participant_class: CodeDescription = Field(alias="classe", description="Classe do agente")
    state: _State
    changed_at: MomentTold | None = Field(alias="alteradoEm", description="O último ato; nulo se não houve")
    portfolio: DeliveredTold | None = Field(description="Nulo se não foi entregue")
    counterparties: DeliveredTold | None = Field(alias="contrapartes", description="Nulo se não entregues")
    calculation: _Calculation
    cycle: _Cycle
    parameters: ParametersUsedTold | None = Field(
        alias="parametros", description="Os que o último cálculo usou; nulo se nada foi calculado"
    )
    sending: SendingTold | None = Field(alias="envio", description="Nulo se nenhum envio vale")

    @classmethod
    def of(cls, listed: ListedAgent) -> Self:
        agent, row = listed.participant, listed.row
        standing = row.standing if row else None
        return cls(
            cnpj=agent.cnpj,
            code=agent.code,
            sigla=agent.sigla,
            legal_name=agent.legal_name,
            participant_class=CodeDescription.of(agent.participant_class),
            state=listed.state,
            changed_at=for_people(row.at) if row else None,
            portfolio=DeliveredTold.of(standing.portfolio) if standing and standing.portfolio else None,
            counterparties=(
                DeliveredTold.of(standing.counterparties) if standing and standing.counterparties else None
            ),
            calculation=(standing.calculation or None) if standing else None,
            cycle=standing.cycle if standing else 0,
            parameters=(
                ParametersUsedTold.of(standing.parameters) if standing and standing.parameters else None
            ),
            sending=SendingTold.of(standing.sending) if standing and standing.sending else None,
        )


class Count(Message):
    """Quantos de quantos elegíveis."""

    n: int = Field(ge=0, description="Quantos já")
    of_all: int = Field(alias="N", ge=0, description="Quantos são os elegíveis")


class ProgressTold(Message):
    """Até onde foram os agentes elegíveis, todos, não só os da página."""

    portfolio: Count = Field(description="Com portfólio entregue")
    counterparties: Count = Field(alias="contrapartes", description="Com contrapartes entregues")
    sent: Count = Field(alias="enviados", description="Com um envio que vale")

    @classmethod
    def of(cls, progress: Progress) -> Self:
        every = progress.eligible
        return cls(
            portfolio=Count(n=progress.portfolios, of_all=every),
            counterparties=Count(n=progress.counterparties, of_all=every),
            sent=Count(n=progress.sent, of_all=every),
        )


class SenderTold(Message):
    """Uma empresa por que quem pede responde: o `remetente` do que selar."""

    cnpj: _Cnpj
    sigla: _Sigla

    @classmethod
    def of(cls, sender: Participant) -> Self:
        return cls(cnpj=sender.cnpj, sigla=sender.sigla)


class AgentsTold(Message):
    """Uma página de agentes elegíveis, por CNPJ."""

    senders: list[SenderTold] = Field(alias="remetentes", description="Por quem a lista responde")
    progress: ProgressTold = Field(alias="contadores")
    agents: list[AgentListed] = Field(alias="agentes")
    next_cursor: NextCursor

    @classmethod
    def of(cls, listed: AgentList) -> Self:
        return cls(
            senders=[SenderTold.of(one) for one in listed.senders],
            progress=ProgressTold.of(listed.progress),
            agents=[AgentListed.of(one) for one in listed.agents],
            next_cursor=listed.next_cursor,
        )


class BroughtTold(Message):
    """Quando e por quem veio o que vale."""

    at: MomentTold = Field(alias="em", description="Quando foi entregue")
    by: str = Field(alias="quem", description="O nome de quem o trouxe, ou que foi o sistema da empresa")

    @classmethod
    def of(cls, transition: Transition, name: Name) -> Self:
        return cls(at=for_people(transition.at), by=name(transition.by))


class HistoryTold(Message):
    """Uma linha do histórico: um ato do agente, parâmetros que mudaram, ou a publicação da semana."""

    at: MomentTold = Field(alias="em", description="Quando foi")
    act: str = Field(
        alias="ato",
        description="PORTFOLIO, CONTRAPARTES, CALCULO, VALIDACAO, CANCELAMENTO, ENVIO; PARAMETROS quando "
        "outra versão entrou em vigor; PUBLICACAO",
    )
    before: AgentState = Field(alias="de", description="O estado antes")
    after: AgentState = Field(alias="para", description="O estado depois")
    counter: int | None = Field(alias="contador", description="Lugar no diário; nulo se não é do agente")
    by: str | None = Field(alias="quem", description="Quem o pediu; nulo se não é do agente")
    identity: str | None = Field(alias="identidade", description="SHA-256 do pedido, como veio")
    origin: str | None = Field(alias="origem", description="A tarefa ou o lote", examples=["lote:0a…"])
    parameters: ParametersUsedTold | None = Field(
        alias="parametros", description="Os que entraram em vigor, se é o que houve"
    )

    @classmethod
    def of(cls, line: HistoryLine, name: Name) -> Self:
        one = line.transition
        return cls(
            at=for_people(line.at),
            act=line.act,
            before=line.before,
            after=line.after,
            counter=one.counter if one else None,
            by=name(one.by) if one else None,
            identity=one.identity if one else None,
            origin=one.origin if one else None,
            parameters=ParametersUsedTold.of(line.parameters) if line.parameters else None,
        )


class AgentTold(Message):
    """Um agente numa semana, e tudo o que houve com ele nela."""

    agent: AgentListed = Field(alias="agente")
    is_eligible: bool = Field(alias="elegivel", description="Se a semana se dirige a ele")
    portfolio: BroughtTold | None = Field(alias="entregaPortfolio")
    counterparties: BroughtTold | None = Field(alias="entregaContrapartes")
    history: list[HistoryTold] = Field(alias="historico", description="Do mais antigo ao mais novo")

    @classmethod
    def of(cls, told: Agent, name: Name) -> Self:
        return cls(
            agent=AgentListed.of(told.agent),
            is_eligible=told.is_eligible,
            portfolio=BroughtTold.of(told.portfolio, name) if told.portfolio else None,
            counterparties=BroughtTold.of(told.counterparties, name) if told.counterparties else None,
            history=[HistoryTold.of(line, name) for line in told.history],
        )
