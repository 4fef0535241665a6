"""P7: what AWS bills for a lote of agents, by units counted in a real run and a dated table of prices.

The enclave's side runs as in P1; what it gives goes through the adapters of the parent and of the machine's
steps, into tables and buckets in memory, with a meter on each client. What those do not see (transitions,
seconds of Lambda, messages) is reckoned by the lines of `_outside`. The hosts of the enclave are not in it:
they stand day and night, whether lotes come or not (docs/cost.md).
"""

import hashlib
import json
import os
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from aval.adapters.dynamodb.lote_agents import DynamoDbLoteAgents
from aval.adapters.dynamodb.lotes import DynamoDbLotes
from aval.adapters.dynamodb.vault import DynamoDbVault
from aval.adapters.s3_confidential import ConfidentialObjects, lote_file_key
from aval.adapters.s3_lotes import S3Lotes
from aval.prudential.lote_files import START_BYTES
from aval.prudential.lote_persisting import ChunkPersisting
from aval.prudential.lotes import Lote, LoteOutcome, LoteState
from aval.prudential.vault import JournalEntry, LoteCommit
from benchmarks import aws_units, lote_ours
from benchmarks.lote_file import AT, EVENT, SENDER, SealedLote
from enclave_app.protocol import Message
from tests.support.confidential import empty_vault
from tests.support.lotes import lote as announced

SIZES: Final = (37, 1_000, 10_000)
PRICES: Final = Path(__file__).with_name("prices.json")
GOAL_DOLLARS: Final = 1
_REGISTRY_BYTES: Final = 15_000 * 600
"""Participants whom `ReceiveLote` lists, to tell the enclave who is eligible: the same for every lote."""
_GB_OF_STEP: Final = 1
_SECONDS_OF_CHUNK: Final = 3
"""Three rows for each of a hundred agents, one after another, at some 8 ms a write, and a cold start."""
_SECONDS_OF_STEP: Final = 4


def report() -> None:
    prices = json.loads(PRICES.read_text(encoding="utf-8"))
    print(f"\nP7  what AWS bills for a lote, {prices['region']}, prices of {prices['date']}")
    per_agent: dict[int, Decimal] = {}
    for agents in SIZES:
        units = _counted(SealedLote.make(agents)) + _outside(agents)
        parts = {name: _dollars(prices, name, number) for name, number in units.items()}
        total = sum(parts.values(), Decimal(0))
        per_agent[agents] = total / agents
        told = ", ".join(f"{name} {number}" for name, number in sorted(units.items()))
        print(f"    {agents:>6} agents   US$ {total:.4f}   {total / agents * 10_000:.3f} per 10 000   {told}")
    if per_agent[SIZES[-1]] * 10_000 >= GOAL_DOLLARS:
        raise RuntimeError("a lote of 10 000 agents costs more than a dollar")
    # What a lote costs by itself is spread over its agents: more of them cost each less, never more.
    if not per_agent[37] >= per_agent[1_000] >= per_agent[10_000]:
        raise RuntimeError("the cost of an agent grows with their number")


def _counted(sealed: SealedLote) -> Counter[str]:
    """Requests of the parent and of the machine's steps, by the adapters that make them."""
    reply = lote_ours.work(sealed)
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "bench")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "bench")
    with empty_vault() as vault:
        meter = aws_units.Meter()
        meter.watch_table(vault.client)
        meter.watch_bucket(vault.s3)
        _through(vault, sealed, reply, meter)
        return meter.units


def _through(vault: DynamoDbVault, sealed: SealedLote, reply: Message, meter: aws_units.Meter) -> None:
    rows = DynamoDbLotes(vault.client, vault.table_name)
    files = S3Lotes(vault.s3, vault.prudential_bucket)
    identity = hashlib.sha256(sealed.sealed).hexdigest()
    told = announced(event=EVENT, sender=SENDER, size=len(sealed.sealed), identity=identity, created_at=AT)
    # (1) Announced, and put by its sender's form.
    rows.add(told)
    vault.s3.put_object(Bucket=vault.prudential_bucket, Key=lote_file_key(told.id), Body=sealed.sealed)
    # (2) ReceiveLote.
    rows.load(told.id)
    file = files.arrived(told.id)
    if file is None:
        raise RuntimeError("the bench's own file did not arrive")
    rows.register(told.id, object_version=file.version, received_at=AT, execution="bench", at=AT)
    files.start_of(told.id, file.version, START_BYTES)
    files.keep_eligible(told.id, sealed.eligible)
    rows.start(told.id, at=AT)
    # (3) The parent.
    lote = vault.lote(told.id)
    vault.lote_file(replace(lote, object_version=file.version))
    vault.eligible(lote)
    vault.authorisations(lote.sender)
    outcome = _committed(vault, lote, reply)
    # (4) Persist, chunk by chunk.
    objects = ConfidentialObjects(vault.s3, vault.bucket)
    client: Any = _Puts(vault.client, meter)
    agents = DynamoDbLoteAgents(client, vault.table_name, objects)
    persisting = ChunkPersisting(rows, files, agents)
    written = sum(persisting.persist(told.id, number, at=AT) for number in range(outcome.chunks))
    if written != outcome.taken:
        raise RuntimeError("not every agent of the bench was written")
    # (5) SummariseLote, and the notice of its end.
    rows.load(told.id)
    rows.end(told.id, LoteState.PROCESSED, "", at=AT)
    rows.load(told.id)


class _Puts:
    """A table's client whose puts go to the meter: a table in memory takes minutes for thirty thousand."""

    def __init__(self, client: Any, meter: aws_units.Meter) -> None:
        self._client = client
        self.put_item = meter.put_item

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def _committed(vault: DynamoDbVault, lote: Lote, reply: Message) -> LoteOutcome:
    fields = reply.fields
    answers, records = reply.parts[: fields["pedacos"]], reply.parts[fields["pedacos"] :]
    outcome = LoteOutcome(
        taken=fields["aceitos"],
        refused=fields["recusados"],
        rules=fields["regras"],
        answers=len(answers),
        chunks=len(records),
        attempt="bench",
    )
    vault.keep_chunks(lote.id, outcome.attempt, answers, records)
    entry = JournalEntry(lote.event, *fields["lancamento"])
    vault.commit_lote(LoteCommit(lote.id, lote.event, "", entry, outcome))
    return outcome


def _outside(agents: int) -> Counter[str]:
    chunks = -(-agents // 100)
    return Counter(
        {
            # ReceiveLote, WhatNext, AskEnclave, Persist, SummariseLote, Ended and the start; one a chunk.
            "states_transition": 7 + chunks,
            # The door, the start of the execution by a rule, three steps, the notice; one a chunk.
            "lambda_request": 6 + chunks,
            "lambda_gb_second": _GB_OF_STEP * (6 * _SECONDS_OF_STEP + chunks * _SECONDS_OF_CHUNK),
            # The message of the token: sent, received, deleted, and kept by some heartbeats.
            "sqs_request": 3 + 30,
            # Storage keys are cached by bucket and table; the enclave's event key is fetched once a week.
            "kms_request": 10,
            # The file's arrival, and the lote's end.
            "eventbridge_event": 2,
            "ses_message": 1,
            # Week, keys and registry, which the run above has none of: by ReceiveLote, and by the parent.
            aws_units.READS: 20 + -(-_REGISTRY_BYTES // 4096),
        }
    )


def _dollars(prices: dict[str, dict[str, dict[str, str]]], name: str, number: int) -> Decimal:
    price = prices["prices"][name]
    return number * Decimal(price["price"]) / Decimal(price["per"])


if __name__ == "__main__":
    report()
