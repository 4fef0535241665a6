"""The whole change of a company's access, applied at once or not at all."""

from functools import cache
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.eventbridge import EventBridgeBus
from aval.adapters.jitter import pause
from aval.adapters.kms_pepper import KmsPepper
from aval.adapters.s3_revocation import S3RevocationLists
from aval.adapters.s3_truststore import S3Truststore
from aval.adhesion.change import Changes
from aval.adhesion.examination import Examiner
from aval.adhesion.password import PasswordKeeper
from aval.adhesion.permissions import Permissions
from aval.certificates.truststore import trusted_roots
from aval.edge import http
from aval.edge.adhesion.messages import Change, ChangedCompany
from aval.edge.adhesion.requests import COMPANY, IDEMPOTENCY_KEY, IF_MATCH, change_request, changed_answer
from aval.edge.caller import caller_of
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.settings import CnpjComparison, Settings, Variable

app = http.api()


@cache
def _changes() -> Changes:
    settings = Settings.from_env()
    bucket, pins = settings[Variable.TRUST_BUCKET], trusted_roots(settings[Variable.TRUSTED_ROOTS])
    return Changes(
        permissions=Permissions(DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])),
        store=DynamoDbAdhesions(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
        examiner=Examiner(
            truststores=S3Truststore(aws.s3(), bucket, pins),
            revocations=S3RevocationLists(aws.s3(), bucket),
            demand_full_cnpj=settings[Variable.CNPJ_COMPARISON] == CnpjComparison.FULL,
        ),
        keeper=PasswordKeeper(KmsPepper(aws.kms(), settings[Variable.PEPPER_KEY_ID])),
        bus=EventBridgeBus(aws.events(), settings[Variable.EVENT_BUS]),
        pause=pause,
    )


@app.put(
    "/adesoes/<cnpj>", summary="Aderir, ou alterar senha e certificados", tags=["Adesão"], responses=COMPANY
)
def change_adhesion(
    cnpj: CnpjInPath,
    change: Change,
    key: Annotated[str | None, Header(**IDEMPOTENCY_KEY)] = None,
    if_match: Annotated[str | None, Header(**IF_MATCH)] = None,
) -> Response[ChangedCompany]:
    caller = caller_of(app.current_event.raw_event)
    request = change_request(cnpj, change, caller=caller, key=key, if_match=if_match)
    return changed_answer(_changes().change(request, person=caller.person, at=utc_now()))


handler = http.entrypoint(app)
