"""The reader list that a company stands for, with the signatures behind it."""

from functools import cache

from aval.adapters import aws
from aval.adapters.dynamodb.reader_lists import DynamoDbReaderLists
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.s3_revocation import S3RevocationLists
from aval.adapters.s3_truststore import S3Truststore
from aval.certificates.truststore import trusted_roots
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential.reader_messages import ReadersTold
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.prudential.coverage import Coverage
from aval.prudential.reader_lists import ReaderAuthorisations
from aval.settings import Settings, Variable

app = http.api()


@cache
def _coverage() -> Coverage:
    return Coverage(DynamoDbRegistry(aws.dynamodb(), Settings.from_env()[Variable.REGISTRY_TABLE]))


@cache
def _authorisations() -> ReaderAuthorisations:
    settings = Settings.from_env()
    bucket, pins = settings[Variable.TRUST_BUCKET], trusted_roots(settings[Variable.TRUSTED_ROOTS])
    return ReaderAuthorisations(
        lists=DynamoDbReaderLists(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]),
        truststores=S3Truststore(aws.s3(), bucket, pins),
        revocations=S3RevocationLists(aws.s3(), bucket),
    )


@app.get(
    "/prudencial/empresas/<cnpj>/leitores",
    summary="Ler a lista de leitores autorizada",
    tags=["Núcleo confidencial"],
)
def read_reader_lists(cnpj: CnpjInPath) -> ReadersTold:
    caller, at = caller_of(app.current_event.raw_event), utc_now()
    _coverage().require(caller, cnpj, at=at)
    return ReadersTold.of(_authorisations().standing(cnpj, at=at))


handler = http.entrypoint(app)
