"""Companies, people, certificates and ports in memory for the adhesion domain; lawful as they stand."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from threading import Lock

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from aval.adhesion.change import Changes
from aval.adhesion.company import Adhesion, Attempts, RegisteredCertificate
from aval.adhesion.examination import Examiner, OfferedFile
from aval.adhesion.history import HistoryEntry, HistoryPage
from aval.adhesion.password import PasswordKeeper
from aval.adhesion.permissions import Permissions
from aval.adhesion.store import AdhesionWrite, AppliedRequest, Holder, Holders, WriteLost
from aval.certificates.certificate import Certificate
from aval.certificates.revocation import RevocationList, RevocationStanding
from aval.certificates.truststore import Truststore
from aval.events import Event, EventsNotPublished
from aval.identifiers import Cnpj, Cpf, Fingerprint
from aval.registry.model import (
    CompanyRelation,
    Email,
    Participant,
    ParticipantClass,
    Person,
    Role,
    Situation,
    Validity,
)
from aval.registry.queries import CompanyRoles
from local.hierarchy import Hierarchy
from local.issuing import LEAF_LIFETIME, Request, client_extensions, name_of, new_key

START = datetime(2026, 8, 3, 12, tzinfo=UTC)
BOLT, AURORA = Cnpj("33047509000149"), Cnpj("12ABC34501DE35")
ANA, BRUNO, CARLA = Cpf("52998224725"), Cpf("11144477735"), Cpf("12345678909")
PASSWORD = "Chave7segura"
_STANDING = Validity(date(2026, 1, 1))
PEOPLE = {
    cpf: Person(cpf, name, Email(f"{name.lower()}@demo.aval.example"))
    for cpf, name in ((ANA, "Ana"), (BRUNO, "Bruno"), (CARLA, "Carla"))
}


def participant(cnpj: Cnpj, sigla: str, legal_name: str) -> Participant:
    situation = Situation(1, "ATIVO")
    return Participant(cnpj, 1001, sigla, legal_name, ParticipantClass.COMERCIALIZADOR, situation, _STANDING)


PARTICIPANTS = {
    BOLT: participant(BOLT, "BOLT OPERACOES", "BOLT ENERGY OPERAÇÕES LTDA."),
    AURORA: participant(AURORA, "AURORA", "Aurora Geração S.A."),
}


@cache
def hierarchy() -> Hierarchy:
    return Hierarchy.create(START - timedelta(days=400))


@cache
def _holder_key() -> rsa.RSAPrivateKey:
    return new_key()


def der(
    holder: str = "AGENTE",
    cnpj: Cnpj = BOLT,
    *,
    begins: datetime = START - timedelta(days=1),
    lifetime: timedelta = LEAF_LIFETIME,
    serial: int | None = None,
) -> bytes:
    request = Request(
        subject=name_of(f"{holder}:{cnpj}", serial_number=cnpj),
        key=_holder_key().public_key(),
        begins=begins,
        lifetime=lifetime,
        extensions=client_extensions(),
        serial=serial,
    )
    return hierarchy().issuing.issue(request).public_bytes(Encoding.DER)


def offered(content: bytes, name: str = "empresa.cer") -> OfferedFile:
    return OfferedFile(name, content)


def registered(content: bytes, company: Cnpj = BOLT) -> RegisteredCertificate:
    return RegisteredCertificate(
        company=company,
        facts=Certificate.from_der(content),
        name="empresa.cer",
        standing=RevocationStanding.NAO_REVOGADO,
        warnings=(),
        last_modified=START,
        modified_by="Ana",
    )


@dataclass
class FixedRegistry:
    """Ana is BOLT's and AURORA's CCEE representative; Bruno is BOLT's legal one; Carla is a stranger."""

    roles: dict[tuple[Cpf, Cnpj], frozenset[Role]] = field(
        default_factory=lambda: {
            (ANA, BOLT): frozenset({Role.REPRESENTANTE_CCEE}),
            (ANA, AURORA): frozenset({Role.REPRESENTANTE_CCEE}),
            (BRUNO, BOLT): frozenset({Role.REPRESENTANTE_LEGAL}),
        }
    )
    participants: dict[Cnpj, Participant] = field(default_factory=lambda: dict(PARTICIPANTS))

    def companies_of(self, person: Cpf, *, at: datetime) -> tuple[CompanyRoles, ...]:
        held = ((company, roles) for (who, company), roles in self.roles.items() if who == person)
        known = ((self.participants[company], roles) for company, roles in held)
        return tuple(sorted(known, key=lambda pair: pair[0].sigla))

    def roles_of(self, person: Cpf, company: Cnpj, *, at: datetime) -> frozenset[Role]:
        return self.roles.get((person, company), frozenset())

    def participant(self, cnpj: Cnpj) -> Participant | None:
        return self.participants.get(cnpj)

    def person(self, cpf: Cpf) -> Person | None:
        return PEOPLE.get(cpf)

    def person_by_email(self, email: str) -> Person | None:
        return next((person for person in PEOPLE.values() if person.email == email), None)

    def ccee_representatives_of(self, company: Cnpj, *, at: datetime) -> tuple[Person, ...]:
        return tuple(
            PEOPLE[who]
            for (who, represented), roles in self.roles.items()
            if represented == company and Role.REPRESENTANTE_CCEE in roles
        )

    def represented_by(
        self, company: Cnpj, relation: CompanyRelation, *, at: datetime
    ) -> tuple[Participant, ...]:
        return ()


@dataclass
class MemoryAdhesions:
    """The store's promises, kept under one lock: a write holds whole or is lost."""

    companies: dict[Cnpj, Adhesion] = field(default_factory=dict)
    registered: dict[tuple[Cnpj, Fingerprint], RegisteredCertificate] = field(default_factory=dict)
    fingerprints: dict[Fingerprint, Holder] = field(default_factory=dict)
    subjects: dict[str, Holder] = field(default_factory=dict)
    requests: dict[str, AppliedRequest] = field(default_factory=dict)
    entries: dict[Cnpj, list[HistoryEntry]] = field(default_factory=dict)
    untold_removals: list[RegisteredCertificate] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock, repr=False)

    def load(self, company: Cnpj) -> Adhesion:
        return self.companies.get(company, Adhesion(company))

    def load_many(self, companies: Sequence[Cnpj]) -> Mapping[Cnpj, Adhesion]:
        return {company: self.load(company) for company in companies}

    def history(self, company: Cnpj, *, cursor: str | None) -> HistoryPage:
        return HistoryPage(tuple(reversed(self.entries.get(company, []))), None)

    def holders(self, subject_keys: Sequence[str], fingerprints: Sequence[Fingerprint]) -> Holders:
        return Holders(
            {key: self.subjects[key] for key in subject_keys if key in self.subjects},
            {one: self.fingerprints[one] for one in fingerprints if one in self.fingerprints},
        )

    def applied_request(self, request_id: str) -> AppliedRequest | None:
        return self.requests.get(request_id)

    def certificates(
        self, company: Cnpj, fingerprints: Sequence[Fingerprint]
    ) -> tuple[RegisteredCertificate, ...]:
        return tuple(self.registered[company, one] for one in fingerprints)

    def apply(self, write: AdhesionWrite) -> None:
        with self.lock:
            self._require_held(write)
            for one in write.removed:
                self.registered[one.company, one.fingerprint] = one
                del self.fingerprints[one.fingerprint], self.subjects[one.facts.subject_key]
            for one in (*write.added, *write.restated):
                self.registered[one.company, one.fingerprint] = one
                holder = Holder(one.company, one.fingerprint)
                self.fingerprints[one.fingerprint] = self.subjects[one.facts.subject_key] = holder
            after = write.after
            self.companies[after.company] = after
            self.entries.setdefault(after.company, []).extend(write.history)
            self.untold_removals.extend(write.expired)
            if write.request:
                self.requests[write.request.request_id] = write.request

    def _require_held(self, write: AdhesionWrite) -> None:
        freed = {one.facts.subject_key for one in write.removed}
        taken = self.subjects.keys() - freed
        if (
            self.load(write.before.company).version != write.before.version
            or any(one.facts.subject_key in taken for one in write.added)
            or any(one.fingerprint in self.fingerprints for one in write.added)
            or (write.request and write.request.request_id in self.requests)
        ):
            raise WriteLost

    def count_wrong_password(self, company: Cnpj, *, at: datetime) -> int:
        with self.lock:
            now = self.load(company)
            if now.attempts.locked_at is not None:
                raise WriteLost
            attempts = Attempts(now.attempts.count + 1, at)
            self.companies[company] = replace(now, attempts=attempts)
            return attempts.count

    def clear_attempts(self, company: Cnpj) -> None:
        with self.lock:
            now = self.load(company)
            if now.attempts.locked_at is not None:
                raise WriteLost
            self.companies[company] = replace(now, attempts=Attempts())

    def companies_in_service(self, *, ending_by: datetime | None = None) -> Iterator[Cnpj]:
        for company, adhesion in list(self.companies.items()):
            if any(ending_by is None or one.ends <= ending_by for one in adhesion.certificates):
                yield company


class FixedPepper:
    def mac(self, message: bytes) -> bytes:
        return hmac.digest(b"pepper of the tests", message, hashlib.sha256)


@dataclass
class RecordingBus:
    events: list[Event] = field(default_factory=list)
    fails: bool = False

    def publish(self, *events: Event) -> None:
        if self.fails:
            raise EventsNotPublished(frozenset({"InternalFailure"}))
        self.events.extend(events)


@dataclass
class FixedRevocations:
    revoked: set[Fingerprint] = field(default_factory=set)
    unknown: set[Fingerprint] = field(default_factory=set)

    def standing(self, certificate: Certificate, at: datetime) -> RevocationStanding:
        if certificate.fingerprint in self.revoked:
            return RevocationStanding.REVOGADO
        if certificate.fingerprint in self.unknown:
            return RevocationStanding.REVOGACAO_DESCONHECIDA
        return RevocationStanding.NAO_REVOGADO

    def store(self, verified: RevocationList) -> bool:
        raise NotImplementedError


class FixedTruststore:
    def current(self) -> Truststore:
        return _truststore()


@cache
def _truststore() -> Truststore:
    return Truststore.from_pem(hierarchy().truststore_pem())


@dataclass
class House:
    """Everything that a change needs, in memory."""

    registry: FixedRegistry = field(default_factory=FixedRegistry)
    store: MemoryAdhesions = field(default_factory=MemoryAdhesions)
    bus: RecordingBus = field(default_factory=RecordingBus)
    revocations: FixedRevocations = field(default_factory=FixedRevocations)
    pauses: list[int] = field(default_factory=list)

    @property
    def keeper(self) -> PasswordKeeper:
        return PasswordKeeper(FixedPepper())

    @property
    def permissions(self) -> Permissions:
        return Permissions(self.registry)

    @property
    def examiner(self) -> Examiner:
        return Examiner(FixedTruststore(), self.revocations, demand_full_cnpj=False)

    @property
    def changes(self) -> Changes:
        return Changes(
            permissions=self.permissions,
            store=self.store,
            examiner=self.examiner,
            keeper=self.keeper,
            bus=self.bus,
            pause=self.pauses.append,
        )
