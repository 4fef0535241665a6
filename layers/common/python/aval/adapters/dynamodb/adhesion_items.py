"""How the adhesion domain lies in its table: keys and items (docs/access-patterns.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from aval.adhesion.company import Adhesion, Attempts, RegisteredCertificate
from aval.adhesion.history import Act, HistoryEntry
from aval.adhesion.store import AppliedRequest, Holder
from aval.certificates.certificate import Certificate
from aval.certificates.revocation import RevocationStanding
from aval.identifiers import Cnpj, Fingerprint
from aval.moments import from_storage, to_storage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item = Mapping[str, Any]
Key = dict[str, "AttributeValueTypeDef"]

IN_SERVICE: Final = "EM_SERVICO"
REMOVAL_NOT_TOLD: Final = "REMOVIDO_SEM_AVISO"
COMPANY_PREFIX: Final = "EMPRESA#"
CERTIFICATE_PREFIX: Final = "CERT#"
HISTORY_PREFIX: Final = "HIST#"
_REQUESTS_KEPT_FOR: Final = timedelta(days=7)


def company_key(company: Cnpj) -> Key:
    return key(f"{COMPANY_PREFIX}{company}", "ADESAO")


def certificate_key(company: Cnpj, fingerprint: Fingerprint) -> Key:
    return key(f"{COMPANY_PREFIX}{company}", f"{CERTIFICATE_PREFIX}{fingerprint}")


def fingerprint_key(fingerprint: Fingerprint) -> Key:
    return key(f"{CERTIFICATE_PREFIX}{fingerprint}", "UNICO")


def subject_key(name_key: str) -> Key:
    return key(f"REQUERENTE#{name_key}", "UNICO")


def request_key(request_id: str) -> Key:
    return key(f"PEDIDO#{request_id}", "PEDIDO")


def key(pk: str, sk: str) -> Key:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def moment(at: datetime) -> "AttributeValueTypeDef":
    return {"S": to_storage(at)}


def texts(values: Sequence[str]) -> "AttributeValueTypeDef":
    return {"L": [{"S": value} for value in values]}


def expiry_sk(certificate: RegisteredCertificate) -> "AttributeValueTypeDef":
    return {"S": f"{to_storage(certificate.ends)}#{certificate.fingerprint}"}


def certificate_item(certificate: RegisteredCertificate) -> Key:
    return {
        **certificate_key(certificate.company, certificate.fingerprint),
        "der": {"B": certificate.facts.der},
        "name": {"S": certificate.name},
        "standing": {"S": certificate.standing},
        "warnings": texts(certificate.warnings),
        "last_modified": moment(certificate.last_modified),
        "modified_by": {"S": certificate.modified_by},
        "expiry_pk": {"S": IN_SERVICE},
        "expiry_sk": expiry_sk(certificate),
    }


def read_certificate(item: Item) -> RegisteredCertificate:
    removed_at = item.get("removed_at")
    return RegisteredCertificate(
        company=Cnpj(item["pk"]["S"].removeprefix(COMPANY_PREFIX)),
        facts=Certificate.from_der(bytes(item["der"]["B"])),
        name=item["name"]["S"],
        standing=RevocationStanding(item["standing"]["S"]),
        warnings=tuple(one["S"] for one in item["warnings"]["L"]),
        last_modified=from_storage(item["last_modified"]["S"]),
        modified_by=item["modified_by"]["S"],
        removed_at=from_storage(removed_at["S"]) if removed_at else None,
    )


def fingerprints_in(item: Item) -> tuple[Fingerprint, ...]:
    return tuple(Fingerprint(one["S"]) for one in item["in_service"]["L"])


def read_adhesion(item: Item, certificates: tuple[RegisteredCertificate, ...]) -> Adhesion:
    return Adhesion(
        company=Cnpj(item["pk"]["S"].removeprefix(COMPANY_PREFIX)),
        version=int(item["version"]["N"]),
        password_hash=item["password_hash"]["S"],
        certificates=certificates,
        attempts=Attempts(
            count=int(item["attempts"]["N"]),
            last_at=from_storage(item["last_wrong_at"]["S"]) if "last_wrong_at" in item else None,
            locked_at=from_storage(item["locked_at"]["S"]) if "locked_at" in item else None,
        ),
    )


def holder_attributes(certificate: RegisteredCertificate) -> Key:
    return {"cnpj": {"S": certificate.company}, "fingerprint": {"S": certificate.fingerprint}}


def read_holder(item: Item) -> Holder:
    return Holder(Cnpj(item["cnpj"]["S"]), Fingerprint(item["fingerprint"]["S"]))


def history_item(company: Cnpj, entry: HistoryEntry, *, version: int, ordinal: int) -> Key:
    # The version is unique within a company, so the id needs no randomness and keeps the order.
    identifier = f"{version:08d}-{ordinal:02d}"
    return {
        **key(f"{COMPANY_PREFIX}{company}", f"{HISTORY_PREFIX}{to_storage(entry.at)}#{identifier}"),
        "author": {"S": entry.author},
        "act": {"S": entry.act},
        "target": {"S": entry.target},
        "before": {"S": entry.before},
        "after": {"S": entry.after},
    }


def read_history(item: Item) -> HistoryEntry:
    at, _, _ = item["sk"]["S"].removeprefix(HISTORY_PREFIX).partition("#")
    return HistoryEntry(
        at=from_storage(at),
        author=item["author"]["S"],
        act=Act(item["act"]["S"]),
        target=item["target"]["S"],
        before=item["before"]["S"],
        after=item["after"]["S"],
    )


def request_item(applied: AppliedRequest) -> Key:
    return {
        **request_key(applied.request_id),
        "digest": {"S": applied.digest},
        "version": {"N": str(applied.version)},
        "in_service": texts(applied.in_service),
        "at": moment(applied.at),
        "ttl": {"N": str(int((applied.at + _REQUESTS_KEPT_FOR).timestamp()))},
    }


def read_request(request_id: str, item: Item) -> AppliedRequest:
    return AppliedRequest(
        request_id=request_id,
        digest=item["digest"]["S"],
        version=int(item["version"]["N"]),
        in_service=fingerprints_in(item),
        at=from_storage(item["at"]["S"]),
    )
