"""How lotes lie in the confidential table (docs/access-patterns.md)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb.attributes import Item, Key, key, number
from aval.identifiers import Cnpj, EventCode
from aval.moments import from_fine_storage, from_storage, to_fine_storage, to_storage
from aval.prudential.lotes import Lote, LoteId, LoteKind, LoteOutcome, LoteState

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef

    from aval.prudential.vault import LoteCommit

OPEN: Final = "LOTE_ABERTO"
NO_OUTCOME: Final = "attribute_not_exists(taken)"
IS_OPEN: Final = "attribute_exists(open_pk)"
_RECORD: Final = "REGISTRO"
_PREFIX: Final = "LOTE#"
_MOMENT_LENGTH: Final = len("2026-11-20T12:00:00Z")


def lote_key(code: LoteId) -> Key:
    return key(f"{_PREFIX}{code}", _RECORD)


def lote_in(item: Item) -> LoteId:
    return LoteId(item["pk"]["S"].removeprefix(_PREFIX))


def history_partition(event: EventCode, sender: Cnpj) -> str:
    return f"LOTES#{event}#{sender}"


def history_item(lote: Lote) -> Key:
    """Where a sender's history finds the lote: nothing in it ever changes."""
    return {
        **key(history_partition(lote.event, lote.sender), f"{to_fine_storage(lote.created_at)}#{lote.id}"),
        "lote": {"S": lote.id},
    }


def open_until(moment: datetime) -> str:
    return to_storage(moment)


def event_of_open(item: Item) -> str:
    """The event that the index tells beside the keys of a lote's row."""
    return str(item["open_sk"]["S"])[_MOMENT_LENGTH + 1 :].partition("#")[0]


def lote_item(lote: Lote) -> Key:
    """The row of a new lote, whose file has not come."""
    return {
        **lote_key(lote.id),
        "event": {"S": lote.event},
        "kind": {"S": lote.kind},
        "sender": {"S": lote.sender},
        "file_name": {"S": lote.file_name},
        "size": number(lote.size),
        "identity": {"S": lote.identity},
        "all_or_nothing": {"BOOL": lote.all_or_nothing},
        "created_at": {"S": to_fine_storage(lote.created_at)},
        "created_by": {"S": lote.created_by},
        "expires_at": {"S": to_storage(lote.expires_at)},
        "state": {"S": lote.state},
        "open_pk": {"S": OPEN},
        # The moment of its announcement, which never changes: so no move writes the index.
        "open_sk": {"S": f"{to_storage(lote.created_at)}#{lote.event}#{lote.id}"},
    }


def read_lote(item: Item) -> Lote:
    return Lote(
        id=lote_in(item),
        event=EventCode(item["event"]["S"]),
        kind=LoteKind(item["kind"]["S"]),
        sender=Cnpj(item["sender"]["S"]),
        file_name=item["file_name"]["S"],
        size=int(item["size"]["N"]),
        identity=item["identity"]["S"],
        all_or_nothing=bool(item["all_or_nothing"]["BOOL"]),
        created_at=from_fine_storage(item["created_at"]["S"]),
        created_by=item["created_by"]["S"],
        expires_at=from_storage(item["expires_at"]["S"]),
        state=LoteState(item["state"]["S"]),
        moved_at=_moment(item, "moved_at"),
        object_version=_text(item, "object_version"),
        received_at=_moment(item, "received_at"),
        execution=_text(item, "execution"),
        outcome=_read_outcome(item),
        persisted=frozenset(int(one) for one in item.get("persisted", {"NS": []})["NS"]),
        ended_at=_moment(item, "ended_at"),
        reason=_text(item, "reason"),
    )


def outcome_update(table_name: str, commit: "LoteCommit") -> "UpdateTypeDef":
    """What the enclave made of a lote that is open and has no outcome yet; no other is changed.

    One part of the transaction that also writes the journal entry. The lote stays open: it ends once its
    agents are written.
    """
    values: Key = {**_outcome_values(commit.outcome), "reason": {"S": commit.reason}}
    return {
        "TableName": table_name,
        "Key": lote_key(commit.lote),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in values),
        "ConditionExpression": f"{IS_OPEN} AND {NO_OUTCOME}",
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }


def _outcome_values(outcome: LoteOutcome) -> Key:
    return {
        "taken": number(outcome.taken),
        "refused": number(outcome.refused),
        "rules": {"M": {rule: number(count) for rule, count in outcome.rules.items()}},
        "answers": number(outcome.answers),
        "chunks": number(outcome.chunks),
        "attempt": {"S": outcome.attempt},
    }


def _read_outcome(item: Item) -> LoteOutcome | None:
    if "taken" not in item:
        return None
    rules: Mapping[str, Mapping[str, str]] = item["rules"]["M"]
    return LoteOutcome(
        taken=int(item["taken"]["N"]),
        refused=int(item["refused"]["N"]),
        rules={rule: int(count["N"]) for rule, count in sorted(rules.items())},
        answers=int(item["answers"]["N"]),
        chunks=int(item["chunks"]["N"]),
        attempt=item["attempt"]["S"],
    )


def _text(item: Item, name: str) -> str:
    return str(item[name]["S"]) if name in item else ""


def _moment(item: Item, name: str) -> datetime | None:
    return from_storage(item[name]["S"]) if name in item else None
