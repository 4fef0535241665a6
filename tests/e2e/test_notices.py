"""A certificate that ends is announced by mail and leaves service, on the running stack."""

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from aval.identifiers import Cnpj
from aval.moments import SAO_PAULO
from tests.support.agents import ANA, BOLT, Person, certificate, hierarchy_in
from tests.support.stack import Stack

NOW = datetime.now(UTC).replace(microsecond=0)
DELIVERED_WITHIN_SECONDS = 20


def run(stack: Stack, function: str, **event: str) -> None:
    answer = stack.client("lambda").invoke(
        FunctionName=f"aval-{function}", Payload=json.dumps(event).encode()
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


def about(stack: Stack, fingerprint: str) -> list[dict[str, Any]]:
    return [mail for mail in stack.mails() if fingerprint in json.dumps(mail)]


def enrolled(stack: Stack, common_name: str, *, days_left: int) -> tuple[Person, str]:
    ana = Person.logged_in(stack, ANA)
    lifetime = timedelta(days=days_left, hours=1)
    file = certificate(stack, common_name, cnpj=BOLT, begins=NOW - timedelta(days=1), lifetime=lifetime)
    assert ana.enrol(BOLT, file).status == 200
    return ana, hashlib.sha256(file).hexdigest()


def test_an_ending_certificate_is_announced_once_and_removed_at_its_end(stack: Stack) -> None:
    ana, fingerprint = enrolled(stack, "BOLT QUE VENCE", days_left=15)
    ends = NOW + timedelta(days=14, hours=1)

    run(stack, "send-expiry-notices")
    run(stack, "send-expiry-notices")
    (notice,) = about(stack, fingerprint)
    told = json.dumps(notice, ensure_ascii=False)
    assert ANA in told
    for words in ("BOLT ENERGY", Cnpj(BOLT).masked, ends.astimezone(SAO_PAULO).strftime("%d/%m/%Y")):
        assert words in told

    run(stack, "send-expiry-notices", em=(ends - timedelta(days=6)).isoformat())
    assert len(about(stack, fingerprint)) == 2

    run(stack, "send-expiry-notices", em=(ends + timedelta(seconds=1)).isoformat())
    assert fingerprint not in ana.fingerprints(BOLT)
    assert len(about(stack, fingerprint)) == 3
    last = ana.get(f"/adesoes/{BOLT}/historico").json()["eventos"][0]
    assert last["quem"] != "Ana Demonstração"

    run(stack, "send-expiry-notices", em=(ends + timedelta(days=1)).isoformat())
    assert len(about(stack, fingerprint)) == 3


def test_a_certificate_on_a_dropped_revocation_list_is_blocked_and_told(stack: Stack) -> None:
    ana, fingerprint = enrolled(stack, "BOLT REVOGADO", days_left=200)
    (shown,) = ana.read(BOLT)["certificados"]
    assert (shown["status"], shown["revogacao"]) == ("VIGENTE", "REVOGACAO_DESCONHECIDA")

    revoked = hierarchy_in(stack.hierarchy).issuing.revoke(
        [int(shown["numeroSerie"], 16)], begins=NOW - timedelta(hours=1), lifetime=timedelta(days=2)
    )
    bucket = stack.outputs["TrustBucketName"]
    stack.client("s3").put_object(Bucket=bucket, Key="lcr/entrada/ac-titulares.crl", Body=revoked)
    taken = time.monotonic()
    while time.monotonic() - taken < DELIVERED_WITHIN_SECONDS:
        run(stack, "recheck-revocations")
        (shown,) = ana.read(BOLT)["certificados"]
        if shown["status"] == "REVOGADO":
            break
        time.sleep(0.2)
    assert (shown["status"], shown["revogacao"]) == ("REVOGADO", "REVOGADO")
    assert ana.read(BOLT)["status"] == "VENCIDO"
    assert len(about(stack, fingerprint)) == 1
