"""Rows that keep a notice from being sent twice, in the adhesion table."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from aval.adapters.dynamodb import adhesion_items as items
from aval.adhesion.company import RegisteredCertificate
from aval.identifiers import Cnpj, Fingerprint
from aval.moments import to_storage
from aval.notices.schedule import NoticeKind
from aval.notices.store import LEASE, Claim, ClaimLost, NoticeKey
from aval.settings import BY_EXPIRY_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PREFIX: Final = "AVISO#"
_UNSETTLED: Final = "attribute_not_exists(settled_at)"


class _ConditionFailed(Exception):
    """The row is not as the write expects it."""


@dataclass(frozen=True, slots=True)
class DynamoDbNotices:
    client: "DynamoDBClient"
    table_name: str

    def settled(self, fingerprint: Fingerprint) -> frozenset[NoticeKind]:
        answer = self.client.query(
            TableName=self.table_name,
            KeyConditionExpression="pk = :certificate AND begins_with(sk, :notice)",
            FilterExpression="attribute_exists(settled_at)",
            ExpressionAttributeValues={
                ":certificate": {"S": f"{items.CERTIFICATE_PREFIX}{fingerprint}"},
                ":notice": {"S": _PREFIX},
            },
            ConsistentRead=True,
        )
        return frozenset(NoticeKind(item["sk"]["S"].removeprefix(_PREFIX)) for item in answer["Items"])

    def claim(self, key: NoticeKey, *, at: datetime) -> Claim | None:
        try:
            claimed = self._update(
                key,
                change="SET claimed_at = :at",
                condition=f"{_UNSETTLED} AND (attribute_not_exists(claimed_at) OR claimed_at < :lapsed)",
                values={":at": items.moment(at), ":lapsed": items.moment(at - LEASE)},
            )
        except _ConditionFailed:
            return None
        return Claim(key, at, frozenset(claimed.get("told", {"SS": ()})["SS"]))

    def mark_told(self, claim: Claim, recipient: str) -> None:
        self._update_claimed(claim, "ADD told :recipient", {":recipient": {"SS": [recipient]}})

    def mark_sent(self, claim: Claim, *, at: datetime) -> None:
        values: items.Key = {":now": items.moment(at), ":sent": {"S": "ENVIADO"}}
        self._update_claimed(claim, "SET settled_at = :now, outcome = :sent", values)

    def release(self, claim: Claim) -> None:
        self._update_claimed(claim, "REMOVE claimed_at", {})

    def mark_moot(self, key: NoticeKey, *, at: datetime) -> None:
        try:
            self._update(
                key,
                change="SET settled_at = :at, outcome = :moot",
                condition=_UNSETTLED,
                values={":at": items.moment(at), ":moot": {"S": "SUPERADO"}},
            )
        except _ConditionFailed:
            return  # it was sent after all, or is moot already

    def untold_removals(self) -> Iterator[RegisteredCertificate]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            IndexName=BY_EXPIRY_INDEX,
            KeyConditionExpression="expiry_pk = :not_told",
            ExpressionAttributeValues={":not_told": {"S": items.REMOVAL_NOT_TOLD}},
            ProjectionExpression="pk, sk",
        )
        for page in pages:
            for key in page["Items"]:
                answer = self.client.get_item(
                    TableName=self.table_name,
                    Key={"pk": key["pk"], "sk": key["sk"]},
                    ConsistentRead=True,
                )
                yield items.read_certificate(answer["Item"])

    def forget_removal(self, certificate: RegisteredCertificate) -> None:
        try:
            with _conditions():
                self.client.update_item(
                    TableName=self.table_name,
                    Key=items.certificate_key(certificate.company, certificate.fingerprint),
                    UpdateExpression="REMOVE expiry_pk, expiry_sk",
                    ConditionExpression="expiry_pk = :not_told",
                    ExpressionAttributeValues={":not_told": {"S": items.REMOVAL_NOT_TOLD}},
                )
        except _ConditionFailed:
            return  # another run forgot it first

    def _update_claimed(self, claim: Claim, change: str, values: items.Key) -> None:
        try:
            self._update(
                claim.key,
                change=change,
                condition=f"{_UNSETTLED} AND claimed_at = :mine",
                values={**values, ":mine": {"S": to_storage(claim.claimed_at)}},
            )
        except _ConditionFailed as failed:
            raise ClaimLost from failed

    def _update(self, key: NoticeKey, *, change: str, condition: str, values: items.Key) -> Mapping[str, Any]:
        with _conditions():
            answer = self.client.update_item(
                TableName=self.table_name,
                Key=_row_key(key),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        return answer["Attributes"]


def _row_key(key: NoticeKey) -> items.Key:
    prefix = items.COMPANY_PREFIX if isinstance(key.about, Cnpj) else items.CERTIFICATE_PREFIX
    suffix = f"#{key.occasion}" if key.occasion else ""
    return items.key(f"{prefix}{key.about}", f"{_PREFIX}{key.kind}{suffix}")


@contextmanager
def _conditions() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise _ConditionFailed from error
        raise
