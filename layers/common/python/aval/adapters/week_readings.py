"""What is told of weeks and their agents, put together from settings."""

from aval.adapters import aws, week_desks
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.prudential.agent_history import AgentReading
from aval.prudential.agent_listing import AgentListing, Computing
from aval.prudential.week_reading import WeekReading
from aval.settings import Settings, Variable


def week_reading(settings: Settings) -> WeekReading:
    return WeekReading(week_desks.weeks(settings))


def agent_listing(settings: Settings) -> AgentListing:
    agents = _agents(settings)
    return AgentListing(
        coverage=week_desks.coverage(settings),
        weeks=week_desks.weeks(settings),
        agents=agents,
        computing=_computing(settings, agents),
    )


def agent_reading(settings: Settings) -> AgentReading:
    agents = _agents(settings)
    return AgentReading(
        coverage=week_desks.coverage(settings),
        weeks=week_desks.weeks(settings),
        agents=agents,
        computing=_computing(settings, agents),
        closings=DynamoDbClosings(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]),
    )


def _agents(settings: Settings) -> DynamoDbAgents:
    return DynamoDbAgents(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE])


def _computing(settings: Settings, agents: DynamoDbAgents) -> Computing:
    return Computing(agents, DynamoDbLotes(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]))
