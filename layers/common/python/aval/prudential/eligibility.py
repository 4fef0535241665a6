"""Who a week's window is for: the classes that it names, where the registry has them at its opening."""

from aval.prudential.parameters import ParameterSet
from aval.registry.model import Participant
from aval.registry.queries import MonitoringRegistry


def eligible(registry: MonitoringRegistry, parameters: ParameterSet) -> tuple[Participant, ...]:
    """Every eligible agent, by CNPJ."""
    return registry.participants_of(parameters.classes, at=parameters.opens)


def is_eligible(participant: Participant, parameters: ParameterSet) -> bool:
    return participant.participant_class in parameters.classes and participant.validity.covers(
        parameters.opens
    )
