"""The dry run of one file: every rule as it stands now, nothing registered."""

from functools import cache

from aval.adapters import aws
from aval.adapters.dynamodb.adhesion import DynamoDbAdhesions
from aval.adapters.dynamodb.registry import DynamoDbRegistry
from aval.adapters.s3_revocation import S3RevocationLists
from aval.adapters.s3_truststore import S3Truststore
from aval.adhesion.examination import Examiner
from aval.adhesion.permissions import Permissions
from aval.adhesion.verification import Verifier
from aval.certificates.truststore import trusted_roots
from aval.edge import http
from aval.edge.adhesion.messages import Verification, VerificationRequest
from aval.edge.caller import caller_of
from aval.edge.wire_identifiers import CnpjInPath
from aval.moments import utc_now
from aval.settings import CnpjComparison, Settings, Variable

app = http.api()


@cache
def _verifier() -> Verifier:
    settings = Settings.from_env()
    bucket, pins = settings[Variable.TRUST_BUCKET], trusted_roots(settings[Variable.TRUSTED_ROOTS])
    return Verifier(
        permissions=Permissions(DynamoDbRegistry(aws.dynamodb(), settings[Variable.REGISTRY_TABLE])),
        store=DynamoDbAdhesions(aws.dynamodb(), settings[Variable.ADHESION_TABLE]),
        examiner=Examiner(
            truststores=S3Truststore(aws.s3(), bucket, pins),
            revocations=S3RevocationLists(aws.s3(), bucket),
            demand_full_cnpj=settings[Variable.CNPJ_COMPARISON] == CnpjComparison.FULL,
        ),
    )


@app.post("/adesoes/<cnpj>/certificados/verificacao", summary="Conferir um certificado", tags=["Adesão"])
def verify_certificate(cnpj: CnpjInPath, request: VerificationRequest) -> Verification:
    caller = caller_of(app.current_event.raw_event)
    return Verification.of(
        _verifier().verify(
            caller.person,
            cnpj,
            request.file(),
            deletions=frozenset(request.deletions),
            at=utc_now(),
        )
    )


handler = http.entrypoint(app)
