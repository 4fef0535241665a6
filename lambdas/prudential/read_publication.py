"""The list of a week that is over, as JSON or for a spreadsheet; every caller may read it."""

from functools import cache

from aws_lambda_powertools.event_handler import Response

from aval.adapters import aws
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.links import DynamoDbLinks
from aval.adapters.s3_publication import S3Publication
from aval.edge import http
from aval.edge.prudential import publication_answers as answers
from aval.edge.prudential.fields import EventInPath
from aval.identifiers import EventCode
from aval.prudential.bands import Bands
from aval.prudential.published import PublicationReading
from aval.settings import Settings, Variable

app = http.api()


@cache
def _reading() -> PublicationReading:
    settings = Settings.from_env()
    table = settings[Variable.CONFIDENTIAL_TABLE]
    return PublicationReading(
        closings=DynamoDbClosings(aws.dynamodb(), table),
        files=S3Publication(aws.s3(), settings[Variable.PRUDENTIAL_BUCKET]),
        addresses=DynamoDbLinks(aws.dynamodb(), table),
    )


@cache
def _bands() -> Bands:
    return Bands.parse(Settings.from_env()[Variable.FACTOR_BANDS])


@app.get(
    "/publicacao/<evento>",
    summary="A lista publicada de um evento",
    tags=answers.TAGS,
    responses=answers.PUBLICATION,
)
def read_publication(week: EventInPath, asked: answers.FormatAsked = None) -> Response[str]:
    closing = _reading().closing(EventCode.parse(week))
    if answers.asks_for_csv(asked, app.current_event.headers.get("accept", "")):
        return answers.spreadsheet_answer(_reading(), closing)
    return answers.list_answer(_reading(), closing, _bands())


handler = http.entrypoint(app)
