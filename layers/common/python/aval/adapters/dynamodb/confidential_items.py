"""How tasks and what the enclave keeps lie in the confidential table (docs/access-patterns.md)."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.adapters.s3_confidential import (
    ConfidentialObjects,
    answer_key,
    body_key,
    entry_key,
    record_key,
)
from aval.identifiers import Cnpj, EventCode
from aval.moments import from_storage, to_storage
from aval.prudential.tasks import Task, TaskAct, TaskId, TaskOutcome, TaskState
from aval.prudential.vault import JournalEntry, KeyAnswer, StoredRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

RECORD: Final = "REGISTRO"
KEY: Final = "CHAVE"
KEYS: Final = "CHAVES"
OPEN: Final = "ABERTA"
JOURNAL: Final = "DIARIO#"
# An item holds 400 KB: this leaves room for its other attributes.
LARGEST_INLINE: Final = 300_000
_TASK: Final = "TAREFA#"
_LAST_COUNTER: Final = 10**12 - 1


def task_key(code: TaskId) -> Key:
    return key(f"{_TASK}{code}", RECORD)


def task_in(item: Item) -> TaskId:
    return TaskId(item["pk"]["S"].removeprefix(_TASK))


def open_until(moment: datetime) -> str:
    return to_storage(moment)


def task_item(task: Task, objects: ConfidentialObjects) -> Key:
    """The row of a new task; a large body is in its place before."""
    return {
        **task_key(task.id),
        "act": {"S": task.act},
        "event": {"S": task.event},
        "company": {"S": task.company},
        "sender": {"S": task.sender},
        "identity": {"S": task.identity},
        "received_at": {"S": to_storage(task.received_at)},
        "received_from": {"S": task.received_from},
        "open_pk": {"S": OPEN},
        "open_sk": {"S": f"{to_storage(task.received_at)}#{task.id}"},
        **_sealed("body", task.body, body_key(task.id), objects),
    }


def read_task(item: Item, objects: ConfidentialObjects) -> Task:
    return Task(
        id=task_in(item),
        act=TaskAct(item["act"]["S"]),
        event=EventCode(item["event"]["S"]),
        company=Cnpj(item["company"]["S"]),
        sender=Cnpj(item["sender"]["S"]),
        identity=item["identity"]["S"],
        received_at=from_storage(item["received_at"]["S"]),
        received_from=item["received_from"]["S"],
        outcome=_read_outcome(item, objects),
    )


def read_body(item: Item, objects: ConfidentialObjects) -> bytes:
    return _read_sealed(item, "body", objects)


def outcome_values(code: TaskId, outcome: TaskOutcome, objects: ConfidentialObjects) -> Key:
    """The attributes that end a task; a large answer is in its place before."""
    return {
        "state": {"S": outcome.state},
        "ended_at": {"S": to_storage(outcome.ended_at)},
        "reason": {"S": outcome.reason},
        "released": {"S": outcome.released},
        **_sealed("answer", outcome.answer, answer_key(code, outcome.answer), objects),
    }


def entry_item(entry: JournalEntry, objects: ConfidentialObjects) -> Key:
    """That of a lote may be too large for a row; its object is in its place before."""
    place = entry_key(entry.event, entry.counter, entry.sealed)
    sealed = _sealed("sealed", entry.sealed, place, objects)
    return {**key(_event(entry.event), entry_sk(entry.counter)), **sealed}


def entry_sk(counter: int) -> str:
    return f"{JOURNAL}{counter:012d}"


def last_entry_sk() -> str:
    return entry_sk(_LAST_COUNTER)


def read_entry(event: EventCode, item: Item, objects: ConfidentialObjects) -> JournalEntry:
    counter = int(item["sk"]["S"].removeprefix(JOURNAL))
    return JournalEntry(event, counter, _read_sealed(item, "sealed", objects))


def record_item(record: StoredRecord, objects: ConfidentialObjects) -> Key:
    place = place_key(record.event, record.company, record.kind, record.version)
    return {**place, **_sealed("sealed", record.sealed, record_key(record), objects)}


def read_record(
    item: Item, place: tuple[EventCode, Cnpj, str, int], objects: ConfidentialObjects
) -> StoredRecord:
    return StoredRecord(*place, sealed=_read_sealed(item, "sealed", objects))


def place_key(event: EventCode, company: Cnpj, kind: str, version: int) -> Key:
    return key(f"{_event(event)}#{company}", f"{kind}#{version:06d}")


def journal_partition(event: EventCode) -> "AttributeValueTypeDef":
    return {"S": _event(event)}


def event_key(event: EventCode) -> Key:
    return key(_event(event), KEY)


def key_item_key(version: int) -> Key:
    return key(KEYS, f"{version:06d}")


def canary_key() -> Key:
    return key("CANARIO", "ULTIMO")


def key_answer_key(request: str) -> Key:
    return key(f"PEDIDO#{request}", KEY)


def key_answer_item(request: str, answer: KeyAnswer, *, until: datetime) -> Key:
    return {
        **key_answer_key(request),
        "attestation": {"B": answer.attestation},
        "declaration": {"S": _text(dict(answer.declaration))},
        "signing_key": {"S": _text(dict(answer.signing_key))},
        "ttl": number(int(until.timestamp())),
    }


def read_key_answer(item: Item) -> KeyAnswer:
    return KeyAnswer(
        attestation=bytes(item["attestation"]["B"]),
        declaration=json.loads(item["declaration"]["S"]),
        signing_key=json.loads(item["signing_key"]["S"]),
    )


def _event(event: EventCode) -> str:
    return f"EVENTO#{event}"


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _read_outcome(item: Item, objects: ConfidentialObjects) -> TaskOutcome | None:
    if "state" not in item:
        return None
    return TaskOutcome(
        state=TaskState(item["state"]["S"]),
        ended_at=from_storage(item["ended_at"]["S"]),
        reason=item["reason"]["S"],
        answer=_read_sealed(item, "answer", objects),
        released=item["released"]["S"],
    )


def _sealed(name: str, content: bytes, object_key: str, objects: ConfidentialObjects) -> Key:
    if len(content) <= LARGEST_INLINE:
        return {name: {"B": content}}
    objects.keep(object_key, content)
    return {f"{name}_at": {"S": object_key}}


def _read_sealed(item: Item, name: str, objects: ConfidentialObjects) -> bytes:
    if name in item:
        return bytes(item[name]["B"])
    return objects.fetch(item[f"{name}_at"]["S"])
