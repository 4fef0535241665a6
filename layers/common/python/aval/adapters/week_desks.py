"""The doors of a week put together from settings: acts, and what was answered to them."""

from collections.abc import Callable

from aval.adapters import aws
from aval.adapters.confidential_store import confidential_tasks
from aval.adapters.dynamodb.agents import DynamoDbAgents
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.adapters.lote_answers import S3LoteAnswers
from aval.adapters.s3_confidential import ConfidentialObjects
from aval.adapters.stepfunctions_tasks import TaskExecutions
from aval.prudential.act_waiting import TaskWatch
from aval.prudential.coverage import Coverage
from aval.prudential.factor_reading import FactorReading
from aval.prudential.state_reading import StateReader
from aval.prudential.submitting import Submissions
from aval.prudential.week_acts import WeekActs
from aval.settings import Settings, Variable


def coverage(settings: Settings) -> Coverage:
    return Coverage(DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE]))


def weeks(settings: Settings) -> DynamoDbWeeks:
    return DynamoDbWeeks(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE])


def states(settings: Settings) -> StateReader:
    agents = DynamoDbAgents(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE])
    return StateReader(weeks(settings), agents)


def week_acts(settings: Settings, *, transaction: Callable[[], str], pause: Callable[[], None]) -> WeekActs:
    tasks = confidential_tasks(settings)
    return WeekActs(
        coverage=coverage(settings),
        states=states(settings),
        submissions=Submissions(
            tasks=tasks,
            machine=TaskExecutions(aws.states(), settings[Variable.TASK_MACHINE], transaction),
            keys=DynamoDbEnclaveKeys(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]),
        ),
        watch=TaskWatch(tasks, pause),
    )


def factor_reading(settings: Settings) -> FactorReading:
    client, table = aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]
    lote_objects = ConfidentialObjects(aws.s3(), settings[Variable.PRUDENTIAL_BUCKET])
    return FactorReading(
        coverage=coverage(settings),
        states=states(settings),
        tasks=confidential_tasks(settings),
        lotes=DynamoDbLotes(client, table),
        answers=S3LoteAnswers(lote_objects),
    )
