"""What the doors of the confidential core refuse: light to import, for the edge names them all."""

from datetime import datetime

from aval.errors import DomainError, FaultsFound
from aval.moments import spelled_out


class CompanyForbidden(DomainError):
    """The caller does not act for the company, or there is none: both read the same."""

    def __init__(
        self,
        detail: str = "só o representante CCEE da empresa ou o sistema dela pode agir por este CNPJ; "
        "confira o CNPJ",
    ) -> None:
        super().__init__(detail)


class CompanyNotCovered(CompanyForbidden):
    """The same of the monitoring, where others act for a company than at its other doors."""

    def __init__(self) -> None:
        super().__init__(
            "só age por este CNPJ quem responde pelo monitoramento prudencial dele, de quem o representa ou "
            "de quem o controla, ou o sistema de uma dessas empresas; confira o CNPJ"
        )


class KeyUnavailable(DomainError):
    """No enclave answered in the time that a caller waits."""

    def __init__(self) -> None:
        super().__init__("o enclave não respondeu a tempo; repita o pedido, com outro nonce, em instantes")


class MeasurementsMissing(DomainError):
    """No log of released measurements has been published."""

    def __init__(self) -> None:
        super().__init__("ainda não há medidas publicadas")


class DocumentUnreadable(FaultsFound):
    """A file that is not of its kind at all, so that no rule can be asked about what it says."""


class WeekUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__("não há evento com este código; veja os eventos em /prudencial/semanas")


class WeekContended(DomainError):
    """Another load of parameters came first."""

    def __init__(self) -> None:
        super().__init__("outra versão dos parâmetros foi carregada antes; confira e envie de novo")


class WeekNotOpen(DomainError):
    def __init__(self, opens: datetime) -> None:
        super().__init__(f"o preenchimento deste evento começa em {spelled_out(opens)}; volte então")


class DeadlinePassed(DomainError):
    def __init__(self, deadline: datetime) -> None:
        super().__init__(
            f"o prazo deste evento terminou em {spelled_out(deadline)}; nada mais é aceito para ele"
        )


class AgentNotEligible(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "este agente não é elegível neste evento: a classe ou a vigência dele no cadastro não está nele"
        )


class ActDeclined(DomainError):
    """The enclave refused an act of the week by a rule; its own sentence is in the sealed answer."""

    def __init__(self, reason: str, detail: str, *, state: str, task: str = "", answer: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        told = {"codigo": reason, "estado": state, "tarefa": task, "resposta": answer}
        self.members = {name: value for name, value in told.items() if value}


class ActOutOfPlace(ActDeclined):
    """What was asked does not fit the agent's state; the state told is the one that stands."""


class ActFailed(DomainError):
    """No enclave could be brought to do it; the same request again would be the same task."""

    def __init__(self, reason: str, *, task: str) -> None:
        super().__init__("o enclave não pôde fazer o ato; sele ou assine de novo, com outro jti, e repita")
        self.reason = reason
        self.members = {"codigo": reason, "tarefa": task}


class ReaderListContended(DomainError):
    """Another list of the company was taken in the same instant."""

    def __init__(self) -> None:
        super().__init__(
            "outra lista de leitores desta empresa foi aceita antes; consulte-a e assine de novo"
        )


class NothingToRead(DomainError):
    """No answer, receipt or link of this kind is there."""


class LoteUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__("nenhum lote com este código é visível para você")


class LinkContended(DomainError):
    """Others kept registering an address for the company first."""

    def __init__(self) -> None:
        super().__init__("outro endereço desta empresa estava sendo registrado; confira e envie de novo")


class NotPublished(DomainError):
    def __init__(self) -> None:
        super().__init__("a lista deste evento ainda não foi publicada; ela sai depois do prazo")
