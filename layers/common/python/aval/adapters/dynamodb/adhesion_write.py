"""One adhesion write as the items of one DynamoDB transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aval.adapters.dynamodb import adhesion_items as items
from aval.adhesion.company import RegisteredCertificate
from aval.adhesion.store import AdhesionWrite

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

_FREE: Final = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class Transaction:
    table_name: str
    write: AdhesionWrite

    def parts(self) -> "list[TransactWriteItemTypeDef]":
        write = self.write
        parts: list[TransactWriteItemTypeDef] = [self._company(), *self._subjects()]
        for certificate in write.removed:
            parts.append(self._removal(certificate))
            parts.append(self._delete(items.fingerprint_key(certificate.fingerprint)))
        for certificate in write.added:
            parts.append(self._put(items.certificate_item(certificate)))
            holder = items.holder_attributes(certificate)
            parts.append(self._put_new({**items.fingerprint_key(certificate.fingerprint), **holder}))
        parts.extend(self._restatement(certificate) for certificate in write.restated)
        for ordinal, entry in enumerate(write.history):
            company, version = write.before.company, write.after.version
            parts.append(self._put(items.history_item(company, entry, version=version, ordinal=ordinal)))
        if write.request is not None:
            parts.append(self._put_new(items.request_item(write.request)))
        return parts

    def _company(self) -> "TransactWriteItemTypeDef":
        write, after = self.write, self.write.after
        sets = ["version = :next", "in_service = :in_service"]
        values: items.Key = {
            ":next": {"N": str(after.version)},
            ":in_service": items.texts([one.fingerprint for one in after.certificates]),
        }
        removes = ""
        if write.password_hash is not None:
            # A new password ends every delay and lock.
            sets += ["password_hash = :password_hash", "attempts = :none"]
            values |= {":password_hash": {"S": write.password_hash}, ":none": {"N": "0"}}
            removes = " REMOVE last_wrong_at, locked_at"
        if write.locks:
            sets.append("locked_at = :at")
            values[":at"] = items.moment(write.at)
        condition = _FREE
        if write.before.version:
            condition = "version = :seen"
            values[":seen"] = {"N": str(write.before.version)}
        return {
            "Update": {
                "TableName": self.table_name,
                "Key": items.company_key(write.before.company),
                "UpdateExpression": f"SET {', '.join(sets)}{removes}",
                "ConditionExpression": condition,
                "ExpressionAttributeValues": values,
            }
        }

    def _subjects(self) -> "Iterator[TransactWriteItemTypeDef]":
        """A subject freed and taken in one change is one update: no other company can slip in between."""
        freed = {certificate.facts.subject_key: certificate for certificate in self.write.removed}
        taken = {certificate.facts.subject_key: certificate for certificate in self.write.added}
        for name_key, certificate in taken.items():
            if name_key not in freed:
                yield self._put_new({**items.subject_key(name_key), **items.holder_attributes(certificate)})
        for name_key, certificate in freed.items():
            held: items.Key = {":cnpj": {"S": certificate.company}, ":held": {"S": certificate.fingerprint}}
            if name_key in taken:
                yield {
                    "Update": {
                        "TableName": self.table_name,
                        "Key": items.subject_key(name_key),
                        "UpdateExpression": "SET fingerprint = :taken",
                        "ConditionExpression": "cnpj = :cnpj AND fingerprint = :held",
                        "ExpressionAttributeValues": {**held, ":taken": {"S": taken[name_key].fingerprint}},
                    }
                }
            else:
                yield {
                    "Delete": {
                        "TableName": self.table_name,
                        "Key": items.subject_key(name_key),
                        "ConditionExpression": "cnpj = :cnpj AND fingerprint = :held",
                        "ExpressionAttributeValues": held,
                    }
                }

    def _removal(self, certificate: RegisteredCertificate) -> "TransactWriteItemTypeDef":
        values: items.Key = {":at": items.moment(self.write.at)}
        change = "SET removed_at = :at REMOVE expiry_pk, expiry_sk"
        if certificate in self.write.expired:
            change = "SET removed_at = :at, expiry_pk = :not_told"
            values[":not_told"] = {"S": items.REMOVAL_NOT_TOLD}
        return {"Update": self._certificate_update(certificate, change, values)}

    def _restatement(self, certificate: RegisteredCertificate) -> "TransactWriteItemTypeDef":
        values: items.Key = {":standing": {"S": certificate.standing}}
        return {"Update": self._certificate_update(certificate, "SET standing = :standing", values)}

    def _certificate_update(
        self, certificate: RegisteredCertificate, change: str, values: items.Key
    ) -> "UpdateTypeDef":
        return {
            "TableName": self.table_name,
            "Key": items.certificate_key(certificate.company, certificate.fingerprint),
            "UpdateExpression": change,
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": values,
        }

    def _delete(self, key: items.Key) -> "TransactWriteItemTypeDef":
        return {
            "Delete": {
                "TableName": self.table_name,
                "Key": key,
                "ConditionExpression": "cnpj = :cnpj",
                "ExpressionAttributeValues": {":cnpj": {"S": self.write.before.company}},
            }
        }

    def _put(self, item: items.Key) -> "TransactWriteItemTypeDef":
        return {"Put": {"TableName": self.table_name, "Item": item}}

    def _put_new(self, item: items.Key) -> "TransactWriteItemTypeDef":
        return {"Put": {"TableName": self.table_name, "Item": item, "ConditionExpression": _FREE}}
