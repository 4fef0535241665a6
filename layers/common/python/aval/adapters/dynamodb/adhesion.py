"""Companies' access in the adhesion table: consistent reads, transactional writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import adhesion_items as items
from aval.adapters.dynamodb.adhesion_write import Transaction
from aval.adapters.dynamodb.partitions import Partitions
from aval.adapters.dynamodb.races import lost_races_as
from aval.adhesion.company import Adhesion, RegisteredCertificate
from aval.adhesion.history import HistoryPage
from aval.adhesion.store import AdhesionWrite, AppliedRequest, Holders, WriteLost
from aval.identifiers import Cnpj, Fingerprint
from aval.moments import to_storage
from aval.settings import BY_EXPIRY_INDEX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_HISTORY_PAGE: Final = 50
_NOT_LOCKED: Final = "attribute_not_exists(locked_at)"


@dataclass(frozen=True, slots=True)
class DynamoDbAdhesions:
    client: "DynamoDBClient"
    table_name: str

    def load(self, company: Cnpj) -> Adhesion:
        return self.load_many([company])[company]

    def load_many(self, companies: Sequence[Cnpj]) -> Mapping[Cnpj, Adhesion]:
        found = {
            Cnpj(item["pk"]["S"].removeprefix(items.COMPANY_PREFIX)): item
            for item in self._get(items.company_key(company) for company in companies)
        }
        wanted = [
            items.certificate_key(company, fingerprint)
            for company, item in found.items()
            for fingerprint in items.fingerprints_in(item)
        ]
        certificates = {one.fingerprint: one for one in map(items.read_certificate, self._get(wanted))}
        return {
            company: items.read_adhesion(
                found[company], tuple(certificates[one] for one in items.fingerprints_in(found[company]))
            )
            if company in found
            else Adhesion(company)
            for company in companies
        }

    def certificates(
        self, company: Cnpj, fingerprints: Sequence[Fingerprint]
    ) -> tuple[RegisteredCertificate, ...]:
        stored = self._get(items.certificate_key(company, one) for one in fingerprints)
        found = {one.fingerprint: one for one in map(items.read_certificate, stored)}
        return tuple(found[fingerprint] for fingerprint in fingerprints)

    def stands(self, company: Cnpj, fingerprint: Fingerprint, *, at: datetime) -> bool:
        """Whether the certificate is in service for `company`, valid and not revoked, at this very moment."""
        certificate = self.load(company).certificate(fingerprint)
        return certificate is not None and certificate.is_usable(at)

    def holders(self, subject_keys: Sequence[str], fingerprints: Sequence[Fingerprint]) -> Holders:
        subjects = {f"REQUERENTE#{one}": one for one in subject_keys}
        prints = {f"{items.CERTIFICATE_PREFIX}{one}": one for one in fingerprints}
        stored = {
            item["pk"]["S"]: items.read_holder(item)
            for item in self._get(items.key(pk, "UNICO") for pk in (*subjects, *prints))
        }
        return Holders(
            by_subject={subjects[pk]: holder for pk, holder in stored.items() if pk in subjects},
            by_fingerprint={prints[pk]: holder for pk, holder in stored.items() if pk in prints},
        )

    def applied_request(self, request_id: str) -> AppliedRequest | None:
        found = list(self._get([items.request_key(request_id)]))
        return items.read_request(request_id, found[0]) if found else None

    def apply(self, write: AdhesionWrite) -> None:
        """Raise `WriteLost` when a condition fails or another transaction holds one of the items."""
        with lost_races_as(WriteLost):
            self.client.transact_write_items(TransactItems=Transaction(self.table_name, write).parts())

    def count_wrong_password(self, company: Cnpj, *, at: datetime) -> int:
        with lost_races_as(WriteLost):
            answer = self.client.update_item(
                TableName=self.table_name,
                Key=items.company_key(company),
                UpdateExpression="SET last_wrong_at = :at ADD attempts :one",
                ConditionExpression=f"attribute_exists(pk) AND {_NOT_LOCKED}",
                ExpressionAttributeValues={":at": items.moment(at), ":one": {"N": "1"}},
                ReturnValues="UPDATED_NEW",
            )
        return int(answer["Attributes"]["attempts"]["N"])

    def clear_attempts(self, company: Cnpj) -> None:
        with lost_races_as(WriteLost):
            self.client.update_item(
                TableName=self.table_name,
                Key=items.company_key(company),
                UpdateExpression="SET attempts = :none REMOVE last_wrong_at",
                ConditionExpression=f"attribute_exists(pk) AND {_NOT_LOCKED}",
                ExpressionAttributeValues={":none": {"N": "0"}},
            )

    def companies_in_service(self, *, ending_by: datetime | None = None) -> Iterator[Cnpj]:
        condition, values = "expiry_pk = :in_service", {":in_service": {"S": items.IN_SERVICE}}
        if ending_by is not None:
            # "~" sorts after every fingerprint, so that the last second belongs to the range.
            condition += " AND expiry_sk <= :last"
            values[":last"] = {"S": f"{to_storage(ending_by)}#~"}
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table_name,
            IndexName=BY_EXPIRY_INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ProjectionExpression="pk",
        )
        seen: set[Cnpj] = set()
        for page in pages:
            for item in page["Items"]:
                company = Cnpj(item["pk"]["S"].removeprefix(items.COMPANY_PREFIX))
                if company not in seen:
                    seen.add(company)
                    yield company

    def history(self, company: Cnpj, *, cursor: str | None) -> HistoryPage:
        start = items.HISTORY_PREFIX + cursor.replace(".", "#") if cursor else f"{items.HISTORY_PREFIX}~"
        answer = self.client.query(
            TableName=self.table_name,
            KeyConditionExpression="pk = :company AND sk BETWEEN :first AND :start",
            ExpressionAttributeValues={
                ":company": {"S": f"{items.COMPANY_PREFIX}{company}"},
                ":first": {"S": items.HISTORY_PREFIX},
                ":start": {"S": start},
            },
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=_HISTORY_PAGE + 1,
        )
        found = answer["Items"]
        beyond = found[_HISTORY_PAGE]["sk"]["S"] if len(found) > _HISTORY_PAGE else None
        return HistoryPage(
            entries=tuple(map(items.read_history, found[:_HISTORY_PAGE])),
            next_cursor=beyond.removeprefix(items.HISTORY_PREFIX).replace("#", ".") if beyond else None,
        )

    def _get(self, keys: Iterable[items.Key]) -> Iterator[items.Item]:
        return Partitions(self.client, self.table_name).get(list(keys))
