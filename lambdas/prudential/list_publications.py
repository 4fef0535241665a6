"""The weeks that were published."""

from functools import cache

from aval.adapters import aws
from aval.adapters.dynamodb.closings import DynamoDbClosings
from aval.adapters.dynamodb.weeks import DynamoDbWeeks
from aval.edge import http
from aval.edge.prudential.publication_answers import TAGS
from aval.edge.prudential.publication_messages import PublishedWeeks
from aval.prudential.published import Publications
from aval.settings import Settings, Variable

app = http.api()


@cache
def _publications() -> Publications:
    table = Settings.from_env()[Variable.CONFIDENTIAL_TABLE]
    return Publications(DynamoDbWeeks(aws.dynamodb(), table), DynamoDbClosings(aws.dynamodb(), table))


@app.get("/publicacao", summary="Os eventos publicados", tags=TAGS)
def list_publications() -> PublishedWeeks:
    return PublishedWeeks.of(_publications().all())


handler = http.entrypoint(app)
