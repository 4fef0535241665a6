"""A parameter file, read and held to what an engine may reckon with."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aval.errors import FaultsFound
from aval.moments import for_people
from aval.prudential import correlation
from aval.prudential.figures import spelled
from aval.prudential.json_document import Choice, Node, read_document
from aval.prudential.parameters import (
    METHOD,
    MONTHS,
    USUAL_CLASSES,
    EnergyType,
    Frequency,
    MonthParameters,
    Netting,
    ParameterSet,
    Submarket,
)
from aval.registry.model import ParticipantClass

_MOST_VERSIONS: Final = 999_999
_MOST_DAYS: Final = 365
_LEAST_CONFIDENCE: Final = Decimal("0.5")
"""At and below it the quantile is not positive, and a risk would be counted as a gain."""
_MEMBERS: Final = (
    "evento",
    "versao",
    "inicioOperacao",
    "fimOperacao",
    "abertura",
    "prazo",
    "atualizadoEm",
    "metodo",
    "indiceConfianca",
    "diasLiquidacao",
    "k",
    "theta",
    "pldMinimo",
    "pldMaximo",
    "meses",
    "correlacao",
)
_MONTH: Final = (
    "mes",
    "rotulo",
    "horas",
    "volatilidade",
    "forward",
    "spreadSubmercado",
    "spreadFonte",
    "estresseComprado",
    "estresseVendido",
)


def read_parameters(data: bytes) -> ParameterSet:
    """Raise `FaultsFound` for every rule that it breaks, `DocumentUnreadable` for what is no JSON."""
    document = read_document(data)
    parameters = _parameters(document)
    if document.faults:
        raise FaultsFound("os parâmetros do evento têm faltas", document.faults)
    return parameters


def _parameters(document: Node) -> ParameterSet:
    told = document.members(_MEMBERS, ("opcoes", "periodicidade", "classes"))
    frequency = (
        told["periodicidade"].choice(Frequency) if told["periodicidade"].is_there else Frequency.WEEKLY
    )
    parameters = ParameterSet(
        event=told["evento"].event(),
        version=told["versao"].whole(1, _MOST_VERSIONS),
        operation_begins=told["inicioOperacao"].moment(),
        operation_ends=told["fimOperacao"].moment(),
        opens=told["abertura"].moment(),
        deadline=told["prazo"].moment(),
        updated_at=told["atualizadoEm"].moment(),
        method=told["metodo"].one_of((METHOD,)),
        confidence=told["indiceConfianca"].decimal(),
        settlement_days=told["diasLiquidacao"].whole(1, _MOST_DAYS),
        k=told["k"].decimal(),
        theta=told["theta"].decimal(),
        price_floor=told["pldMinimo"].decimal(),
        price_ceiling=told["pldMaximo"].decimal(),
        months=_months(told["meses"]),
        correlation=_correlation(told["correlacao"]),
        netting=_netting(told["opcoes"]),
        frequency=frequency,
        classes=_classes(told["classes"], frequency),
    )
    _hold_moments(parameters, told)
    _hold_figures(parameters, told)
    return parameters


def _netting(node: Node) -> Netting:
    if not node.is_there:
        return Netting.SEM_SINAL
    chosen = node.members((), ("compensacaoEntreMeses",))["compensacaoEntreMeses"]
    return chosen.choice(Netting) if chosen.is_there else Netting.SEM_SINAL


def _classes(node: Node, frequency: Frequency) -> tuple[ParticipantClass, ...]:
    if not node.is_there:
        return USUAL_CLASSES[frequency]
    known = {int(one): one for one in ParticipantClass}
    chosen = []
    for one in node.items(1, len(known)):
        code = one.whole(min(known), max(known))
        if code not in known:
            one.refuse("classe", f"nenhuma classe de agente tem o código {code}; confira na lista da CCEE")
        elif known[code] in chosen:
            one.refuse("repetido", f"a classe {code} aparece duas vezes na lista; deixe uma só")
        else:
            chosen.append(known[code])
    return tuple(sorted(chosen))


def _months(node: Node) -> tuple[MonthParameters, ...]:
    months = [_month(one) for one in node.items(len(MONTHS), len(MONTHS))]
    labels = [month.label for month in months]
    for label in MONTHS:
        if months and "" not in labels and labels.count(label) != 1:
            detail = f"cada mês de M+0 a M+6 aparece uma vez; {label} veio {labels.count(label)} vezes"
            node.refuse("meses", detail)
    return tuple(sorted(months, key=lambda month: month.label))


def _month(node: Node) -> MonthParameters:
    told = node.members(_MONTH)
    month = MonthParameters(
        label=told["mes"].one_of(MONTHS),
        name=told["rotulo"].text(),
        hours=told["horas"].figure(),
        volatility=told["volatilidade"].decimal(),
        forward=told["forward"].decimal(),
        submarket_spread=_spreads(told["spreadSubmercado"], Submarket),
        source_spread=_spreads(told["spreadFonte"], EnergyType),
        stress_long=told["estresseComprado"].decimal(),
        stress_short=told["estresseVendido"].decimal(),
    )
    if told["horas"].is_sound and month.hours <= 0:
        told["horas"].refuse("horas", f"as horas do mês devem ser mais que zero; veio {month.hours}")
    if month.volatility < 0:
        detail = f"a volatilidade não pode ser negativa; veio {spelled(month.volatility)}"
        told["volatilidade"].refuse("volatilidade", detail)
    # The forward price is that of SE: a spread of its own would be a second price for it.
    base = told["spreadSubmercado"]
    if base.is_sound and month.submarket_spread[Submarket.SE]:
        base.refuse("spread-se", "o spread de SE deve ser 0: o preço forward do mês já é o de SE")
    return month


def _spreads(node: Node, keys: type[Choice]) -> Mapping[Choice, Decimal]:
    told = node.members(one.value for one in keys)
    return {one: told[one.value].decimal() for one in keys}


def _correlation(node: Node) -> tuple[tuple[Decimal, ...], ...]:
    size = len(MONTHS)
    matrix = tuple(
        tuple(cell.decimal(correlation.PLACES) for cell in row.items(size, size))
        for row in node.items(size, size)
    )
    if node.is_sound:
        node.faults.extend(correlation.faults_of_correlation(matrix, node.pointer))
    return matrix


def _hold_moments(parameters: ParameterSet, told: Mapping[str, Node]) -> None:
    if _are_sound(told, "inicioOperacao", "fimOperacao"):
        begins, ends = parameters.operation_begins, parameters.operation_ends
        if ends <= begins:
            detail = f"o fim da operação deve vir depois do início; veio {for_people(ends)}, e o início é "
            told["fimOperacao"].refuse("operacao", detail + for_people(begins))
    if _are_sound(told, "abertura", "prazo") and parameters.deadline < parameters.opens:
        detail = (
            f"o prazo não pode vir antes da abertura; veio {for_people(parameters.deadline)}, e a abertura é "
        )
        told["prazo"].refuse("prazo", detail + for_people(parameters.opens))


def _hold_figures(parameters: ParameterSet, told: Mapping[str, Node]) -> None:
    if told["indiceConfianca"].is_sound and not _LEAST_CONFIDENCE < parameters.confidence < 1:
        detail = f"o índice de confiança deve ficar entre 0,5 e 1; veio {spelled(parameters.confidence)}"
        told["indiceConfianca"].refuse("confianca", detail)
    if parameters.k != 0:
        detail = (
            f"k só pode ser 0 enquanto o conjunto não traz historicoVar e N; veio {spelled(parameters.k)}"
        )
        told["k"].refuse("k", detail)
    if parameters.theta < 0:
        told["theta"].refuse("theta", f"theta não pode ser negativo; veio {spelled(parameters.theta)}")
    floor, ceiling = parameters.price_floor, parameters.price_ceiling
    if _are_sound(told, "pldMinimo", "pldMaximo") and ceiling < floor:
        detail = f"o PLD máximo não pode ser menor que o mínimo, {spelled(floor)}; veio {spelled(ceiling)}"
        told["pldMaximo"].refuse("pld", detail)


def _are_sound(told: Mapping[str, Node], *names: str) -> bool:
    return all(told[name].is_sound for name in names)
