"""The enclave's key with a fresh attestation: asked for by a queue, answered within the caller's patience."""

import time
from functools import cache
from typing import Final
from uuid import uuid4

from aval.adapters import aws
from aval.adapters.dynamodb.enclave_keys import DynamoDbEnclaveKeys
from aval.adapters.sqs_key_queue import SqsKeyQueue
from aval.edge import http
from aval.edge.prudential.fields import Nonce
from aval.edge.prudential.messages import KeyOffered
from aval.prudential.key_asking import KeyDesk
from aval.settings import Settings, Variable

PATIENCE_SECONDS: Final = 20.0
BETWEEN_LOOKS_SECONDS: Final = 0.25

app = http.api()


@cache
def _desk() -> KeyDesk:
    settings = Settings.from_env()
    return KeyDesk(
        queue=SqsKeyQueue(aws.sqs(), settings[Variable.KEY_QUEUE_URL]),
        answers=DynamoDbEnclaveKeys(aws.dynamodb(), settings[Variable.CONFIDENTIAL_TABLE]),
        pause=lambda: time.sleep(BETWEEN_LOOKS_SECONDS),
    )


@app.get("/prudencial/chave", summary="A chave do enclave, atestada agora", tags=["Núcleo confidencial"])
def issue_key(nonce: Nonce) -> KeyOffered:
    ends = time.monotonic() + PATIENCE_SECONDS
    answer = _desk().ask(
        bytes.fromhex(nonce), request=uuid4().hex, is_time_up=lambda: time.monotonic() > ends
    )
    return KeyOffered.of(answer)


handler = http.entrypoint(app)
